"""Putting values under seal, opening them with a reason, destroying them for good."""

import secrets
from collections.abc import Collection, Mapping
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from linli.journal.record import record
from linli.lib import clock, ids
from linli.people.actors import SYSTEM_ID, Actor
from linli.people.policies import Denied, NeedsReason
from linli.vault import keys
from linli.vault.models import ReadLog, Sealed, SubjectKey
from linli.vault.normal import FINDABLE, normal

LONGEST_REASON: Final = 300


class Destroyed(Denied):
    """The subject's key was destroyed: nothing of it can be read or sealed ever again."""


class NothingSealed(Denied):
    """Nothing of this kind is sealed for the subject."""


class ReasonMissing(NeedsReason):
    """Nobody opens a sealed value without saying why."""


def new_subject() -> str:
    """A name under which to seal: random, says nothing about the person."""
    return str(ids.new_uuid())


@transaction.atomic
def seal(subject: str, kind: str, value: str, *, purpose: str) -> Sealed:
    """Seal one value; what was sealed for this subject and kind before is gone.

    `purpose` says what it is kept for. Raises Destroyed after destroy(), ValueError for an empty
    value, kind or purpose.
    """
    if not (subject and kind and purpose and value):
        raise ValueError("Sealing needs a subject, a kind, a value and a purpose.")
    row = _closed(subject, kind, value, _key_for_writing(subject), purpose)
    Sealed.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["subject", "kind"],
        update_fields=["ciphertext", "index", "index_master", "purpose", "created_at"],
    )
    return Sealed.objects.get(subject=subject, kind=kind)


def seal_new(values: Mapping[str, str], *, purpose: str) -> str:
    """Seal values by kind under a subject of their own, in two statements; gives the subject.

    Only inside a transaction. Raises ValueError for an empty value, kind or purpose.
    """
    if not (purpose and all(values) and all(values.values())):
        raise ValueError("Sealing needs a kind, a value and a purpose.")
    subject, key, current = new_subject(), secrets.token_bytes(32), keys.ring().current
    SubjectKey.objects.create(
        subject=subject, master=current.id, wrapped=current.wrap(key, subject),
        created_at=clock.now(),
    )  # fmt: skip
    rows = [_closed(subject, kind, value, key, purpose) for kind, value in values.items()]
    Sealed.objects.bulk_create(rows)
    return subject


def _closed(subject: str, kind: str, value: str, key: bytes, purpose: str) -> Sealed:
    """The row of one value, not yet written."""
    current = keys.ring().current
    found_by = normal(kind, value) if kind in FINDABLE else ""
    return Sealed(
        subject=subject,
        kind=kind,
        ciphertext=keys.encrypt(key, value.encode(), _place(subject, kind)),
        index=current.blind(kind, found_by) if found_by else "",
        index_master=current.id if found_by else "",
        purpose=purpose,
        created_at=clock.now(),
    )


