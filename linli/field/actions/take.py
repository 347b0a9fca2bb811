"""One thing that was frozen on a telephone: kept, understood, done once, and receipted (O20 to O22)."""

import logging
from dataclasses import dataclass
from typing import Any, Final

from django.db import DataError, IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from linli.field import effects, keeping, notes, receipts
from linli.field.actions.limits import check_volume
from linli.field.actions.sender import Sender
from linli.field.envelope import Envelope
from linli.field.models import Item, ItemPhoto, Rival, Tombstone
from linli.field.notes import Note, NotUnderstood
from linli.journal.record import record
from linli.lib import clock, ids
from linli.people.actors import Actor
from linli.people.policies import Denied

log = logging.getLogger(__name__)
UNREADABLE: Final = "unreadable"  # the kind of what could not be read at all


@dataclass(frozen=True)
class Taken:
    """What the telephone is told: the signed receipt, and whether it was here before."""

    receipt: dict[str, Any]
    replayed: bool = False
    word: str = ""


# Faults of ours, not of the record and not of the database's being away.
OURS: Final = (IntegrityError, DataError, LookupError, TypeError, ValueError, AttributeError)


class SaidOtherwise(Denied):
    """The name is taken by other words. Both are kept; a person decides (409)."""

    def __init__(self, rival: Rival) -> None:
        super().__init__(
            _("Other words were already received under this name. Both are kept; "
              "you decide which one counts.")
        )  # fmt: skip
        self.receipt = receipts.of_rival(rival)


class Deleted(Denied):
    """It was deleted on purpose; sending it again does not bring it back (410)."""

    def __init__(self, grave: Tombstone) -> None:
        super().__init__(_("This was deleted on %(day)s and is not taken in again.") % {
            "day": grave.deleted_at.astimezone(clock.LOCAL).date().isoformat()})  # fmt: skip


def take(envelope: Envelope, *, sender: Sender) -> Taken:
    """Keep it and do what it says, in one transaction; or give the same receipt again.

    Raises SaidOtherwise, Deleted, TooMuch, Locked, RightsEnded, and Denied with a sentence for what
    a rule forbids: then nothing is kept here and the telephone still has it. What cannot be
    understood is kept, receipted and shown to a person.
    """
    known = replay(envelope, sender=sender)
    if known:
        return known
    check_volume(sender.device, len(envelope.body))
    try:
        with transaction.atomic():
            return _take(envelope, sender)
    except IntegrityError:
        known = replay(envelope, sender=sender)  # the twin that was faster has committed
        if known is None:
            raise
    return known


def replay(envelope: Envelope, *, sender: Sender) -> Taken | None:
    """The receipt already given for this name; None if it is new here."""
    item = Item.objects.prefetch_related("photos").filter(client_id=envelope.id).first()
    if item is None:
        grave = Tombstone.objects.filter(client_id=envelope.id).first()
        if grave:
            raise Deleted(grave)
        return None
    if item.sha256 == envelope.sha256:
        Item.objects.filter(pk=item.pk).update(replays=F("replays") + 1, replayed_at=clock.now())
        return Taken(receipts.of(item), replayed=True)
    raise SaidOtherwise(keep_beside(item, envelope, sender=sender))


@transaction.atomic
def keep_beside(item: Item, envelope: Envelope, *, sender: Sender) -> Rival:
    """Keep other words under the same name beside what is here; the same words only once."""
    found = Rival.objects.filter(client_id=envelope.id, sha256=envelope.sha256).first()
    if found:
        return found
    person = sender.person
    Rival.objects.bulk_create([Rival(
        item=item, client_id=envelope.id, sha256=envelope.sha256, size=len(envelope.body),
        form_version=envelope.form, device=sender.device, person=person,
        subject=keeping.put(person, envelope.id, envelope.sha256, envelope.body),
        received_at=clock.now(),
    )], ignore_conflicts=True)  # fmt: skip
    record("field.conflict", on=item, by=sender.actor, facts={"kind": item.kind})
    return Rival.objects.get(client_id=envelope.id, sha256=envelope.sha256)


def _take(envelope: Envelope, sender: Sender) -> Taken:
    item, by = _insert(envelope, sender), sender.actor
    word = ""
    try:
        note = notes.read(envelope.body)
        item.kind, item.captured_at, item.replaces = note.kind, note.captured_at, note.replaces
        ItemPhoto.objects.bulk_create(
            ItemPhoto(item=item, sha256=sha, order=n) for n, sha in enumerate(note.photos)
        )
        by = sender.writer(note)
        word = _carry_out(item, note, by)
    except NotUnderstood as problem:
        _to_a_person(item, str(problem))
    except effects.NotedAlready as earlier:
        _beside(item, earlier.beside)
    item.save()
    record("field.received", on=item, by=by, facts={
        "kind": item.kind, "form": item.form_version, "state": item.state, "effect": item.effect,
    })  # fmt: skip
    return Taken(receipts.of(item), word=word)


def _insert(envelope: Envelope, sender: Sender) -> Item:
    """The row first: a twin waits for it at the unique index, whatever it would do next (O21)."""
    person = sender.person
    now = clock.now()
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)  # a receipt shows milliseconds
    return Item.objects.create(
        client_id=envelope.id,
        sha256=envelope.sha256,
        size=len(envelope.body),
        kind=UNREADABLE,
        form_version=envelope.form,
        device=sender.device,
        person=person,
        subject=keeping.put(person, envelope.id, envelope.sha256, envelope.body),
        state=Item.State.RECEIVED,
        number=ids.receipt_word(),
        received_at=now,
    )


def _carry_out(item: Item, note: Note, by: Actor) -> str:
    """Do what the note says; whatever our own code stumbles over becomes a person's task."""
    capture = effects.capture_of(note)
    try:
        with transaction.atomic():
            done = capture.carry_out(note, item.client_id, by)
    except (Denied, NotUnderstood, OperationalError, InterfaceError):
        raise  # refused by a rule; not understood; or the database is away and it comes again
    except OURS as error:
        log.exception("field: a record of the kind %s was not understood", note.kind)
        words = _("Carrying it out failed (%(error)s).") % {"error": type(error).__name__}
        raise NotUnderstood(words) from error
    item.number, item.effect, item.href = done.number or item.number, done.subject, done.href
    if note.photos:
        return done.word
    item.state, item.settled_at = Item.State.PROCESSED, clock.now()
    return done.word


def _beside(item: Item, beside: str) -> None:
    """A colleague was first: nothing is overwritten, and nothing of this is lost (O27)."""
    item.state = Item.State.CONFLICT
    Rival.objects.create(
        item=item, beside=beside, client_id=item.client_id, sha256=item.sha256, size=item.size,
        form_version=item.form_version, device=item.device, person=item.person,
        subject=item.subject, received_at=item.received_at,
    )  # fmt: skip


def _to_a_person(item: Item, problem: str) -> None:
    item.state, item.problem = Item.State.STAFF_TASK, problem[:300]
