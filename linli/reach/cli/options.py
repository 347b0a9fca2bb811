"""What the subcommands share: options, and errors as one sentence."""

import functools
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from linli.reach import storage
from linli.reach import timetable as timetables
from linli.reach.errors import ReachError
from linli.reach.modes import MODES, Mode
from linli.reach.nearest import Streets
from linli.reach.riding import Riding
from linli.reach.snapping import SNAP

FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
WRITTEN = click.Path(path_type=Path, dir_okay=False)
Function = TypeVar("Function", bound=Callable[..., Any])

BUS = "bus"
mode = click.option(
    "--mode",
    type=click.Choice([*MODES, BUS]),
    default="walk",
    show_default=True,
    help="How people go; by bus with --timetable and --at, on foot where that is sooner.",
)
timetable = click.option(
    "--timetable", "feed", type=FILE, help="A GTFS feed (.zip), for --mode bus."
)
snap = click.option(
    "--snap", type=click.FloatRange(0, 5000), default=SNAP, show_default=True,
    help="Metres from a door to a road; points farther off are unknown.",
)  # fmt: skip
as_json = click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
hour = click.option(
    "--at", "when", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]),
    help="Local day and time, for opening hours and buses: 2026-11-24T10:00.",
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


def streets(
    graph: Path, mode: str, snap: float, feed: Path | None, when: datetime | None
) -> Streets:
    """The roads of a graph file, ready for questions in this mode."""
    if mode != BUS:
        if feed is not None:
            raise click.UsageError(f"A timetable is for --mode {BUS}.")
        return Streets(storage.load(graph), cast(Mode, mode), snap=snap)
    if feed is None or when is None:
        raise click.UsageError(f"--mode {BUS} needs a --timetable and an hour: --at.")
    feet = Streets(storage.load(graph), "walk", snap=snap)
    return Riding(feet, timetables.read(feed), when)


def stated(when: datetime | None) -> str:
    """The day and hour an answer holds for, or that hours were not looked at."""
    return when.strftime("%Y-%m-%dT%H:%M") if when else "any"
