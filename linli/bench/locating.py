"""Runs in a process of its own: how long it takes to find the place of a point, and of many."""

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
django.setup()

from linli.places import locate  # noqa: E402
from linli.places.models import Place  # noqa: E402

Point = tuple[float, float]


def main() -> None:
    """Print as JSON: µs for one point (to the id, and to the whole place), seconds for many."""
    single, many = map(int, sys.argv[1:3])
    rows = Place.objects.current().values_list("lon", "lat")[:20_000]
    houses = [(lon, lat) for lon, lat in rows if lon is not None and lat is not None]
    draw = random.Random(1)
    points = [
        (lon + draw.uniform(-0.002, 0.002), lat + draw.uniform(-0.002, 0.002))
        for lon, lat in draw.choices(houses, k=many)
    ]
    began = time.perf_counter()
    locate.locate_many(points[:1])
    loading = time.perf_counter() - began
    found: list[int | None] = []
    times, cpu = [], []
    for _again in range(3):
        began, spent = time.perf_counter(), time.process_time()
        found = locate.locate_many(points)
        times.append(time.perf_counter() - began)
        cpu.append(time.process_time() - spent)
    print(json.dumps({
        "places": Place.objects.current().exclude(boundary=None).count(), "points": many,
        "inside": sum(place is not None for place in found), "loading_s": round(loading, 2),
        "many_s": round(statistics.median(times), 2), "many_cpu_s": round(statistics.median(cpu), 2),
        "one_id_us": _one(lambda point: locate.locate_many([point]), points[:single]),
        "one_place_us": _one(lambda point: locate.locate(*point), points[:single]),
    }))  # fmt: skip


def _one(ask: Callable[[Point], object], points: list[Point]) -> float:
    """The median of single questions, in microseconds."""
    times = []
    for point in points:
        began = time.perf_counter_ns()
        ask(point)
        times.append(time.perf_counter_ns() - began)
    return round(statistics.median(times) / 1000, 1)


if __name__ == "__main__":
    main()
