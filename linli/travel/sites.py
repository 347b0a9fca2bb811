"""Where people go to: facilities of a kind, and whether they can be gone to at an hour."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from linli.facilities import reading
from linli.facilities.models import Facility, Sitting
from linli.lib import clock
from linli.web.jinja import url
from linli.web.language import lang

_WHY: Final = {
    "closed": _("closed at that hour"),
    "full": _("full"),
    "no road": _("no road is known there"),
}


@dataclass(frozen=True, slots=True)
class Site:
    """One facility (WGS 84). `why` says in one word why nobody goes there just then."""

    key: str
    name: str
    lon: float
    lat: float
    why: str = ""  # "closed", "full", "no road"
    href: str = ""

    @property
    def is_open(self) -> bool:
        return not self.why

    @property
    def why_text(self) -> str:
        return str(_WHY[self.why])


def kinds() -> list[tuple[str, str]]:
    """Kinds of facility there are, and their names."""
    return reading.kinds()


def of(kind: str, when: datetime | None) -> list[Site]:
    """Facilities of a kind. At a local time some are closed or full; None asks for no hour."""
    day = when.astimezone(clock.LOCAL).date() if when else clock.today()
    rows = list(Facility.objects.running(day).filter(kind=kind).order_by("code"))
    full = {
        row.facility_id
        for row in Sitting.objects.filter(facility__in=rows, day=day)
        if when is not None and row.free <= 0
    }
    return [_site(row, when, row.pk in full) for row in rows]


def _site(row: Facility, when: datetime | None, full: bool) -> Site:
    closed = when is not None and row.opening.open_span(when) is None
    why = "closed" if closed else "full" if full else ""
    return Site(row.code, row.name_for(lang()), row.lon, row.lat, why, url("facility", row.code))
