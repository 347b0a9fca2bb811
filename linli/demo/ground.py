"""The invented ground: real names of towns and villages on a generated map, with grids and homes."""

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from random import Random

import shapely
from shapely.geometry import Polygon

from linli import places
from linli.demo import geography
from linli.demo.geography import Cell
from linli.demo.invented import both, table
from linli.lib import ids
from linli.places.models import VILLAGES, Kind, Place
from linli.places.tree import NewPlace, add_many

GAZETTEER = Path(places.__file__).parent / "gazetteer" / "liyang.csv"
GRIDDED = 3  # villages of each town that have grids, beside those with an estate


@dataclass
class Ground:
    """Where the demonstration happens, by code."""

    cells: dict[str, Cell]
    places: dict[str, Place] = field(default_factory=dict)

    def of_kind(self, *kinds: str) -> list[Place]:
        return [place for place in self.places.values() if place.kind in kinds]

    @property
    def villages(self) -> list[Place]:
        return self.of_kind(*VILLAGES)

    def inside(self, place: Place, *kinds: str) -> list[Place]:
        """What lies in a place, of these kinds."""
        return [p for p in self.of_kind(*kinds) if p.path.startswith(place.path)]


@cache
def gazetteer() -> tuple[NewPlace, ...]:
    """The real names and codes, the county first."""
    with GAZETTEER.open(encoding="utf-8", newline="") as file:
        return tuple(
            NewPlace(
                code=row["code"], kind=row["kind"], name=row["name"], name_en=row["name_en"],
                parent=row["parent"], gb_code=row["gb_code"],
            )
            for row in csv.DictReader(file)
        )  # fmt: skip


def lay(rng: Random, since: date) -> Ground:
    """Write all places in one go; `since` is when grids, buildings and lines begin."""
    named = gazetteer()
    border, cells = geography.county(_by_town(named), rng)
    ground = Ground(cells)
    rows = [*_named(named, cells, Cell(*_middle(border), border))]
    rows += _grids(named, ground, rng, since)
    rows += _estates(ground, since)
    rows += _lines(since)
    add_many(rows)
    _give_door_codes(rng)
    # No boundaries: the stories name places, the map of the site reads its own.
    ground.places = {p.code: p for p in Place.objects.current().with_parents().order_by("path")}
    return ground


def _by_town(named: Iterable[NewPlace]) -> dict[str, list[str]]:
    """Village codes by town, communities first: they lie around the town's seat."""
    found: dict[str, list[str]] = {}
    ranked = sorted(named, key=lambda row: (row.kind != Kind.COMMUNITY, row.code))
    for row in ranked:
        if row.kind in VILLAGES:
            found.setdefault(row.parent, []).append(row.code)
    return found


def _named(named: Iterable[NewPlace], cells: dict[str, Cell], county: Cell) -> Iterator[NewPlace]:
    for row in named:
        yield _drawn(row, county if row.kind == Kind.COUNTY else cells[row.code])


def _drawn(row: NewPlace, cell: Cell) -> NewPlace:
    outline = json.dumps(shapely.geometry.mapping(cell.area))
    return replace(row, lon=cell.lon, lat=cell.lat, boundary=outline, generated=True)


def _middle(border: Polygon) -> tuple[float, float]:
    return round(border.centroid.x, 6), round(border.centroid.y, 6)


def _grids(
    named: Iterable[NewPlace], ground: Ground, rng: Random, since: date
) -> Iterator[NewPlace]:
    pattern, ordinals = table("invented")["grid"], table("invented")["ordinals"]
    estates = {estate["village"]: estate for estate in table("invented")["estate"]}
    villages = {row.code: row for row in named if row.kind in VILLAGES}
    chosen = [code for codes in _by_town(villages.values()).values() for code in codes[:GRIDDED]]
    for code in dict.fromkeys([*estates, *chosen]):
        village = villages[code]
        parts = geography.grids(ground.cells[code], rng.choice([2, 3, 3, 4]), rng)
        for n, cell in enumerate(parts):
            zh = {"place": short(village.name), "n": ordinals[n]}
            name, name_en = both(pattern, zh, {"place": village.name_en, "n": str(n + 1)})
            if n == 0 and code in estates:
                name, name_en = estates[code]["grid"]
            ground.cells[f"{code}-g{n + 1}"] = cell
            row = NewPlace(code=f"{code}-g{n + 1}", kind=Kind.GRID, name=name, name_en=name_en,
                           parent=code, valid_from=since)  # fmt: skip
            yield _drawn(row, cell)


def short(name: str) -> str:
    """A village's name as a part of another name."""
    for ending in table("invented")["endings"]:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name


def _estates(ground: Ground, since: date) -> Iterator[NewPlace]:
    pattern = table("invented")["building"]
    for estate in table("invented")["estate"]:
        grid = f"{estate['village']}-g1"
        houses = geography.blocks(ground.cells[grid], estate["buildings"])
        for n, cell in enumerate(houses, 1):
            zh = {"estate": estate["name"], "n": str(n)}
            name, name_en = both(pattern, zh, {"estate_en": estate["name_en"], "n": str(n)})
            code = f"{estate['village']}-b{n}"
            ground.cells[code] = cell
            row = NewPlace(code=code, kind=Kind.BUILDING, name=name, name_en=name_en, parent=grid,
                           valid_from=since)  # fmt: skip
            yield _drawn(row, cell)


def _lines(since: date) -> Iterator[NewPlace]:
    county = gazetteer()[0].code
    for n, (name, name_en) in enumerate(table("invented")["lines"], 1):
        yield NewPlace(code=f"{county}-line-{n}", kind=Kind.LINE, name=name, name_en=name_en,
                       parent=county, valid_from=since, generated=True)  # fmt: skip


def _give_door_codes(rng: Random) -> None:
    """Door cards with the same codes in every demonstration of a seed: they can be named."""
    houses = list(Place.objects.current().of_kind(Kind.BUILDING).order_by("code").light())
    for house in houses:
        house.door_code = ids.word_from(rng.randbytes(16))
    Place.objects.bulk_update(houses, ["door_code"])
