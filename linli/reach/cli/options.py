"""What the subcommands share: options, and errors as one sentence."""

import functools
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from linli.reach.errors import ReachError
from linli.reach.modes import MODES
from linli.reach.snapping import SNAP

FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
WRITTEN = click.Path(path_type=Path, dir_okay=False)
Function = TypeVar("Function", bound=Callable[..., Any])

mode = click.option(
    "--mode", type=click.Choice(MODES), default="walk", show_default=True, help="How people go."
)
snap = click.option(
    "--snap", type=click.FloatRange(0, 5000), default=SNAP, show_default=True,
    help="Metres from a door to a road; points farther off are unknown.",
)  # fmt: skip
as_json = click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
hour = click.option(
    "--at", "when", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]),
    help="Local day and time, for opening hours: 2026-11-24T10:00.",
)  # fmt: skip


def sentences(function: Function) -> Function:
    """What a file did wrong ends the command with its sentence, not with a traceback."""

    @functools.wraps(function)
    def said(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except ReachError as error:
            raise click.ClickException(str(error)) from None

    return said  # type: ignore[return-value]


def stated(when: datetime | None) -> str:
    """The day and hour an answer holds for, or that hours were not looked at."""
    return when.strftime("%Y-%m-%dT%H:%M") if when else "any"
