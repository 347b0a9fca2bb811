"""Letters to guardians: a follower, so none is sent twice or lost. A child is never named in one."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.urls import reverse
from django.utils import translation

from linli.clubs.models import Child, Presence
from linli.journal.models import Entry
from linli.letters.outbox import Recipient, send
from linli.lib import clock
from linli.web.language import lang

VERBS: Final = (
    "club.enrolled", "club.refused", "club.ended", "club.incident_noted", "club.not_fetched",
)  # fmt: skip
STALE: Final = timedelta(days=7)
_WITH_REASON: Final = ("club.refused", "club.ended")


def handle(entries: Sequence[Entry]) -> None:
    """Tell the guardian what the club decided, wrote down, or waits for."""
    rows = Child.objects.filter(pk__in={entry.facts["child"] for entry in entries})
    children = {str(row.pk): row for row in rows.select_related("club", "guardian")}
    for entry in entries:
        child = children.get(entry.facts["child"])
        if child is None or clock.now() - entry.when > STALE or _is_over(entry):
            continue
        _send(entry, child)


def _is_over(entry: Entry) -> bool:
    """Whether the child was fetched meanwhile."""
    presence = entry.facts.get("presence")
    return bool(presence) and not Presence.objects.filter(pk=presence, left_at=None).exists()


def _send(entry: Entry, child: Child) -> None:
    user = child.guardian
    if user is None or not user.is_active:
        return
    with translation.override(user.language):
        context = {
            "what": child.club.name_for(lang()),
            "path": reverse("my-child", args=[child.pk]),
        }
    if entry.verb in _WITH_REASON:
        context["why"] = child.reason
    send(Recipient(user=user, language=user.language), entry.verb, context, key=str(entry.seq),
         about=entry.subject)  # fmt: skip
