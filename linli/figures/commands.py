"""`linli rates`: the three rates of a stretch of days, from the journal alone."""

import json
from datetime import date
from typing import Any

import click

from linli.figures import periods
from linli.figures.queries import lines
from linli.figures.rates import NAMES, Rate, Rates, three_rates
from linli.figures.share import wilson
from linli.lib import clock
from linli.places.models import Place

WRONG = {
    "date": "Write dates like 2026-10-14.",
    "order": "--to is before --from.",
    "long": "That is more than twenty years; choose fewer days.",
}


@click.command()
@click.option("--from", "first", required=True, metavar="DATE", help="First local day.")
@click.option("--to", "last", required=True, metavar="DATE", help="Last local day, inclusive.")
@click.option("--place", "code", metavar="CODE", help="A place and all below it; else everything.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def rates(first: str, last: str, code: str | None, as_json: bool) -> None:
    """The three rates, each with n, bands, exclusions and the definition's version."""
    try:
        period = periods.own(first, last)
    except periods.NoPeriod as wrong:
        raise click.UsageError(WRONG[wrong.args[0]]) from wrong
    path = ""
    if code:
        place = Place.objects.current().filter(code=code).first()
        if place is None:
            raise click.UsageError(f"No place has the code {code}.")
        path = place.path
    as_of = clock.now()
    found = three_rates(
        lines(period.start, period.end, path), period.start, period.end, as_of=as_of
    )
    if as_json:
        days = {"from": period.first.isoformat(), "to": period.last.isoformat()}
        head: dict[str, Any] = {**days, "place": code or "", "as_of": as_of.isoformat()}
        click.echo(json.dumps({**head, **found.as_json()}, ensure_ascii=False, indent=2))
    else:
        click.echo(_table(found, period.first, period.last))


def _table(found: Rates, first: date, last: date) -> str:
    out = [f"{first} to {last} · definition {found.definition}"]
    middle = "–" if found.median_days is None else f"{found.median_days} days"
    out.append(f"received {found.received}, answered {found.answered}, median {middle}")
    for name in NAMES:
        rate: Rate = getattr(found, name)
        share = "–" if rate.value is None else f"{100 * rate.value:.1f} %"
        interval = wilson(rate.part, rate.n)
        sure = f", 95 %: {100 * interval[0]:.1f} to {100 * interval[1]:.1f} %" if interval else ""
        out.append(f"{name:<13}{share:>8}  {rate.part} of {rate.n}{sure}")
        out += [f"{'':13}{number:>8}  {band}" for band, number in sorted(rate.bands.items())]
        out += [
            f"{'':13}{number:>8}  left out: {reason}"
            for reason, number in sorted(rate.excluded.items())
        ]
    return "\n".join(out)
