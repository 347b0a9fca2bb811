"""The week of a unit: visits, stalls, talks and classes in one calendar, and what clashes in it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from linli import playbook
from linli.activities.models import Occurrence, Seat, SignUp
from linli.activities.models.people import Going
from linli.activities.planner.ground import local
from linli.activities.planner.models import DayOff
from linli.lib import clock
from linli.people.actors import Actor
from linli.places.models import path_range
from linli.rota.model import Rules, Shift
from linli.rota.rules import Bar, clash
from linli.web.language import lang

RULES = Rules()


@dataclass
class Entry:
    """One occurrence in the calendar."""

    row: Occurrence
    name: str
    mine: bool  # of the reader's own body
    people: int = 0
    seats: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass
class Week:
    """Seven days from a Monday."""

    monday: date
    days: list[tuple[date, list[Entry]]]
    kinds: list[tuple[str, str]]  # those of the week, to choose from
    problems: int

    @property
    def before(self) -> date:
        return self.monday - timedelta(days=7)

    @property
    def after(self) -> date:
        return self.monday + timedelta(days=7)

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def of(actor: Actor, monday: date, kind: str = "") -> Week:
    """What the body holds, and for an office what is on at the places it serves."""
    rows = _rows(actor, monday)
    kinds = sorted({(row.kind, kind_name(row.kind)) for row in rows}, key=lambda pair: pair[1])
    body = actor.organisation
    entries = {
        row.pk: Entry(row, row.name_for(lang()), bool(body and row.organisation_id == body.pk))
        for row in rows
    }
    _count(entries)
    _name_clashes(entries)
    days: dict[date, list[Entry]] = {monday + timedelta(days=n): [] for n in range(7)}
    for entry in entries.values():
        if not kind or entry.row.kind == kind:
            days[local(entry.row.starts_at).date()].append(entry)
    problems = sum(1 for entry in entries.values() if entry.problems)
    return Week(monday, list(days.items()), kinds, problems)


def kind_name(kind: str) -> str:
    rule = playbook.current().activities.get(kind)
    return rule.name.text(lang()) if rule else kind


def _rows(actor: Actor, monday: date) -> list[Occurrence]:
    body = actor.organisation
    if body is None:
        return []
    mine = Q(organisation=body)
    if playbook.current().county.organisation(body.kind).territorial and actor.place_path:
        mine |= path_range(actor.place_path, "place_path") & Q(is_public=True)
    start = datetime.combine(monday, time(), clock.LOCAL)
    rows = Occurrence.objects.filter(mine, starts_at__gte=start,
                                     starts_at__lt=start + timedelta(days=7))  # fmt: skip
    return list(rows.with_names().order_by("starts_at", "pk")[:400])


def _count(entries: dict[Any, Entry]) -> None:
    for seat in Seat.objects.filter(occurrence__in=list(entries)):
        entry = entries[seat.occurrence_id]
        if any(role.id == seat.role and role.gives_time for role in entry.row.rule.roles):
            entry.people += seat.taken
            entry.seats += seat.seats


def _name_clashes(entries: dict[Any, Entry]) -> None:
    """The same spot twice at a time, and people who cannot do both."""
    open_ones = [one for one in entries.values() if one.row.state == "planned"]
    for at, one in enumerate(open_ones):
        for two in open_ones[at + 1 :]:
            if two.row.starts_at >= one.row.ends_at:
                continue
            same = (one.row.place_id, one.row.spot) == (two.row.place_id, two.row.spot)
            if same:
                said = _("At the same time at the same place: %(other)s.")
                one.problems.append(said % {"other": two.name})
                two.problems.append(said % {"other": one.name})
    _name_people(entries)


def _name_people(entries: dict[Any, Entry]) -> None:
    rows = SignUp.objects.filter(
        occurrence__in=[e.row.pk for e in entries.values() if e.row.state == "planned"],
        state=Going.GOING,
    )
    by_user: dict[Any, list[SignUp]] = defaultdict(list)
    for row in rows.select_related("user"):
        by_user[row.user_id].append(row)
    for mine in by_user.values():
        duties = [(entries[row.occurrence_id], row) for row in mine]
        for at, (one, row) in enumerate(duties):
            for two, _other in duties[at + 1 :]:
                _name_person(one, two, str(row.user))


def _name_person(one: Entry, two: Entry, name: str) -> None:
    met = clash(shift(one.row), shift(two.row), RULES)
    if met is None or not (one.mine or two.mine):
        return
    for entry, other in ((one, two), (two, one)):
        entry.problems.append(clash_words(met.bar, name, other.name))


def clash_words(bar: Bar, name: str, other: str) -> str:
    """Why somebody cannot do both, in words."""
    forms = {
        Bar.DOUBLE: _("%(name)s is expected at the same time: %(other)s."),
        Bar.REST: _("%(name)s has too little rest between this and %(other)s."),
        Bar.EVENINGS: _("%(name)s has two evening duties too close: %(other)s."),
    }
    return forms[bar] % {"name": name, "other": other}


def shift(row: Occurrence, starts_at: datetime | None = None) -> Shift:
    """An occurrence as the rules of rest see it, at its own or another time."""
    start = starts_at or row.starts_at
    length = min(row.ends_at - row.starts_at, timedelta(hours=24))
    return Shift(str(row.pk), str(row.place_id), local(start), local(start + length))


def moving(row: Occurrence, starts_at: datetime) -> list[str]:
    """What it would break to move the occurrence there: days off, rest, other duties, the spot."""
    there = shift(row, starts_at)
    ends_at = starts_at + (row.ends_at - row.starts_at)
    found = [
        _("At the same time at the same place: %(other)s.") % {"other": other.name_for(lang())}
        for other in Occurrence.objects.filter(
            place=row.place_id, spot=row.spot, state="planned", starts_at__lt=ends_at,
            ends_at__gt=starts_at,
        ).exclude(pk=row.pk)
    ]  # fmt: skip
    people = SignUp.objects.filter(occurrence=row, state=Going.GOING).select_related("user")
    users = {one.user_id: one.user for one in people}
    offs = DayOff.objects.filter(
        user__in=users, day=there.day, user__offers__organisation=row.organisation_id,
        user__offers__ended_at=None,
    )  # fmt: skip
    found += [_("%(name)s is off on that day.") % {"name": str(users[one.user_id])} for one in offs]
    others = SignUp.objects.filter(
        user__in=users, state=Going.GOING, occurrence__state="planned",
        occurrence__starts_at__gt=starts_at - timedelta(days=3),
        occurrence__starts_at__lt=starts_at + timedelta(days=3),
    ).exclude(occurrence=row).select_related("occurrence")  # fmt: skip
    for one in others:
        met = clash(there, shift(one.occurrence), RULES)
        if met:
            ours = one.occurrence.organisation_id == row.organisation_id
            other = one.occurrence.name_for(lang()) if ours else _("a duty elsewhere")
            found.append(clash_words(met.bar, str(users[one.user_id]), other))
    return found
