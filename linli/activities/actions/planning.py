"""Planning, moving and cancelling; a series makes its occurrences ahead by itself."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from linli import playbook
from linli.activities.actions import rounds, standing
from linli.activities.actions.core import tell
from linli.activities.models import Home, Occurrence, Seat, Series, SeriesPlace
from linli.activities.models.occurrence import State
from linli.activities.policies import (
    check,
    check_can_plan,
    check_is_open,
    check_public_words,
)
from linli.activities.recurrence import begins_at, check_rule, slots
from linli.journal.record import record
from linli.lib import clock
from linli.lib.workdays import Span
from linli.people.actors import SYSTEM, Actor
from linli.people.models import Organisation, User
from linli.people.policies import Denied
from linli.places.models import Place
from linli.playbook.base import LEVEL_OF_PLACE
from linli.playbook.schema import ActivityKind

AHEAD: Final = timedelta(days=62)  # a series is there for two months to come
LONGEST: Final = timedelta(days=3)
_MINUTES: Final = {"minutes": 1, "hours": 60, "days": 1440, "workdays": 1440}

Numbers = Mapping[str, Mapping[str, int]]  # role id -> {"seats": n, "standby": n}


@transaction.atomic
def plan_occurrence(
    *,
    kind: str,
    organisation: Organisation,
    place: Place,
    starts_at: datetime,
    by: Actor,
    ends_at: datetime | None = None,
    title: str = "",
    spot: str = "",
    note: str = "",
    seats: Numbers | None = None,
    organiser: User | None = None,
    public: bool | None = None,
    stops: Sequence[Place | Home] = (),
    case_number: str = "",
) -> Occurrence:
    """Plan one time and place. Seats that are not given are the playbook's.

    Raises Denied with a sentence: the body does not hold this, the place is of another level, it
    lies in the past, or a home cannot be visited then.
    """
    rule = rule_of(kind)
    check_can_plan(rule, organisation, place, by)
    check_place(rule, place)
    if starts_at <= clock.now():
        raise Denied(_("It has to be planned before it begins."))
    if case_number and not rule.answers:
        raise Denied(_("This is no answer to a matter."))
    occurrence = _create(
        rule,
        organisation=organisation,
        place=place,
        starts_at=starts_at,
        ends_at=ends_at or starts_at + length_of(rule.lasts),
        seats=seats or {},
        title=_words(title, 80),
        spot=_words(spot, 120),
        note=_words(note, 400),
        organiser=organiser or by.user,
        is_public=rule.public if public is None else public and rule.public,
        case_number=case_number,
    )
    rounds.add_stops(occurrence, stops, by=by)
    tell(occurrence, "activity.planned", by=by, facts={"starts": starts_at.isoformat()})
    return occurrence


@transaction.atomic
def plan_series(
    *,
    kind: str,
    organisation: Organisation,
    place: Place,
    rrule: str,
    first_on: date,
    begins: time,
    by: Actor,
    minutes: int | None = None,
    last_on: date | None = None,
    days: str | None = None,
    title: str = "",
    spot: str = "",
    note: str = "",
    seats: Numbers | None = None,
    organiser: User | None = None,
    turns: Sequence[tuple[Place, str]] = (),
) -> Series:
    """Plan something that comes back; its occurrences of the next two months are made at once.

    `turns` are places, each with its spot, that it visits one after the other. Raises Denied.
    """
    rule = rule_of(kind)
    check_can_plan(rule, organisation, place, by)
    for stop, _spot in turns or [(place, "")]:
        check_place(rule, stop)
        if not stop.path.startswith(place.path):
            raise Denied(_("%(place)s lies outside.") % {"place": stop.name})
    if rule.stops == "homes":
        raise Denied(_("Rounds to homes are planned one by one, with the homes that agreed."))
    series = Series.objects.create(
        kind=kind,
        organisation=organisation,
        place=place,
        place_path=place.path,
        title=_words(title, 80),
        spot=_words(spot, 120),
        note=_words(note, 400),
        rrule=check_rule(rrule),
        days=days or rule.days,
        first_on=first_on,
        last_on=last_on,
        begins=begins,
        minutes=minutes or int(length_of(rule.lasts).total_seconds() // 60),
        seats={name: dict(numbers) for name, numbers in (seats or {}).items()},
        organiser=organiser or by.user,
    )
    SeriesPlace.objects.bulk_create(
        SeriesPlace(series=series, order=n, place=stop, spot=_words(words, 120))
        for n, (stop, words) in enumerate(turns)
    )
    record(
        "activity.series_planned", on=series, by=by, place=place.path, org=str(organisation.pk),
        method=kind, facts={"rule": series.rrule, "days": series.days},
    )  # fmt: skip
    extend(series)
    return series


def extend(series: Series) -> int:
    """Make the occurrences of the next two months that are not there yet; how many were made.

    Safe to run twice and by two workers: whoever moves `made_until` makes them, and the database
    knows each slot once.
    """
    target = clock.today() + AHEAD
    with transaction.atomic():
        rows = Series.objects.filter(pk=series.pk, ended_at=None, made_until=series.made_until)
        if not rows.update(made_until=target):
            return 0
        start = max(series.made_until + timedelta(days=1) if series.made_until else series.first_on,
                    series.first_on)  # fmt: skip
        made = _make(series, start, target)
        series.made_until = target
    return len(made)


def _make(series: Series, start: date, end: date) -> list[Occurrence]:
    rule, made = rule_of(series.kind), []
    turns = list(series.turns.select_related("place").order_by("order"))
    for slot in slots(series, start, end):
        starts_at = begins_at(series, slot.day)
        if starts_at <= clock.now():
            continue
        turn = turns[slot.number % len(turns)] if turns else None
        occurrence = _create(
            rule,
            series=series,
            slot=slot.slot,
            organisation=series.organisation,
            place=turn.place if turn else series.place,
            spot=(turn.spot if turn else "") or series.spot,
            title=series.title,
            note=series.note,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=series.minutes),
            seats=series.seats,
            organiser=series.organiser,
            is_public=rule.public,
        )
        tell(occurrence, "activity.planned", by=SYSTEM, facts={
            "series": str(series.pk), "starts": starts_at.isoformat(),
        })  # fmt: skip
        standing.fill(occurrence)
        made.append(occurrence)
    return made


def extend_all() -> int:
    """What time does by itself: every running series reaches two months ahead."""
    behind = Series.objects.filter(ended_at=None).filter(
        Q(made_until=None) | Q(made_until__lt=clock.today() + AHEAD)
    )
    known = playbook.current().activities
    rows = behind.exclude(last_on__lt=F("made_until")).select_related("organisation", "place")
    return sum(extend(series) for series in rows if series.kind in known)


@transaction.atomic
def move_occurrence(
    occurrence: Occurrence,
    *,
    starts_at: datetime,
    reason: str,
    by: Actor,
    ends_at: datetime | None = None,
    place: Place | None = None,
    spot: str | None = None,
) -> None:
    """Move it to another time or place. Everybody who signed up is told; calendars follow."""
    check_is_open(occurrence)
    check("activity.create", by, occurrence)
    if starts_at <= clock.now():
        raise Denied(_("It can only be moved to a time that is still to come."))
    clean = check_public_words(reason, _("why it is moved"))
    changes = _time(starts_at, ends_at or starts_at + (occurrence.ends_at - occurrence.starts_at))
    if place is not None:
        check_place(occurrence.rule, place)
        changes |= _where(place)
    if spot is not None:
        changes["spot"] = _words(spot, 120)
    before = occurrence.starts_at.isoformat()
    _win(occurrence, reason=clean, **changes)
    rounds.moved(occurrence)
    tell(occurrence, "activity.moved", by=by, facts={
        "from": before, "to": starts_at.isoformat(), "sequence": occurrence.sequence,
    })  # fmt: skip


@transaction.atomic
def cancel(occurrence: Occurrence, *, reason: str, by: Actor) -> None:
    """Cancel it. It stays visible with the reason, and those who signed up are told."""
    check_is_open(occurrence)
    check("activity.create", by, occurrence)
    clean = check_public_words(reason, _("why it is cancelled"))
    _win(occurrence, reason=clean, state=State.CANCELLED, closed_at=clock.now())
    rounds.freed(occurrence)
    tell(occurrence, "activity.cancelled", by=by, facts={"sequence": occurrence.sequence})


@transaction.atomic
def end_series(series: Series, *, reason: str, by: Actor) -> int:
    """No more of it: what was still planned is cancelled with the reason; how many that were."""
    clean = check_public_words(reason, _("why it ends"))
    check_can_plan(rule_of(series.kind), series.organisation, series.place, by, series)
    if not Series.objects.filter(pk=series.pk, ended_at=None).update(ended_at=clock.now()):
        raise Denied(_("This series has ended already."))
    coming = series.occurrences.filter(state=State.PLANNED, starts_at__gt=clock.now())
    rows = list(coming.select_related("organisation"))
    for occurrence in rows:
        cancel(occurrence, reason=clean, by=by)
    record("activity.series_ended", on=series, by=by, place=series.place_path,
           org=str(series.organisation_id), method=series.kind)  # fmt: skip
    return len(rows)


def rule_of(kind: str) -> ActivityKind:
    """The kind in the playbook; Denied in words if there is none."""
    rule = playbook.current().activities.get(kind)
    if rule is None:
        raise Denied(_("There is no activity called “%(kind)s”.") % {"kind": kind[:40]})
    return rule


def check_place(rule: ActivityKind, place: Place) -> None:
    """Whether this kind happens at places of this level; rounds also at the county they cross."""
    if LEVEL_OF_PLACE[place.kind] != rule.at:
        raise Denied(_("“%(place)s” is not a place for this.") % {"place": place.name})


def length_of(span: Span) -> timedelta:
    """How long something that the playbook says takes, by the clock."""
    return timedelta(minutes=span.amount * _MINUTES[span.unit])


def _create(rule: ActivityKind, *, seats: Numbers, place: Place, **values: Any) -> Occurrence:
    times = _time(values.pop("starts_at"), values.pop("ends_at"))
    occurrence = Occurrence.objects.create(
        kind=rule.id, playbook=playbook.current().version, **_where(place), **times, **values
    )
    unknown = set(seats) - {role.id for role in rule.roles}
    if unknown:
        raise Denied(_("There is no role “%(role)s” here.") % {"role": min(unknown)[:40]})
    rows = []
    for role in rule.roles:
        given = {"seats": role.seats, "standby": role.standby, **seats.get(role.id, {})}
        if not 1 <= given["seats"] <= 500 or not 0 <= given["standby"] <= 200:
            raise Denied(_("A role has 1 to 500 seats, and a waiting list of at most 200."))
        rows.append(Seat(occurrence=occurrence, role=role.id, **given))
    Seat.objects.bulk_create(rows)
    return occurrence


def _time(starts_at: datetime, ends_at: datetime) -> dict[str, Any]:
    if not timedelta() < ends_at - starts_at <= LONGEST:
        raise Denied(_("It has to end after it begins, within three days."))
    return {"starts_at": starts_at, "ends_at": ends_at}


def _where(place: Place) -> dict[str, Any]:
    return {"place": place, "place_path": place.path, "lon": place.lon, "lat": place.lat}


def _words(words: str, most: int) -> str:
    return check_public_words(words, "", most=most) if words.strip() else ""


def _win(occurrence: Occurrence, **changes: Any) -> None:
    """Change it if nobody was faster: one guarded UPDATE, which also counts the change."""
    rows = Occurrence.objects.filter(
        pk=occurrence.pk, state=State.PLANNED, sequence=occurrence.sequence
    )
    if not rows.update(sequence=F("sequence") + 1, changed_at=clock.now(), **changes):
        raise Denied(_("Someone else has just changed this. Look at it again before you go on."))
    occurrence.refresh_from_db()
