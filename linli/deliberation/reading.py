"""What the pages of motions show, read in few statements."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from linli import playbook
from linli.ballots.models import Ballot
from linli.deliberation import money, standing
from linli.deliberation.models import (
    Concern,
    Draft,
    Motion,
    Notice,
    Objection,
    Opinion,
    Rating,
    RollChange,
    Sitting,
    State,
    Step,
    Task,
)
from linli.deliberation.models.motion import LIVE, OVER
from linli.deliberation.numbers import line_words
from linli.deliberation.policies import carries, on_roll
from linli.deliberation.words import DOES, PUBLISHED
from linli.files import photos
from linli.lib import clock
from linli.people.actors import Actor
from linli.places.models import Place
from linli.places.search import search
from linli.playbook.procedure import Procedure
from linli.web.language import lang

PAGE: Final = 24
FEWEST: Final = 10  # ratings of fewer people are not told apart
BANDS: Final = {"open": LIVE, "over": OVER}


@dataclass
class Listing:
    """One page of motions."""

    asked: str = ""
    place: Place | None = None
    band: str = "open"
    kind: str = ""
    rows: list[Motion] = field(default_factory=list)
    more: int = 0
    kinds: list[Procedure] = field(default_factory=list)


def listing(asked: Mapping[str, str]) -> Listing:
    """Motions at a place, by state; the newest first."""
    view = Listing(asked=(asked.get("where") or "").strip()[:80])
    view.band = asked["state"] if asked.get("state") in BANDS else "open"
    view.kinds = list(playbook.current().procedures.values())
    rows = Motion.objects.filter(state__in=BANDS[view.band]).with_names()
    if code := asked.get("place", ""):
        view.place = Place.objects.current().light().filter(code=code).first()
        view.asked = view.asked or (view.place.name if view.place else "")
    elif view.asked:
        view.place = next(iter(search(view.asked, 1)), None)
    if view.place:
        rows = rows.within(view.place)
    if asked.get("kind") in {rule.id for rule in view.kinds}:
        view.kind = asked["kind"]
        rows = rows.filter(procedure=view.kind)
    start = min(int(asked["from"]), 5000) if asked.get("from", "").isdigit() else 0
    found = list(rows.order_by("-proposed_at", "pk")[start : start + PAGE + 1])
    view.rows, view.more = found[:PAGE], start + PAGE if len(found) > PAGE else 0
    return view


def latest(actor: Actor, most: int = 6) -> list[Motion]:
    """Open matters for "have a say": where the reader is on a roll first, then the newest."""
    rows = Motion.objects.live().with_names()
    newest = list(rows.order_by("-proposed_at", "pk")[: most * 4])
    if actor.user is None:
        return newest[:most]
    mine = set(
        Motion.objects.live().filter(
            organisation__rolls__entries__user=actor.user, organisation__rolls__entries__left_at=None
        ).values_list("pk", flat=True)[:50]
    )  # fmt: skip
    first = list(rows.filter(pk__in=mine).order_by("-proposed_at")[:most])
    return (first + [row for row in newest if row.pk not in mine])[:most]


@dataclass
class Page:
    """Everything that the page of one motion shows, to this reader."""

    motion: Motion
    rule: Procedure
    step: Step | None
    number: int
    steps: int
    lacking: list[str]
    coming: Any
    deciding: list[standing.Preview]
    road: list[dict[str, Any]]
    drafts: list[Draft]
    notices: list[dict[str, Any]]
    objections: list[Objection]
    sittings: list[dict[str, Any]]
    tasks: list[Task]
    ratings: dict[str, Any]
    on_rolls: list[str]
    carries: bool
    supporters: int
    mine: "Mine"


def page_of(motion: Motion, actor: Actor) -> Page:
    """The page of one motion."""
    rule, step = motion.rule, motion.step
    coming = standing.next_stage(motion)
    meeting = next(
        (stage for stage in (motion.at, coming) if stage is not None and stage.does == "meet"), None
    )
    steps = rule.steps
    return Page(
        motion=motion, rule=rule, step=step, number=steps[motion.stage],
        steps=max(steps.values()), lacking=standing.why_not(motion), coming=coming,
        deciding=standing.previews(motion, meeting) if meeting and motion.is_live else [],
        road=_road(motion), drafts=list(motion.drafts.order_by("-version")),
        notices=_notices(motion), objections=list(motion.objections.order_by("number")),
        sittings=_sittings(motion), ratings=_ratings(motion),
        tasks=list(motion.tasks.select_related("doer", "photo").order_by("number")),
        on_rolls=on_roll(actor, motion), carries=carries(actor, motion),
        supporters=motion.supports.count() if motion.state == State.PROPOSED else 0,
        mine=_mine(motion, step, actor),
    )  # fmt: skip


@dataclass(frozen=True)
class Mine:
    """What this reader may do here; nothing for somebody who has not signed in."""

    user: UUID | None = None
    objects: bool = False
    supports: bool = False
    supported: bool = False
    own: bool = False
    rates: bool = False
    rated: Rating | None = None


def _mine(motion: Motion, step: Step | None, actor: Actor) -> Mine:
    if actor.user is None:
        return Mine()
    published = (
        step is not None and step.rule.objections is not None
        and Notice.objects.filter(step=step, ends_at__gt=clock.now()).exists()
    )  # fmt: skip
    waits, own = motion.state == State.PROPOSED, motion.proposer_id == actor.user.pk
    rates = step is not None and step.rule.does == "rate"
    files = actor.may("objection.file", own=True)
    rated = motion.ratings.filter(user=actor.user, round=step.round).first() if step else None
    return Mine(
        user=actor.user.pk, objects=published and files, rates=rates and files, rated=rated,
        supports=waits and not own and actor.may("matter.propose"), own=waits and own,
        supported=waits and motion.supports.filter(user=actor.user).exists(),
    )  # fmt: skip


def _road(motion: Motion) -> list[dict[str, Any]]:
    """What was, where it stands, and what comes: the stages as a road."""
    rule, items = motion.rule, []
    done = list(motion.steps.order_by("pk"))
    for step in done:
        stage = rule.stage(step.stage)
        again = f" · {step.round}" if step.round > 1 else ""
        here = step.closed_at is None and motion.is_live
        items.append({
            "title": stage.name.text(lang()) + again, "next": here,
            "when": step.closed_at or step.opened_at,
            "by": step.get_outcome_display() if step.outcome else "",
            "tone": "late" if step.outcome in ("failed", "no_quorum", "tie") else "",
        })  # fmt: skip
    if motion.is_live:
        position = [stage.id for stage in rule.stages].index(motion.stage) + 1
        items += [
            {"title": stage.name.text(lang()), "next": True, "by": str(DOES[stage.does])}
            for stage in rule.stages[position:]
        ]
    return items


def _notices(motion: Motion) -> list[dict[str, Any]]:
    rows = Notice.objects.filter(step__motion=motion).select_related("photo", "step")
    return [
        {"row": row, "name": str(PUBLISHED[row.what]), "over": row.ends_at <= clock.now(),
         "photo": photos.links(row.photo) if row.photo else None,
         "board": "board" in motion.rule.stage(row.step.stage).proof,
         "open": row.step.closed_at is None}
        for row in rows.order_by("-posted_at", "-pk")
    ]  # fmt: skip


def _sittings(motion: Motion) -> list[dict[str, Any]]:
    rows = list(Sitting.objects.filter(step__motion=motion).select_related("step").order_by("-pk"))
    ballots = {
        str(row.pk): row
        for row in Ballot.objects.filter(pk__in=[r.ballot for r in rows if r.ballot])
    }
    found = []
    names = {str(o["id"]): str(o["text"]) for o in motion.options}
    for row in rows:
        row.step.motion = motion
        found.append({
            "row": row, "bodies": [body.name.text(lang()) for body in row.bodies],
            "manner": row.manner, "ballot": ballots.get(row.ballot),
            "told": not row.ballot or bool(row.counts),
            "counts": [(names.get(name, name), n) for name, n in row.counts.items()]
            if names else [],
            "lines": [
                (line_words(verdict["quorum"]), verdict["quorum"]["reached"],
                 line_words(verdict["majority"]), verdict["majority"]["reached"])
                for verdict in row.verdicts
            ],
        })  # fmt: skip
    return found


def _ratings(motion: Motion) -> dict[str, Any]:
    rows = list(motion.ratings.values_list("good", flat=True))
    opinions = list(Opinion.objects.filter(motion=motion).order_by("round"))
    told = len(rows) >= FEWEST
    return {"count": len(rows), "good": sum(rows) if told else None, "opinions": opinions}


def spent(motion: Motion) -> tuple[str, str]:
    """What the tasks were to cost, and what they cost, in words."""
    planned = sum(task.money_fen or 0 for task in motion.tasks.all())
    paid = sum(task.spent_fen or 0 for task in motion.tasks.all())
    return money.said(planned), money.said(paid)


# ── the desk ─────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Desk:
    """What a body carries."""

    running: list[tuple[Motion, list[str]]] = field(default_factory=list)
    overdue: list[Task] = field(default_factory=list)
    soon: list[Task] = field(default_factory=list)
    concerns: int = 0
    logs: list[Procedure] = field(default_factory=list)
    rolls: list[tuple[str, int]] = field(default_factory=list)
    changes: list[RollChange] = field(default_factory=list)
    proposes: bool = False


def desk_of(actor: Actor) -> Desk:
    """The motions, tasks, rolls and concerns of the person's own body and of those below it."""
    unit, view = actor.organisation, Desk()
    if unit is None:
        return view
    mine = Q(organisation=unit)
    book = playbook.current()
    if book.county.organisation(unit.kind).territorial:
        end = actor.place_path.removesuffix("/") + "0"
        mine |= Q(place_path__gte=actor.place_path, place_path__lt=end)
    rows = Motion.objects.live().filter(mine).with_names()
    found = [row for row in rows.order_by("due_at", "proposed_at")[:PAGE] if carries(actor, row)]
    view.running = [(row, standing.why_not(row)) for row in found]
    tasks = Task.objects.filter(
        Q(motion__in=found) | Q(doer=unit), state=Task.State.OPEN, motion__state=State.DOING
    ).select_related("motion", "doer").order_by("due")  # fmt: skip
    today = clock.today()
    view.overdue = [task for task in tasks[:60] if task.due < today]
    view.soon = [task for task in tasks[:60] if today <= task.due <= today + timedelta(days=14)]
    hosted = [rule for rule in book.procedures.values() if unit.kind in rule.host]
    view.proposes = bool(hosted) and actor.may("matter.propose")
    view.logs = [rule for rule in hosted if rule.concerns]
    view.concerns = Concern.objects.filter(organisation=unit, route="").count()
    bases = dict.fromkeys(base for rule in hosted for base in rule.bases)
    view.rolls = [(base, standing.size_of(unit, base)) for base in bases]
    view.changes = list(
        RollChange.objects.filter(state=RollChange.State.WAITING, roll__organisation__in=_units(actor))
        .select_related("roll__organisation")
    )  # fmt: skip
    return view


def _units(actor: Actor) -> list[int]:
    """The bodies whose rolls this person may agree to: their own, and those their office serves."""
    unit = actor.organisation
    assert unit is not None
    waiting = RollChange.objects.filter(state=RollChange.State.WAITING).values_list(
        "roll__organisation", "roll__organisation__place__path"
    )
    office = playbook.current().county.organisation(unit.kind).territorial
    return [
        pk for pk, path in waiting
        if pk == unit.pk or (office and path.startswith(actor.place_path))
    ]  # fmt: skip


def motion_or_none(key: UUID) -> Motion | None:
    """One motion with its names."""
    return Motion.objects.with_names().filter(pk=key).first()
