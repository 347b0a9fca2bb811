"""A small invented county for the tests of this floor."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from linli.places import tree
from linli.places.models import Place

TODAY = datetime(2026, 3, 1, 4, tzinfo=UTC)


@dataclass
class Ground:
    county: Place
    north: Place
    south: Place
    hill: Place
    lake: Place
    mill: Place
    grid: Place
    house: Place

    def fresh(self, name: str) -> Place:
        return Place.objects.get(pk=getattr(self, name).pk)


def ground(valid_from: date | None = None) -> Ground:
    """county > north, south > hill (north), lake (north), mill (south) > grid (hill) > house."""
    county = tree.add(code="99", kind="county", name="云川市", name_en="Yunchuan City",
                      valid_from=valid_from)  # fmt: skip
    north = tree.add(code="9901", kind="town", name="北桥镇", name_en="Beiqiao Town", parent=county)
    south = tree.add(code="9902", kind="town", name="南街街道", name_en="Nanjie Subdistrict",
                     parent=county)  # fmt: skip
    hill = tree.add(code="9901201", kind="village", name="青山村", name_en="Qingshan Village",
                    parent=north)  # fmt: skip
    lake = tree.add(code="9901202", kind="village", name="长湖村", parent=north)
    mill = tree.add(code="9902001", kind="community", name="磨坊社区", parent=south)
    grid = tree.add(code="9901201-g1", kind="grid", name="青山一网格", parent=hill)
    house = tree.add(code="9901201-g1-7", kind="building", name="7号楼", parent=grid)
    return Ground(county, north, south, hill, lake, mill, grid, house)


def square(west: float, south: float, size: float = 1.0) -> str:
    east, north = west + size, south + size
    return (
        '{"type":"Polygon","coordinates":[['
        f"[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]]}}"
    )
