"""What the forum may know of a motion: how it is called, where it stands, and its page."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from django.urls import reverse

from linli.deliberation.models import Motion, State
from linli.forum.subjects import Subject

KIND: Final = "deliberation.Motion"
_TONES: Final = {State.DONE: "ok", State.DOING: "ok", State.REJECTED: "late"}


def tell(names: Collection[str]) -> Mapping[str, Subject]:
    """Motions are public, all of them."""
    keys = [key for name in names if (key := _key(name))]
    rows = Motion.objects.filter(pk__in=keys).with_names()
    return {
        f"{KIND}:{row.pk}": Subject(
            f"{KIND}:{row.pk}", row.title, str(row.get_state_display()),
            reverse("motion", args=[row.pk]), row.place, str(_TONES.get(State(row.state), "")),
            row.organisation_id,
        )
        for row in rows
    }  # fmt: skip


def _key(name: str) -> UUID | None:
    try:
        return UUID(name.partition(":")[2])
    except ValueError:
        return None
