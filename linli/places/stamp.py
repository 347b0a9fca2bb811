"""One changing value for the whole tree: who writes takes it first, who caches compares it."""

from uuid import UUID, uuid4

from linli.places.models import Stamp


def touch() -> None:
    """Begin a change of the tree, inside the caller's transaction.

    The row is locked until the transaction ends: two changes never run at once, so no check made
    after this call can be overtaken. The value is random, not counted up: a change that was rolled
    back leaves no number that a later change could use again.
    """
    Stamp.objects.update_or_create(id=1, defaults={"value": uuid4()})


def read() -> UUID | None:
    """The value of the last change; None in an empty database."""
    return Stamp.objects.filter(id=1).values_list("value", flat=True).first()
