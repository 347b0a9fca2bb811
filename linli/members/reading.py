"""What the pages of a roll show: bodies with counts, one page of members, one member, one's own."""

from dataclasses import dataclass, field
from typing import Final

from django.db.models import Count, Q, QuerySet

from linli import playbook
from linli.lib import clock
from linli.members import standing
from linli.members.actions.entering import kinds_of_paper
from linli.members.models import Member, Move, Paper, Proceeding
from linli.members.policies import bodies_of
from linli.people.actors import Actor
from linli.people.models import Organisation, User
from linli.people.models.organisation import valid_on
from linli.playbook.membership import Membership
from linli.web.language import lang

PAGE: Final = 25
MOST: Final = 200  # bodies on the desk's page
WAITING: Final = 30


@dataclass(frozen=True)
class RollLine:
    """One roll of one body, in numbers."""

    body: Organisation
    rule: Membership
    members: int
    full: int


@dataclass(frozen=True)
class Desk:
    """What waits for me, and the rolls I look after."""

    rolls: list[RollLine]
    moves: list[Move]
    proceedings: list[Proceeding]


def desk(actor: Actor) -> Desk:
    """Rolls with their numbers, and what waits for a second or third person. Four statements."""
    bodies = list(
        bodies_of(actor).filter(valid_on(clock.today())).select_related("place")
        .defer("place__boundary").order_by("place__path", "pk")[:MOST]
    )  # fmt: skip
    counts = _counts([body.pk for body in bodies])
    rules = playbook.current().memberships.values()
    rolls = [
        RollLine(body, rule, *counts.get((body.pk, rule.id), (0, 0)))
        for body in bodies
        for rule in rules
        if body.kind in rule.bodies
    ]
    mine = Q(member__organisation__in=bodies)
    moves = Move.objects.filter(mine, state=Move.State.WAITING)
    open_ = Proceeding.objects.filter(mine, state__in=Proceeding.OPEN)
    return Desk(
        rolls,
        list(_named(moves).order_by("proposed_at", "pk")[:WAITING]),
        list(_named(open_).order_by("noticed_at", "pk")[:WAITING]),
    )


def _named(rows: QuerySet) -> QuerySet:  # type: ignore[type-arg]
    return rows.select_related("member__organisation__place").defer(
        "member__organisation__place__boundary"
    )


def _counts(bodies: list[int]) -> dict[tuple[int, str], tuple[int, int]]:
    """Members and full members by body and membership; one statement."""
    rules = playbook.current().memberships.values()
    full = Q()
    for rule in rules:
        full |= Q(membership=rule.id, stage__in=rule.counting)
    rows = (
        Member.objects.current().filter(organisation__in=bodies)
        .values_list("organisation_id", "membership")
        .annotate(n=Count("pk"), full=Count("pk", filter=full)).order_by()
    )  # fmt: skip
    return {(body, rule): (n, of_them) for body, rule, n, of_them in rows}


@dataclass(frozen=True)
class Line:
    """One member on a roll, by number."""

    member: Member
    due: standing.Due | None
    ready: bool  # a step that is not against them could be taken today
    waits: bool


@dataclass(frozen=True)
class RollPage:
    """A page of a roll."""

    lines: list[Line]
    next_after: int | None
    stages: list[tuple[str, str, int]] = field(default_factory=list)  # id, name, how many


def roll(body: Organisation, rule: Membership, *, stage: str = "", after: int = 0) -> RollPage:
    """One page, by number; `stage` narrows it. Four statements."""
    everybody = Member.objects.filter(organisation=body, membership=rule.id)
    rows = everybody.filter(left_on=None, number__gt=after)
    if stage:
        rows = everybody.filter(number__gt=after, stage=stage)
    found = list(rows.order_by("number")[: PAGE + 1])
    shown = found[:PAGE]
    for member in shown:
        member.organisation = body
    papers: dict[object, list[Paper]] = {}
    for paper in Paper.objects.filter(member__in=shown):
        papers.setdefault(paper.member_id, []).append(paper)
    waiting = set(
        Move.objects.filter(member__in=shown, state=Move.State.WAITING)
        .values_list("member_id", flat=True)
    )  # fmt: skip
    lines = [_line(row, papers.get(row.pk, []), row.pk in waiting) for row in shown]
    counts = dict(everybody.values_list("stage").annotate(n=Count("pk")).order_by())
    stages = [(s.id, s.name.text(lang()), counts[s.id]) for s in rule.stages if s.id in counts]
    return RollPage(lines, shown[-1].number if len(found) > PAGE else None, stages)


def _line(member: Member, papers: list[Paper], waits: bool) -> Line:
    today, days = clock.today(), standing.days_of(papers)
    due = next(iter(standing.dues(member, days, today)), None)
    ready = any(
        way.is_open and not way.step.adverse and not way.step.at_once
        for way in standing.ways(member, days, today)
    )
    return Line(member, due, ready, waits)


@dataclass(frozen=True)
class OneView:
    """One member: where they stand and what leads on."""

    member: Member
    ways: list[standing.Way]
    against: list[standing.Way]
    dues: list[standing.Due]
    papers: list[tuple[str, Paper]]
    moves: list[Move]
    waiting: Move | None
    proceeding: Proceeding | None
    kinds: list[tuple[str, str]]  # of papers that can be noted now

    @property
    def forward(self) -> standing.Way | None:
        """The step that leads on, not out: what somebody in this stage works towards."""
        return next((way for way in self.ways if not way.step.at_once), None)


def one(member: Member) -> OneView:
    """Everything about one member that is not sealed. Three statements."""
    papers = list(member.papers.order_by("-dated", "-pk"))
    days, today = standing.days_of(papers), clock.today()
    moves = list(member.moves.order_by("-on", "-proposed_at"))
    waiting = next((row for row in moves if row.state == Move.State.WAITING), None)
    for move in moves:
        move.member = member
    ways = standing.ways(member, days, today)
    proceedings = member.proceedings.filter(state__in=Proceeding.OPEN)
    names = paper_names(member.rule)
    return OneView(
        member, [way for way in ways if not way.step.adverse],
        [way for way in ways if way.step.adverse], standing.dues(member, days, today),
        [(names.get(paper.kind, paper.kind), paper) for paper in papers],
        [row for row in moves if row.state == Move.State.DONE], waiting, proceedings.first(),
        [(kind, names[kind]) for kind in kinds_of_paper(member.rule, member.stage)],
    )  # fmt: skip


def paper_names(rule: Membership) -> dict[str, str]:
    """What every paper of a membership is called, in the reader's language."""
    found: dict[str, str] = {}
    for stage in rule.stages:
        found |= {paper.id: paper.name.text(lang()) for paper in stage.papers}
    for step in rule.steps:
        for need in step.needs:
            found.setdefault(need.id, need.name.text(lang()))
    return found


def own(user: User) -> list[OneView]:
    """Every membership of a person, for themselves."""
    rows = Member.objects.filter(user=user).with_bodies().order_by("-entered_on")
    return [
        one(member) for member in rows[:10] if member.membership in playbook.current().memberships
    ]
