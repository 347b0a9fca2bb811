"""Letters that were given up, in piles: what they were, over which way, why, and since when."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.letters.models import Channel, Letter, State

REASONS = {
    "NoAddress": _("The person has no such address any more."),
    "Undeliverable": _("The address takes no letters."),
    "Unfinished": _("The worker ended each time it held one; its own log says why."),
}


@dataclass(frozen=True)
class Pile:
    """Dead letters of one kind; no addresses, no names."""

    template: str
    channel: Channel
    error: str
    count: int
    oldest: datetime

    @property
    def reason(self) -> str | Promise:
        """In words, or the class of what the gateway answered."""
        return REASONS.get(self.error, self.error)


def piles() -> list[Pile]:
    """All dead letters, the oldest pile first."""
    rows = (
        Letter.objects.filter(state=State.DEAD)
        .values_list("template", "channel", "error")
        .annotate(count=Count("pk"), oldest=Min("created_at"))
        .order_by("oldest")
    )
    return [
        Pile(template, Channel(channel), error, count, oldest)
        for template, channel, error, count, oldest in rows
    ]
