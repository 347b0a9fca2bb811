"""The public ledger of refusals: which unit said "not ours", why, and where the matter went."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.cases import naming
from linli.cases.models import Refusal
from linli.lib import clock
from linli.people.models import Organisation
from linli.places.models import VILLAGES, Place, ancestors_of
from linli.web.language import lang

PAGE = 30


@dataclass(frozen=True)
class Line:
    """One refusal as everybody may read it."""

    at: datetime
    unit: str
    unit_code: str
    topic: str
    place: str
    reason: str
    went_to: str
    ordinal: int


def unit_of(query: Mapping[str, str]) -> Organisation | None:
    """The unit whose refusals are asked for, if any."""
    code = query.get("unit", "")[:40]
    return Organisation.objects.filter(code=code).first() if code else None


def lines(unit: Organisation | None, after: str) -> tuple[list[Line], str]:
    """One page, the newest first, and the key of the next ("" if none); two statements."""
    rows = Refusal.objects.select_related("by", "sent_to", "case__place").order_by("-at", "-pk")
    if unit:
        rows = rows.filter(by=unit)
    key = _key(after)
    if key:
        at, pk = key
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
    found = list(rows[: PAGE + 1])
    page = found[:PAGE]
    above = ancestors_of(row.case.place for row in page)
    more = f"{page[-1].at.isoformat()}~{page[-1].pk}" if len(found) > PAGE else ""
    return [_line(row, above[row.case.place_id]) for row in page], more


def _line(row: Refusal, above: list[Place]) -> Line:
    tongue = lang()
    case = row.case
    village = next((p for p in [*above, case.place] if p.kind in VILLAGES), case.place)
    return Line(
        at=row.at,
        unit=row.by.name_for(tongue),
        unit_code=row.by.code,
        topic=_("under seal") if case.is_sealed else naming.topic(case.category),
        place="" if case.is_sealed else village.name_for(tongue),
        reason=_("under seal") if case.is_sealed else row.reason,
        went_to=row.sent_to.name_for(tongue),
        ordinal=row.ordinal,
    )


def _key(text: str) -> tuple[datetime, int] | None:
    at, _tilde, pk = text.partition("~")
    try:
        return clock.in_utc(datetime.fromisoformat(at.replace(" ", "+"))), int(pk)
    except (ValueError, OverflowError):
        return None
