"""What the pages of ties show: numbers for everybody, who has none and who is overdue for the desk."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from linli import playbook
from linli.lib import clock
from linli.pairings.models import Contact, Listing, Match, Party, Tie
from linli.pairings.policies import serves
from linli.people.actors import Actor
from linli.people.models import Appointment, Organisation
from linli.people.models.organisation import valid_on
from linli.places.models import Place
from linli.playbook.base import LEVEL_OF_PLACE
from linli.playbook.pairing import Pairing, Side
from linli.web.language import lang

PAGE: Final = 25
FEW: Final = 60
LEAST: Final = 5  # people on a side: below, no number is shown


@dataclass(frozen=True)
class SideView:
    """One side of a kind of tie: how many there are, and how many have what they were promised."""

    side: Side
    all: int | None  # None: nobody knows how many there are, there is no register of them
    covered: int
    missing: list[tuple[str, str]] = field(default_factory=list)  # key, name; for the desk

    @property
    def shown(self) -> bool:
        """Whether the public sees the number: of people only from five on."""
        return not self.side.is_private or (self.all is not None and self.all >= LEAST)


@dataclass(frozen=True)
class KindView:
    """One kind of tie in numbers."""

    rule: Pairing
    running: int
    overdue: int
    contacts: int  # in the last 90 days
    sides: list[SideView]

    @property
    def in_time(self) -> int:
        return self.running - self.overdue


def kind_view(rule: Pairing, path: str = "", *, names: bool = False) -> KindView:
    """One kind of tie, on the ground under `path`. At most seven statements."""
    today = clock.today()
    ties = Tie.objects.running().filter(kind=rule.id)
    if path:
        ties = ties.filter(place_path__startswith=path)
    since = today - timedelta(days=90)
    contacts = Contact.objects.filter(tie__kind=rule.id, on__gte=since)
    if path:
        contacts = contacts.filter(tie__place_path__startswith=path)
    return KindView(
        rule, ties.count(), ties.filter(next_due__lt=today).count(), contacts.count(),
        [_side(rule, key, path, today, names) for key in ("a", "b")],
    )  # fmt: skip


def _side(rule: Pairing, key: str, path: str, on: date, names: bool) -> SideView:
    side = rule.side(key)
    rows = Party.objects.filter(side=key, tie__kind=rule.id, tie__state=Tie.State.RUNNING)
    there = Counter(rows.values_list("key", flat=True))
    everybody = _everybody(side, path, on)
    if everybody is None:
        return SideView(side, None, len(there))
    least = max(1, side.at_least)
    missing = [(one, name) for one, name in everybody.items() if there[one] < least]
    return SideView(side, len(everybody), len(everybody) - len(missing),
                    missing[:FEW] if names and side.at_least else [])  # fmt: skip


def _everybody(side: Side, path: str, on: date) -> dict[str, str] | None:
    """All that could stand on this side, by key and name; None where no register says."""
    if side.what == "body":
        bodies = Organisation.objects.filter(valid_on(on), kind__in=side.bodies)
        if path:
            bodies = bodies.filter(place__path__startswith=path)
        return {f"body:{row.pk}": row.name_for(lang()) for row in bodies.order_by("place__path")}
    if side.what == "place":
        kinds = [kind for kind, level in LEVEL_OF_PLACE.items() if level == side.at]
        places = Place.objects.current().of_kind(*kinds).defer("boundary").order_by("path")
        if path:
            places = places.filter(path__startswith=path)
        return {f"place:{row.pk}": row.name_for(lang()) for row in places}
    if side.post:
        held = Appointment.objects.in_force(on).filter(post__kind=side.post, is_deputy=False)
        if path:
            held = held.filter(post__organisation__place__path__startswith=path)
        return {f"user:{row.user_id}": str(row.post) for row in held.with_posts().order_by("pk")}
    return None


def public() -> list[KindView]:
    """Every kind of tie of the playbook, in numbers."""
    return [kind_view(rule) for rule in playbook.current().pairings.values()]


def of_desk(actor: Actor) -> QuerySet[Tie]:
    """The ties that an office arranged, or that lie on its ground."""
    own = actor.organisation
    if own is None:
        return Tie.objects.none()
    mine = Q(organisation=own)
    if serves(actor, actor.place_path):
        mine |= Q(place_path__startswith=actor.place_path)
    return Tie.objects.filter(mine)


def arranged_by(actor: Actor) -> list[Pairing]:
    """The kinds of tie that this office may arrange."""
    own = actor.organisation
    rules = playbook.current().pairings.values()
    return [rule for rule in rules if own is not None and own.kind in rule.keeper]


def of_me(actor: Actor) -> QuerySet[Tie]:
    """The ties in which the actor stands: as a person, or for their body."""
    mine = Q(parties__user=actor.user) if actor.user is not None else Q(pk=None)
    if actor.organisation is not None and actor.is_staff:
        mine |= Q(parties__body=actor.organisation)
    return Tie.objects.open().filter(mine).distinct()


@dataclass(frozen=True)
class ListsView:
    """The three lists side by side."""

    rule: Pairing
    columns: list[tuple[str, str, list[Listing]]]
    matches: list[Match]
    delivered: int
    late: int


def lists(rule: Pairing) -> ListsView:
    """What is open, what was brought together, how much came. Four statements."""
    rows = Listing.objects.open(rule.id).with_bodies().order_by("until", "pk")
    found: dict[str, list[Listing]] = {which: [] for which in Listing.Which.values}
    late = 0
    for row in rows[: 3 * FEW]:
        found[row.which].append(row)
        if rule.lists and row.which == Listing.Which.NEED:
            late += rule.lists.unmatched.after(row.since) < clock.today()
    matches = with_lines(Match.objects.filter(need__kind=rule.id)).exclude(
        state=Match.State.DECLINED
    )
    return ListsView(
        rule, [(w.value, str(w.label), found[w.value][:FEW]) for w in Listing.Which],
        list(matches.order_by("-made_at", "-pk")[:FEW]),
        Match.objects.filter(need__kind=rule.id, state=Match.State.DELIVERED).count(), late,
    )  # fmt: skip


def with_lines(rows: QuerySet[Match]) -> QuerySet[Match]:
    """With both lines and their bodies, in one query."""
    return rows.select_related("need__organisation__place", "offer__organisation__place").defer(
        "need__organisation__place__boundary", "offer__organisation__place__boundary"
    )


def page_of(ties: QuerySet[Tie], before: str = "") -> tuple[list[Tie], str]:
    """A page of ties, the newest first, and the key of the next page; three statements.

    Raises ValueError for a key that is none.
    """
    rows = ties.with_parties().order_by("-proposed_at", "-pk")  # type: ignore[attr-defined]
    if before:
        moment, _tilde, last = before.partition("~")
        when, key = datetime.fromisoformat(moment), UUID(last)
        rows = rows.filter(Q(proposed_at__lt=when) | Q(proposed_at=when, pk__lt=key))
    found = list(rows[: PAGE + 1])
    if len(found) <= PAGE:
        return found, ""
    end = found[PAGE - 1]
    return found[:PAGE], f"{end.proposed_at.isoformat()}~{end.pk}"
