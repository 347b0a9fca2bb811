"""Where a case is drawn on a map that everybody sees, and the squares that spot lies in."""

from typing import Final

from linli import playbook
from linli.lib import coordinates
from linli.lib.terms import mark

# How fine the squares are: a degree in 2**level parts, so about 220 m, 1.7 km and 14 km a side.
CELLS: Final = (9, 6, 3)

Point = tuple[float, float]
Maybe = tuple[float | None, float | None]


def drawn_at(category: str, pin: Maybe, middle: Maybe) -> Point | None:
    """Longitude and latitude of the dot, or None where nobody knows.

    The pin snapped to 100 m; where the topic is sensitive, the middle of the place (R61).
    """
    topics = {row.id: row.sensitive for row in playbook.current().county.categories}
    for lon, lat in (middle,) if topics.get(category, True) else (pin, middle):
        if lon is not None and lat is not None:
            return coordinates.snap(lon, lat, 100)
    return None


def cells_of(point: Point | None) -> list[str]:
    """The marks of the squares that a dot lies in, the finest first."""
    return [cell_mark(level, *cell(*point, level)) for level in CELLS] if point else []


def cell(lon: float, lat: float, level: int) -> tuple[int, int]:
    """The square of the map at this level, counted from the south-west."""
    steps = 1 << level
    return int((lon + 180) * steps), int((lat + 90) * steps)


def cell_mark(level: int, x: int, y: int) -> str:
    """What the index holds for a square."""
    return mark("g", f"{level}x{x}y{y}")
