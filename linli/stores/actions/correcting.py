"""What takes two people: counts, write-offs, large sums, taking back. One asks, another agrees."""

from collections.abc import Callable
from datetime import date
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from linli.facilities.models import Facility
from linli.journal.record import record
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.policies import Denied, NeedsSecond
from linli.stores.actions import core, moving
from linli.stores.actions.core import Signed
from linli.stores.models import Account, Kind, Movement, Request, Side
from linli.stores.policies import check_keeps, check_second

REASON = 2  # characters at least


@transaction.atomic
def count(
    facility: Facility, item: str, found: int, reason: str, *, by: Actor, key: UUID,
    best_before: date | None = None,
) -> Request | None:  # fmt: skip
    """Ask to write the difference of a count down; None if it agrees, which is noted. Denied."""
    check_keeps(by, facility)
    store = core.rules(facility)
    core.check_thing(store, item, found or 1)
    core.hold(facility)
    if (asked := Request.objects.filter(pk=key).first()) is not None:
        return asked
    lots = Account.objects.filter(facility=facility, item=item, side=Side.SHELF)
    difference = found - int(lots.aggregate(n=Sum("balance"))["n"] or 0)
    if difference == 0:
        record("store.agrees", on=facility, by=by, place=facility.place_path,
               org=str(facility.organisation_id), facts={"item": item, "found": found})  # fmt: skip
        return None
    why = core.check_words(reason, least=REASON)
    day = core.day_for(store, item, best_before) if difference > 0 else None
    said = {"item": item, "difference": difference, "best_before": day.isoformat() if day else ""}
    return moving.ask(facility, Kind.COUNTED, said, by=by, key=key, reason=why[:300])


@transaction.atomic
def write_off(lot: Account, amount: int, reason: str, *, by: Actor, key: UUID) -> Request:
    """Ask to write off so much of a lot: expired, broken, eaten by mice. Raises Denied."""
    check_keeps(by, lot.facility)
    core.check_thing(core.rules(lot.facility), lot.item, amount)
    why = core.check_words(reason, least=REASON)
    core.hold(lot.facility)
    _check_left(lot, amount)
    said = {"item": lot.item, "lot": lot.pk, "amount": amount}
    return moving.ask(lot.facility, Kind.SPOILED, said, by=by, key=key, reason=why[:300])


@transaction.atomic
def take_back(movement: Movement, reason: str, *, by: Actor, key: UUID) -> Request:
    """Ask for the movement the other way; the old one stays. Raises Denied."""
    check_keeps(by, movement.facility)
    why = core.check_words(reason, least=REASON)
    core.hold(movement.facility)
    _check_stands(movement)
    if Request.objects.filter(reverses=movement, state=Request.State.OPEN).exclude(pk=key).exists():
        raise Denied(_("Somebody has asked for this already."))
    return moving.ask(movement.facility, Kind.REVERSED, {}, by=by, key=key, reason=why[:300],
                      reverses=movement)  # fmt: skip


@transaction.atomic
def agree(asked: Request, *, by: Actor) -> Movement:
    """The second person agrees, and it happens. Raises Denied, NeedsSecond."""
    check_second(by, asked.facility)
    if asked.asked_by == by.id:
        raise NeedsSecond(_("The second person must be somebody else."))
    core.rules(asked.facility)
    other = asked.reverses.other if asked.reverses else None
    core.hold(asked.facility, *([other] if other else []))
    _decide(asked, Request.State.AGREED, by)
    act = _ACTS[Kind(asked.kind)]
    return act(asked, Signed(asked.asked_by, by.id))


@transaction.atomic
def decline(asked: Request, *, by: Actor) -> None:
    """The second does not agree, or the first thinks better of it: nothing moves. Raises Denied."""
    check_second(by, asked.facility)
    _decide(asked, Request.State.DECLINED, by)
    record("store.declined", on=asked, by=by, place=asked.facility.place_path,
           org=str(asked.facility.organisation_id), facts={"kind": asked.kind})  # fmt: skip


def _decide(asked: Request, state: Request.State, by: Actor) -> None:
    rows = Request.objects.filter(pk=asked.pk, state=Request.State.OPEN)
    if not rows.update(state=state, decided_by=by.id, decided_at=clock.now()):
        raise Denied(_("Someone else has just changed this. Look at it again before you go on."))


def _counted(asked: Request, signed: Signed) -> Movement:
    facility, said = asked.facility, asked.asked
    side, n = core.outside(facility, said["item"], Side.COUNT), int(said["difference"])
    if n > 0:
        day = date.fromisoformat(said["best_before"]) if said["best_before"] else None
        steps = [(side, core.shelf(facility, said["item"], day), n)]
    else:
        found = core.take(facility, said["item"], -n, good=False)
        steps = [(lot, side, part) for lot, part in found]
    return core.write(Kind.COUNTED, facility, steps, signed, asked.pk, reason=asked.reason)


def _spoiled(asked: Request, signed: Signed) -> Movement:
    said = asked.asked
    lot = Account.objects.get(pk=said["lot"], facility=asked.facility, side=Side.SHELF)
    _check_left(lot, said["amount"])
    step = lot, core.outside(asked.facility, lot.item, Side.WASTE), said["amount"]
    return core.write(Kind.SPOILED, asked.facility, [step], signed, asked.pk, reason=asked.reason)


def _reversed(asked: Request, signed: Signed) -> Movement:
    old = asked.reverses
    assert old is not None  # the database holds to it
    _check_stands(old)
    legs = list(old.legs.select_related("source", "target"))
    for leg in legs:
        if leg.target.side == Side.SHELF:
            _check_left(leg.target, leg.amount)
    return core.write(
        Kind.REVERSED, old.facility, [(leg.target, leg.source, leg.amount) for leg in legs],
        signed, asked.pk, {"was": old.kind}, reverses=old, other=old.other, reason=asked.reason,
    )  # fmt: skip


_ACTS: Final[dict[Kind, Callable[[Request, Signed], Movement]]] = {
    Kind.BOUGHT: lambda asked, signed: moving.bought(
        asked.facility, asked.asked, signed, asked.pk
    ),
    Kind.HANDED: lambda asked, signed: moving.handed(
        asked.facility, asked.asked, signed, asked.pk
    ),
    Kind.COUNTED: _counted,
    Kind.SPOILED: _spoiled,
    Kind.REVERSED: _reversed,
}  # fmt: skip


def _check_left(lot: Account, amount: int) -> None:
    left = Account.objects.values_list("balance", flat=True).get(pk=lot.pk)
    if left < amount:
        raise Denied(_("There is not so much of it any more. Look at the store again."))


def _check_stands(movement: Movement) -> None:
    if movement.kind == Kind.REVERSED or Movement.objects.filter(reverses=movement).exists():
        raise Denied(_("There is nothing to take back here."))
