"""The roads in use: taken in once, then loaded when the first question is asked."""

from collections.abc import Callable
from functools import lru_cache
from hashlib import file_digest
from pathlib import Path
from typing import Final

import numpy as np
from django.conf import settings
from django.db import transaction

from linli.journal.record import record
from linli.reach import storage
from linli.reach.cli.roads import read_roads
from linli.reach.engines import prepare
from linli.reach.graph import E7, Graph
from linli.reach.modes import MODES, Mode
from linli.reach.nearest import Streets
from linli.travel.models import RoadGraph

SUFFIX: Final = ".graph"
MOST_POINTS: Final = 4_000  # of the roads that a map shows


def folder() -> Path:
    """Where road graphs lie."""
    return Path(settings.DATA) / "roads"


def current() -> RoadGraph | None:
    """The roads that questions are answered with; None where none were taken in."""
    return RoadGraph.objects.filter(in_use=True).first()


def read(path: Path) -> Graph:
    """Roads of an OpenStreetMap file, of GeoJSON, or a graph that was built before.

    Raises ReachError.
    """
    if path.suffix.lower() == SUFFIX:
        return storage.load(path)
    graph = read_roads(path)
    prepare(graph)
    return graph


def take(graph: Graph, source: str) -> RoadGraph:
    """Answer with these roads from now on. `source` says whose they are and of what day."""
    digest = put_away(lambda half: storage.save(graph, half), SUFFIX)
    with transaction.atomic():
        RoadGraph.objects.filter(in_use=True).update(in_use=None)
        row, _made = RoadGraph.objects.update_or_create(
            sha256=digest,
            defaults={
                "source": source, "nodes": len(graph.node), "edges": len(graph.tail),
                "kilometres": float(graph.metres.sum()) / 1000, "in_use": True,
            },
        )  # fmt: skip
        record("travel.roads_taken", on="travel.RoadGraph:current", by="system",
               facts={"sha256": digest, "edges": row.edges})  # fmt: skip
    return row


def put_away(write: Callable[[Path], object], suffix: str) -> str:
    """Have a file written and keep it under its checksum, which is returned."""
    folder().mkdir(parents=True, exist_ok=True)
    half = folder() / f"new{suffix}"
    write(half)
    with half.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    half.replace(kept(digest, suffix))
    return digest


def kept(digest: str, suffix: str) -> Path:
    """Where the file with this checksum lies."""
    return folder() / f"{digest[:16]}{suffix}"


@lru_cache(maxsize=1)
def graph_of(digest: str) -> Graph:
    """The graph with this checksum, kept in this process. Raises ReachError if its file is gone."""
    return storage.load(kept(digest, SUFFIX))


@lru_cache(maxsize=3)
def streets(digest: str, mode: Mode) -> Streets:
    """The roads in one mode, ready for questions."""
    return Streets(graph_of(digest), mode)


@lru_cache(maxsize=1)
def main_roads(digest: str) -> list[list[tuple[float, float]]]:
    """The fastest roads as lines (lon, lat), as many as a small drawing can show."""
    graph = graph_of(digest)
    seconds = graph.times[:, MODES.index("car")].max(axis=1) / 10
    speed = np.where(seconds > 0, graph.metres / np.maximum(seconds, 0.1), 0)
    lengths = np.diff(graph.start)
    fastest = np.argsort(-speed, kind="stable")
    shown = fastest[np.cumsum(lengths[fastest]) <= MOST_POINTS]
    degrees = graph.shape / E7
    return [
        [(float(lon), float(lat)) for lon, lat in degrees[graph.start[e] : graph.start[e + 1]]]
        for e in shown
        if speed[e] > 0
    ]
