"""Cases around a point or a place, for the map and the list beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import cos, radians
from typing import Any

from django.urls import reverse

from linli import playbook
from linli.cases.models import Case, State
from linli.cases.models.case import CaseQuerySet
from linli.lib import coordinates
from linli.places import locate
from linli.places.models import Place
from linli.places.search import search
from linli.web.language import lang

MOST = 60  # points on one map, rows in one list
FIRST = 12  # rows shown at once; the others unfold
KM = 2.0  # how far "near" reaches around a pin


@dataclass
class Around:
    """What the page shows: the place in the middle, its parts, and the newest cases there."""

    asked: str = ""
    place: Place | None = None
    matches: list[Place] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    areas: list[dict[str, Any]] = field(default_factory=list)
    points: list[dict[str, Any]] = field(default_factory=list)
    state: str = ""
    category: str = ""


def around(asked: Mapping[str, str]) -> Around:
    """Read the query (`where`, `place`, `lon`/`lat`, `state`, `category`) and find what is there."""
    view = Around(asked=asked.get("where", "").strip()[:80])
    view.state = asked.get("state", "") if asked.get("state") in {"open", "done"} else ""
    county = playbook.current().county
    view.category = asked.get("category", "")
    if view.category not in {c.id for c in county.categories}:
        view.category = ""
    pin = _pin(asked)
    view.place = _middle(asked, view, pin)
    rows = Case.objects.listed().with_names()
    rows = rows.within(view.place.path) if view.place and not pin else _near(rows, pin)
    if view.state:
        rows = rows.filter(closed_at__isnull=view.state == "open")
    if view.category:
        rows = rows.filter(category=view.category)
    view.cases = list(rows.order_by("-received_at")[:MOST])
    view.areas = _areas(view.place)
    view.points = [point for case in view.cases if (point := _point(case))]
    return view


def _pin(asked: Mapping[str, str]) -> tuple[float, float] | None:
    try:
        lon, lat = float(asked["lon"]), float(asked["lat"])
    except (KeyError, ValueError):
        return None
    return (lon, lat) if -180 <= lon <= 180 and -90 <= lat <= 90 else None


def _middle(
    asked: Mapping[str, str], view: Around, pin: tuple[float, float] | None
) -> Place | None:
    if asked.get("place"):
        found = Place.objects.current().filter(code=asked["place"]).first()
        if found:
            return found
    if view.asked:
        view.matches = list(search(view.asked, 6))
        if view.matches:
            return view.matches[0]
    if pin:
        return locate.locate(*pin)
    return Place.objects.current().filter(code=playbook.current().county.place).first()


def _near(rows: CaseQuerySet, pin: tuple[float, float] | None) -> CaseQuerySet:
    if pin is None:
        return rows
    lon, lat = pin
    high = KM / 110.6
    wide = KM / (111.3 * max(0.1, cos(radians(lat))))
    return rows.filter(
        lat__gte=lat - high, lat__lte=lat + high, lon__gte=lon - wide, lon__lte=lon + wide
    )


def _areas(place: Place | None) -> list[dict[str, Any]]:
    """The parts of the place in the middle, or the place itself where it has none drawn."""
    if place is None:
        return []
    parts = list(Place.objects.current().filter(parent=place).exclude(boundary=None)[:80])
    if not parts and place.parent_id:
        parts = list(
            Place.objects.current().filter(parent=place.parent_id).exclude(boundary=None)[:80]
        )
    return [
        {
            "boundary": part.boundary,
            "label": part.name_for(lang()),
            "href": f"{reverse('near')}?place={part.code}",
            "active": part.pk == place.pk,
        }
        for part in parts
    ]


def _point(case: Case) -> dict[str, Any] | None:
    """A case's dot: snapped to 100 m, or its village's middle where the topic is sensitive (R61)."""
    lon, lat = case.lon, case.lat
    sensitive = playbook.current().county.category(case.category).sensitive
    if lon is None or lat is None or sensitive:
        lon, lat = case.place.lon, case.place.lat
    if lon is None or lat is None:
        return None
    lon, lat = coordinates.snap(lon, lat, 100)
    return {
        "lon": lon,
        "lat": lat,
        "label": playbook.current().county.category(case.category).name.text(lang()),
        "href": reverse("case", args=[case.number]),
        "tone": "late" if case.is_late else "ok" if case.state == State.CONFIRMED else "",
    }
