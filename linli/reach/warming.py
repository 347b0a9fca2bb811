"""Compiling every kernel at installation, so that the first question after it is quick.

The machine code lies in numba's cache afterwards (see compiled.py). A test looks that no kernel
was forgotten.
"""

from typing import Any

import numpy as np

from linli.reach import engines, gains, kernels, made_up, raster
from linli.reach.compiled import AVAILABLE
from linli.reach.graph import build
from linli.reach.modes import speeds
from linli.reach.nearest import Streets
from linli.reach.roads import Roads

SIDE = 6  # junctions along a side of the made-up quarter
BLOCK = 0.001  # degrees
LIMITS = (600, 2_000_000)  # short and long times are kept in different types


def warm() -> int:
    """Ask one small question of every kind; how many kernels are compiled. 0 without numba."""
    if not AVAILABLE:
        return 0
    graph = build(_quarter())
    engines.prepare(graph)
    streets = Streets(graph, "walk")
    middle = np.arange(0.5, SIDE - 1) * BLOCK
    lon, lat = (side.ravel() for side in np.meshgrid(middle, middle))
    homes, sites = streets.snap(lon, lat), streets.snap(lon[:3], lat[:3])
    streets.nearest(homes, sites)
    for limit in LIMITS:
        table = streets.table(homes, sites, limit)
        gains.gains(table, gains.nobody(len(homes)), np.ones(len(homes)))
    label = raster.LabelRaster(made_up.areas(12))
    label.locate(1000.0, 1000.0)
    label.locate_many(np.full(2, 1000.0), np.full(2, 1000.0))
    return sum(bool(one.signatures) for one in dispatchers())


def dispatchers() -> list[Any]:
    """Every compiled function of the package."""
    found = [vars(module).values() for module in (kernels, raster)]
    return [one for some in found for one in some if hasattr(one, "signatures")]


def _quarter() -> Roads:
    """A square of crossing streets."""
    roads, plain = Roads(), speeds({"highway": "residential"})
    assert plain is not None
    for n in range(SIDE):
        for way in ([(n, m) for m in range(SIDE)], [(m, n) for m in range(SIDE)]):
            roads.add([roads.point(at, at[0] * BLOCK, at[1] * BLOCK) for at in way], plain)
    return roads
