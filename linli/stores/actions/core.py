"""What every act does: hold the station, find the lots, write one movement with its legs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from linli.facilities.models import Facility
from linli.journal.record import record
from linli.lib import clock
from linli.lib.text import find_personal
from linli.people.policies import Denied
from linli.playbook.store import MONEY, Store
from linli.stores.models import Account, Gift, Kind, Leg, Movement, Side
from linli.stores.models.ledger import store_of

MOST = 1_000_000_00  # of anything at once: a million pieces, or a million yuan in cents

Step = tuple[Account, Account, int]  # from, to, how much


@dataclass(frozen=True)
class Signed:
    """Who does it and, where two are needed, who agreed."""

    by: str
    second: str = ""

    @property
    def last(self) -> str:
        """Who acted last: the journal's actor."""
        return self.second or self.by


def hold(*facilities: Facility) -> None:
    """Keep everybody else out of these stations until the transaction ends, always in one order."""
    keys = sorted(facility.pk for facility in facilities)
    list(Facility.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def rules(facility: Facility) -> Store:
    """The rules of the store. Raises Denied where none is kept, or not any more."""
    store = store_of(facility)
    today = clock.today()
    if store is None or (facility.valid_to is not None and facility.valid_to <= today):
        raise Denied(_("No store is kept here."))
    return store


def check_thing(store: Store, item: str, amount: int) -> None:
    """Raise Denied unless the store keeps such things and the amount is one."""
    if item != MONEY and store.item(item) is None:
        raise Denied(_("This store keeps no such things."))
    if not 1 <= amount <= MOST:
        raise Denied(_("Write an amount above nothing that a store can hold."))


def check_words(words: str, *, least: int = 0) -> str:
    """The words without blanks around. Raises Denied for too few, or for numbers of people in them."""
    said = words.strip()
    if len(said) < least:
        raise Denied(_("Write down why; both people sign for it."))
    if find_personal(said):
        raise Denied(
            _("Leave telephone numbers, addresses and other numbers of people out of this.")
        )
    return said


def day_for(store: Store, item: str, best_before: date | None) -> date | None:
    """Until when a lot is good. Raises Denied where a day is missing or over."""
    goods = store.item(item)
    if goods is None or not goods.spoils:
        return None
    if best_before is None:
        raise Denied(_("These things spoil: write until which day they are good."))
    if best_before < clock.today():
        raise Denied(_("This day is over: the store takes nothing that has expired."))
    return best_before


def shelf(
    facility: Facility, item: str, best_before: date | None = None, gift: Gift | None = None
) -> Account:
    """A new lot with nothing in it yet."""
    return Account.objects.create(
        facility=facility, item=item, side=Side.SHELF, best_before=best_before, gift=gift
    )


def outside(facility: Facility, item: str, side: Side) -> Account:
    """The side around the store, made if it is the first time."""
    return Account.objects.get_or_create(facility=facility, item=item, side=side)[0]


def there(facility: Facility, item: str, *, good: bool = True) -> Iterator[Account]:
    """What is on the shelves, what expires first before the rest; expired lots only if not `good`."""
    lots = Account.objects.filter(facility=facility, item=item, side=Side.SHELF, balance__gt=0)
    if good:
        lots = lots.exclude(best_before__lt=clock.today())
    yield from lots.order_by(F("best_before").asc(nulls_last=True), "since", "pk")


def take(
    facility: Facility, item: str, amount: int, *, good: bool = True
) -> list[tuple[Account, int]]:
    """So much off the shelves, first what expires first. Raises Denied if there is not enough.

    The station is held.
    """
    parts, left = [], amount
    for lot in there(facility, item, good=good):
        if part := min(lot.balance, left):
            parts.append((lot, part))
        left -= part
    if left:
        raise Denied(_("There is not so much of it any more. Look at the store again."))
    return parts


def write(
    kind: Kind, facility: Facility, steps: Iterable[Step], signed: Signed, key: UUID,
    facts: dict[str, Any] | None = None, **more: Any,
) -> Movement:  # fmt: skip
    """One movement with its legs, and its line in the journal; `more` are fields of Movement."""
    row = Movement.objects.create(
        key=key, kind=kind, facility=facility, by=signed.by, second=signed.second,
        on=clock.today(), at=clock.now(), **more,
    )  # fmt: skip
    moved: dict[str, int] = {}
    for source, target, amount in steps:
        Leg.objects.create(movement=row, source=source, target=target, amount=amount)
        moved[source.item] = moved.get(source.item, 0) + amount
    record(
        f"store.{kind}", on=row, by=signed.last, place=facility.place_path,
        org=str(facility.organisation_id), method=facility.rule.method_id if facility.rule else "",
        facts={"moved": moved, **({"first": signed.by} if signed.second else {}), **(facts or {})},
    )  # fmt: skip
    return row
