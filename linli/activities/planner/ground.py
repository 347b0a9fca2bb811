"""From the tables to a rota: whose time there is, which seats wait, and what is settled already."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from linli.activities.models import Occurrence, Seat, SignUp
from linli.activities.models.people import SEATED, Going
from linli.activities.planner.models import DayOff, Limits, Offer, Plan
from linli.lib import clock
from linli.people.models import Appointment, User
from linli.rota.model import Cell, Person, Problem, Shift

BACK: Final = timedelta(days=28)  # how far fairness looks back
_OPEN: Final = ("anyone", "volunteer")


@dataclass
class Ground:
    """The rota's problem, and what its ids stand for."""

    problem: Problem
    seats: dict[str, Seat]
    users: dict[str, User]
    taken: frozenset[Cell] = frozenset()  # signed up already: nobody has to be told again
    others: dict[str, int] = field(default_factory=dict)  # seats that people outside have

    @property
    def size(self) -> int:
        """Pairs of a person and a seat's shift: how much there is to plan."""
        return len(self.problem.people) * len(self.problem.shifts)


def lay(plan: Plan, cells: frozenset[Cell] = frozenset()) -> Ground:
    """Everything a plan is made of now; `cells` are to stay.

    Sign-ups stay too, except those of people who are away.
    """
    users = {str(row.user_id): row.user for row in _offers(plan)}
    seats = {str(seat.pk): seat for seat in _seats(plan)}
    away = plan.absences
    taken, others = _taken(seats, users, away)
    open_seats = {key: seat for key, seat in seats.items() if seat.seats > others.get(key, 0)}
    elsewhere = _elsewhere(plan, users, seats)
    shifts = [_shift(plan, seat, others.get(key, 0)) for key, seat in open_seats.items()]
    kept = frozenset(
        (who, what) for who, what in cells | taken
        if who in users and what in open_seats and (who, _day(open_seats[what])) not in away
    )  # fmt: skip
    problem = Problem(
        tuple(_people(plan, users, open_seats, away)),
        (*shifts, *(shift for _who, shift in elsewhere)),
        fixed=_that_fit(kept, shifts) | {(who, shift.id) for who, shift in elsewhere},
    )
    return Ground(problem, open_seats, users, taken, others)


def _that_fit(kept: frozenset[Cell], shifts: list[Shift]) -> frozenset[Cell]:
    """No more than there are seats: somebody outside the plan may have been quicker."""
    left = {shift.id: shift.seats for shift in shifts}
    fit: set[Cell] = set()
    for who, what in sorted(kept):
        if left[what] > 0:
            left[what] -= 1
            fit.add((who, what))
    return frozenset(fit)


def _offers(plan: Plan) -> list[Offer]:
    rows = Offer.objects.live().filter(organisation=plan.organisation_id)
    return list(rows.select_related("user").order_by("user_id"))


def occurrences(plan: Plan) -> dict[str, Occurrence]:
    """What the plan fills: planned, still to come, of its kinds and days."""
    start = datetime.combine(plan.first_on, time(), clock.LOCAL)
    end = datetime.combine(plan.last_on + timedelta(days=1), time(), clock.LOCAL)
    rows = Occurrence.objects.filter(
        organisation=plan.organisation_id, state="planned", starts_at__gt=clock.now()
    ).between(start, end)
    if plan.kinds:
        rows = rows.filter(kind__in=plan.kinds)
    return {str(row.pk): row for row in rows.with_names().order_by("starts_at", "pk")}


def _seats(plan: Plan) -> list[Seat]:
    """Seats of people who give time; who only takes part is not planned."""
    shown = occurrences(plan)
    rows = list(Seat.objects.filter(occurrence__in=shown.values()).order_by("pk"))
    for seat in rows:
        seat.occurrence = shown[str(seat.occurrence_id)]
    order = {key: at for at, key in enumerate(shown)}
    rows.sort(key=lambda seat: (order[str(seat.occurrence_id)], seat.pk))
    return [seat for seat in rows if seat.rule.gives_time]


def _day(seat: Seat) -> date:
    return seat.occurrence.starts_at.astimezone(clock.LOCAL).date()


def _taken(
    seats: dict[str, Seat], users: dict[str, User], away: set[tuple[str, date]]
) -> tuple[frozenset[Cell], dict[str, int]]:
    """Who of the plan is signed up, and how many seats others have."""
    rows = SignUp.objects.filter(seat__in=seats.values(), state__in=SEATED)
    taken: set[Cell] = set()
    others: dict[str, int] = defaultdict(int)
    for seat, user in rows.values_list("seat_id", "user_id"):
        who, what = str(user), str(seat)
        if who not in users:
            others[what] += 1
        elif (who, _day(seats[what])) not in away:
            taken.add((who, what))
    return frozenset(taken), dict(others)


