"""What is done with plans. Nothing is real, and nobody is told, before `publish`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.activities.actions.seats import enter_standing, withdraw
from linli.activities.models import Occurrence, Seat, SignUp
from linli.activities.models.people import Going
from linli.activities.planner.ground import Ground, lay
from linli.activities.planner.models import Cell, DayOff, Limits, Offer, Plan, State
from linli.activities.planner.policies import check_can_plan, check_is_draft
from linli.journal.record import record
from linli.letters.outbox import Recipient, send
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.models import Organisation, User
from linli.people.policies import Denied
from linli.rota.model import RotaError
from linli.rota.solve import Rota, solve

LONGEST: Final = 45  # days of one plan
SMALL: Final = 3_000  # pairs of people and shifts that are planned while one waits
AT_ONCE: Final = 2.0  # seconds of planning while one waits
BY_WORKER: Final = 20.0
FORGOTTEN: Final = timedelta(minutes=2)  # a worker that took a plan and died


@transaction.atomic
def offer(
    user: User, *, limits: Mapping[str, Any], days_off: Iterable[date],
    bodies: Iterable[Organisation], by: Actor,
) -> None:  # fmt: skip
    """Somebody says when they can, and which bodies may plan them; the person alone does that.

    Bodies that are not named any more see nothing from now on. Past days off are forgotten.
    """
    if by.user is None or by.user.pk != user.pk:
        raise Denied(_("Only the person themselves decides that."))
    Limits.objects.update_or_create(user=user, defaults={**limits, "changed_at": clock.now()})
    wanted = {day for day in days_off if day >= clock.today()}
    DayOff.objects.filter(user=user).exclude(day__in=wanted).delete()
    DayOff.objects.bulk_create(
        [DayOff(user=user, day=day) for day in sorted(wanted)], ignore_conflicts=True
    )
    _offer_to(user, {body.pk: body for body in bodies}, by)


def _offer_to(user: User, bodies: dict[int, Organisation], by: Actor) -> None:
    live = Offer.objects.filter(user=user, ended_at=None)
    there = set(live.values_list("organisation_id", flat=True))
    if live.exclude(organisation__in=bodies).update(ended_at=clock.now()):
        record("rota.offer_ended", on=user, by=by)
    for key in sorted(set(bodies) - there):
        Offer.objects.get_or_create(user=user, organisation=bodies[key], ended_at=None)
        record("rota.offered", on=user, by=by, org=str(key))


@transaction.atomic
def begin(
    organisation: Organisation, *, first_on: date, last_on: date, by: Actor,
    kinds: Sequence[str] = (), needs: Mapping[str, str] | None = None,
) -> Plan:  # fmt: skip
    """A plan that waits to be proposed: `propose` or the worker does that. Raises Denied."""
    check_can_plan(organisation, by)
    if last_on < first_on or last_on < clock.today():
        raise Denied(_("The last day must not lie before the first, nor in the past."))
    if (last_on - first_on).days >= LONGEST:
        raise Denied(_("A plan covers at most %(days)s days.") % {"days": LONGEST})
    plan = Plan.objects.create(
        organisation=organisation, first_on=max(first_on, clock.today()), last_on=last_on,
        kinds=list(kinds), needs=dict(needs or {}), made_by=by.user,
    )  # fmt: skip
    ground = lay(plan)
    if not ground.seats:
        raise Denied(_("In these days your unit has nothing that needs people."))
    if not ground.users:
        raise Denied(_("Nobody has offered your unit their time yet."))
    _tell(plan, "rota.proposed", by=by, facts={
        "seats": sum(one.seats for one in ground.problem.shifts if one.place),
        "people": len(ground.users), "first": str(first_on), "last": str(last_on),
    })  # fmt: skip
    return plan


def is_small(plan: Plan) -> bool:
    """Whether it can be planned while somebody waits for the page."""
    return lay(plan).size <= SMALL


def propose(plan: Plan, *, seconds: float = AT_ONCE) -> bool:
    """Plan what waits to be planned; False if another worker has it or somebody dropped it.

    Nothing is locked while the solver thinks: what it finds is written if the plan still waits.
    """
    now = clock.now()
    free = Q(taken_at=None) | Q(taken_at__lt=now - FORGOTTEN)
    waiting = Plan.objects.filter(pk=plan.pk, state=State.PLANNING)
    if not waiting.filter(free).update(taken_at=now):
        return False
    plan.refresh_from_db()
    kept = plan.cells.all() if plan.keep else plan.cells.filter(by_hand=True)
    try:
        ground = lay(plan, _pairs(kept))
        rota = solve(ground.problem, time_limit=seconds)
    except RotaError:
        waiting.update(state=State.FAILED, taken_at=None)
        return False
    return _store(plan, ground, rota)


def _pairs(cells: Iterable[Cell]) -> frozenset[tuple[str, str]]:
    return frozenset((str(cell.user_id), str(cell.seat_id)) for cell in cells)


@transaction.atomic
def _store(plan: Plan, ground: Ground, rota: Rota) -> bool:
    mine = Plan.objects.filter(pk=plan.pk, state=State.PLANNING, taken_at=plan.taken_at)
    if not mine.update(
        state=State.READY, taken_at=None, keep=False, version=F("version") + 1,
        report=_report(ground, rota),
    ):  # fmt: skip
        return False
    by_hand = _pairs(plan.cells.filter(by_hand=True))
    plan.cells.all().delete()
    Cell.objects.bulk_create(
        Cell(plan=plan, seat_id=int(what), user=ground.users[who], by_hand=(who, what) in by_hand)
        for who, what in sorted(rota.cells) if what in ground.seats
    )  # fmt: skip
    plan.refresh_from_db()
    return True


def _report(ground: Ground, rota: Rota) -> dict[str, Any]:
    """Numbers for the page; what people have elsewhere is no seat of this plan."""
    told, elsewhere = rota.report, sum(1 for one in rota.problem.shifts if not one.place)
    return {
        "bound": told.cover_bound - elsewhere,
        "seats": told.seats - elsewhere,
        "gap": told.gap,
        "seconds": round(told.seconds, 1),
    }


def propose_waiting() -> int:
    """What the worker does: plan what waits; how many were planned."""
    rows = Plan.objects.filter(state=State.PLANNING).order_by("made_at", "pk")
    return sum(propose(plan, seconds=BY_WORKER) for plan in rows[:5])


@transaction.atomic
def change(
    plan: Plan, seat: Seat, *, by: Actor, out: User | None = None, to: User | None = None
) -> None:
    """Give a seat to another person, or leave it empty. Whatever it breaks is named, not refused.

    Raises Denied if the plan is no draft, or if somebody changed it since it was read.
    """
    check_can_plan(plan.organisation, by)
    _win(plan)
    if out is not None:
        plan.cells.filter(seat=seat, user=out).delete()
    if to is not None:
        if not Offer.objects.live().filter(organisation=plan.organisation, user=to).exists():
            raise Denied(_("This person has not offered your unit their time."))
        there = plan.cells.filter(seat=seat)
        if there.filter(user=to).exists():
            raise Denied(_("This person is there already."))
        if there.count() >= seat.seats:
            raise Denied(_("All seats are taken."))
        Cell.objects.create(plan=plan, seat=seat, user=to, by_hand=True)
    _tell(plan, "rota.changed", by=by, facts={
        "seat": seat.pk, "out": str(out.pk) if out else "", "in": str(to.pk) if to else "",
    })  # fmt: skip


@transaction.atomic
def again(plan: Plan, *, by: Actor) -> None:
    """Plan the draft anew; what was put there by hand stays."""
    check_can_plan(plan.organisation, by)
    _win(plan, state=State.PLANNING, keep=False)
    _tell(plan, "rota.changed", by=by, facts={"again": True})


@transaction.atomic
def absent(plan: Plan, user: User, *, first_on: date, last_on: date, by: Actor) -> Plan:
    """Somebody cannot come: their seats are planned anew, every other cell stays.

    A published plan is left as it is; what changes is a new draft that follows it.
    """
    check_can_plan(plan.organisation, by)
    if last_on < first_on or (last_on - first_on).days >= LONGEST:
        raise Denied(_("The last day must not lie before the first."))
    days = [first_on + timedelta(days=n) for n in range((last_on - first_on).days + 1)]
    away = [*plan.away, *([str(user.pk), day.isoformat()] for day in days)]
    if plan.state == State.PUBLISHED:
        cells = list(plan.cells.all())
        plan = Plan.objects.create(
            organisation=plan.organisation, first_on=plan.first_on, last_on=plan.last_on,
            kinds=plan.kinds, needs=plan.needs, away=away, keep=True, made_by=by.user,
        )  # fmt: skip
        Cell.objects.bulk_create(
            Cell(plan=plan, seat_id=cell.seat_id, user_id=cell.user_id, by_hand=cell.by_hand)
            for cell in cells
        )
    else:
        _win(plan, state=State.PLANNING, keep=True, away=away)
    _tell(plan, "rota.changed", by=by, facts={"away": str(user.pk), "days": len(days)})
    return plan


@transaction.atomic
def drop(plan: Plan, *, by: Actor) -> None:
    """No such plan any more; nobody was told of it."""
    check_can_plan(plan.organisation, by)
    waiting = [State.PLANNING, State.READY, State.FAILED]
    if not Plan.objects.filter(pk=plan.pk, state__in=waiting).update(state=State.DROPPED):
        check_is_draft(Plan.objects.get(pk=plan.pk))
    plan.cells.all().delete()
    _tell(plan, "rota.dropped", by=by)


@transaction.atomic
def publish(plan: Plan, *, by: Actor) -> tuple[int, int]:
    """Make the plan real: sign-ups, and one letter for each person who has something new.

    Returns how many seats were given, and how many somebody else had taken meanwhile.
    """
    check_can_plan(plan.organisation, by)
    _win(plan, state=State.PUBLISHED, published_at=clock.now())
    _take_off(plan, by)
    cells = list(plan.cells.select_related("seat", "user").order_by("seat_id", "pk"))
    ids = {cell.seat_id for cell in cells}
    seats = {
        seat.pk: seat
        for seat in Seat.objects.select_for_update(of=("self",)).filter(pk__in=ids)
        .select_related("occurrence__organisation").order_by("pk")
    }  # fmt: skip
    given: dict[User, int] = {}
    lost = 0
    for cell in cells:
        entered = _enter(seats[cell.seat_id], cell.user)
        if entered:
            given[cell.user] = given.get(cell.user, 0) + 1
        lost += entered is None
    for user, count in given.items():
        send(
            Recipient(user=user, language=user.language), "rota.published",
            {"count": count, "path": reverse("service")},
            key=str(plan.pk), about=f"planner.Plan:{plan.pk}",
        )  # fmt: skip
    _tell(plan, "rota.published", by=by, facts={
        "given": sum(given.values()), "people": len(given), "lost": lost,
    })  # fmt: skip
    return sum(given.values()), lost


def forget() -> int:
    """Days off that are over are erased, and drafts of days that are over; how many of both."""
    today = clock.today()
    days = DayOff.objects.filter(day__lt=today).delete()[0]
    over = Plan.objects.filter(last_on__lt=today).exclude(state=State.PUBLISHED)
    return days + over.delete()[0]


def _take_off(plan: Plan, by: Actor) -> None:
    """Who cannot come is off the lists of those days."""
    for who, day in sorted(plan.absences):
        rows = SignUp.objects.filter(
            user=UUID(who), state=Going.GOING, occurrence__state="planned",
            occurrence__in=Occurrence.objects.filter(organisation=plan.organisation_id).on(day),
        ).select_related("occurrence__organisation", "seat")  # fmt: skip
        for row in rows:
            withdraw(row, by=by)


def _enter(seat: Seat, user: User) -> bool | None:
    """True: has the seat now; False: had it before; None: it is not to be had any more."""
    there = SignUp.objects.filter(occurrence=seat.occurrence, user=user).first()
    if there is not None and there.state not in (Going.WITHDRAWN, Going.STANDBY):
        return False if there.seat_id == seat.pk else None
    seat.refresh_from_db(fields=["taken"])
    gone = not seat.occurrence.is_open or seat.occurrence.starts_at <= clock.now()
    if gone or seat.free < 1 or (there is not None and there.state == Going.STANDBY):
        return None
    enter_standing(seat.occurrence, seat.role, user)
    return True


def _win(plan: Plan, **changes: Any) -> None:
    """Change a draft if nobody was faster: one guarded UPDATE, which also counts the change."""
    rows = Plan.objects.filter(pk=plan.pk, state=State.READY, version=plan.version)
    if not rows.update(version=F("version") + 1, **changes):
        plan.refresh_from_db()
        check_is_draft(plan)
        raise Denied(_("Someone else has just changed this. Look at it again before you go on."))
    plan.refresh_from_db()


def _tell(plan: Plan, verb: str, *, by: Actor, facts: Mapping[str, Any] | None = None) -> None:
    record(
        verb, on=plan, by=by, place=plan.organisation.place.path, org=str(plan.organisation_id),
        facts=dict(facts or {}),
    )  # fmt: skip
