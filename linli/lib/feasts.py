"""Days that come with the calendar each year: by the sun ("07-01") or by the moon (Spring Festival)."""

from collections.abc import Callable
from datetime import date
from functools import cache
from importlib import import_module
from typing import Any, Final

# feast -> the name of its method in the holidays package, which holds tables of the lunar calendar
_METHODS: Final = {
    "spring-festival": "lunar_new_year_date",
    "qingming": "qingming_date",
    "dragon-boat": "dragon_boat_date",
    "mid-autumn": "mid_autumn_date",
    "double-ninth": "double_ninth_date",
    "winter-solstice": "winter_solstice_date",
}
FEASTS: Final = tuple(_METHODS)


@cache
def _calendar() -> Any:
    return import_module("holidays.calendars.chinese")._ChineseLunisolar()


def feast(name: str, year: int) -> date:
    """The day of a feast in a year of the sun. KeyError: unknown; ValueError: beyond the tables."""
    ask: Callable[[int], tuple[date | None, bool]] = getattr(_calendar(), _METHODS[name])
    day, _exact = ask(year)
    if day is None:
        raise ValueError(f"The tables of the moon do not reach {year}.")
    return day
