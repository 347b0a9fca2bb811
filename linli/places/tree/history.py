"""Former states: what a place was called and where it lay, each from one day to another."""

from datetime import date

from django.db import connection
from django.db.models import F, Q

from linli.places.models import AFTER_END, END, Place

# Everything but the id and what ends with a state: its last day, what came after, the door card.
_KEPT = ", ".join(
    f'"{field.column}"'
    for field in Place._meta.concrete_fields
    if field.name not in {"id", "valid_to", "successor", "door_code"}
)
_COPY = f"""
INSERT INTO places_place ({_KEPT}, valid_to, successor_id)
SELECT {_KEPT}, %s, id
  FROM places_place
 WHERE path >= %s AND path < %s AND valid_to IS NULL
   AND (valid_from IS NULL OR valid_from < %s)
"""
_COPY_ONE = f"""
INSERT INTO places_place ({_KEPT}, valid_to, successor_id)
SELECT {_KEPT}, %s, id
  FROM places_place
 WHERE id = %s AND (valid_from IS NULL OR valid_from < %s)
"""


def keep(place: Place, day: date) -> None:
    """Keep the state that a place has before it changes on `day`, as a row of its own.

    A state that began on the same day leaves no row: the journal alone tells of it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COPY_ONE, [day, place.pk, day])


def keep_all_under(place: Place, day: date) -> None:
    """Like `keep`, for a place and everything under it, in one statement."""
    after = place.path.removesuffix(END) + AFTER_END
    with connection.cursor() as cursor:
        cursor.execute(_COPY, [day, place.path, after, day])


def states(place: Place) -> list[Place]:
    """The place in all its states, oldest first; the last one is the place itself."""
    return list(
        Place.objects.filter(Q(pk=place.pk) | Q(successor=place.pk, code=place.code)).order_by(
            F("valid_to").asc(nulls_last=True), "id"
        )
    )


def since(place: Place) -> date | None:
    """The day since which a current place has stood where it stands; None: since ever.

    Only `valid_from` of the oldest state with today's path counts: a new name does not move it.
    """
    start = place.valid_from
    if start is None:
        return None
    former = Place.objects.filter(successor=place.pk, code=place.code).order_by("-valid_to")
    for path, begun, ended in former.values_list("path", "valid_from", "valid_to"):
        if path != place.path or ended != start:
            break
        start = begun
        if start is None:
            break
    return start
