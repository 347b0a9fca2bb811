"""Checking in and out. Hours come from these two moments alone; nobody types them."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from linli.activities.actions.core import tell
from linli.activities.models import Occurrence, SignUp
from linli.activities.models.occurrence import State
from linli.activities.models.people import EARLIEST_IN, Going, SettleAs
from linli.activities.policies import check, tie
from linli.lib import clock, ids
from linli.people.actors import Actor
from linli.people.policies import Denied, NeedsSecond

CODE_LENGTH = 4


def door_code(occurrence: Occurrence) -> str:
    """The word on the organiser's list that lets people check themselves in and out."""
    secret = salted_hmac("linli.activities.door", str(occurrence.pk), algorithm="sha256").digest()
    return ids.word_from(secret)[:CODE_LENGTH]


@transaction.atomic
def check_in(
    sign_up: SignUp, *, by: Actor, when: datetime | None = None, code: str = ""
) -> None:  # fmt: skip
    """Somebody has come: by the list of who keeps it, or by the word at the door.

    `when` is the moment on a phone that had no signal. A second time changes nothing.
    """
    _check_keeper(sign_up, by, code)
    moment = _moment(sign_up, when)
    if sign_up.occurrence.state == State.CANCELLED:
        raise Denied(_("It was cancelled."))
    if moment < sign_up.occurrence.starts_at - EARLIEST_IN:
        raise Denied(_("Checking in begins one hour before."))
    if moment > sign_up.occurrence.ends_at:
        raise Denied(_("It is over; nobody can be checked in any more."))
    rows = SignUp.objects.filter(pk=sign_up.pk, state__in=[Going.GOING, Going.NO_SHOW])
    if not rows.update(state=Going.IN, in_at=moment):
        sign_up.refresh_from_db()
        if sign_up.state in (Going.IN, Going.OUT):
            return
        raise Denied(_("Only somebody with a seat can be checked in."))
    sign_up.refresh_from_db()
    tell(sign_up.occurrence, "activity.checked_in", by=by, when=when,
         facts={"role": sign_up.seat.role, "own": _own(sign_up, by)})  # fmt: skip


@transaction.atomic
def check_out(
    sign_up: SignUp, *, by: Actor, when: datetime | None = None, code: str = ""
) -> None:  # fmt: skip
    """Somebody goes. Later than two hours after the end it has to be settled by two people."""
    _check_keeper(sign_up, by, code)
    moment = _moment(sign_up, when)
    if sign_up.state == Going.OUT:
        return
    if sign_up.in_at is None:
        raise Denied(_("Nobody can check out who has not checked in."))
    if moment > sign_up.last_out:
        raise Denied(
            _("The time for checking out is over. The organiser settles it with a second person.")
        )
    moment = max(moment, sign_up.in_at)
    if not SignUp.objects.filter(pk=sign_up.pk, state=Going.IN).update(
        state=Going.OUT, out_at=moment
    ):
        raise Denied(_("Someone else has just changed this. Look at it again before you go on."))
    sign_up.refresh_from_db()
    _tell_out(sign_up, by, {"own": _own(sign_up, by)}, when)


@transaction.atomic
def settle(sign_up: SignUp, how: str, *, by: Actor) -> None:
    """Say how a stay without a check-out ended; it counts once a second person agrees."""
    _check_two(sign_up, by)
    if how not in SettleAs.values:
        raise Denied(_("Choose how it ended."))
    if not SignUp.objects.unsettled().filter(pk=sign_up.pk).update(settle_as=how, settle_by=by.id):
        raise Denied(_("There is nothing to settle here."))
    sign_up.refresh_from_db()
    tell(sign_up.occurrence, "activity.settling", by=by, facts={"as": how})


@transaction.atomic
def agree(sign_up: SignUp, *, by: Actor) -> None:
    """The second person agrees: the stay ends at the planned end, or counts no time."""
    _check_two(sign_up, by)
    if sign_up.settle_by == by.id:
        raise NeedsSecond(_("The second person must be somebody else."))
    if sign_up.in_at is None or not sign_up.settle_as:
        raise Denied(_("There is nothing to settle here."))
    stayed = sign_up.settle_as == SettleAs.END
    out_at = max(sign_up.in_at, sign_up.occurrence.ends_at) if stayed else sign_up.in_at
    rows = SignUp.objects.filter(pk=sign_up.pk, state=Going.IN, settle_as=sign_up.settle_as)
    if not rows.update(state=Going.OUT, out_at=out_at):
        raise Denied(_("Someone else has just changed this. Look at it again before you go on."))
    sign_up.refresh_from_db()
    _tell_out(sign_up, by, {"settled": sign_up.settle_as, "second": sign_up.settle_by}, None)


def _tell_out(
    sign_up: SignUp, by: Actor, facts: dict[str, object], when: datetime | None
) -> None:  # fmt: skip
    role = sign_up.seat.role
    gives = sign_up.occurrence.rule.role(role).gives_time
    minutes = int(sign_up.time.total_seconds() // 60) if gives else 0
    tell(sign_up.occurrence, "activity.checked_out", by=by, when=when,
         facts={"role": role, "minutes": minutes, "user": str(sign_up.user_id), **facts})  # fmt: skip


def _check_keeper(sign_up: SignUp, by: Actor, code: str) -> None:
    """Who keeps the list may, and everybody for themselves with the word at the door."""
    if _own(sign_up, by) and code:
        if constant_time_compare(ids.normal_word(code), door_code(sign_up.occurrence)):
            return
        raise Denied(_("That is not the word at the door. Please look again."))
    check("activity.check_in", by, sign_up.occurrence)


def _check_two(sign_up: SignUp, by: Actor) -> None:
    """hours.adjust takes two people, each in scope, and neither of them the person concerned."""
    with suppress(NeedsSecond):  # the second comes with agree()
        by.check("hours.adjust")
    if not tie(by, sign_up.occurrence).in_scope:
        raise Denied(_("In your present role you cannot do this."))
    if _own(sign_up, by):
        raise Denied(_("Nobody settles their own hours."))


def _own(sign_up: SignUp, by: Actor) -> bool:
    return by.user is not None and by.user.pk == sign_up.user_id


def _moment(sign_up: SignUp, when: datetime | None) -> datetime:
    now = clock.now()
    if when is None:
        return now
    return min(clock.in_utc(when), now)
