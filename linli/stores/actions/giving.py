"""Gifts come in with a receipt; the giver's name goes under seal, and one day it is forgotten."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli import playbook
from linli.facilities.models import Facility
from linli.journal.record import record
from linli.lib import clock
from linli.people.actors import SYSTEM, Actor
from linli.people.models import User
from linli.people.policies import Denied
from linli.stores.actions import core
from linli.stores.models import Account, Gift, Kind, Side
from linli.stores.models.gift import NAME
from linli.stores.policies import check_keeps, check_reads_giver
from linli.vault import sealing


@transaction.atomic
def receive(
    facility: Facility, item: str, amount: int, *, by: Actor, key: UUID,
    best_before: date | None = None, name: str = "", agreed: bool = False,
    user: User | None = None,
) -> Gift:  # fmt: skip
    """Take a gift in and give its receipt. Raises Denied.

    `name` is kept only if the giver `agreed`; `user` is the giver's account, where they have one.
    """
    check_keeps(by, facility)
    store = core.rules(facility)
    core.check_thing(store, item, amount)
    good_until = core.day_for(store, item, best_before)
    if name.strip() and not agreed:
        raise Denied(_("A name is written down only if the giver agrees."))
    core.hold(facility)
    again = Account.objects.filter(came__movement__key=key, side=Side.SHELF).first()
    if again is not None and again.gift is not None:
        return again.gift
    gift = Gift.objects.create(
        facility=facility, item=item, amount=amount, on=clock.today(), user=user,
        subject=sealing.seal_new({NAME: name.strip()[:80]}, purpose="gift") if name.strip() else "",
    )  # fmt: skip
    lot = core.shelf(facility, item, good_until, gift)
    step = core.outside(facility, item, Side.GIVERS), lot, amount
    core.write(Kind.GIVEN, facility, [step], core.Signed(by.id), key)
    return gift


@transaction.atomic
def read_name(gift: Gift, reason: str, *, by: Actor) -> str:
    """Who gave it; the reading is logged. Raises Denied, NeedsReason."""
    check_reads_giver(by, gift.facility, reason)
    if not gift.subject:
        raise Denied(_("Nobody is named for this gift."))
    return sealing.reveal(gift.subject, NAME, by=by, reason=reason)


@transaction.atomic
def forget_giver(gift: Gift, *, by: Actor, why: str = "the giver wanted it") -> None:
    """Destroy the name for good; the gift stays in the ledger."""
    own = by.user is not None and by.user.pk == gift.user_id
    if not (by.is_system or own):
        check_keeps(by, gift.facility)
    if gift.subject:
        sealing.destroy(gift.subject, by=by, reason=why)
    if Gift.objects.filter(pk=gift.pk).exclude(subject="", user=None).update(subject="", user=None):
        record("store.giver_forgotten", on=gift, by=by, place=gift.facility.place_path)


def forget() -> int:
    """Names of givers go after the time that the playbook gives. A daily job."""
    found = 0
    for kind in playbook.current().facilities.values():
        if kind.store is None:
            continue
        before = clock.today() - timedelta(days=kind.store.names.amount)
        old = Gift.objects.filter(facility__kind=kind.id, on__lt=before)
        for gift in old.exclude(subject="", user=None).select_related("facility")[:500]:
            forget_giver(gift, by=SYSTEM, why="its time is over")
            found += 1
    return found
