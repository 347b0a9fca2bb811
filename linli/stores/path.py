"""The way of one gift: where it lies, what became of it. Days and stations, never a person."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.playbook.store import Store
from linli.stores.models import Account, Gift, Kind, Leg, Movement, Side
from linli.stores.reading import quantity
from linli.web.language import lang

WORDS: Final = {
    Kind.HANDED: gettext_lazy("Handed out: %(what)s"),
    Kind.SPOILED: gettext_lazy("Could not be used and was written off: %(what)s"),
    Kind.COUNTED: gettext_lazy("Missing at a count: %(what)s"),
    Kind.MOVED: gettext_lazy("Moved to %(where)s: %(what)s"),
    Kind.BOUGHT: gettext_lazy("Spent %(what)s; bought: %(bought)s"),
}


@dataclass(frozen=True)
class Stop:
    """One thing that happened to it."""

    title: str
    when: date
    icon: str = "check"


@dataclass(frozen=True)
class Way:
    """What became of a gift so far."""

    stops: list[Stop]
    there: list[str]  # what is left, and where
    is_back: bool  # it was written down by mistake


def way(gift: Gift, store: Store) -> Way:
    """Its stops, oldest first; what was taken back again is left out. Four statements."""
    lots = Account.objects.filter(gift=gift, balance__gt=0).select_related("facility")
    there = [
        _("%(what)s at %(where)s")
        % {"what": quantity(store, lot.item, lot.balance), "where": lot.facility.name_for(lang())}
        for lot in lots.order_by("pk")
    ]
    gone = Movement.objects.filter(kind=Kind.REVERSED, reverses__kind=Kind.GIVEN)
    is_back = gone.filter(legs__source__gift=gift).exists()
    return Way(_stops(gift, store), there, is_back)


def _stops(gift: Gift, store: Store) -> list[Stop]:
    left = Leg.objects.filter(
        source__gift=gift, source__side=Side.SHELF, movement__reversal=None
    ).exclude(movement__kind=Kind.REVERSED)  # fmt: skip
    amounts: dict[int, int] = {}
    rows: dict[int, Movement] = {}
    for leg in left.select_related("movement__other").order_by("pk"):
        amounts[leg.movement_id] = amounts.get(leg.movement_id, 0) + leg.amount
        rows[leg.movement_id] = leg.movement
    bought = _bought(store, [row.pk for row in rows.values() if row.kind == Kind.BOUGHT])
    return [_stop(gift, store, row, amounts[pk], bought.get(pk, "")) for pk, row in rows.items()]


def _stop(gift: Gift, store: Store, row: Movement, amount: int, bought: str) -> Stop:
    words = {
        "what": quantity(store, gift.item, amount), "bought": bought,
        "where": row.other.name_for(lang()) if row.other else "",
    }  # fmt: skip
    return Stop(str(WORDS[Kind(row.kind)]) % words, row.on,
                "arrow" if row.kind == Kind.MOVED else "check")  # fmt: skip


def _bought(store: Store, keys: list[int]) -> dict[int, str]:
    legs = Leg.objects.filter(movement__in=keys, source__side=Side.MARKET).select_related("source")
    return {leg.movement_id: quantity(store, leg.source.item, leg.amount) for leg in legs}
