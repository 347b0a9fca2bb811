"""What pages show of a store: what came, went and is there; the movements behind each figure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from linli.facilities.models import Facility
from linli.lib import clock
from linli.playbook.store import MONEY, Store
from linli.stores.models import Account, Kind, Leg, Movement, Request, Side
from linli.web import dates
from linli.web.language import lang

PAGE: Final = 30
LOTS: Final = 200
IN, OUT = "in", "out"


def thing(store: Store, item: str) -> str:
    """A thing in words; its id if the playbook has dropped it."""
    if item == MONEY:
        return _("Money")
    goods = store.item(item)
    return goods.name.text(lang()) if goods else item


def unit(store: Store, item: str) -> str:
    """What it is counted in."""
    goods = store.item(item)
    return _("yuan") if item == MONEY else goods.unit.text(lang()) if goods else ""


def number(item: str, amount: int) -> str:
    """The amount; money in yuan, with cents only where there are any."""
    if item != MONEY:
        return f"{amount:,}"
    return f"{amount // 100:,}" if amount % 100 == 0 else f"{amount / 100:,.2f}"


def quantity(store: Store, item: str, amount: int) -> str:
    """ "20 kg of rice" in the reader's language."""
    words = {"n": number(item, amount), "unit": unit(store, item), "thing": thing(store, item)}
    return _("%(n)s yuan") % words if item == MONEY else _("%(thing)s, %(n)s %(unit)s") % words


def items(store: Store) -> list[str]:
    """Every thing of the store, money first."""
    return [MONEY, *(one.id for one in store.goods)]


def good(facility: Facility) -> dict[str, int]:
    """How much of each thing can be given: on a shelf and not expired."""
    found = Account.objects.filter(facility=facility, side=Side.SHELF, balance__gt=0)
    found = found.exclude(best_before__lt=clock.today()).order_by()
    return dict(found.values_list("item").annotate(n=Sum("balance")))


def choice(store: Store, item: str, there: dict[str, int] | None) -> str:
    """A thing to choose from, with its unit; with `there` also how much can be given."""
    words = {"thing": thing(store, item), "unit": unit(store, item)}
    if there is None:
        return _("%(thing)s (%(unit)s)") % words
    return _("%(thing)s (%(n)s %(unit)s there)") % {**words, "n": number(item, there.get(item, 0))}


def quarter(day: date) -> date:
    """The first day of its quarter."""
    return day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)


@dataclass(frozen=True)
class Row:
    """One thing in a period: before + came − went = there."""

    item: str
    name: str
    before: str
    came: str
    went: str
    there: str
    least: str
    lacks: float  # which share of the least is missing


def rows(facility: Facility, store: Store, since: date | None) -> list[Row]:
    """Every thing with a past or a least, in one statement; what is taken back is not counted."""
    sums = _sums(facility, since)
    kept = items(store)
    gone = sorted(item for item in sums if item not in kept)  # the playbook has dropped them
    return [_row(store, item, *sums.get(item, (0, 0, 0))) for item in (*kept, *gone)]


def _sums(facility: Facility, since: date | None) -> dict[str, tuple[int, int, int]]:
    """before, came and went of each thing."""
    into = Q(target__facility=facility, target__side=Side.SHELF)
    out = Q(source__facility=facility, source__side=Side.SHELF)
    back, lately = Q(movement__kind=Kind.REVERSED), Q(movement__on__gte=since) if since else Q()
    early = Q(movement__on__lt=since) if since else Q(pk=None)
    found = (
        Leg.objects.filter(into | out).order_by().values("source__item").annotate(
            came=Sum("amount", filter=into & ~back & lately, default=0),
            unspent=Sum("amount", filter=into & back & lately, default=0),
            went=Sum("amount", filter=out & ~back & lately, default=0),
            returned=Sum("amount", filter=out & back & lately, default=0),
            early_in=Sum("amount", filter=into & early, default=0),
            early_out=Sum("amount", filter=out & early, default=0),
        )
    )  # fmt: skip
    return {
        row["source__item"]: (
            row["early_in"] - row["early_out"], row["came"] - row["returned"],
            row["went"] - row["unspent"],
        )
        for row in found
    }  # fmt: skip


def _row(store: Store, item: str, before: int, came: int, went: int) -> Row:
    goods, there = store.item(item), before + came - went
    least = store.least_money if item == MONEY else goods.least if goods else 0
    return Row(
        item, thing(store, item), before=number(item, before), came=number(item, came),
        went=number(item, went), there=number(item, there),
        least=number(item, least) if least else "",
        lacks=max(0.0, 1 - there / least) if least else 0.0,
    )  # fmt: skip


def needed(found: Iterable[Row]) -> list[Row]:
    """What is below its least, what lacks most first."""
    return sorted((row for row in found if row.lacks > 0), key=lambda row: -row.lacks)


@dataclass(frozen=True)
class Line:
    """A movement as one station sees it. Public lines have no number and no alias."""

    row: Movement
    what: str
    parts: list[tuple[bool, str]]  # came in or went out, and what
    is_back: bool  # it has been taken back
    receipt: str  # for the desk: the code of the gift it was


