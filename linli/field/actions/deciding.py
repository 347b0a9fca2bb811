"""Two versions of one thing: its writer says which counts; the office does what a rule cannot."""

from typing import Final
from uuid import uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from linli.field import effects, keeping, notes
from linli.field.actions.sender import Sender
from linli.field.models import Item, Rival
from linli.field.notes import NotUnderstood
from linli.journal.record import record
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.policies import Denied

LONGEST: Final = 300  # characters of what the office says that it did


@transaction.atomic
def decide(rival: Rival, decision: str, *, by: Actor) -> Rival:
    """The writer chooses: what was first stays, the second takes its place, or the office decides.

    Nothing is lost in any case: both are kept for 90 days. Raises Denied.
    """
    if by.user is None or by.user != rival.person:
        raise Denied(_("Only who wrote it decides which one counts."))
    if decision not in Rival.Decision.values:
        raise Denied(_("Choose one of the three."))
    now = clock.now()
    rows = Rival.objects.filter(pk=rival.pk, decision="")
    if not rows.update(decision=decision, decided_at=now):
        raise Denied(_("You have decided this already."))
    rival.refresh_from_db()
    record("field.decided", on=rival.item, by=by, facts={"decision": decision})
    if decision == Rival.Decision.FIRST or (
        decision == Rival.Decision.SECOND and _put_in_place(rival, by)
    ):
        _close(rival)
        rival.refresh_from_db()
    return rival


@transaction.atomic
def close(rival: Rival, words: str, *, by: Actor) -> None:
    """The office has done what was asked of it, and says what."""
    words = words.strip()[:LONGEST]
    if not words:
        raise Denied(_("Write in a few words what you did."))
    if rival.decision not in (Rival.Decision.SECOND, Rival.Decision.ASK) or rival.closed_at:
        raise Denied(_("There is nothing to do here."))
    _close(rival)
    Item.objects.filter(pk=rival.item_id).update(problem=words)
    record("field.rival_closed", on=rival.item, by=by)


def _put_in_place(rival: Rival, by: Actor) -> bool:
    """Whether a rule could let the second version follow the first by itself."""
    if rival.beside:
        return False  # a colleague's note: a person puts it right
    body = keeping.body_of(rival)
    try:
        with transaction.atomic():
            note = notes.read(body or b"")
            note = notes.replacing(note, rival.item.client_id)
            name = uuid5(rival.client_id, rival.sha256)
            writer = Sender(by, rival.device).writer(note)
            effects.capture_of(note).carry_out(note, name, writer)
    except (NotUnderstood, Denied):
        return False
    return True


def _close(rival: Rival) -> None:
    now = clock.now()
    Rival.objects.filter(pk=rival.pk).update(closed_at=now)
    Item.objects.filter(pk=rival.item_id, state=Item.State.CONFLICT).update(
        state=Item.State.PROCESSED, settled_at=now
    )
