"""Which letters follow which line about an activity: a follower, so none is sent twice or lost."""

from collections.abc import Sequence
from datetime import timedelta

from django.urls import reverse
from django.utils import translation

from linli.activities.models import Occurrence, SignUp
from linli.activities.models.people import Going
from linli.journal.models import Entry
from linli.letters.outbox import Recipient, send
from linli.lib import clock
from linli.people.models import User
from linli.web import dates
from linli.web.language import lang

TO_ONE = frozenset({"activity.moved_up", "activity.assigned"})
TO_ALL = frozenset({"activity.moved", "activity.cancelled"})
VERBS = tuple(sorted(TO_ONE | TO_ALL))
STALE = timedelta(days=7)  # a worker that was off for a month does not flood inboxes


def handle(entries: Sequence[Entry]) -> None:
    """Write the letters that these lines call for; the keys make a second reading harmless."""
    keys = {entry.subject.partition(":")[2] for entry in entries}
    rows = Occurrence.objects.filter(pk__in=keys).with_names()
    found = {f"activities.Occurrence:{row.pk}": row for row in rows}
    for entry in entries:
        occurrence = found.get(entry.subject)
        if occurrence is None or clock.now() - entry.when > STALE:
            continue
        for user in _readers(entry, occurrence):
            _send(entry, occurrence, user)


def _readers(entry: Entry, occurrence: Occurrence) -> list[User]:
    if entry.verb in TO_ONE:
        return list(User.objects.filter(pk=entry.facts.get("user"), is_active=True))
    expecting = [Going.GOING, Going.STANDBY]
    rows = SignUp.objects.filter(occurrence=occurrence, state__in=expecting, user__is_active=True)
    return [row.user for row in rows.select_related("user")]


def _send(entry: Entry, occurrence: Occurrence, user: User) -> None:
    with translation.override(user.language):
        context = {
            "what": occurrence.name_for(lang()),
            "when": dates.day_and_time(occurrence.starts_at),
            "path": reverse("activity", args=[occurrence.uid]),
        }
    send(
        Recipient(user=user, language=user.language), entry.verb, context,
        key=f"{entry.seq}", about=entry.subject,
    )  # fmt: skip