def _elsewhere(
    plan: Plan, users: dict[str, User], seats: dict[str, Seat]
) -> list[tuple[str, Shift]]:
    """What the people have to do besides, from the start of the month on: it counts for rest and
    hours, and nobody else can do it."""
    first = min(plan.first_on.replace(day=1), plan.first_on - timedelta(days=7))
    rows = SignUp.objects.filter(
        user__in=users.values(), state=Going.GOING, occurrence__state="planned",
        occurrence__starts_at__gte=datetime.combine(first, time(), clock.LOCAL),
        occurrence__starts_at__lt=datetime.combine(
            plan.last_on + timedelta(days=8), time(), clock.LOCAL
        ),
    ).exclude(seat__in=seats.values())  # fmt: skip
    away = plan.absences
    found = []
    for row in rows.select_related("occurrence").order_by("pk"):
        start, end = local(row.occurrence.starts_at), local(row.occurrence.ends_at)
        if (str(row.user_id), start.date()) not in away and end - start <= timedelta(days=1):
            shift = Shift(f"elsewhere-{row.pk}", "", start, end)
            found.append((str(row.user_id), shift))
    return found


def local(moment: datetime) -> datetime:
    """As the rota has it: the county's time, without a zone."""
    return moment.astimezone(clock.LOCAL).replace(tzinfo=None)


def _shift(plan: Plan, seat: Seat, others: int) -> Shift:
    row = seat.occurrence
    point = None if row.lon is None or row.lat is None else (row.lon, row.lat)
    needed = {_post(seat)} if seat.rule.by not in _OPEN else set()
    skill = plan.needs.get(f"{row.kind}/{seat.role}")
    return Shift(
        str(seat.pk), str(row.place_id), local(row.starts_at), local(row.ends_at),
        seats=seat.seats - others, skills=frozenset(needed | ({skill} if skill else set())),
        point=point,
    )  # fmt: skip


def _post(seat: Seat) -> str:
    """The name under which holding the right post here is a skill."""
    return f"post:{seat.rule.by}:{seat.occurrence.place_path}"


def _people(
    plan: Plan, users: dict[str, User], seats: dict[str, Seat], away: set[tuple[str, date]]
) -> list[Person]:
    limits = {
        str(row.pk): row
        for row in Limits.objects.filter(
            pk__in=[user.pk for user in users.values()]
        ).select_related("area")
    }
    off: dict[str, set[date]] = defaultdict(set)
    days = DayOff.objects.filter(user__in=users.values(), day__range=(plan.first_on, plan.last_on))
    for user, day in days.values_list("user_id", "day"):
        off[str(user)].add(day)
    for who, day in away:
        off[who].add(day)
    posts = _posts(plan, users, seats)
    before = _hours_before(plan, users)
    none = Limits()
    return [_person(who, limits.get(who, none), off[who], posts[who], before[who]) for who in users]


def _person(who: str, row: Limits, off: set[date], posts: set[str], before: float) -> Person:
    area = row.area
    point = None
    if area is not None and area.lon is not None and area.lat is not None:
        point = (area.lon, area.lat)
    return Person(
        who,
        point=point,
        max_km=row.max_km,
        skills=frozenset(row.skills) | posts,
        week_hours=row.week_hours,
        month_hours=row.month_hours,
        rest_hours=float(row.rest_hours or 0),
        off=frozenset(off),
        days=frozenset(row.weekdays),
        prefers=frozenset(row.likes),
        hours_before=before,
    )


def _posts(
    plan: Plan, users: dict[str, User], seats: dict[str, Seat]
) -> defaultdict[str, set[str]]:
    """For each person the seats' posts that they hold, here or above here."""
    wanted = {_post(seat): seat for seat in seats.values() if seat.rule.by not in _OPEN}
    rows = Appointment.objects.in_force(plan.first_on).filter(
        user__in=users.values(), post__kind__in={seat.rule.by for seat in wanted.values()}
    )
    held: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows.with_posts():
        for name, seat in wanted.items():
            here = seat.occurrence
            near = row.post.organisation_id == here.organisation_id or here.place_path.startswith(
                row.post.on_place.path
            )
            if row.post.kind == seat.rule.by and near:
                held[str(row.user_id)].add(name)
    return held


def _hours_before(plan: Plan, users: dict[str, User]) -> defaultdict[str, float]:
    """Hours promised or given in the four weeks before the month of the plan."""
    until = min(plan.first_on.replace(day=1), plan.first_on - timedelta(days=7))
    rows = SignUp.objects.filter(
        user__in=users.values(), state__in=[Going.GOING, Going.IN, Going.OUT],
        occurrence__organisation=plan.organisation_id,
        occurrence__starts_at__gte=datetime.combine(until - BACK, time(), clock.LOCAL),
        occurrence__starts_at__lt=datetime.combine(until, time(), clock.LOCAL),
    )  # fmt: skip
    hours: defaultdict[str, float] = defaultdict(float)
    for user, start, end in rows.values_list(
        "user_id", "occurrence__starts_at", "occurrence__ends_at"
    ):
        hours[str(user)] += (end - start).total_seconds() / 3600
    return hours
