"""Matching the three lists, for the worker: it proposes, the two bodies decide."""

from typing import Final

from django.db import transaction

from linli import playbook
from linli.pairings import matching
from linli.pairings.actions.listing import rule_of, tell_line
from linli.pairings.models import Listing, Match, Tie
from linli.people.actors import SYSTEM, Actor

LIVE: Final = (Match.State.PROPOSED, Match.State.AGREED)


def match_every() -> int:
    """Match the lists of every pairing that has some. How many matches were proposed."""
    kinds = [rule.id for rule in playbook.current().pairings.values() if rule.lists]
    return sum(match_all(kind) for kind in kinds)


@transaction.atomic
def match_all(kind: str, *, by: Actor = SYSTEM) -> int:
    """Propose the matches of greatest weight between what is open. How many. For the worker."""
    rule_of(kind)
    busy = Match.objects.filter(state__in=LIVE)
    rows = Listing.objects.open(kind).with_bodies().select_for_update(of=("self",)).order_by("pk")
    taken = {pk for pair in busy.values_list("need_id", "offer_id") for pk in pair}
    free = [row for row in rows if row.pk not in taken]
    needs = [row for row in free if row.which == Listing.Which.NEED]
    offers = [row for row in free if row.which != Listing.Which.NEED]
    refused = set(
        Match.objects.filter(need__in=needs, state=Match.State.DECLINED)
        .values_list("need_id", "offer_id")
    )  # fmt: skip
    found = matching.best(needs, offers, refused=refused, givers=_givers(kind), tied=_tied(kind))
    for pair in found:
        Match.objects.create(need=pair.need, offer=pair.offer, weight=pair.weight,
                             reasons=[list(reason) for reason in pair.reasons])  # fmt: skip
        tell_line(pair.need, "listing.matched", by, weight=pair.weight)
    return len(found)


def _givers(kind: str) -> set[int]:
    """Bodies that have given something already."""
    rows = Match.objects.filter(need__kind=kind, state=Match.State.DELIVERED)
    return set(rows.values_list("offer__organisation_id", flat=True))


def _tied(kind: str) -> set[tuple[int, int]]:
    """Bodies that are tied to each other now, both ways round."""
    found = set()
    for tie in Tie.objects.running().filter(kind=kind).prefetch_related("parties"):
        ids = [party.body_id for party in tie.parties.all() if party.body_id]
        if len(ids) == 2:
            found |= {(ids[0], ids[1]), (ids[1], ids[0])}
    return found
