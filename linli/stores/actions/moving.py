"""Buying, handing out, moving to another station: what one person may do below the limit."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from linli.cases.models import Case
from linli.cases.models.case import State
from linli.facilities.models import Facility
from linli.journal.record import record, subject_of
from linli.lib import clock, ids
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.playbook.store import MONEY, Store
from linli.stores.actions import core
from linli.stores.actions.core import Signed
from linli.stores.models import Kind, Leg, Movement, Request, Side
from linli.stores.models.ledger import known, store_of
from linli.stores.policies import check_keeps

NOT_GIVEN_TO = (State.DECLINED, State.WITHDRAWN, State.MERGED)


@transaction.atomic
def buy(
    facility: Facility, item: str, amount: int, cost: int, *, by: Actor, key: UUID,
    best_before: date | None = None,
) -> Movement | Request:  # fmt: skip
    """Money out, goods in, in one movement; above the limit a second person is asked. Denied."""
    check_keeps(by, facility)
    store = core.rules(facility)
    said = {"item": item, "amount": amount, "cost": cost,
            "best_before": best_before.isoformat() if best_before else ""}  # fmt: skip
    core.hold(facility)
    if there := known(key):
        return there
    if item == MONEY:
        raise Denied(_("Money is not bought."))
    core.check_thing(store, MONEY, cost)
    core.check_thing(store, item, amount)
    core.day_for(store, item, best_before)
    if above_limit(facility, store, cost):
        core.take(facility, MONEY, cost)
        return ask(facility, Kind.BOUGHT, said, by=by, key=key)
    return bought(facility, said, Signed(by.id), key)


def bought(facility: Facility, said: dict[str, Any], signed: Signed, key: UUID) -> Movement:
    """The purchase itself; the station is held and whoever must has agreed."""
    item, market = said["item"], core.outside(facility, MONEY, Side.MARKET)
    day = date.fromisoformat(said["best_before"]) if said["best_before"] else None
    good_until = core.day_for(core.rules(facility), item, day)
    steps = [(lot, market, part) for lot, part in core.take(facility, MONEY, said["cost"])]
    came = core.outside(facility, item, Side.MARKET), core.shelf(facility, item, good_until)
    return core.write(Kind.BOUGHT, facility, [*steps, (*came, said["amount"])], signed, key)


@transaction.atomic
def hand_out(
    facility: Facility, item: str, amount: int, *, by: Actor, key: UUID, wish: str = "",
    household: str = "",
) -> Movement | Request:  # fmt: skip
    """To a wish by its number, or to a household by its invented name; never by a person's name.

    Money above the limit waits for a second person. Raises Denied.
    """
    check_keeps(by, facility)
    store = core.rules(facility)
    core.check_thing(store, item, amount)
    alias = core.check_words(household)
    if bool(wish.strip()) == bool(alias):
        raise Denied(
            _("Write the number of a wish, or the invented name of a household: one of both.")
        )
    number = wish_of(store, wish).number if wish.strip() else ""
    said = {"item": item, "amount": amount, "case": number, "household": alias[:40]}
    core.hold(facility)
    if there := known(key):
        return there
    if item == MONEY and above_limit(facility, store, amount):
        core.take(facility, MONEY, amount)
        return ask(facility, Kind.HANDED, said, by=by, key=key)
    return handed(facility, said, Signed(by.id), key)


def wish_of(store: Store, words: str) -> Case:
    """The wish with this number. Raises Denied with what is wrong with it."""
    try:
        number = ids.parse_number(words)
    except ValueError:
        raise Denied(_("This is no number of a matter. Look at it again digit by digit.")) from None
    case = Case.objects.filter(number=number).first()
    if case is None or case.kind not in store.wishes:
        raise Denied(_("There is no wish with this number."))
    if case.state in NOT_GIVEN_TO:
        raise Denied(_("This wish is closed: nothing is handed out for it."))
    return case


def handed(facility: Facility, said: dict[str, Any], signed: Signed, key: UUID) -> Movement:
    """The handing out itself; the station is held and whoever must has agreed."""
    people = core.outside(facility, said["item"], Side.PEOPLE)
    steps = [(lot, people, part) for lot, part in core.take(facility, said["item"], said["amount"])]
    case = wish_of(core.rules(facility), said["case"]) if said["case"] else None
    return core.write(
        Kind.HANDED, facility, steps, signed, key, {"wish": subject_of(case)} if case else {},
        case_number=said["case"], household=said["household"],
    )  # fmt: skip


@transaction.atomic
def move(
    facility: Facility, other: Facility, item: str, amount: int, *, by: Actor, key: UUID
) -> Movement:
    """To another station: both ledgers in one movement. Raises Denied."""
    check_keeps(by, facility)
    core.check_thing(core.rules(facility), item, amount)
    if other.pk == facility.pk:
        raise Denied(_("Choose another station than this one."))
    there = store_of(other)
    if there is None or not Facility.objects.running().filter(pk=other.pk).exists():
        raise Denied(_("That station keeps no store."))
    core.check_thing(there, item, amount)
    core.hold(facility, other)
    if done := known(key):
        return done
    steps = [
        (lot, core.shelf(other, item, lot.best_before, lot.gift), part)
        for lot, part in core.take(facility, item, amount)
    ]
    return core.write(Kind.MOVED, facility, steps, Signed(by.id), key, other=other)


def above_limit(facility: Facility, store: Store, amount: int) -> bool:
    """Whether so much money more on this day needs a second person; small parts add up."""
    rows = Leg.objects.out_of(facility).filter(
        source__item=MONEY, movement__on=clock.today(), movement__second="",
        movement__kind__in=[Kind.BOUGHT, Kind.HANDED], movement__reversal=None,
    )  # fmt: skip
    return amount + int(rows.aggregate(n=Sum("amount"))["n"] or 0) > store.second_above


def ask(
    facility: Facility, kind: Kind, said: dict[str, Any], *, by: Actor, key: UUID,
    reason: str = "", reverses: Movement | None = None,
) -> Request:  # fmt: skip
    """Write down what a second person has to agree to; a form sent twice asks once."""
    row, new = Request.objects.get_or_create(id=key, defaults={
        "facility": facility, "kind": kind, "asked": said, "reason": reason, "asked_by": by.id,
        "asked_at": clock.now(), "reverses": reverses,
    })  # fmt: skip
    if new:
        record("store.asked", on=row, by=by, place=facility.place_path,
               org=str(facility.organisation_id), facts={"kind": kind.value})  # fmt: skip
    return row
