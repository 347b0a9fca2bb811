"""What an answer costs, beside SciPy, shapely or the least any program could do, in one run.

Processor seconds, not seconds on the wall: other programs on the machine then matter less. The
least of several passes is taken for both sides.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from linli.reach import made_up
from linli.reach.compiled import kernel
from linli.reach.engines import engine
from linli.reach.gains import gains, nobody
from linli.reach.hierarchy import order_of
from linli.reach.network import Network, rows
from linli.reach.raster import LabelRaster
from linli.reach.seeds import Seeds
from linli.reach.siting.models import solve

Row = dict[str, Any]
Ints = npt.NDArray[np.int32]
LIMIT = 18_000  # thirty minutes
SCIPY_SOURCES = 10  # of a table: SciPy's time for these is scaled up


def least(work: Callable[[], object], passes: int) -> float:
    """Milliseconds of processor time of the quickest pass, after one to warm up."""
    work()
    found = []
    for _pass in range(passes):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return 1000 * min(found)


def nearest(side: int, missing: float) -> Row:
    """Nearest of nine for every node, SciPy's time, and one pass over the arcs."""
    network, fast, back = _ready(side, missing)
    seeds = Seeds.at_nodes(_some(network, 9))
    ours = least(lambda: fast.nearest(seeds), 30)
    scipy = least(lambda: dijkstra(back, indices=seeds.node, min_only=True), 5)
    time_, _who = fast.nearest(seeds)
    same = np.array_equal(time_, dijkstra(back, indices=seeds.node, min_only=True))
    floor = _one_pass(network, seeds, time_)
    return {
        "what": "nearest of 9", "nodes": network.size, "arcs": len(network.head),
        "engine": fast.name, "ms": round(ours, 2), "scipy_ms": round(scipy, 2),
        "one_pass_ms": round(floor, 2), "times_scipy": round(scipy / ours, 1),
        "of_one_pass": round(ours / floor, 2), "same": bool(same),
    }  # fmt: skip


def table(side: int, missing: float, block: int = made_up.METRES) -> Row:
    """500 sites to all nodes within thirty minutes, and to 20,000; then what one more site adds.

    SciPy stops where the thirty minutes end, the sweep never does: the more is in reach, the more
    is gained.
    """
    network, fast, back = _ready(side, missing, block)
    sites, every = Seeds.at_nodes(_some(network, 500)), np.arange(network.size, dtype=np.int32)
    homes = np.sort(_some(network, min(20_000, network.size)))
    ours = least(lambda: fast.table(sites, every, LIMIT), 3)
    few = least(lambda: fast.table(sites, homes, LIMIT), 5)
    asked = sites.node[:SCIPY_SOURCES]
    scipy = least(lambda: dijkstra(back, indices=asked, limit=LIMIT), 1) * 500 / SCIPY_SOURCES
    kept = fast.table(sites, homes, LIMIT)
    oracle = dijkstra(back, indices=asked, limit=LIMIT)[:, homes].T
    mine = kept.dense()[:, :SCIPY_SOURCES]
    same = np.array_equal(np.where(mine <= LIMIT, mine, np.inf), oracle)
    people, now = np.ones(len(homes)), nobody(len(homes))
    again = least(lambda: gains(kept, now, people), 10)
    return {
        "what": "500 sites", "nodes": network.size, "engine": fast.name,
        "all_nodes_ms": round(ours, 1), "scipy_ms": round(scipy, 1),
        "times_scipy": round(scipy / ours, 1), "homes": len(homes), "homes_ms": round(few, 1),
        "what_if_ms": round(few + again, 1), "what_if_kept_ms": round(again, 2),
        "reached": round(float((mine <= LIMIT).mean()), 3), "same": bool(same),
    }  # fmt: skip


def locate(areas: int, points: int) -> Row:
    """Which of so many areas each point lies in, beside shapely's tree."""
    tiles = made_up.areas(areas)
    began = time.process_time()
    raster = LabelRaster(tiles)
    building = time.process_time() - began
    x, y = np.random.default_rng(2).uniform(0, 52_440, (2, points))
    ours = least(lambda: raster.locate_many(x, y), 3)
    tree, dots = shapely.STRtree(tiles), shapely.points(x, y)
    theirs = least(lambda: tree.query(dots, predicate="within"), 1)
    asked, area = tree.query(dots, predicate="within")
    found = np.full(points, -1)
    found[asked] = area
    some = list(zip(x[:20_000].tolist(), y[:20_000].tolist(), strict=True))
    single = least(lambda: [raster.locate(*at) for at in some], 3) / len(some)
    return {
        "what": "locate", "areas": areas, "points": points, "building_s": round(building, 2),
        "ns_a_point": round(ours / points * 1e6), "shapely_ns": round(theirs / points * 1e6),
        "times_shapely": round(theirs / ours, 1), "one_us": round(single * 1000, 2),
        "differ": int((raster.locate_many(x, y) != found).sum()),
    }  # fmt: skip


def siting(model: str, points: int, sites: int, p: int, limit: float | None) -> Row:
    """One instance with its proof."""
    problem = made_up.county(points, sites)
    began, wall = time.process_time(), time.perf_counter()
    answer = solve(model, problem, p=p, limit=limit, seconds=60)  # type: ignore[arg-type]
    return {
        "what": model, "points": points, "sites": sites, "p": p,
        "cpu_s": round(time.process_time() - began, 2),
        "wall_s": round(time.perf_counter() - wall, 2), "objective": answer.objective,
        "bound": answer.bound, "proven": answer.proven,
    }  # fmt: skip


def or_library(first: int, last: int) -> Iterator[Row]:
    """Made-up twins of pmed1 to pmed40: the same sizes and recipe, other numbers."""
    for number, (nodes, p) in enumerate(made_up.OR_LIBRARY[first - 1 : last], start=first):
        problem = made_up.graph_instance(nodes, number)
        began = time.process_time()
        answer = solve("pmedian", problem, p=p, seconds=240)
        yield {
            "what": f"twin of pmed{number}", "nodes": nodes, "p": p,
            "cpu_s": round(time.process_time() - began, 2), "objective": answer.objective,
            "bound": answer.bound, "proven": answer.proven,
        }  # fmt: skip


def _ready(
    side: int, missing: float, block: int = made_up.METRES
) -> tuple[Network, Any, csr_array]:
    network = made_up.streets(side, missing, block=block)
    network.order = order_of(network)
    back = network.reverse()
    matrix = csr_array((back.time.astype(float), back.head, back.start), shape=(network.size,) * 2)
    return network, engine(network), matrix


def _some(network: Network, count: int) -> Ints:
    chosen = np.random.default_rng(3).choice(network.size, count, replace=False)
    return chosen.astype(np.int32)


def _one_pass(network: Network, seeds: Seeds, time_: Ints) -> float:
    """The least a search must do: every arc once, with the order of the answer already known."""
    back = network.reverse()
    place = np.empty(network.size, np.int32)
    place[np.argsort(time_, kind="stable")] = np.arange(network.size)
    source = np.repeat(place, np.diff(back.start))
    start, head, cost = rows(network.size, source, place[back.head], back.time)
    best = np.full(network.size, 1 << 29, np.int32)
    best[place[seeds.node]] = 0
    return least(lambda: _relax(start, head, cost, best), 30)


@kernel
def _relax(start, head, time, best):  # type: ignore[no-untyped-def]
    for v in range(len(start) - 1):
        mine = best[v]
        for e in range(start[v], start[v + 1]):
            best[head[e]] = min(best[head[e]], mine + time[e])
