"""At the door: who is there, who comes in, and that every child leaves with somebody on its list.

Each act first changes the session's own row, guarded; whoever comes second waits there and then
finds what the first has done.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.clubs import policies
from linli.clubs.actions import enrolling
from linli.clubs.actions.core import locked_child, tell
from linli.clubs.models import Child, Club, Helper, PickUp, Presence, Session, Shift
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.policies import Denied

LONGEST: Final = timedelta(hours=12)


@transaction.atomic
def open_session(
    club: Club, helpers: Collection[Helper], *, ends_at: datetime, by: Actor
) -> Session:
    """The door opens, with these adults there. Raises Denied for too few, or a check that ran out."""
    policies.check_door(by, club)
    policies.check_running(club)
    rule, now = policies.rule_of(club), clock.now()
    if not now < ends_at <= now + LONGEST:
        raise Denied(_("A session ends later today, after twelve hours at most."))
    adults = {helper.user_id: helper for helper in helpers}
    if len(adults) < rule.adults:
        raise Denied(_("At least %(n)s adults have to be there.") % {"n": rule.adults})
    for helper in adults.values():
        _check_ready(helper, club)
    try:
        with transaction.atomic():
            session = Session.objects.create(
                club=club, ratio=rule.ratio, least=rule.adults, present=len(adults),
                ends_at=ends_at,
            )  # fmt: skip
            for user_id in adults:
                Shift.objects.create(session=session, user_id=user_id)
    except IntegrityError:
        raise Denied(
            _("A session is open already, or one of the adults is at another club.")
        ) from None
    tell(club, "club.session_opened", by=by, facts={"session": session.pk, "adults": len(adults)})
    return session


def _check_ready(helper: Helper, club: Club) -> None:
    if helper.club_id != club.pk or not helper.is_ready:
        raise Denied(_("Somebody of these is not on the list, or their check has run out."))


@transaction.atomic
def adult_comes(session: Session, helper: Helper, *, by: Actor) -> None:
    """One adult more. Raises Denied."""
    policies.check_door(by, session.club)
    _check_ready(helper, session.club)
    if not _open(session).update(present=F("present") + 1):
        raise _over()
    try:
        with transaction.atomic():
            Shift.objects.create(session=session, user_id=helper.user_id)
    except IntegrityError:
        raise Denied(_("They are here already, or at another club.")) from None
    tell(session.club, "club.adult_came", by=by, facts={"session": session.pk})


@transaction.atomic
def adult_leaves(session: Session, shift: Shift, *, by: Actor) -> None:
    """An adult goes, if enough stay for the children inside. Raises Denied."""
    policies.check_door(by, session.club)
    enough = _open(session).filter(
        present__gt=F("least"), inside__lte=(F("present") - 1) * F("ratio")
    )
    if not enough.update(present=F("present") - 1):
        session.refresh_from_db()
        raise (
            _over()
            if session.ended_at
            else Denied(
                _("Not yet: %(adults)s adults have to stay, and one for every %(ratio)s children.")
                % {"adults": session.least, "ratio": session.ratio}
            )
        )
    rows = Shift.objects.filter(pk=shift.pk, session=session, left_at=None)
    if not rows.update(left_at=clock.now()):
        raise Denied(_("They have left already."))
    _note_density(session)
    tell(session.club, "club.adult_left", by=by, facts={"session": session.pk})


@transaction.atomic
def check_in(session: Session, child: Child, *, by: Actor) -> Presence:
    """A child with a place comes in. Raises Denied if that were too many for the adults there."""
    policies.check_door(by, session.club)
    room = _open(session).filter(inside__lt=F("present") * F("ratio"))
    if not room.update(inside=F("inside") + 1):
        session.refresh_from_db()
        raise _over() if session.ended_at else Denied(
            _("%(adults)s adults are here, for %(most)s children at most. First another adult has "
              "to come.")
            % {"adults": session.present, "most": session.present * session.ratio}
        )  # fmt: skip
    child = locked_child(child.pk)
    if child.club_id != session.club_id or child.state != Child.State.ENROLLED:
        raise Denied(_("This child has no place here, or the consent was taken back."))
    if not child.pickups.filter(ended_at=None).exists():
        raise Denied(_("Nobody is on this child's list. Its guardian has to name somebody first."))
    again = Presence.objects.filter(session=session, child=child).exists()
    try:
        with transaction.atomic():
            row = Presence.objects.create(session=session, child=child)
    except IntegrityError:
        raise Denied(_("This child is inside already.")) from None
    if not again:
        Session.objects.filter(pk=session.pk).update(came=F("came") + 1)
    _note_density(session)
    tell(session.club, "club.child_came", by=by, facts={"session": session.pk})
    return row


@transaction.atomic
def hand_over(session: Session, child: Child, adult: PickUp, *, by: Actor) -> None:
    """A child leaves with an adult on its own list; nobody else can be chosen. Raises Denied."""
    policies.check_door(by, session.club)
    if not _open(session).filter(inside__gt=0).update(inside=F("inside") - 1):
        raise Denied(_("This child is not inside any more."))
    child = locked_child(child.pk)
    if not child.pickups.filter(pk=adult.pk, ended_at=None).exists():
        raise Denied(_("This adult is not on the child's list, or not any more."))
    rows = Presence.objects.filter(session=session, child=child, left_at=None)
    if not rows.update(left_at=clock.now(), handed_to=adult):
        raise Denied(_("This child is not inside any more."))
    tell(session.club, "club.child_left", by=by, facts={"session": session.pk})
    if not child.is_live:  # the place ended while the child was inside
        enrolling.forget_names(child)


@transaction.atomic
def end_session(session: Session, *, by: Actor) -> None:
    """The door closes, and only behind the last child. Raises Denied."""
    policies.check_door(by, session.club)
    now = clock.now()
    if not _open(session).filter(inside=0).update(ended_at=now):
        session.refresh_from_db()
        if session.ended_at:
            raise _over()
        said = ngettext(
            "%(num)s child is still inside. Hand it to an adult on its list first.",
            "%(num)s children are still inside. Hand each to an adult on its list first.",
            session.inside,
        )
        raise Denied(said % {"num": session.inside})
    Shift.objects.filter(session=session, left_at=None).update(left_at=now)
    session.refresh_from_db()
    tell(session.club, "club.session_ended", by=by, facts={
        "session": session.pk, "came": session.came, "densest": session.densest,
    })  # fmt: skip


def _open(session: Session) -> QuerySet[Session]:
    return Session.objects.filter(pk=session.pk, ended_at=None)


def _over() -> Denied:
    return Denied(_("This session has ended."))


def _note_density(session: Session) -> None:
    """The most children that one adult had, for the public page."""
    session.refresh_from_db(fields=["present", "inside", "densest"])
    dense = -(-session.inside // session.present)
    if dense > session.densest:
        Session.objects.filter(pk=session.pk).update(densest=dense)
