"""What the pages of ties show: numbers for everybody, who has none and who is overdue for the desk."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

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
    def shown(self) -> bool:
        """Whether everybody sees the numbers: of people and homes only from five ties on."""
        return not self.rule.is_private or self.running >= LEAST

    @property
    def promised(self) -> list[SideView]:
        """The sides on which each is promised a tie, as far as everybody sees them."""
        return [side for side in self.sides if side.shown and side.all and side.side.at_least]


def kind_views(rules: Sequence[Pairing], path: str = "", *, names: bool = False) -> list[KindView]:
    """Kinds of tie on the ground under `path`. Six statements, however many kinds there are."""
    today = clock.today()
    ties = Tie.objects.running().filter(kind__in=[rule.id for rule in rules])
    contacts = Contact.objects.filter(on__gte=today - timedelta(days=90))
    if path:
        ties = ties.filter(place_path__startswith=path)
        contacts = contacts.filter(tie__place_path__startswith=path)
    running = {
        kind: (n, late)
        for kind, n, late in ties.values_list("kind").annotate(
            n=Count("pk"), late=Count("pk", filter=Q(next_due__lt=today))
        ).order_by()
    }  # fmt: skip
    touched = dict(contacts.values_list("tie__kind").annotate(n=Count("pk")).order_by())
    rows = Party.objects.filter(tie__state=Tie.State.RUNNING, tie__kind__in=[r.id for r in rules])
    there = Counter(rows.values_list("tie__kind", "side", "key"))
    ground = _Ground.of(rules, path, today)
    return [
        KindView(
            rule, *running.get(rule.id, (0, 0)), touched.get(rule.id, 0),
            [_side(rule, key, ground, there, names) for key in ("a", "b")],
        )
        for rule in rules
    ]  # fmt: skip


def kind_view(rule: Pairing, path: str = "", *, names: bool = False) -> KindView:
    """One of them."""
    return kind_views([rule], path, names=names)[0]


def _side(
    rule: Pairing, key: str, ground: "_Ground", there: Counter[tuple[str, str, str]], names: bool
) -> SideView:
    side = rule.side(key)
    everybody = ground.everybody(side)
    if everybody is None:
        return SideView(
            side, None, sum(1 for kind, at, _k in there if (kind, at) == (rule.id, key))
        )
    least = max(1, side.at_least)
    missing = [(k, name) for k, name in everybody.items() if there[rule.id, key, k] < least]
    return SideView(side, len(everybody), len(everybody) - len(missing),
                    missing[:FEW] if names and side.at_least else [])  # fmt: skip


@dataclass(frozen=True)
class _Ground:
    """All bodies, places and holders of posts that could stand on a side."""

    bodies: list[Organisation]
    places: list[Place]
    holders: list[Appointment]

    @classmethod
    def of(cls, rules: Sequence[Pairing], path: str, on: date) -> "_Ground":
        """Three statements."""
        sides = [rule.side(key) for rule in rules for key in ("a", "b")]
        kinds = {kind for side in sides for kind in side.bodies}
        levels = {kind for side in sides for kind, level in LEVEL_OF_PLACE.items()
                  if side.at == level}  # fmt: skip
        posts = {side.post for side in sides if side.post}
        bodies = Organisation.objects.filter(valid_on(on), kind__in=kinds).order_by("place__path")
        places = Place.objects.current().of_kind(*levels).defer("boundary").order_by("path")
        holders = Appointment.objects.in_force(on).filter(post__kind__in=posts, is_deputy=False)
        if path:
            bodies = bodies.filter(place__path__startswith=path)
            places = places.filter(path__startswith=path)
            holders = holders.filter(post__organisation__place__path__startswith=path)
        return cls(list(bodies), list(places) if levels else [],
                   list(holders.with_posts().order_by("pk")) if posts else [])  # fmt: skip

    def everybody(self, side: Side) -> dict[str, str] | None:
        """All that could stand on this side, by key and name; None where no register says."""
        if side.what == "body":
            mine = [row for row in self.bodies if row.kind in side.bodies]
            return {f"body:{row.pk}": row.name_for(lang()) for row in mine}
        if side.what == "place":
            here = [row for row in self.places if LEVEL_OF_PLACE.get(row.kind) == side.at]
            return {f"place:{row.pk}": row.name_for(lang()) for row in here}
        if side.post:
            held = [row for row in self.holders if row.post.kind == side.post]
            return {f"user:{row.user_id}": str(row.post) for row in held}
        return None


def public() -> list[KindView]:
    """Every kind of tie of the playbook, in numbers."""
    return kind_views(list(playbook.current().pairings.values()))


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
