"""The number of gaps on the desk. The floor of coverage stands above and says it (site/wiring.py)."""

from collections.abc import Callable
from typing import Final

from linli.people.actors import Actor

# Who counts the gaps of an actor's desk, at most one statement; the first one that is there.
COUNTERS: Final[list[Callable[[Actor], int]]] = []


def count(actor: Actor) -> int:
    """How many gaps are this person's unit's task."""
    return COUNTERS[0](actor) if COUNTERS else 0
