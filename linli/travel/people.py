"""Who is on the way: counts of people, households or firms at places, never a list of homes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
from django.db.models import Max

from linli.coverage.models import Tally, What
from linli.places.models import Kind, Place

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class People:
    """Places with how many live or work there; NaN coordinates where nobody said where it is."""

    what: str
    as_of: date
    sources: tuple[str, ...]
    places: tuple[Place, ...]
    towns: tuple[str, ...]  # the code of each place's town
    lon: Floats
    lat: Floats
    number: Floats

    def __len__(self) -> int:
        return len(self.places)


def kinds() -> list[What]:
    """What there are counts of."""
    there = set(Tally.objects.order_by().values_list("what", flat=True).distinct())
    return [what for what in What if what in there]


def of(what: str) -> People:
    """The newest counts of each place that stands today, by code."""
    newest = {
        place: (day, number, source)
        for place, day, number, source in Tally.objects.filter(what=what)
        .order_by("as_of").values_list("place_id", "as_of", "number", "source")
    }  # fmt: skip
    rows = Place.objects.current().light().filter(pk__in=newest).order_by("code")
    places = tuple(row for row in rows if newest[row.pk][1])
    chosen = [newest[place.pk] for place in places]
    return People(
        what,
        max((day for day, _number, _source in chosen), default=date.min),
        tuple(sorted({source for _day, _number, source in chosen})),
        places,
        tuple(_town(place) for place in places),
        _column(place.lon for place in places),
        _column(place.lat for place in places),
        np.array([number for _day, number, _source in chosen], float),
    )


def _town(place: Place) -> str:
    codes = place.codes
    return codes[1] if len(codes) > 1 else codes[0]


def _column(values: Iterable[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], float)


def stamp(what: str) -> tuple[date | None, int]:
    """Changes when a count does."""
    rows = Tally.objects.filter(what=what)
    found = rows.aggregate(day=Max("as_of"), last=Max("pk"))
    return found["day"], found["last"] or 0


def towns() -> list[Place]:
    """The towns, with their outlines."""
    return list(Place.objects.current().of_kind(Kind.TOWN).order_by("code"))
