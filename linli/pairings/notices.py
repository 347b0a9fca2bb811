"""Letters to people who shall be tied to somebody: a follower, so none is forgotten or sent twice."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils import translation

from linli.journal.models import Entry
from linli.letters.outbox import Recipient, send
from linli.lib import clock
from linli.pairings.models import Party, Tie
from linli.web.language import lang

VERBS: Final = ("pairing.proposed",)
STALE: Final = timedelta(days=30)


def handle(entries: Sequence[Entry]) -> None:
    """Ask the people of a tie who have not answered yet."""
    for entry in entries:
        if clock.now() - entry.when > STALE:
            continue
        rows = Party.objects.filter(
            tie_id=UUID(entry.subject.partition(":")[2]), tie__state=Tie.State.PROPOSED,
            agreed_at=None, user__is_active=True,
        )  # fmt: skip
        for party in rows.select_related("tie", "user"):
            _ask(entry, party)


def _ask(entry: Entry, party: Party) -> None:
    user = party.user
    if user is None:
        return
    with translation.override(user.language):
        what = party.tie.rule.name.text(lang())
    send(
        Recipient(user=user, language=user.language), "tie.proposed",
        {"what": what, "path": reverse("tie", args=[party.tie_id])},
        key=str(entry.seq), about=entry.subject,
    )  # fmt: skip
