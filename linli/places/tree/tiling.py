"""Do the parts of a place fill it, once each? Grids should tile their village."""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _

from linli.lib.coordinates import EARTH_RADIUS_M
from linli.places.models import Kind, Place

# Neighbours drawn by hand never meet exactly: what is thinner than this part of the smaller one
# is a wobbling line, not an overlap.
TOLERANCE = 0.001


@dataclass(frozen=True)
class Tiling:
    """How the drawn parts of a place fill it. Areas are square metres."""

    place: Place
    parts: int
    area_m2: float
    overlaps: list[tuple[str, str, float]] = field(default_factory=list)  # code, code, area
    uncovered: float = 0.0  # share of the place that lies in no part, 0 to 1
    outside: list[tuple[str, float]] = field(default_factory=list)  # code, share outside the place

    @property
    def is_sound(self) -> bool:
        return not self.overlaps and not self.outside and self.uncovered <= TOLERANCE

    def sentences(self) -> list[str]:
        """What is wrong, in the language of the reader."""
        name = str(self.place)
        said = [
            _("%(a)s and %(b)s in %(place)s overlap by %(area)s m².")
            % {"a": a, "b": b, "place": name, "area": f"{area:,.0f}"}
            for a, b, area in self.overlaps
        ]
        said += [
            _("%(share)s %% of %(code)s lies outside %(place)s.")
            % {"share": f"{100 * share:.1f}", "code": code, "place": name}
            for code, share in self.outside
        ]
        if self.uncovered > TOLERANCE:
            said.append(
                _("%(share)s %% of %(place)s lies in none of its parts.")
                % {"share": f"{100 * self.uncovered:.1f}", "place": name}
            )
        return said


def check_tiling(place: Place) -> Tiling | None:
    """Compare a place with the boundaries of its current parts; None if nothing can be compared.

    A part that has no boundary counts as uncovered; a place without one has no share to state.
    """
    parts = list(
        Place.objects.current()
        .filter(parent=place)
        .exclude(boundary=None)
        .exclude(kind__in=[Kind.LINE, Kind.BUILDING])
        .order_by("code")
    )
    if not parts:
        return None
    lat = float(np.mean(shapely.get_y(shapely.centroid([_read(part) for part in parts]))))
    shapes = [_flat(part, lat) for part in parts]
    whole = _flat(place, lat) if place.boundary else None
    return Tiling(
        place=place,
        parts=len(parts),
        area_m2=float(shapely.area(whole)) if whole is not None else 0.0,
        overlaps=_overlaps(parts, shapes),
        uncovered=_uncovered(whole, shapes),
        outside=_outside(whole, parts, shapes),
    )


def _read(place: Place) -> Any:
    return shapely.from_geojson(place.boundary)


def _flat(place: Place, lat: float) -> Any:
    """The boundary in metres; one latitude for all, so that neighbours still meet."""
    metre = math.radians(1) * EARTH_RADIUS_M
    scale = (metre * math.cos(math.radians(lat)), metre)
    return shapely.transform(_read(place), lambda corners: corners * scale)


def _overlaps(parts: list[Place], shapes: list[Any]) -> list[tuple[str, str, float]]:
    found = []
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    for a, b in zip(left, right, strict=True):
        if a >= b:
            continue
        area = float(shapely.area(shapely.intersection(shapes[a], shapes[b])))
        if area > TOLERANCE * min(shapely.area(shapes[a]), shapely.area(shapes[b])):
            found.append((parts[a].code, parts[b].code, area))
    return sorted(found)


def _uncovered(whole: Any, shapes: list[Any]) -> float:
    if whole is None:
        return 0.0
    rest = shapely.difference(whole, shapely.union_all(shapes))
    return float(shapely.area(rest) / shapely.area(whole))


def _outside(whole: Any, parts: list[Place], shapes: list[Any]) -> list[tuple[str, float]]:
    if whole is None:
        return []
    shares = [
        (part.code, float(shapely.area(shapely.difference(shape, whole)) / shapely.area(shape)))
        for part, shape in zip(parts, shapes, strict=True)
    ]
    return [(code, share) for code, share in shares if share > TOLERANCE]
