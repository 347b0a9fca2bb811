"""Cases around a point or in a place, for the map and the list beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse

from linli import playbook
from linli.cases import finding, listing, naming
from linli.cases.dots import CELLS, Point, cell, cell_mark
from linli.cases.finding import Row, Wanted
from linli.lib import coordinates
from linli.places import locate
from linli.places.models import Kind, Place
from linli.places.search import search
from linli.web.language import lang

MOST = 36  # points on one map, rows in one list
FIRST = 12  # rows shown at once; the others unfold
ENOUGH = 12  # around a pin: with fewer, we look further


@dataclass
class Around:
    """What the page shows: the place in the middle, its parts, and the newest cases there."""

    asked: str = ""
    place: Place | None = None
    matches: list[Place] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    areas: list[dict[str, Any]] = field(default_factory=list)
    points: list[dict[str, Any]] = field(default_factory=list)
    state: str = ""
    category: str = ""


def around(asked: Mapping[str, str]) -> Around:
    """Read the query (`where`, `place`, `lon`/`lat`, `state`, `category`) and find what is there."""
    view = Around(asked=asked.get("where", "").strip()[:80])
    view.state = asked.get("state", "") if asked.get("state") in listing.STATES else ""
    county = playbook.current().county
    view.category = asked.get("category", "")
    if view.category not in {c.id for c in county.categories}:
        view.category = ""
    pin = _pin(asked)
    view.place = _middle(asked, view, pin)
    wanted = Wanted(category=view.category, state=view.state)
    if pin:
        rows = beside(pin, wanted)
        view.lines = [listing.as_line(row, note=_metres(row, pin)) for row in rows]
    else:
        inside = view.place.path if view.place and view.place.kind != Kind.COUNTY else ""
        rows = finding.page(replace(wanted, path=inside), MOST).rows
        view.lines = [listing.as_line(row) for row in rows]
    view.areas = _areas(view.place)
    view.points = [point for row in rows if (point := _point(row))]
    return view


def beside(pin: Point, wanted: Wanted) -> list[Row]:
    """The newest cases in the squares around a pin, the nearest first; at most four statements.

    Small squares first, larger ones only where fewer than `ENOUGH` lie in the small.
    """
    found: list[Row] = []
    cells: tuple[str, ...] = ()
    for level in CELLS:
        x, y = cell(*pin, level)
        cells = tuple(
            cell_mark(level, x + right, y + up) for right in (-1, 0, 1) for up in (-1, 0, 1)
        )
        found = finding.hits(replace(wanted, cells=cells), MOST).rows
        if len(found) >= ENOUGH:
            break
    fresh = finding.unread(replace(wanted, cells=cells))
    near_first = sorted([*fresh, *found], key=lambda row: _distance(row, pin))
    return near_first[:MOST]


def _distance(row: Row, pin: Point) -> float:
    return coordinates.distance_m(*pin, *(row.point or pin))


def _metres(row: Row, pin: Point) -> str:
    """How far it is, as coarse as the dot: "200 m", "1.4 km"."""
    metres = _distance(row, pin)
    return f"{max(1, round(metres / 100)) * 100} m" if metres < 950 else f"{metres / 1000:.1f} km"


def _pin(asked: Mapping[str, str]) -> Point | None:
    try:
        lon, lat = float(asked["lon"]), float(asked["lat"])
    except (KeyError, ValueError):
        return None
    return (lon, lat) if -180 <= lon <= 180 and -90 <= lat <= 90 else None


def _middle(asked: Mapping[str, str], view: Around, pin: Point | None) -> Place | None:
    if asked.get("place"):
        found = Place.objects.current().filter(code=asked["place"][:40]).first()
        if found:
            return found
    if view.asked:
        view.matches = list(search(view.asked, 6))
        if view.matches:
            return view.matches[0]
    if pin:
        return locate.locate(*pin)
    return Place.objects.current().filter(code=playbook.current().county.place).first()


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


def _point(row: Row) -> dict[str, Any] | None:
    """A case's dot: snapped to 100 m, or its village's middle where the topic is sensitive (R61)."""
    point = row.point
    if point is None:
        return None
    return {
        "lon": point[0],
        "lat": point[1],
        "label": naming.topic(row.category),
        "href": reverse("case", args=[row.number]),
        "tone": "late" if row.is_late else "ok" if row.state == "confirmed" else "",
    }
