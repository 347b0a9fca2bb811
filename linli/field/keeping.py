"""The frozen bytes under seal: one key of the vault for each person and day, gone after 90 days.

Receiving and understanding are separate (O25): as long as the bytes are here, what the parser did
wrong can be done again. Whoever opens them for reading says why, and the reading is logged.
"""

import base64
from datetime import timedelta
from typing import Final

from linli.field.models import Item, Rival
from linli.lib import clock
from linli.people.actors import SYSTEM, Actor
from linli.people.models import User
from linli.vault import sealing
from linli.vault.models import Sealed, SubjectKey

KEPT: Final = timedelta(days=90)
PURPOSE: Final = "what was frozen on a telephone"


def put(person: User, client_id: object, sha256: str, body: bytes) -> str:
    """Seal the bytes in the caller's transaction; the name of the seal's subject."""
    subject = subject_of(person)
    sealing.seal(
        subject, _kind(client_id, sha256), base64.b64encode(body).decode(), purpose=PURPOSE
    )
    return subject


def subject_of(person: User) -> str:
    """What a person froze today has one subject in the vault, so that a day is shredded at once."""
    return f"field:{person.pk}:{clock.today().isoformat()}"


def body_of(row: Item | Rival) -> bytes | None:
    """The bytes for the machine's own use; None once they are gone."""
    kept = Sealed.objects.filter(subject=row.subject, kind=_kind(row.client_id, row.sha256)).first()
    key = SubjectKey.objects.filter(subject=row.subject).first()
    if kept is None or key is None:
        return None
    return base64.b64decode(sealing.open_row(kept, sealing.unwrapped(key)))


def read_by(row: Item | Rival, *, by: Actor, reason: str) -> bytes:
    """The bytes for a person to read; logged. Raises what `sealing.reveal` raises."""
    kind = _kind(row.client_id, row.sha256)
    return base64.b64decode(sealing.reveal(row.subject, kind, by=by, reason=reason))


def drop(row: Item | Rival) -> None:
    """Remove one item's bytes, in the caller's transaction."""
    Sealed.objects.filter(subject=row.subject, kind=_kind(row.client_id, row.sha256)).delete()


def forget_old() -> int:
    """Shred the keys of days more than 90 days past, unless somebody still has to look; how many."""
    before = clock.now() - KEPT
    open_ = set(Item.objects.filter(state=Item.State.STAFF_TASK).values_list("subject", flat=True))
    open_ |= set(Rival.objects.filter(closed_at=None).values_list("subject", flat=True))
    rows = Item.objects.filter(received_at__lt=before).exclude(subject="")
    done = 0
    for subject in set(rows.values_list("subject", flat=True)) - open_:
        newest = Item.objects.filter(subject=subject, received_at__gte=before).exists()
        if not newest:
            sealing.destroy(subject, by=SYSTEM, reason="kept for 90 days")
            Item.objects.filter(subject=subject).update(subject="")
            Rival.objects.filter(subject=subject).update(subject="")
            done += 1
    return done


def _kind(client_id: object, sha256: str) -> str:
    return f"{client_id}.{sha256[:16]}"
