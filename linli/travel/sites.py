"""Where people go to: facilities of a kind, and whether they can be gone to at an hour."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

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
    return []


def of(kind: str, when: datetime | None) -> list[Site]:
    """Facilities of a kind. At a local time some are closed; None asks for no hour."""
    return []
