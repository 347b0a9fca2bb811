"""The fast engine says what the slow one says, to the tenth of a second and the same facility."""

import numpy as np
import pytest

from linli.reach import engines, hierarchy
from linli.reach import gains as gains_module
from linli.reach import nearest as nearest_module
from linli.reach.compiled import AVAILABLE
from linli.reach.gains import gains
from linli.reach.hierarchy import Hierarchy, order_of
from linli.reach.nearest import Streets
from linli.reach.network import FAR, Network
from linli.reach.seeds import Seeds
from linli.reach.slow import SlowEngine
from linli.reach.tests import toys
from linli.reach.tests.test_area import doors

needs_numba = pytest.mark.skipif(
    not AVAILABLE or hierarchy.pymetis is None, reason="numba and pymetis are not installed"
)


def lattice(side, seed):
    """Streets of a made-up town: a third of the links missing, some one-way, many equal times."""
    draw = np.random.default_rng(seed)
    number = np.arange(side * side).reshape(side, side)
    tail = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    head = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    some = draw.random(len(tail)) < 0.7
    times = draw.integers(1, 9, (len(tail), 2)).astype(np.int32) * 10
    times[draw.random(len(tail)) < 0.1, 1] = -1
    return Network.of(side * side, tail[some], head[some], times[some])


def seeds(network, count, seed):
    """Groups of two nodes with a head start each."""
    draw = np.random.default_rng(seed)
    node = draw.permutation(network.size)[: 2 * count].astype(np.int32)
    offset = draw.integers(0, 50, 2 * count).astype(np.int32)
    return Seeds(node, offset, np.repeat(np.arange(count, dtype=np.int32), 2), count)


@needs_numba
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("count", [1, 2, 70])
def test_both_engines_agree_on_every_node(seed, count):
    network = lattice(18, seed)
    fast, slow = Hierarchy(network, order_of(network)), SlowEngine(network)
    start = seeds(network, count, seed)
    for ours, theirs in zip(fast.nearest(start), slow.nearest(start), strict=True):
        assert np.array_equal(ours, theirs)
    targets = np.random.default_rng(seed).permutation(network.size)[:50].astype(np.int32)
    for limit, kind in ((0, np.uint16), (120, np.uint16), (32_766, np.uint16), (32_767, np.int32)):
        table = fast.table(start, targets, limit)
        assert table.blocks.dtype == kind
        assert np.array_equal(table.dense(), slow.table(start, targets, limit).dense())


@needs_numba
def test_new_speeds_need_no_new_order():
    network = lattice(12, 9)
    fast = Hierarchy(network, order_of(network))
    network.time[:] = np.random.default_rng(1).integers(1, 500, len(network.time))
    fast.customise()
    start = seeds(network, 4, 2)
    assert np.array_equal(fast.nearest(start)[0], SlowEngine(network).nearest(start)[0])


@needs_numba
@pytest.mark.parametrize("mode", ["walk", "car"])
def test_a_country_is_the_same_to_both(mode, monkeypatch):
    graph = toys.country()
    answers = []
    for available in (True, False):
        for module in (engines, nearest_module, gains_module):
            monkeypatch.setattr(module, "AVAILABLE", available)
        streets = Streets(graph, mode)
        assert streets.engine.name == ("hierarchy" if available else "scipy")
        points, sites = streets.snap(*doors(graph, 500, 1)), streets.snap(*doors(graph, 70, 2))
        found = streets.nearest(points, sites)
        table = streets.table(points, sites, 18_000)
        saved = gains(table, found.time + 600, np.arange(500) / 7)
        answers.append((found.time, found.facility, table.dense(), saved.covered, saved.minutes))
    assert answers[0][4].max() > 0
    for ours, theirs in zip(*answers, strict=True):
        assert ours == pytest.approx(theirs, rel=1e-12)


@needs_numba
def test_nowhere_to_go():
    network = lattice(6, 1)
    fast = Hierarchy(network, order_of(network))
    none = seeds(network, 2, 1).only(np.zeros(0, np.int32))
    time, owner = fast.nearest(none)
    assert (time == FAR).all()
    assert (owner == -1).all()
    assert (fast.table(none, np.arange(3, dtype=np.int32), 100).dense() == FAR).all()


@needs_numba
def test_what_is_stored_with_a_graph_is_used(monkeypatch):
    graph = toys.streets()
    engines.prepare(graph)
    assert set(graph.orders) == {"walk", "ebike", "car"}
    monkeypatch.setattr(engines, "order_of", lambda network: pytest.fail("ordered again"))
    again = type(graph)(**{name: getattr(graph, name) for name in (
        "shape", "start", "tail", "head", "metres", "times", "node", "orders")})  # fmt: skip
    assert Streets(again, "car").engine.name == "hierarchy"
