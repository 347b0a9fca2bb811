"""What somebody does on a day: their occurrences and the stops of their rounds."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from linli.activities import homes
from linli.activities.models import Occurrence, SignUp, Stop
from linli.activities.models.people import Going
from linli.activities.policies import tie
from linli.lib import ids
from linli.people.actors import Actor
from linli.web.language import lang


@dataclass(frozen=True)
class TaskStop:
    """One stop: of a home the label it agreed to and no more."""

    id: int
    order: int
    label: str
    place_name: str
    lon: float | None
    lat: float | None
    is_home: bool
    way: str = ""
    planned_at: str = ""
    last_visit: date | None = None
    promise: date | None = None  # by then somebody comes back
    outcome: str = ""  # noted already


@dataclass(frozen=True)
class Task:
    """One thing to do today."""

    uid: UUID
    kind: str
    name: str
    place_name: str
    spot: str
    lon: float | None
    lat: float | None
    starts: datetime
    ends: datetime
    state: str
    offline: bool
    role: str = ""
    role_name: str = ""
    sign_up: int | None = None
    sign_up_state: str = ""
    keeps_list: bool = False
    stops: list[TaskStop] = field(default_factory=list)

    @property
    def open_stops(self) -> list[TaskStop]:
        """The stops that nothing is noted of."""
        return [stop for stop in self.stops if not stop.outcome]


def of(actor: Actor, day: date) -> list[Task]:
    """What this person does on that day, the earliest first; cancelled ones say so.

    Signed up with a seat, or named as the organiser. Reading the label of a home is noted once a
    day in the log that the household can ask for.
    """
    if actor.user is None:
        return []
    mine = {
        row.occurrence_id: row
        for row in SignUp.objects.filter(user=actor.user, occurrence__in=_on(day))
        .exclude(state__in=[Going.WITHDRAWN, Going.STANDBY])
        .select_related("seat")
    }
    named = set(_on(day).filter(organiser=actor.user).values_list("pk", flat=True))
    rows = (
        Occurrence.objects.filter(pk__in={*mine, *named})
        .with_names()
        .prefetch_related("stops__place", "stops__home")
        .order_by("starts_at", "pk")
    )
    return [_task(row, mine.get(row.pk), actor, day) for row in rows]


def _on(day: date) -> Any:
    return Occurrence.objects.on(day)


def _task(row: Occurrence, mine: SignUp | None, actor: Actor, day: date) -> Task:
    rule = row.rule
    role = rule.role(mine.seat.role) if mine else None
    stand = tie(actor, row)
    stops = row.stops.all() if stand.assigned or stand.in_scope else []
    visits = role is not None and role.leads  # only who goes there learns what a home is called
    return Task(
        uid=row.uid,
        kind=row.kind,
        name=row.name_for(lang()),
        place_name=row.place.name_for(lang()),
        spot=row.spot,
        lon=row.lon,
        lat=row.lat,
        starts=row.starts_at,
        ends=row.ends_at,
        state=row.state,
        offline=rule.offline,
        role=role.id if role else "",
        role_name=role.name.text(lang()) if role else "",
        sign_up=mine.pk if mine else None,
        sign_up_state=mine.state if mine else "",
        keeps_list=stand.assigned,
        stops=[as_stop(one, actor, day, visits=visits) for one in stops],
    )


def as_stop(stop: Stop, actor: Actor, day: date, *, visits: bool) -> TaskStop:
    """One stop as this person sees it; only who visits learns what a home is called."""
    at = stop.planned_at.strftime("%H:%M") if stop.planned_at else ""
    if stop.home is None:
        place = stop.place
        return TaskStop(
            stop.pk, stop.order, place.name_for(lang()), place.name_for(lang()), place.lon,
            place.lat, False, planned_at=at, outcome=stop.outcome,
        )  # fmt: skip
    number = ids.pretty_number(stop.home.number)
    card = homes.card(stop.home, by=actor, day=day) if visits else homes.Card(number, "")
    return TaskStop(
        stop.pk, stop.order, card.label, stop.place.name_for(lang()), None, None, True,
        way=card.way, planned_at=at, last_visit=stop.home.last_visit_on,
        promise=stop.home.promised_for, outcome=stop.outcome,
    )  # fmt: skip
