"""A graph as one file: plain arrays without compression, read in milliseconds."""

import json
import zipfile
from pathlib import Path

import numpy as np

from linli.reach.errors import at
from linli.reach.graph import Graph
from linli.reach.modes import MODES

FORMAT = 1
_ARRAYS = ("shape", "start", "tail", "head", "metres", "times", "node")


def save(graph: Graph, path: Path) -> None:
    """Write the graph; the file appears whole or not at all."""
    arrays = {name: getattr(graph, name) for name in _ARRAYS}
    arrays |= {f"order_{mode}": order for mode, order in graph.orders.items()}
    about = json.dumps({"format": FORMAT, "modes": MODES} | graph.about, ensure_ascii=False)
    arrays["about"] = np.frombuffer(about.encode(), np.uint8)
    half = path.with_name(path.name + ".part")
    with half.open("wb") as file:
        np.savez(file, **arrays)
    half.replace(path)


def load(path: Path) -> Graph:
    """Read it again. Raises ReachError if it is not such a file, or one of another version."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            about = json.loads(bytes(stored["about"]).decode())
            arrays = {name: stored[name] for name in stored.files if name != "about"}
    except (ValueError, OSError, KeyError, EOFError, zipfile.BadZipFile) as error:
        if isinstance(error, FileNotFoundError):
            raise at(path, None, "there is no such file.") from None
        raise at(path, None, "this is not a road graph; make one: linli reach build.") from None
    if about.pop("format", None) != FORMAT or tuple(about.pop("modes", ())) != MODES:
        raise at(path, None, "this graph is of another version; build it again from its roads.")
    orders = {mode: arrays.pop(f"order_{mode}") for mode in MODES if f"order_{mode}" in arrays}
    return Graph(**arrays, orders=orders, about=about)
