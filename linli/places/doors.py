"""Codes on the cards at the doors of buildings: six characters that survive being read out."""

from collections.abc import Iterator

from django.db import IntegrityError, transaction

from linli.lib import ids
from linli.places.models import Place


def door_code(place: Place) -> str:
    """The code of a current place's door card, made on first use and kept for life.

    Raises ValueError for a place that has ended without one.
    """
    while place.door_code is None:
        if place.valid_to is not None:
            raise ValueError(f"{place} has ended; it gets no door code any more.")
        try:
            with transaction.atomic():
                Place.objects.filter(pk=place.pk, door_code=None).update(
                    door_code=ids.receipt_word()
                )
        except IntegrityError:  # another place has that word: draw again
            continue
        place.refresh_from_db(fields=["door_code"])
    return place.door_code


def by_door_code(text: str) -> Place | None:
    """The living place of a door card's code as a person types it, or None."""
    return Place.objects.by_door_code(text)


def fresh_codes() -> Iterator[str]:
    """Codes that no place has, without end; for many new places in one transaction."""
    taken = set(Place.objects.exclude(door_code=None).values_list("door_code", flat=True))
    while True:
        word = ids.receipt_word()
        if word not in taken:
            taken.add(word)
            yield word
