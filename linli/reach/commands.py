"""`linli reach build | nearest | isochrone | coverage | gain | siting | measure | warm`.

The commands are looked up when one is asked for: what they import (SciPy, osmium, numba) takes
longer to load than most of Linli's other commands take to run.
"""

import importlib
from typing import Final

import click

_WHERE: Final = {
    "build": "roads",
    "nearest": "roads",
    "isochrone": "area",
    "coverage": "area",
    "gain": "area",
    "siting": "sites",
    "measure": "measure",
    "warm": "warm",
}


class _Late(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_WHERE)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _WHERE:
            return None
        module = importlib.import_module(f"linli.reach.cli.{_WHERE[cmd_name]}")
        found: click.Command = getattr(module, cmd_name)
        return found


@click.group(cls=_Late)
def reach() -> None:
    """Travel times, isochrones and siting."""
