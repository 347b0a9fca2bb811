"""How fast the tree is with a county's worth of buildings; everything is taken back afterwards."""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, transaction

from linli.places import locate, tree
from linli.places.models import Kind, Place
from linli.places.search import search
from linli.places.tree import NewPlace

SIDE = 40  # villages in a row, of 0.01 degrees each: about a kilometre
GRIDS = 4  # a village is cut into so many strips
STEP = 0.01
WEST, SOUTH = 119.0, 31.0


def measure(buildings: int = 60_000, looks: int = 2_000) -> dict[str, Any]:
    """Load an invented county of 1,600 villages and 6,400 grids with boundaries, then ask it.

    Times in seconds (load, check), milliseconds (medians) and microseconds a point (locate_many).
    Runs in a transaction that is rolled back, so the flush to disk at its end is not in the figure.
    """
    with transaction.atomic():
        rows = list(_county(buildings))
        busy = time.process_time()
        load = _seconds(lambda: tree.add_many(rows, door_codes=True))
        busy = time.process_time() - busy
        first = _seconds(lambda: locate.locate(WEST, SOUTH))
        lots = random.Random(7)
        points = [
            (WEST + lots.random() * SIDE * STEP, SOUTH + lots.random() * SIDE * STEP)
            for _ in range(looks)
        ]
        singles = [_seconds(lambda at=at: locate.locate(*at)) for at in points]  # type: ignore[misc]
        bulk = _seconds(lambda: locate.locate_many(points * 50))
        village = Place.objects.current().of_kind(Kind.VILLAGE).order_by("code")[SIDE]
        within = [_seconds(lambda: list(Place.objects.within(village))) for _ in range(50)]
        asked = [_seconds(lambda: search("cun77")) for _ in range(20)]
        flaws = _seconds(tree.flaws)
        transaction.set_rollback(True)
    return {
        "engine": connection.vendor,
        "places": len(rows),
        "load_s": round(load, 2),
        "load_cpu_s": round(
            busy, 2
        ),  # of this process: what a machine with nothing else to do needs
        "first_locate_ms": round(1000 * first, 1),
        "locate_ms": _ms(singles),
        "locate_many_us": round(1e6 * bulk / len(points) / 50, 2),
        "within_village_ms": _ms(within),
        "search_ms": _ms(asked),
        "check_s": round(flaws, 2),
    }


def _seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _ms(times: list[float]) -> float:
    return round(1000 * statistics.median(times), 3)


def _square(west: float, south: float, wide: float, high: float) -> str:
    east, north = west + wide, south + high
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    ring = ",".join(f"[{x:.6f},{y:.6f}]" for x, y in corners)
    return f'{{"type":"Polygon","coordinates":[[{ring}]]}}'


def _county(buildings: int) -> Iterator[NewPlace]:
    yield NewPlace(code="m", kind=Kind.COUNTY, name="m", generated=True)
    grids = []
    for x in range(SIDE):
        yield NewPlace(code=f"m{x}", kind=Kind.TOWN, name=f"m{x}", parent="m", generated=True)
        for y in range(SIDE):
            code, west, south = f"m{x}-{y}", WEST + x * STEP, SOUTH + y * STEP
            yield NewPlace(code=code, kind=Kind.VILLAGE, name=f"cun{x}{y}", parent=f"m{x}",
                           boundary=_square(west, south, STEP, STEP), generated=True)  # fmt: skip
            for n in range(GRIDS):
                at = west + n * STEP / GRIDS
                grids.append((f"{code}-{n}", at, south))
                yield NewPlace(code=f"{code}-{n}", kind=Kind.GRID, name=f"grid {n}", parent=code,
                               boundary=_square(at, south, STEP / GRIDS, STEP),
                               generated=True)  # fmt: skip
    for n in range(buildings):
        grid, west, south = grids[n % len(grids)]
        yield NewPlace(code=f"{grid}-b{n}", kind=Kind.BUILDING, name=f"{n}", parent=grid,
                       lon=west + STEP / GRIDS / 2, lat=south + STEP / 2,
                       generated=True)  # fmt: skip
