"""Letters about pools and cohorts: asked, decided. A follower, so none is forgotten or sent twice."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils import translation

from linli.journal.models import Entry
from linli.letters.outbox import Recipient, send
from linli.lib import clock
from linli.talent.models import Candidate, Trainee
from linli.web.language import lang

# What happened, and the letter that says so: never the outcome, that is behind the link.
LETTERS: Final = {
    "talent.asked": "talent.asked",
    "talent.decided": "talent.decided",
    "talent.appeal_decided": "talent.decided",
    "cohort.asked": "talent.asked",
    "cohort.answered": "talent.decided",
}
VERBS: Final = tuple(LETTERS)
STALE: Final = timedelta(days=30)


def handle(entries: Sequence[Entry]) -> None:
    """Write to the person concerned."""
    for entry in entries:
        if clock.now() - entry.when <= STALE:
            _write(entry)


def _write(entry: Entry) -> None:
    model, _colon, key = entry.subject.partition(":")
    row: Candidate | Trainee | None
    if model == "talent.Candidate":
        row = Candidate.objects.select_related("user").filter(pk=UUID(key)).first()
    else:
        row = Trainee.objects.select_related("user", "cohort").filter(pk=UUID(key)).first()
    if row is None or row.user is None or not row.user.is_active:
        return
    with translation.override(row.user.language):
        what = (
            row.rule.name.text(lang())
            if isinstance(row, Candidate)
            else row.cohort.name_for(lang())
        )
    send(
        Recipient(user=row.user, language=row.user.language), LETTERS[entry.verb],
        {"what": what, "path": reverse("my-talent")}, key=str(entry.seq), about=entry.subject,
    )  # fmt: skip