@transaction.atomic
def reveal(subject: str, kind: str, *, by: Actor, reason: str) -> str:
    """Open one value. The reading is logged for the subject to see, in the same transaction.

    Raises ReasonMissing, NothingSealed, Destroyed, and keys.WrongKey if it does not open.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissing(_("Write down why you need to read this; the person will see it."))
    row = Sealed.objects.filter(subject=subject, kind=kind).first()
    key = _key_for_reading(subject)
    if row is None:
        raise NothingSealed(_("Nothing of this kind is kept here."))
    value = open_row(row, key)
    ReadLog.objects.create(
        subject=subject,
        kind=kind,
        reader=by.id,
        reader_label=_label(by),
        reason=reason[:LONGEST_REASON],
    )
    record("vault.read", on=journal_subject(subject), by=by, facts={"kind": kind})
    return value


def find(kind: str, value: str) -> list[str]:
    """The subjects for whom this phone or e-mail is sealed, however it is typed; oldest first.

    Raises ValueError for a kind that cannot be looked up.
    """
    wanted = normal(kind, value)
    if not wanted:
        return []
    blinds = [master.blind(kind, wanted) for master in keys.ring().masters]
    rows = Sealed.objects.filter(kind=kind, index__in=blinds).order_by("id")
    return list(rows.values_list("subject", flat=True))


def kinds_of(subject: str) -> list[str]:
    """What is sealed for a subject, by kind, without opening anything."""
    rows = Sealed.objects.filter(subject=subject).order_by("kind")
    return list(rows.values_list("kind", flat=True))


def kinds_of_all(subjects: Collection[str]) -> set[str]:
    """What is sealed for any of these subjects, by kind, in one statement."""
    return set(Sealed.objects.filter(subject__in=subjects).values_list("kind", flat=True))


@transaction.atomic
def destroy(subject: str, *, by: Actor, reason: str) -> None:
    """Destroy the key and everything it opened; a marker stays, so that none is made again.

    Backups keep ciphertext that nothing opens. Destroying twice changes nothing.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissing(_("Write down why this is destroyed."))
    row = _locked(subject)
    if row.destroyed_at is not None:
        return
    kinds = kinds_of(subject)
    Sealed.objects.filter(subject=subject).delete()
    row.wrapped, row.master = None, ""
    row.destroyed_at, row.destroyed_why = clock.now(), reason[:200]
    row.save(update_fields=["wrapped", "master", "destroyed_at", "destroyed_why"])
    record("vault.destroyed", on=journal_subject(subject), by=by, facts={"kinds": kinds})


def reads_of(subject: str) -> QuerySet[ReadLog]:
    """Who opened what of this subject and why, newest first."""
    return ReadLog.objects.filter(subject=subject).order_by("-id")


def reads_of_all(subjects: Collection[str]) -> QuerySet[ReadLog]:
    """The same for everything one person has sealed, in one list, newest first."""
    return ReadLog.objects.filter(subject__in=subjects).order_by("-id")


def is_destroyed(subject: str) -> bool:
    """Whether the subject's key was destroyed."""
    return SubjectKey.objects.filter(subject=subject, destroyed_at__isnull=False).exists()


def journal_subject(subject: str) -> str:
    """How the journal names a subject of the vault."""
    return f"vault.Subject:{subject}"


def open_row(row: Sealed, key: bytes) -> str:
    """The value of a row, for reveal() and for the keeper's commands; logs nothing."""
    return keys.decrypt(key, bytes(row.ciphertext), _place(row.subject, row.kind)).decode()


def unwrapped(row: SubjectKey) -> bytes:
    """The subject's data key, for reveal() and for the keeper's commands. Raises Destroyed."""
    if row.wrapped is None:
        raise Destroyed(_("This person's data was destroyed and cannot be kept again."))
    return keys.ring().of(row.master).unwrap(bytes(row.wrapped), row.subject)


def _place(subject: str, kind: str) -> str:
    """What a ciphertext is bound to, so that it opens nowhere else."""
    return f"value|{subject}|{kind}"


def _locked(subject: str) -> SubjectKey:
    """The subject's row, made if need be and locked: sealing and destroying take turns."""
    current = keys.ring().current
    wrapped = current.wrap(secrets.token_bytes(32), subject)
    new = SubjectKey(subject=subject, master=current.id, wrapped=wrapped, created_at=clock.now())
    rows = SubjectKey.objects.select_for_update()
    row = rows.filter(subject=subject).first()
    if row is None:
        SubjectKey.objects.bulk_create([new], ignore_conflicts=True)
        row = rows.get(subject=subject)
    return row


def _key_for_writing(subject: str) -> bytes:
    return unwrapped(_locked(subject))


def _key_for_reading(subject: str) -> bytes:
    row = SubjectKey.objects.filter(subject=subject).first()
    if row is None:
        raise NothingSealed(_("Nothing of this kind is kept here."))
    return unwrapped(row)


def _label(by: Actor) -> str:
    """What the subject is told about the reader, in the first language, whoever reads."""
    with translation.override(settings.LANGUAGE_CODE):
        return (_("Linli itself, by rule") if by.id == SYSTEM_ID else by.label)[:120]
