"""From the guardian's consent to a place, and to its end: the first who waits comes next."""

from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.clubs import policies
from linli.clubs.actions import fetching
from linli.clubs.actions.core import because, locked, locked_child, tell
from linli.clubs.models import Child, Club, PickUp, Presence
from linli.lib import clock
from linli.people.actors import SYSTEM, Actor
from linli.people.policies import Denied
from linli.vault import sealing
from linli.web.language import lang

MOST_CHILDREN: Final = 6  # live applications and places of one account
NAME, NOTES = "name", "notes"
PURPOSE: Final = "a child's place at a club"
State = Child.State


@transaction.atomic
def apply(
    club: Club, *, name: str, notes: str, age: int, own_name: str, consent: str, by: Actor
) -> Child:  # fmt: skip
    """A guardian asks for a place and agrees to the text of the day `consent`; the age is not kept.

    `own_name` comes first onto the list of who fetches. Raises Denied.
    """
    club = locked(club.pk)
    by.check("club.own", own=by.user is not None)
    policies.check_running(club)
    rule = policies.rule_of(club)
    if consent != rule.consent.version:
        raise Denied(_("The text has changed meanwhile. Please read it again and agree to it."))
    if not rule.youngest <= age <= rule.oldest:
        said = _("The club is for children from %(low)s to %(high)s years.")
        raise Denied(said % {"low": rule.youngest, "high": rule.oldest})
    if Child.objects.live().filter(guardian=by.user).count() >= MOST_CHILDREN:
        said = _("One account can have %(n)s children at clubs. Please talk to the desk.")
        raise Denied(said % {"n": MOST_CHILDREN})
    Club.objects.filter(pk=club.pk).update(numbered=F("numbered") + 1)
    sealed = {NAME: name.strip()} | ({NOTES: notes.strip()} if notes.strip() else {})
    child = Child.objects.create(
        club=club, guardian=by.user, number=club.numbered + 1,
        subject=sealing.seal_new(sealed, purpose=PURPOSE), consent_version=consent,
        consent_text=rule.consent.text.text(lang()),
    )  # fmt: skip
    fetching.put(child, PickUp.Relation.GUARDIAN, own_name)
    tell(club, "club.applied", by=by, facts={"child": str(child.pk), "consent": consent})
    return child


@transaction.atomic
def accept(child: Child, *, by: Actor) -> str:
    """Give a place, or one on the waiting list if there is none; gives the new state. Denied."""
    club = locked(child.club_id)
    policies.check_keeps(by, club, child)
    policies.check_running(club)
    now = clock.now()
    if not Child.objects.filter(pk=child.pk, state=State.APPLIED).update(
        state=State.WAITING, decided_at=now
    ):
        raise Denied(_("This has been decided already, or was taken back."))
    tell(club, "club.accepted", by=by, facts={"child": str(child.pk)})
    move_up(club)
    return Child.objects.values_list("state", flat=True).get(pk=child.pk)


def move_up(club: Club) -> None:
    """Who waits longest gets a place, as long as there are any. The club is locked."""
    rows = Child.objects.filter(club=club, state=State.WAITING).order_by("decided_at", "number")
    for child in rows:
        free = Club.objects.filter(pk=club.pk, enrolled__lt=F("places"))
        if not free.update(enrolled=F("enrolled") + 1):
            return
        Child.objects.filter(pk=child.pk).update(state=State.ENROLLED)
        tell(club, "club.enrolled", by=SYSTEM, facts={"child": str(child.pk)})


@transaction.atomic
def refuse(child: Child, reason: str, *, by: Actor) -> None:
    """No place, and why; the names go at once. Raises Denied."""
    club = locked(child.club_id)
    policies.check_keeps(by, club, child)
    if not reason.strip():
        raise Denied(_("Write why: the guardian reads it."))
    rows = Child.objects.filter(pk=child.pk, state__in=[State.APPLIED, State.WAITING])
    if not rows.update(state=State.REFUSED, reason=reason.strip()[:300], decided_at=clock.now(),
                       ended_at=clock.now()):  # fmt: skip
        raise Denied(_("This has been decided already, or was taken back."))
    tell(club, "club.refused", by=by, facts={"child": str(child.pk)})
    forget_names(child)


@transaction.atomic
def end(child: Child, reason: str, *, by: Actor) -> None:
    """The desk ends a place, and says why. Raises Denied."""
    club = locked(child.club_id)
    policies.check_keeps(by, club, child)
    if not reason.strip():
        raise Denied(_("Write why: the guardian reads it."))
    _end(club, child, by, reason.strip()[:300])


@transaction.atomic
def withdraw(child: Child, *, by: Actor) -> None:
    """The guardian takes the consent back: one press, at any time, without a reason.

    A child who is inside is still handed over to its list; then the names go.
    """
    club = locked(child.club_id)
    policies.check_own(by, child)
    _end(club, child, by, "")


def _end(club: Club, child: Child, by: Actor, reason: str) -> None:
    child = locked_child(child.pk)
    if not child.is_live:
        raise Denied(_("It has ended already."))
    now, own = clock.now(), not reason
    Child.objects.filter(pk=child.pk).update(
        state=State.ENDED, ended_at=now, reason=reason, withdrawn_at=now if own else None
    )
    if child.state == State.ENROLLED:
        Club.objects.filter(pk=club.pk).update(enrolled=F("enrolled") - 1)
    verb = "club.consent_withdrawn" if own else "club.ended"
    tell(club, verb, by=by, facts={"child": str(child.pk)})
    forget_names(child)
    move_up(club)


def forget_names(child: Child) -> None:
    """Destroy what is sealed of a child without a place and of who fetches it; not while inside."""
    if Presence.objects.filter(child=child, left_at=None).exists():
        return
    why = because(gettext_lazy("the place at the club has ended"))
    sealing.destroy(child.subject, by=SYSTEM, reason=why)
    for adult in child.pickups.filter(ended_at=None):
        sealing.destroy(adult.subject, by=SYSTEM, reason=why)
    child.pickups.filter(ended_at=None).update(ended_at=clock.now())
