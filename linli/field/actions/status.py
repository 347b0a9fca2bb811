"""What the server knows of the names that a telephone asks about: it repairs a wrong belief (O24)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from linli.field import receipts
from linli.field.models import Item, Rival, Tombstone
from linli.people.models import User

MOST_IDS: Final = 500


def status(person: User, names: Iterable[UUID]) -> dict[str, dict[str, Any]]:
    """For each name: known with its receipt, unknown, missing pictures, conflict, or deleted."""
    asked = list(dict.fromkeys(names))[:MOST_IDS]
    items = Item.objects.filter(person=person, client_id__in=asked).prefetch_related("photos")
    found: dict[UUID, dict[str, Any]] = {item.client_id: _known(item) for item in items}
    for rival in Rival.objects.filter(person=person, client_id__in=asked).select_related("item"):
        found.setdefault(rival.client_id, {"state": "conflict"})
        found[rival.client_id].setdefault("beside", []).append(
            {"receipt": receipts.of_rival(rival), "decided": bool(rival.decision)}
        )
    for grave in Tombstone.objects.filter(client_id__in=set(asked) - set(found)):
        found[grave.client_id] = {"state": "deleted", "why": grave.why}
    return {str(name): found.get(name, {"state": "unknown"}) for name in asked}


def _known(item: Item) -> dict[str, Any]:
    receipt = receipts.of(item)
    return {
        "state": "missing" if receipt["missing_photos"] else "known",
        "receipt": receipt,
        "href": item.href,
        "staff": item.state == Item.State.STAFF_TASK,
    }


def moment(text: object) -> datetime | None:
    """A time as the telephone writes it; None for anything else."""
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None