def movements(facility: Facility, item: str = "", way: str = "", since: date | None = None,
              ) -> QuerySet[Movement]:  # fmt: skip
    """The movements behind a figure of `rows`, the newest first."""
    found = Movement.objects.filter(Q(facility=facility) | Q(other=facility))
    if since:
        found = found.filter(on__gte=since)
    if item or way in (IN, OUT):
        legs = Leg.objects.filter(movement=OuterRef("pk"))
        legs = legs.filter(source__item=item) if item else legs
        came, went = Exists(legs.into(facility)), Exists(legs.out_of(facility))
        back = Q(kind=Kind.REVERSED)
        if way == IN:
            found = found.filter((~back & Q(came)) | (back & Q(went)))
        elif way == OUT:
            found = found.filter((~back & Q(went)) | (back & Q(came)))
        else:
            found = found.filter(Q(came) | Q(went))
    return found.order_by("-pk")


def lines(
    facility: Facility, store: Store, found: QuerySet[Movement], before: int | None = None,
    most: int = PAGE,
) -> tuple[list[Line], int | None]:  # fmt: skip
    """A page of movements and the key of the next one; two statements."""
    legs = Prefetch("legs", Leg.objects.select_related("source", "target__gift").order_by("pk"))
    wanted = found.filter(pk__lt=before) if before else found
    page = list(
        wanted.select_related("facility", "other", "reverses", "reversal")
        .prefetch_related(legs)[: most + 1]
    )  # fmt: skip
    more = page[most - 1].pk if len(page) > most else None
    return [_line(facility, store, row) for row in page[:most]], more


def _line(facility: Facility, store: Store, row: Movement) -> Line:
    net: dict[str, int] = {}
    for leg in row.legs.all():
        for end, sign in ((leg.target, 1), (leg.source, -1)):
            if end.side == Side.SHELF and end.facility_id == facility.pk:
                net[end.item] = net.get(end.item, 0) + sign * leg.amount
    parts = [(n > 0, quantity(store, item, abs(n))) for item, n in net.items() if n]
    gifts = [leg.target.gift.code for leg in row.legs.all() if leg.target.gift]
    receipt = gifts[0] if gifts and row.kind == Kind.GIVEN else ""
    return Line(row, _what(facility, row), parts, hasattr(row, "reversal"), receipt)


def _what(facility: Facility, row: Movement) -> str:
    if row.kind == Kind.REVERSED:
        return _("Taken back: %(what)s") % {"what": Kind(row.meant).label}
    if row.kind == Kind.MOVED and row.other is not None:
        if row.other_id == facility.pk:
            return _("Came from %(where)s") % {"where": row.facility.name_for(lang())}
        return _("Moved to %(where)s") % {"where": row.other.name_for(lang())}
    return str(Kind(row.kind).label)


@dataclass(frozen=True)
class Lot:
    """What came together and is good until one day."""

    row: Account
    what: str
    is_over: bool
    is_urgent: bool

    @property
    def words(self) -> str:
        """For a list to choose from: what, and until when it is good."""
        if self.row.best_before is None:
            return self.what
        return _("%(what)s, good until %(day)s") % {
            "what": self.what, "day": dates.day(self.row.best_before),
        }  # fmt: skip


def lots(facility: Facility, store: Store) -> list[Lot]:
    """What lies on the shelves: what has expired or soon will first, money last."""
    today = clock.today()
    soon = today + timedelta(days=store.soon.amount)
    found = Account.objects.filter(facility=facility, side=Side.SHELF, balance__gt=0)
    found = found.exclude(item=MONEY).order_by(
        F("best_before").asc(nulls_last=True), "item", "since", "pk"
    )
    return [
        Lot(row, quantity(store, row.item, row.balance),
            row.best_before is not None and row.best_before < today, row.spoils_by(soon))
        for row in found[:LOTS]
    ]  # fmt: skip


def asked(facility: Facility, store: Store) -> list[tuple[Request, str]]:
    """What waits for a second person, in words."""
    found = Request.objects.filter(facility=facility, state=Request.State.OPEN)
    return [
        (row, _asked(facility, store, row))
        for row in found.select_related(
            "facility", "reverses__facility", "reverses__other"
        ).prefetch_related("reverses__legs__source", "reverses__legs__target__gift").order_by("asked_at")
    ]  # fmt: skip


def _asked(facility: Facility, store: Store, row: Request) -> str:
    said: dict[str, Any] = row.asked
    if row.reverses is not None:
        line = _line(facility, store, row.reverses)
        return _("; ").join([line.what, *(what for _came, what in line.parts)])
    amount = quantity(store, said["item"], abs(said.get("amount", said.get("difference", 0))))
    if row.kind == Kind.BOUGHT:
        cost = quantity(store, MONEY, said["cost"])
        return _("%(what)s for %(cost)s") % {"what": amount, "cost": cost}
    if row.kind == Kind.COUNTED:
        more = said["difference"] > 0
        return (_("%(what)s too many") if more else _("%(what)s missing")) % {"what": amount}
    return amount


def stations(others: Sequence[Facility]) -> list[tuple[str, str]]:
    """Stations to choose from."""
    return [(row.code, row.name_for(lang())) for row in others]
