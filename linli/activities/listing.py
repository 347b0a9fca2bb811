"""What is on: public occurrences by place and day, for everybody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Q

from linli import playbook
from linli.activities.models import Occurrence
from linli.lib import clock
from linli.places.models import Place
from linli.places.search import search
from linli.playbook.schema import ActivityKind

PAGE: Final = 24
AHEAD: Final = timedelta(days=62)


@dataclass
class Listing:
    """One page of what is on."""

    asked: str = ""
    place: Place | None = None
    matches: list[Place] = field(default_factory=list)
    kind: str = ""
    kinds: list[ActivityKind] = field(default_factory=list)
    days: list[tuple[date, list[Occurrence]]] = field(default_factory=list)
    more: date | None = None  # the day on which the next page begins
    first: date | None = None


def listing(asked: Mapping[str, str]) -> Listing:
    """What is on at the place asked for, from the day asked for, the next two dozen by day."""
    view = Listing(asked=(asked.get("where") or "").strip()[:80], kind=asked.get("kind", ""))
    view.kinds = [kind for kind in playbook.current().activities.values() if kind.public]
    _find_place(view, asked.get("place", ""))
    view.first = _day(asked.get("from", "")) or clock.today()
    rows = Occurrence.objects.public().with_names().filter(kind__in=[k.id for k in view.kinds])
    if view.place:
        # What the whole town or county offers is near for each of its villages as well.
        rows = rows.filter(_near(view.place))
    if view.kind in {kind.id for kind in view.kinds}:
        rows = rows.filter(kind=view.kind)
    since = max(clock.now(), _start(view.first))
    rows = rows.filter(ends_at__gte=since, starts_at__lt=since + AHEAD)
    found = list(rows.order_by("starts_at", "pk")[: PAGE + 1])
    if len(found) > PAGE:
        view.more = found[PAGE].day
        found = [row for row in found if row.day < view.more] or found[:PAGE]
    for row in found:
        if not view.days or view.days[-1][0] != row.day:
            view.days.append((row.day, []))
        view.days[-1][1].append(row)
    return view


def _near(place: Place) -> Q:
    end = place.path.removesuffix("/") + "0"
    inside = Q(place_path__gte=place.path, place_path__lt=end)
    return inside | Q(place_path__in=_above(place.path))


def _above(path: str) -> list[str]:
    parts = path.rstrip("/").split("/")
    return ["/".join(parts[:n]) + "/" for n in range(1, len(parts))]


def _find_place(view: Listing, code: str) -> None:
    if code:
        view.place = Place.objects.current().light().filter(code=code).first()
        if view.place is not None:
            view.asked = view.asked or view.place.name
            return
    if view.asked:
        view.matches = search(view.asked, 6)
        view.place = view.matches[0] if view.matches else None


def _day(words: str) -> date | None:
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return None
    return day if abs((day - clock.today()).days) < 400 else None


def _start(day: date) -> Any:
    return clock.now().astimezone(clock.LOCAL).replace(
        year=day.year, month=day.month, day=day.day, hour=0, minute=0, second=0, microsecond=0
    )  # fmt: skip
