"""`linli rota`: plan a rota from files, or measure how quick and how good planning is."""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from linli.lib.tables import write_rows
from linli.rota import reading, telling
from linli.rota.model import Problem, RotaError
from linli.rota.sample import sample
from linli.rota.solve import TIME_LIMIT, Rota, solve

FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
WRITTEN = click.Path(path_type=Path, dir_okay=False)


class FileOrCommand(click.Group):
    """`linli rota FILE.json` plans; a known word is a subcommand."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        first = next((word for word in args if not word.startswith("-")), "")
        helping = {"-h", "--help"} & set(args)
        if first not in self.commands and not helping:
            args = ["plan", *args]
        return super().parse_args(ctx, args)


@click.group(cls=FileOrCommand)
def rota() -> None:
    """Plan who goes where: `linli rota FILE.json`, or from two tables."""


@rota.command()
@click.argument("file", type=FILE, required=False)
@click.option("--people", type=FILE, help="A table of people, with --shifts instead of FILE.")
@click.option("--shifts", type=FILE, help="A table of shifts.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option("--time-limit", type=click.FloatRange(0.1, 3600), default=TIME_LIMIT,
              show_default=True, help="Seconds.")  # fmt: skip
@click.option("--out", type=WRITTEN, help="Write the plan as CSV.")
def plan(
    file: Path | None, people: Path | None, shifts: Path | None, as_json: bool,
    time_limit: float, out: Path | None,
) -> None:  # fmt: skip
    """Plan the rota of FILE (JSON), or of --people and --shifts (CSV)."""
    try:
        problem = _problem(file, people, shifts)
    except (RotaError, OSError) as error:
        raise click.ClickException(str(error)) from None
    with quiet_stdout():
        made = solve(problem, time_limit=time_limit)
    if out:
        _write(out, problem, made)
    if as_json:
        click.echo(json.dumps(telling.as_json(made), ensure_ascii=False, indent=1))
        return
    for line in telling.lines(made.report):
        click.echo(line)
    if out:
        click.echo(f"{out}: written.")


def _problem(file: Path | None, people: Path | None, shifts: Path | None) -> Problem:
    if file and not people and not shifts:
        return reading.from_json(file)
    if people and shifts and not file:
        return reading.from_csv(people, shifts)
    raise RotaError("Give either one FILE.json, or both --people P.csv and --shifts S.csv.")


def _write(out: Path, problem: Problem, made: Rota) -> None:
    try:
        with out.open("w", encoding="utf-8", newline="") as file:
            write_rows(file, telling.HEADER, telling.table(problem, made))
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}.") from None


@rota.command()
@click.option("--people", type=click.IntRange(1, 2000), default=200, show_default=True)
@click.option("--shifts", type=click.IntRange(1, 6000), default=600, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--time-limit", type=click.FloatRange(0.1, 3600), default=TIME_LIMIT,
              show_default=True, help="Seconds.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True)
def measure(people: int, shifts: int, seed: int, time_limit: float, as_json: bool) -> None:
    """Plan an invented month and say how long it took and how good the plan is."""
    problem = sample(people, shifts, seed)
    began = time.process_time()
    with quiet_stdout():
        made = solve(problem, time_limit=time_limit)
    cpu = time.process_time() - began
    if as_json:
        told = telling.as_json(made)
        kept = {name: told[name] for name in ("cover", "fairness", "variety", "cost", "seconds")}
        size = {"people": people, "shifts": shifts, "seed": seed}
        click.echo(json.dumps({**size, **kept, "cpu_seconds": round(cpu, 2)}, indent=1))
        return
    click.echo(f"{people} people, {shifts} shifts, {problem.seats} seats, seed {seed}")
    for line in telling.lines(made.report)[:5]:
        click.echo(line)
    click.echo(f"CPU: {cpu:.1f} s.")


@contextmanager
def quiet_stdout() -> Iterator[None]:
    """Send what the solver's library prints by itself to the errors: the answer is not to mix."""
    sys.stdout.flush()
    try:
        kept = os.dup(1)
    except OSError:  # no such channel: nothing can mix
        yield
        return
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
