"""What the pages of letters to an audience show: numbers, never who."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Q

from linli import playbook
from linli.letters.mailing import audiences
from linli.letters.models import Addressee, Campaign, Channel, Letter, State
from linli.people.actors import Actor
from linli.playbook.letter import LetterKind

PAGE = 30


@dataclass(frozen=True)
class Desk:
    """A page of letters, and those of the playbook that can be prepared."""

    rows: Sequence[Campaign]
    older: UUID | None
    kinds: Sequence[LetterKind]


def desk(actor: Actor, before: UUID | None = None) -> Desk:
    """Letters of the actor's area, newest first, those after `before`; the ones that leave by
    themselves are counted with their kind, not listed. Two statements."""
    book = playbook.current()
    yearly = [rule for rule in book.letters.values() if rule.yearly is not None]
    here = Campaign.objects.filter(
        place__startswith=actor.place_path or "-", kind__in=[rule.id for rule in yearly]
    )
    last = here.filter(pk=before).first() if before else None
    rows = here
    if last is not None:
        same = Q(prepared_at=last.prepared_at, pk__lt=last.pk)
        rows = here.filter(Q(prepared_at__lt=last.prepared_at) | same)
    found = list(rows.order_by("-prepared_at", "-pk")[: PAGE + 1])
    return Desk(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None, yearly)


@dataclass(frozen=True)
class Numbers:
    """How many; before freezing what it would be now."""

    audience: int = 0
    beyond: int = 0  # fit, but have no account here: told by voice or on paper
    out: int = 0
    sent: int = 0
    waiting: int = 0
    replied: int = 0
    read: int = 0
    ways: Sequence[tuple[str, str, int]] = field(default_factory=list)  # channel, state, n


def numbers(campaign: Campaign) -> Numbers:
    """Of one letter; five statements at most."""
    if campaign.size is None:
        found, beyond = audiences.of(campaign)
        out = set() if campaign.rule.law else audiences.without(campaign.kind, found)
        return Numbers(audience=len(found), beyond=beyond, out=len(out))
    by = campaign.addressees.aggregate(
        out=Count("pk", filter=Q(state=Addressee.State.OPTED_OUT)),
        sent=Count("pk", filter=Q(state=Addressee.State.SENT)),
        waiting=Count("pk", filter=Q(state=Addressee.State.WAITING)),
        replied=Count("pk", filter=Q(replied_at__isnull=False)),
    )
    letters = Letter.objects.filter(about=f"letters.Campaign:{campaign.pk}")
    ways = letters.order_by("channel", "state").values_list("channel", "state").annotate(
        n=Count("pk"))  # fmt: skip
    read = letters.filter(channel=Channel.INAPP, read_at__isnull=False).count()
    said = [(str(Channel(c).label), str(State(s).label), n) for c, s, n in ways]
    return Numbers(audience=campaign.size, read=read, ways=said, **by)
