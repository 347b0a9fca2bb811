"""How much a telephone may bring in an hour: counted in bytes that are kept, never in tries (O29)."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Sum

from linli.field.models import Device, Item, ItemPhoto
from linli.lib import clock
from linli.people.limits import TooMany

HOUR: Final = timedelta(hours=1)
MOST_TEXT: Final = 8_000_000  # bytes an hour: two thousand records of an ordinary length
MOST_PHOTOS: Final = 400_000_000  # bytes an hour: about a thousand pictures


class TooMuch(TooMany):
    """The hour is full; `retry_after` seconds later it goes on."""


def check_volume(device: Device | None, size: int) -> None:
    """Raise TooMuch if this telephone has brought in all that an hour takes."""
    if device is None:
        return
    rows = Item.objects.filter(device=device, received_at__gt=clock.now() - HOUR)
    used = rows.aggregate(all=Sum("size"))["all"] or 0
    if used + size > MOST_TEXT:
        oldest = rows.order_by("received_at").values_list("received_at", flat=True).first()
        raise TooMuch(_wait(oldest))


def check_photos(device: Device | None, size: int) -> None:
    """The same for pictures."""
    if device is None:
        return
    rows = ItemPhoto.objects.filter(item__device=device, arrived_at__gt=clock.now() - HOUR)
    used = rows.aggregate(all=Sum("size"))["all"] or 0
    if used + size > MOST_PHOTOS:
        oldest = rows.order_by("arrived_at").values_list("arrived_at", flat=True).first()
        raise TooMuch(_wait(oldest))


def _wait(oldest: datetime | None) -> int:
    """Seconds until the oldest of the hour no longer counts."""
    end = (oldest or clock.now()) + HOUR
    return max(30, int((end - clock.now()).total_seconds()) + 1)
