"""The public list of cases and its search: what the address asks for, and one page of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from linli import playbook
from linli.cases import finding, naming
from linli.cases.finding import Row, Wanted
from linli.cases.models import Asker, State
from linli.lib import clock, ids, terms
from linli.lib.text import first_line
from linli.places.models import Kind, Place
from linli.places.search import search as search_places
from linli.web import dates
from linli.web.language import lang, said
from linli.web.snippets import excerpt

PAGE: Final = 20
LONGEST_QUERY: Final = 60
STATES: Final = ("open", "done")
DATED: Final = ("since", "until")


@dataclass(frozen=True)
class Asked:
    """The filters in use; what the page does not know is left out."""

    words: str = ""
    where: str = ""  # a place as it was typed
    place: Place | None = None
    places: tuple[Place, ...] = ()  # what else may have been meant
    kind: str = ""
    category: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None
    after: str = ""
    number: int = 1  # of the page, for people; the page is found by `after`

    @property
    def query(self) -> dict[str, str]:
        """The same filters as parameters of an address, for the first page."""
        named = {
            "q": self.words, "where": "" if self.place else self.where,
            "place": self.place.code if self.place else "", "kind": self.kind,
            "category": self.category, "state": self.state,
            **{name: day.isoformat() for name in DATED if (day := getattr(self, name))},
        }  # fmt: skip
        return {name: value for name, value in named.items() if value}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.query.keys() - {"q"})

    @property
    def wanted(self) -> Wanted:
        """The same as the index is asked."""
        # Every place of ours lies in the county: to narrow a list to it changes nothing.
        place = self.place if self.place and self.place.kind != Kind.COUNTY else None
        return Wanted(
            words=terms.phrases_of(self.words), path=place.path if place else "", kind=self.kind,
            category=self.category, state=self.state,
            since=_midnight(self.since) if self.since else None,
            until=_midnight(self.until + timedelta(days=1)) if self.until else None,
        )  # fmt: skip


@dataclass(frozen=True)
class Page:
    """One page of the list."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    next: dict[str, str] = field(default_factory=dict)


def asked(query: Mapping[str, str]) -> Asked:
    """Read the address; a place that is named costs two statements, one that is not none."""
    book = playbook.current()

    def one_of(name: str, known: Any) -> str:
        value = query.get(name, "")
        return value if value in known else ""

    number = query.get("page", "")
    ask = Asked(
        words=query.get("q", "").strip()[:LONGEST_QUERY],
        where=query.get("where", "").strip()[:LONGEST_QUERY],
        kind=one_of("kind", book.kinds),
        category=one_of("category", {row.id for row in book.county.categories}),
        state=one_of("state", STATES),
        since=_day(query.get("since", "")),
        until=_day(query.get("until", "")),
        after=query.get("after", "")[:80],
        number=int(number) if number.isdecimal() and len(number) < 8 else 1,
    )
    return _with_place(ask, query.get("place", "")[:40])


def _with_place(ask: Asked, code: str) -> Asked:
    if ask.where:
        found = search_places(ask.where, 6)
        return replace(ask, place=found[0] if found else None, places=tuple(found[1:]))
    if not code:
        return ask
    return replace(ask, place=Place.objects.light().current().filter(code=code).first())


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 < day.year < 2200 else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.LOCAL)


def page(ask: Asked) -> Page:
    """One page, the newest first; one statement, two for the first page of a narrowed list."""
    wanted = ask.wanted
    if (ask.words and not wanted.words.words) or (ask.where and ask.place is None):
        return Page()
    found = finding.page(wanted, PAGE, ask.after)
    rows = [as_line(row, ask.words) for row in found.rows]
    if not found.more:
        return Page(rows)
    return Page(rows, {**ask.query, "after": found.more, "page": str(ask.number + 1)})


def as_line(row: Row, query: str = "", note: str = "") -> dict[str, Any]:
    """What `ui.case_row` draws of a public row; with a query, the words around it."""
    tongue, late = lang(), row.is_late
    tone = "late" if late else {"confirmed": "ok", "answered": "warn"}.get(row.state, "plain")
    words = excerpt(row.said, query) if query else None
    return {
        "href": reverse("case", args=[row.number]),
        "title": naming.topic(row.category),
        "number": ids.pretty_number(row.number),
        "place": row.place_for(tongue),
        "state": State(row.state).label,
        "tone": tone,
        "due": dates.due(row.due_at) if row.due_at and row.state in ("routed", "accepted") else "",
        "late": late,
        "note": said(words)
        if words
        else note or said(row.alias or first_line(row.public_text, 40)),
    }


@dataclass(frozen=True)
class Numbered:
    """What came of a query that looks like a case number: the asker it belongs to, or a sentence."""

    asker: Asker | None = None
    problem: str = ""


def numbered(query: str) -> Numbered | None:
    """Read a query as a case number; None if it is none. One statement."""
    try:
        number = ids.parse_number(query)
    except ids.WrongNumber as wrong:
        if wrong.reason != "check":
            return None
        return Numbered(problem=_("A digit is wrong or missing in that number. Please look again."))
    asker = Asker.objects.select_related("case").filter(number=number).first()
    return Numbered(asker, _("No public matter has this number."))
