"""What time does by itself: a child who waits is said, and attendance is forgotten."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy

from linli.clubs.actions.core import because, tell
from linli.clubs.models import Child, Incident, Presence, Shift
from linli.lib import clock
from linli.people.actors import SYSTEM
from linli.vault import sealing

KEPT: Final = timedelta(days=365)  # promises.md R24


def say_waiting() -> int:
    """Children still inside after the end of their session: their guardians are told, once."""
    now, told = clock.now(), 0
    rows = Presence.objects.filter(left_at=None, told_at=None, session__ends_at__lt=now)
    for row in rows.select_related("session__club__facility"):
        with transaction.atomic():
            waits = Presence.objects.filter(pk=row.pk, left_at=None, told_at=None)
            if not waits.update(told_at=now):
                continue
            tell(row.session.club, "club.not_fetched", by=SYSTEM,
                 facts={"child": str(row.child_id), "presence": row.pk})  # fmt: skip
            told += 1
    return told


@transaction.atomic
def forget_old() -> int:
    """Attendance, incidents and ended places go after a year; the counts of sessions stay."""
    before = clock.now() - KEPT
    why = because(gettext_lazy("kept for a year"))
    incidents = Incident.objects.filter(at__lt=before)
    for row in incidents:
        sealing.destroy(row.subject, by=SYSTEM, reason=why)
    found = incidents.delete()[0]
    found += Presence.objects.filter(left_at__lt=before).delete()[0]
    found += Shift.objects.filter(left_at__lt=before).delete()[0]
    ended = Child.objects.filter(ended_at__lt=before, presences=None, incidents=None)
    return found + ended.delete()[0]
