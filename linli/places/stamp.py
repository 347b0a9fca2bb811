"""One changing value for the whole tree: who writes takes it first, who caches compares it."""

from collections.abc import Callable
from threading import Lock
from typing import Final, Generic, TypeVar
from uuid import UUID, uuid4

from linli.places.models import Stamp
from linli.web.prepared import Prepared

T = TypeVar("T")

# Asked before everything that is derived from the tree, so its SQL is written once a process.
_VALUE: Final = Prepared(lambda id: Stamp.objects.filter(id=id).values_list("value"), id=int)


def touch() -> None:
    """Begin a change of the tree, inside the caller's transaction.

    The row is locked until the transaction ends: two changes never run at once, so no check made
    after this call can be overtaken. The value is random, not counted up: a change that was rolled
    back leaves no number that a later change could use again.
    """
    Stamp.objects.update_or_create(id=1, defaults={"value": uuid4()})


def read() -> UUID | None:
    """The value of the last change; None in an empty database."""
    return next((value for (value,) in _VALUE(id=1)), None)


class Derived(Generic[T]):
    """Something computed from the whole tree, kept in this process until the tree changes."""

    def __init__(self, build: Callable[[], T]) -> None:
        self._build = build
        self._held: tuple[UUID, T] | None = None
        self._building = Lock()

    def get(self) -> T:
        """The value for the tree as it is now; one small query while nothing has changed."""
        # Read before building: a change in between makes the kept stamp old, never the value.
        now = read()
        held = self._held
        if held is not None and held[0] == now:
            return held[1]
        with self._building:  # one thread builds, the others wait: it may take much memory
            held = self._held
            if held is not None and held[0] == now:
                return held[1]
            value = self._build()
            if now is not None:
                self._held = (now, value)  # one assignment: threads see the old pair or the new
            return value
