"""Answers in words and rows: what the pages and files say."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.coverage.models import What
from linli.reach.coverage import Coverage
from linli.reach.modes import WALKING
from linli.reach.snapping import SNAP
from linli.travel import people
from linli.travel.answers import Answer, Band
from linli.travel.questions import HOURS, MODES
from linli.web.dates import day, day_and_time
from linli.web.language import lang

PAGE: Final = 50
NAMES: Final = {
    "uncovered": gettext_lazy("further away"),
    "unknown": gettext_lazy("not known"),
    "covered": gettext_lazy("within"),
}
_TONES: Final = {"uncovered": "late", "unknown": "warn", "covered": "ok"}
HEADER: Final = ["place", "name", "town", "number", "minutes", "band", "nearest"]


@dataclass(frozen=True)
class Row:
    """One place: how many, how long, and to which facility."""

    name: str
    people: int
    minutes: int | None  # None: no road is known, or none leads there
    nearest: str
    band: Band

    @property
    def tone(self) -> str:
        return _TONES[self.band]


def rows(found: Answer, band: Band, town: str, begin: int) -> tuple[list[Row], int]:
    """Places of a band, those with most people first; and how many there are."""
    chosen = found.chosen(band)
    if town:
        chosen = chosen & np.array([code == town for code in found.people.towns])
    numbers = np.flatnonzero(chosen)
    order = numbers[np.argsort(-found.people.number[numbers], kind="stable")]
    return [row(found, int(n)) for n in order[begin : begin + PAGE]], len(order)


def row(found: Answer, number: int) -> Row:
    """One place in words."""
    minutes = found.minutes[number]
    nearest = int(found.nearest.facility[number])
    return Row(
        found.people.places[number].name_for(lang()), int(found.people.number[number]),
        round(minutes) if np.isfinite(minutes) else None,
        found.sites[nearest].name if nearest >= 0 else "", found.band(number),
    )  # fmt: skip


def by_town(found: Answer) -> list[tuple[str, str, Coverage]]:
    """(code, name, count) of every town with people in it, least covered first."""
    names = {town.code: town.name_for(lang()) for town in people.towns()}
    there = [code for code in names if code in set(found.people.towns)]
    counts = [(code, names[code], found.of_town(code)) for code in there]
    return sorted(counts, key=lambda one: (one[2].share is None, one[2].share or 0, one[0]))


def stands_on(found: Answer) -> list[tuple[str, Any]]:
    """Everything the figure depends on: a share without it says nothing."""
    question, timetable = found.question, found.way.timetable
    hour = str(HOURS.get(question.hour, ""))
    if question.when and question.hour != "any":
        hour = f"{hour} ({day_and_time(question.when)})" if hour else day_and_time(question.when)
    return [
        (_("How"), MODES[question.mode]),
        (_("When"), hour),
        (_("Who is counted"), _("%(what)s, by place, on %(day)s") % {
            "what": What(question.what).label, "day": day(found.people.as_of)}),
        (_("Source of the count"), "; ".join(found.people.sources)),
        (_("Roads"), found.way.roads.source),
        (_("Timetable"), timetable and _("%(source)s, from %(first)s to %(last)s") % {
            "source": timetable.source, "first": day(timetable.first_on),
            "last": day(timetable.last_on)}),
        (_("By bus"), timetable and _(
            "the shortest way from door to door that is there in the half hour before; at the stop "
            "a minute before it leaves; changes of at most ten minutes on foot; whoever is sooner "
            "on foot walks")),
        (_("From the door to the road"), _(
            "on foot, %(speed)s km/h, at most %(metres)s m; whoever has no road so near is counted "
            "as not known") % {"speed": WALKING, "metres": round(SNAP)}),
    ]  # fmt: skip


def table(found: Answer) -> Iterator[list[object]]:
    """Every place as a row of a file; minutes with one decimal, empty where there are none."""
    for n, place in enumerate(found.people.places):
        minutes = found.minutes[n]
        nearest = int(found.nearest.facility[n])
        yield [
            place.code, place.name_for(lang()), found.people.towns[n],
            int(found.people.number[n]), round(float(minutes), 1) if np.isfinite(minutes) else "",
            found.band(n), found.sites[nearest].name if nearest >= 0 else "",
        ]  # fmt: skip
