"""`linli reach siting`."""

import json
from pathlib import Path
from typing import get_args

import click

from linli.reach.cli import options
from linli.reach.siting.models import SECONDS, Model, solve
from linli.reach.siting.problem import read


@click.command()
@click.option("--model", type=click.Choice(get_args(Model)), required=True,
              help="Cover most, cover all with fewest, least way in all, least worst way.")  # fmt: skip
@click.option("--times", type=options.FILE, required=True,
              help="Times: points down, sites across; or columns from, to, time.")  # fmt: skip
@click.option("--demand", type=options.FILE, help="A table: id and demand. Without it all count 1.")
@click.option("--p", type=click.IntRange(1), help="How many sites (not for lscp).")
@click.option("--limit", type=click.FloatRange(0),
              help="The longest time that counts as covered, in the table's unit.")  # fmt: skip
@click.option("--seconds", type=click.FloatRange(0.1), default=SECONDS, show_default=True,
              help="When to stop and say how far the proof got.")  # fmt: skip
@options.as_json
@options.sentences
def siting(
    model: Model, times: Path, demand: Path | None, p: int | None, limit: float | None,
    seconds: float, as_json: bool,
) -> None:  # fmt: skip
    """The best sites for a table of times, with a bound that nobody can beat."""
    problem = read(times, demand)
    answer = solve(model, problem, p=p, limit=limit, seconds=seconds)
    sites = [problem.sites[j] for j in answer.chosen]
    told = {
        "model": model, "p": p, "limit": limit, "objective": answer.objective,
        "bound": answer.bound, "gap": answer.gap, "proven": answer.proven,
        "sites": sites, "demand": float(problem.weight.sum()),
        "out_of_reach": answer.unreached, "points": len(problem.points),
        "candidates": len(problem.sites), "seconds": round(answer.seconds, 3),
    }  # fmt: skip
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(f"objective {answer.objective:,.10g}, bound {answer.bound:,.10g}, "
               f"gap {answer.gap:.3%}, {'proven' if answer.proven else 'not proven'}, "
               f"{answer.seconds:.2f} s")  # fmt: skip
    click.echo("sites: " + ", ".join(sites))
