"""Changes of the tree. Each is one transaction that keeps paths, closure and history true."""

from linli.places.tree.adding import NewPlace, add, add_many
from linli.places.tree.errors import TreeError

__all__ = ["NewPlace", "TreeError", "add", "add_many"]
