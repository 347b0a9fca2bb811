"""In = out + there, for each thing and each station: counted out of the legs alone."""

from dataclasses import dataclass

from django.db.models import Sum

from linli.facilities.models import Facility
from linli.stores.models import Account, Leg, Side
from linli.stores.models.ledger import LegQuerySet


@dataclass(frozen=True)
class Mismatch:
    """A thing at a station whose sums do not meet."""

    facility: int
    item: str
    came: int
    went: int
    there: int


def check_sums(facility: Facility | None = None) -> list[Mismatch]:
    """Every thing for which in is not out and what is there; an empty list is how it should be."""
    shelves = Account.objects.filter(side=Side.SHELF)
    came = Leg.objects.filter(target__side=Side.SHELF)
    went = Leg.objects.filter(source__side=Side.SHELF)
    if facility is not None:
        shelves = shelves.filter(facility=facility)
        came, went = Leg.objects.into(facility), Leg.objects.out_of(facility)
    ins = _by_thing(came, "target")
    outs = _by_thing(went, "source")
    stock = {
        (row["facility"], row["item"]): row["n"]
        for row in shelves.order_by().values("facility", "item").annotate(n=Sum("balance"))
    }
    found = (
        Mismatch(*thing, ins.get(thing, 0), outs.get(thing, 0), stock.get(thing, 0))
        for thing in sorted({*ins, *outs, *stock})
    )
    return [row for row in found if row.came != row.went + row.there or row.there < 0]


def _by_thing(legs: LegQuerySet, end: str) -> dict[tuple[int, str], int]:
    rows = legs.order_by().values(f"{end}__facility", f"{end}__item").annotate(n=Sum("amount"))
    return {(row[f"{end}__facility"], row[f"{end}__item"]): row["n"] for row in rows}
