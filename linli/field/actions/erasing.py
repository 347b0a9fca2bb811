"""Deleting on purpose: the bytes are shredded, and a tombstone keeps them from coming back (O28)."""

from datetime import timedelta
from typing import Final

from django.db import transaction

from linli.field import keeping, parts
from linli.field.models import Blob, Device, FormVersion, Item, Rival, Tombstone
from linli.journal.record import record
from linli.lib import clock
from linli.people.actors import SYSTEM, Actor
from linli.people.models import User
from linli.vault import sealing
from linli.vault.models import SubjectKey

TOMBSTONES_KEPT: Final = timedelta(days=730)  # R31
# A form is accepted for ever and kept readable for two years after it was last handed out (O26).
FORMS_KEPT: Final = timedelta(days=730)
DEVICES_KEPT: Final = timedelta(days=90)  # R37: since the last use


@transaction.atomic
def bury(item: Item, *, why: str, by: Actor) -> Tombstone:
    """Remove what a telephone brought; whoever sends it again is told that it was deleted.

    What it became is the owning app's to delete. `why` is one word: withdrawn, erased, expired.
    """
    grave, _new = Tombstone.objects.get_or_create(
        client_id=item.client_id,
        defaults={"sha256": item.sha256, "kind": item.kind, "why": why, "deleted_at": clock.now()},
    )
    for rival in item.rivals.all():
        keeping.drop(rival)
    keeping.drop(item)
    record("field.buried", on=f"field.Item:{item.pk}", by=by, facts={"why": why})
    item.delete()
    return grave


@transaction.atomic
def erase_person(user: User, *, by: Actor = SYSTEM) -> int:
    """Everything that this person's telephones brought; how many records. Their words are shredded."""
    items = list(Item.objects.filter(person=user))
    for item in items:
        bury(item, why="erased", by=by)
    for rival in Rival.objects.filter(person=user):
        keeping.drop(rival)
        rival.delete()
    subjects = SubjectKey.objects.filter(subject__startswith=f"field:{user.pk}:")
    for subject in subjects.filter(wrapped__isnull=False).values_list("subject", flat=True):
        sealing.destroy(subject, by=by, reason="erased at the person's own wish")
    Device.objects.filter(user=user).delete()
    for blob in Blob.objects.filter(person=user):
        parts.forget(blob)
    return len(items)


def forget_old() -> int:
    """Tombstones after two years, forms long out of use, telephones unused for a quarter."""
    now = clock.now()
    gone, _by = Tombstone.objects.filter(deleted_at__lt=now - TOMBSTONES_KEPT).delete()
    FormVersion.objects.filter(offered_at__lt=now - FORMS_KEPT).delete()
    old = Device.objects.filter(revoked_at=None, seen_at__lt=now - DEVICES_KEPT, unsent=0)
    return gone + old.update(revoked_at=now)
