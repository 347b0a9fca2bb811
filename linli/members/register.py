"""The register of bodies for everybody: numbers by form and town, exceptions, successors. Never who."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db.models import Count, Q

from linli import playbook
from linli.lib import clock
from linli.members.actions.forming import tier_of
from linli.members.models import FormChange, HeadCount, Successor
from linli.members.policies import bodies_of
from linli.people.actors import Actor
from linli.people.models import Organisation
from linli.places.models import Kind, Place
from linli.playbook.membership import Membership, Tier
from linli.web.language import lang

LEAST: Final = 5  # below so many people no number is shown
FEW: Final = 40


@dataclass(frozen=True)
class Body:
    """One body, its form, and the one that its last head count asks for."""

    body: Organisation
    tier: Tier
    count: HeadCount | None
    right: Tier | None
    exception: FormChange | None
    waiting: FormChange | None = None

    @property
    def fits(self) -> bool:
        """Whether the form is the right one; True as long as nobody has counted."""
        return self.right is None or self.right.body == self.body.kind

    @property
    def differs(self) -> bool:
        """Another form than its size asks for, and no reason in force."""
        return not self.fits and self.exception is None


@dataclass
class TownLine:
    """The bodies of one town in numbers."""

    town: str
    by_tier: dict[str, int] = field(default_factory=dict)
    differing: int = 0
    people: int = 0
    uncounted: int = 0

    @property
    def people_shown(self) -> str:
        """The number of full members, or nothing below five."""
        return str(self.people) if self.people >= LEAST else ""


@dataclass(frozen=True)
class Register:
    """One membership's bodies on a day."""

    rule: Membership
    on: date
    tiers: list[tuple[str, int]]
    towns: list[TownLine]
    total: TownLine
    exceptions: list[Body]
    changes: list[tuple[date, int, int]]  # day, how many ended, how many came after


def bodies(rule: Membership, rows: Iterable[Organisation], on: date) -> list[Body]:
    """Each with its newest head count up to that day and its exception. Two statements."""
    found = list(rows)
    keys = [row.pk for row in found]
    counts: dict[int, HeadCount] = {}
    for row in HeadCount.objects.filter(
        body__in=keys, membership=rule.id, on__lte=on
    ).order_by("on"):  # fmt: skip
        counts[row.body_id] = row
    exceptions: dict[int, FormChange] = {}
    waiting: dict[int, FormChange] = {}
    changes = FormChange.objects.filter(body__in=keys, membership=rule.id).order_by("on", "at")
    for change in changes.exclude(state=FormChange.State.REFUSED):
        if change.state == FormChange.State.WAITING:
            waiting[change.body_id] = change
        elif change.reason and change.until and change.until > on:
            exceptions[change.body_id] = change
        else:
            exceptions.pop(change.body_id, None)
    return [_body(rule, row, counts, exceptions, waiting) for row in found]


def _body(
    rule: Membership, row: Organisation, counts: dict[int, HeadCount],
    exceptions: dict[int, FormChange], waiting: dict[int, FormChange],
) -> Body:  # fmt: skip
    count = counts.get(row.pk)
    return Body(
        row, tier_of(rule, row, count.full if count else None), count,
        rule.tier_for(count.full) if count else None, exceptions.get(row.pk), waiting.get(row.pk),
    )  # fmt: skip


def public(rule: Membership, on: date | None = None) -> Register:
    """The register on a day, in numbers. Five statements, however many bodies there are."""
    day = on or clock.today()
    rows = (
        Organisation.objects.in_force(day).of_kind(*rule.bodies).select_related("place")
        .defer("place__boundary")
    )  # fmt: skip
    found = bodies(rule, rows, day)
    towns = {
        town.path: TownLine(town.name_for(lang()))
        for town in Place.objects.at(day).of_kind(Kind.TOWN).order_by("path")
    }
    county, total = TownLine(""), TownLine("")
    for row in found:
        path = row.body.place.path
        line = next((towns[town] for town in towns if path.startswith(town)), county)
        for one in (line, total):
            _add(one, row)
    used = [line for line in [*towns.values(), county] if line.by_tier]
    return Register(
        rule, day, [(tier.name.text(lang()), total.by_tier.get(tier.id, 0)) for tier in rule.tiers],
        used, total, [row for row in found if row.exception is not None][:FEW], _changes(rule, day),
    )  # fmt: skip


def _add(line: TownLine, row: Body) -> None:
    line.by_tier[row.tier.id] = line.by_tier.get(row.tier.id, 0) + 1
    line.differing += row.differs
    line.people += row.count.full if row.count else 0
    line.uncounted += row.count is None


def _changes(rule: Membership, on: date) -> list[tuple[date, int, int]]:
    rows = (
        Successor.objects.filter(on__lte=on).filter(
            Q(before__kind__in=rule.bodies) | Q(after__kind__in=rule.bodies)
        )
        .values_list("on").annotate(
            ended=Count("before", distinct=True), came=Count("after", distinct=True)
        )
        .order_by("-on")[:FEW]
    )  # fmt: skip
    return [(day, ended, came) for day, ended, came in rows]


def mine(actor: Actor, rule: Membership) -> list[Body]:
    """The bodies I look after, with their forms."""
    day = clock.today()
    rows = (
        bodies_of(actor).filter(kind__in=rule.bodies, valid_to=None).select_related("place")
        .defer("place__boundary").order_by("place__path", "pk")[:200]
    )  # fmt: skip
    return bodies(rule, rows, day)


def memberships() -> list[Membership]:
    """Every membership of the playbook."""
    return list(playbook.current().memberships.values())
