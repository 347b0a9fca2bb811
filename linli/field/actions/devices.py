"""Telephones: enrolled by their owner, seen at each status call, revoked by hand (`device.revoke`)."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.field.envelope import is_public_key
from linli.field.models import Device
from linli.journal.record import record
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.models import User
from linli.people.policies import Denied

MOST_DEVICES: Final = 20  # of one person, revoked ones not counted


@transaction.atomic
def enrol(public_key: str, label: str, *, by: Actor) -> Device:
    """Take on a telephone of this person; the same key gives the same row. Raises Denied."""
    if by.user is None:
        raise Denied(_("Please sign in first."))
    if not is_public_key(public_key):
        raise Denied(_("This telephone's key cannot be read."))
    known = Device.objects.filter(user=by.user, public_key=public_key).first()
    if known:
        return known
    if in_use(by.user).count() >= MOST_DEVICES:
        raise Denied(_("You have %(n)s telephones here already. Remove one you no longer use.") % {
            "n": MOST_DEVICES})  # fmt: skip
    device = Device.objects.create(user=by.user, public_key=public_key, label=label.strip()[:60])
    record("field.device_enrolled", on=device, by=by)
    return device


def in_use(user: User) -> QuerySet[Device]:
    """The telephones of a person that may send."""
    return Device.objects.filter(user=user, revoked_at=None).order_by("-seen_at")


def seen(device: Device, unsent: int, oldest: datetime | None) -> None:
    """Note what the telephone says of itself: how much waits on it, and since when (O30)."""
    Device.objects.filter(pk=device.pk).update(
        seen_at=clock.now(), unsent=max(0, min(unsent, 100_000)), oldest_unsent_at=oldest
    )


@transaction.atomic
def revoke(device: Device, *, by: Actor, in_scope: bool = False) -> None:
    """From now on nothing signed by this telephone is taken in. Raises Denied."""
    by.check("device.revoke", own=by.user == device.user, in_scope=in_scope)
    if Device.objects.filter(pk=device.pk, revoked_at=None).update(revoked_at=clock.now()):
        record("field.device_revoked", on=device, by=by)
