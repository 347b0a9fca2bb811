"""How long things are kept: notes and names go by themselves, counts stay."""

from datetime import timedelta
from typing import Final

from django.db import transaction

from linli import playbook
from linli.activities.models import Record, SignUp
from linli.lib import clock
from linli.people.actors import SYSTEM
from linli.vault import sealing

ATTENDANCE: Final = timedelta(days=365)  # R24: who only took part
SERVICE: Final = timedelta(days=5 * 366)  # R23: who gave time
UNKNOWN_KIND: Final = 365  # days for notes of a kind that the playbook dropped
BATCH: Final = 500


def forget() -> int:
    """Erase notes whose time is over, and sign-ups after one year or five; how many rows."""
    return _notes() + _attendance()


def _notes() -> int:
    kinds = playbook.current().activities
    now, count = clock.now(), 0
    for kind in Record.objects.filter(forgotten_at=None).values_list("kind", flat=True).distinct():
        days = kinds[kind].keep_days if kind in kinds else UNKNOWN_KIND
        old = Record.objects.filter(
            kind=kind, forgotten_at=None, received_at__lt=now - timedelta(days=days)
        )
        for row in old[:BATCH]:
            with transaction.atomic():
                if row.subject:
                    sealing.destroy(row.subject, by=SYSTEM, reason="kept as long as promised")
                Record.objects.filter(pk=row.pk).update(
                    fields={}, sealed=[], home=None, user=None, forgotten_at=now
                )
                count += 1
    return count


def _attendance() -> int:
    """The journal has the counts; the names go. What somebody gave is theirs for five years."""
    taking_part = [
        (kind.id, role.id)
        for kind in playbook.current().activities.values()
        for role in kind.roles
        if not role.gives_time
    ]
    now, count = clock.now(), 0
    for kind, role in taking_part:
        count += SignUp.objects.filter(
            occurrence__kind=kind, seat__role=role, occurrence__ends_at__lt=now - ATTENDANCE
        ).delete()[0]
    return count + SignUp.objects.filter(occurrence__ends_at__lt=now - SERVICE).delete()[0]
