"""Changes of the tree. Each is one transaction that keeps paths, closure and history true.

A change takes place on a day, today unless said otherwise; a day in the future is refused. Each
writes the journal and raises TreeError with a sentence when it cannot be.
"""

from linli.places.tree.adding import NewPlace, add, add_many
from linli.places.tree.changing import close, correct, merge, move, redraw, rename
from linli.places.tree.errors import TreeError
from linli.places.tree.history import since, states
from linli.places.tree.soundness import Flaw, flaws
from linli.places.tree.tiling import Tiling, check_tiling

__all__ = [
    "Flaw",
    "NewPlace",
    "Tiling",
    "TreeError",
    "add",
    "add_many",
    "check_tiling",
    "close",
    "correct",
    "flaws",
    "merge",
    "move",
    "redraw",
    "rename",
    "since",
    "states",
]
