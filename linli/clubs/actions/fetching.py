"""Who may fetch a child: the guardian alone writes the list, at any time."""

import secrets
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.clubs import policies
from linli.clubs.actions.core import because, locked_child, tell
from linli.clubs.models import Child, PickUp, Presence
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.vault import sealing

MOST: Final = 8  # adults on one list
NAME: Final = "name"
PURPOSE: Final = "who may fetch a child from a club"


@transaction.atomic
def add(child: Child, relation: str, name: str, *, by: Actor) -> PickUp:
    """Somebody more may fetch the child. Raises Denied."""
    child = _own(child, by)
    if not child.is_live:
        raise Denied(_("It has ended already."))
    if child.pickups.filter(ended_at=None).count() >= MOST:
        raise Denied(_("There are %(n)s adults on the list. Take one off first.") % {"n": MOST})
    row = put(child, relation, name)
    tell(child.club, "club.pickup_added", by=by, facts={"child": str(child.pk)})
    return row


def put(child: Child, relation: str, name: str) -> PickUp:
    """The row itself, with a word that nobody else on this list has."""
    taken = set(child.pickups.filter(ended_at=None).values_list("word", flat=True))
    while (word := f"{secrets.randbelow(10_000):04}") in taken:
        pass
    subject = sealing.seal_new({NAME: name.strip()}, purpose=PURPOSE)
    return PickUp.objects.create(child=child, relation=relation, subject=subject, word=word)


@transaction.atomic
def end(adult: PickUp, *, by: Actor) -> None:
    """Somebody may not fetch the child any more, from now on; the name is destroyed.

    Raises Denied for the last one on the list of a child that is inside.
    """
    child = _own(adult.child, by)
    others = child.pickups.filter(ended_at=None).exclude(pk=adult.pk)
    if not others.exists() and Presence.objects.filter(child=child, left_at=None).exists():
        raise Denied(_("Your child is at the club now. Write down who fetches it instead, first."))
    if not child.pickups.filter(pk=adult.pk, ended_at=None).update(ended_at=clock.now()):
        return
    why = because(gettext_lazy("does not fetch the child any more"))
    sealing.destroy(adult.subject, by=by, reason=why)
    tell(child.club, "club.pickup_ended", by=by, facts={"child": str(child.pk)})


def _own(child: Child, by: Actor) -> Child:
    found = locked_child(child.pk)
    policies.check_own(by, found)
    return found
