"""What the keeper of the vault does: turn to a new master key, try every seal, sweep up.

Nothing here shows a value to anybody, so nothing is written into the log of readings; turning and
sweeping are lines in the journal.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from django.db import connection, transaction

from linli.journal import keyfiles
from linli.journal.record import record
from linli.lib import clock
from linli.people.actors import SYSTEM
from linli.vault import keys, sealing
from linli.vault.models import ReadLog, Sealed, SubjectKey
from linli.vault.normal import FINDABLE, normal

KEEP_READS: Final = timedelta(days=3 * 365)


class StillNeeded(RuntimeError):
    """An old master key cannot go yet: something in the database still needs it."""


@dataclass
class Findings:
    """What check() found; `bad` has one sentence for each thing that does not hold."""

    subjects: int = 0
    destroyed: int = 0
    values: int = 0
    bad: list[str] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """The machine-readable form."""
        return {
            "ok": not self.bad,
            "subjects": self.subjects,
            "destroyed": self.destroyed,
            "values": self.values,
            "first_bad": self.bad[0] if self.bad else None,
        }


def rotate(*, new_key: bool = True) -> int:
    """Turn to a new master key: put it first in the file, wrap every key anew; return how many.

    Killed in the middle it goes on with `new_key=False`, because the old keys stay in the ring
    until forget_old(). Keys given by environment are changed there, not here.
    """
    if new_key:
        add_master_key()
    current, done = keys.ring().current, 0
    while turned := _turn_some(current):
        done += turned
    with transaction.atomic():
        record("vault.rotated", on="vault.Ring:master", by=SYSTEM, facts={"subjects": done})
    return done


def add_master_key() -> None:
    """Put a new master key first in the key file. Raises RuntimeError if the environment has it."""
    if os.environ.get(keys.VARIABLE):
        raise RuntimeError(
            f"The master key comes from {keys.VARIABLE}: put a new one (linli vault new-key) "
            "before the old one there, with a comma between them, restart, and run: "
            "linli vault rotate --go-on"
        )
    old = keyfiles.read_or_make(keys.FILE, keys.new_line)
    keyfiles.replace(keys.FILE, [keys.new_line(), *old])


def forget_old() -> int:
    """Remove master keys that nothing needs any more from the key file; return how many.

    Backups made before the turn need the old key: keep it with them for as long as they live.
    Raises StillNeeded, RuntimeError if the environment has the keys.
    """
    if os.environ.get(keys.VARIABLE):
        raise RuntimeError(
            f"The master keys come from {keys.VARIABLE}: take the old ones out there."
        )
    current = keys.ring().current
    wrapped = SubjectKey.objects.filter(wrapped__isnull=False).exclude(master=current.id).count()
    indexed = Sealed.objects.exclude(index_master__in=["", current.id]).count()
    if wrapped or indexed:
        raise StillNeeded(
            f"{wrapped} keys and {indexed} indexes still need an old master key. "
            "Run: linli vault rotate --go-on"
        )
    lines = keyfiles.read(keys.FILE)
    keyfiles.replace(keys.FILE, lines[:1])
    return len(lines) - 1


def check() -> Findings:
    """Open everything once, without showing anything: does every key and every value still open?"""
    found = Findings()
    for row in SubjectKey.objects.order_by("subject").iterator(chunk_size=500):
        found.subjects += 1
        if row.wrapped is None:
            found.destroyed += 1
            if Sealed.objects.filter(subject=row.subject).exists():
                found.bad.append(f"{row.subject}: destroyed, but something is still sealed.")
            continue
        found.bad += _opens(row, found)
    strays = Sealed.objects.exclude(subject__in=SubjectKey.objects.values("subject")).count()
    if strays:
        found.bad.append(f"{strays} sealed values have no key at all.")
    return found


def forget_reads() -> int:
    """Delete lines of the log of readings three years after the reading (R32); how many."""
    return ReadLog.objects.filter(at__lt=clock.now() - KEEP_READS).delete()[0]


def sweep() -> None:
    """Overwrite what the database keeps of deleted rows, so that destroyed is gone from disk.

    Run it every night, outside a transaction: on SQLite it empties the write-ahead log, on
    PostgreSQL it vacuums the vault's tables. Raises RuntimeError if readers keep the log busy.
    """
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("VACUUM vault_sealed, vault_subjectkey")
            return
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if cursor.fetchone()[0]:
            raise RuntimeError("The database is being read just now; sweep again later.")


@transaction.atomic
def _turn_some(current: keys.Master, most: int = 200) -> int:
    """One batch, locked, so that nobody seals with a key while it is wrapped anew."""
    rows = SubjectKey.objects.select_for_update().filter(wrapped__isnull=False)
    batch = list(rows.exclude(master=current.id).order_by("subject")[:most])
    for row in batch:
        key = sealing.unwrapped(row)
        row.master, row.wrapped = current.id, current.wrap(key, row.subject)
        row.save(update_fields=["master", "wrapped"])
        _index_anew(row.subject, key, current)
    return len(batch)


def _index_anew(subject: str, key: bytes, current: keys.Master) -> None:
    for row in Sealed.objects.filter(subject=subject, kind__in=FINDABLE).exclude(index=""):
        spelling = normal(row.kind, sealing.open_row(row, key))
        row.index, row.index_master = current.blind(row.kind, spelling), current.id
        row.save(update_fields=["index", "index_master"])


def _opens(row: SubjectKey, found: Findings) -> Iterator[str]:
    try:
        key = sealing.unwrapped(row)
    except keys.WrongKey as error:
        yield f"{row.subject}: its key does not open. {error}"
        return
    for value in Sealed.objects.filter(subject=row.subject).order_by("kind"):
        found.values += 1
        try:
            sealing.open_row(value, key)
        except keys.WrongKey:
            yield f"{row.subject} {value.kind}: does not open; it was changed or moved."
