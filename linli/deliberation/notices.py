"""Which letters follow which line about a motion: a follower, so none is sent twice or lost."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.urls import reverse

from linli.deliberation.models import Motion, Objection, RollEntry
from linli.journal.models import Entry
from linli.letters.outbox import Recipient, send
from linli.lib import clock
from linli.people.models import User

CALLED = "motion.called"
ANSWERED = "motion.objection_answered"
TO_PROPOSER = frozenset({"motion.adopted", "motion.ended"})
VERBS = tuple(sorted(TO_PROPOSER | {CALLED, ANSWERED}))
STALE = timedelta(days=7)  # a worker that was off for a month does not flood inboxes


def handle(entries: Sequence[Entry]) -> None:
    """Write the letters that these lines call for; the keys make a second reading harmless."""
    keys = {entry.subject.partition(":")[2] for entry in entries}
    rows = Motion.objects.filter(pk__in=keys).select_related("organisation", "proposer")
    found = {f"deliberation.Motion:{row.pk}": row for row in rows}
    for entry in entries:
        motion = found.get(entry.subject)
        if motion is None or clock.now() - entry.when > STALE:
            continue
        for user in _readers(entry, motion):
            _send(entry, motion, user)


def _readers(entry: Entry, motion: Motion) -> Iterable[User]:
    if entry.verb == CALLED:
        stage = motion.rule.stage(str(entry.facts["stage"]))
        base = stage.body(str(entry.facts["body"])).base
        rows = RollEntry.objects.current().filter(
            roll__organisation=motion.organisation_id, roll__base=base, user__is_active=True
        )
        return [row.user for row in rows.select_related("user") if row.user]
    if entry.verb == ANSWERED:
        if entry.facts.get("as") == Objection.Outcome.TAKEN_BACK:
            return []
        answered = Objection.objects.filter(pk=entry.facts["objection"], user__is_active=True)
        return [row.user for row in answered.select_related("user") if row.user]
    proposer = motion.proposer
    return [proposer] if proposer is not None and proposer.is_active else []


def _send(entry: Entry, motion: Motion, user: User) -> None:
    send(
        Recipient(user=user, language=user.language), entry.verb,
        {"what": motion.title, "path": reverse("motion", args=[motion.pk])},
        key=f"{entry.seq}", about=entry.subject,
    )  # fmt: skip
