"""What somebody gave: hours from in and out alone, by year and by host, for themselves."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import ExpressionWrapper, F, Sum
from django.db.models.fields import DurationField

from linli import playbook
from linli.activities.models import Enrolment, SignUp
from linli.activities.models.people import SEATED, Going
from linli.lib import clock
from linli.people.models import Organisation, User
from linli.rota.model import Rules, Shift
from linli.web import dates
from linli.web.language import lang

FEWEST: Final = 5  # people behind a number that somebody else is shown
KEEP: Final = timedelta(days=5 * 366)  # R23: single stays, then totals
_TIME: Final = ExpressionWrapper(F("out_at") - F("in_at"), output_field=DurationField())


@dataclass
class Given:
    """Somebody's own card of service."""

    total: timedelta = timedelta()
    this_year: timedelta = timedelta()
    times: int = 0
    by_host: dict[str, timedelta] = field(default_factory=lambda: defaultdict(timedelta))
    rows: list[SignUp] = field(default_factory=list)
    unsettled: int = 0

    @property
    def host_rows(self) -> list[tuple[str, str]]:
        """Each host with the time given there, in words."""
        return [(host, dates.lasting(time)) for host, time in self.by_host.items()]


def of(user: User) -> Given:
    """The stays of this person, newest first; roles that only take part are not among them."""
    given = Given()
    rows = (
        SignUp.objects.filter(user=user, state=Going.OUT)
        .select_related("seat", "occurrence__organisation", "occurrence__place")
        .defer("occurrence__place__boundary")
        .order_by("-in_at")
    )
    year = clock.today().year
    for row in rows:
        if not gives_time(row):
            continue
        given.rows.append(row)
        given.times += 1
        given.total += row.time
        if row.in_at and row.in_at.astimezone(clock.LOCAL).year == year:
            given.this_year += row.time
        given.by_host[row.occurrence.organisation.name_for(lang())] += row.time
    given.unsettled = SignUp.objects.unsettled().filter(user=user).count()
    return given


def next_evening(user: User) -> tuple[date, SignUp] | None:
    """The first day from today on with room for an evening duty, and the duty that blocks today.

    Two evening duties lie apart as the planner's rules want it (linli.rota). None if today is free.
    """
    rules, today = Rules(), clock.today()
    near = timedelta(days=rules.evenings_apart_days)
    start = datetime.combine(today - near, time(), clock.LOCAL)
    rows = SignUp.objects.filter(
        user=user, state__in=SEATED, occurrence__state="planned", occurrence__starts_at__gte=start
    ).select_related("occurrence", "seat").order_by("occurrence__starts_at")  # fmt: skip
    evenings = {day: row for row in rows if (day := _evening_of(row, rules))}
    day, blocks = today, None
    while met := next((row for at, row in evenings.items() if abs(at - day) < near), None):
        day, blocks = day + timedelta(days=1), blocks or met
    return (day, blocks) if blocks else None


def _evening_of(row: SignUp, rules: Rules) -> date | None:
    """The day of an evening duty; None for other duties and for those who only take part."""
    begins, ends = (
        moment.astimezone(clock.LOCAL).replace(tzinfo=None)
        for moment in (row.occurrence.starts_at, row.occurrence.ends_at)
    )
    evening = rules.is_evening(Shift(str(row.pk), "", begins, ends))
    return begins.date() if evening and gives_time(row) else None


def gives_time(row: SignUp) -> bool:
    """Whether the role is one whose hours count; a kind the playbook dropped still counts."""
    kind = playbook.current().activities.get(row.occurrence.kind)
    role = next((one for one in kind.roles if one.id == row.seat.role), None) if kind else None
    return role.gives_time if role else True


def of_unit(unit: Organisation, first: date, last: date) -> tuple[int, timedelta | None]:
    """How many of a unit's people agreed to be told of, and their hours together in [first, last).

    Hours of fewer than five people are None: they would say too much about one of them.
    """
    told = Enrolment.objects.filter(unit=unit, tell_unit=True, confirmed_at__isnull=False,
                                    ended_at=None)  # fmt: skip
    people = told.values("user").distinct().count()
    if people < FEWEST:
        return people, None
    sums = SignUp.objects.filter(
        user__in=told.values("user"), state=Going.OUT,
        occurrence__organisation__in=told.values("organisation"),
        occurrence__starts_at__date__gte=first, occurrence__starts_at__date__lt=last,
    ).aggregate(time=Sum(_TIME))  # fmt: skip
    return people, sums["time"] or timedelta()
