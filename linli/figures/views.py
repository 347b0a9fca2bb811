"""The county's figures for everybody: three rates, where they come from, and the cases behind."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli import playbook
from linli.cases.desk import is_office
from linli.figures import kept, opened, periods, queries, show, words
from linli.figures.kept import FRESH
from linli.figures.periods import NoPeriod, Period
from linli.figures.queries import Board, Part
from linli.figures.rates import DEFINITION, Rates
from linli.figures.share import SMALLEST
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.roles import Role
from linli.places.models import Kind, Place, ancestors_of
from linli.web.doors import door
from linli.web.jinja import url
from linli.web.language import lang
from linli.web.pages import page

LEVELS = (Kind.COUNTY, Kind.TOWN, Kind.VILLAGE, Kind.COMMUNITY)


@dataclass(frozen=True)
class Question:
    """What the address asks for: which place, which days, and who asks."""

    place: Place
    period: Period
    full: bool
    problem: str = ""

    @property
    def query(self) -> dict[str, str]:
        """The same question as parameters of an address."""
        days = {"period": self.period.key}
        if self.period.key == "own":
            days |= {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()}
        return {"place": self.place.code, **days}


@require_GET
@door("figure.read")
def overview(request: HttpRequest) -> HttpResponse:
    """The board of a place: every number opens down to its cases."""
    ask = _question(request)
    try:
        board = kept.board(ask.place.path, ask.period)
    except kept.NotYet:
        return _without_a_board(request, ask, too_large=False)
    except kept.TooLarge:
        return _without_a_board(request, ask, too_large=True)
    return _for_everybody(request, page(request, "figures/overview.html", _shown(ask, board)))


def _without_a_board(request: HttpRequest, ask: Question, *, too_large: bool) -> HttpResponse:
    """Say why there are no numbers, and what to do about it."""
    known = {"ask": ask, "too_large": too_large, "tabs": _tabs(ask)}
    return page(request, "figures/counting.html", known, status=200 if too_large else 202)


def _shown(ask: Question, board: Board) -> dict[str, Any]:
    link = partial(url, "overview-cases", **ask.query)
    below = [] if ask.place.kind in (Kind.VILLAGE, Kind.COMMUNITY) else _below(ask.place)
    return {
        "ask": ask, "board": board, "above": ancestors_of([ask.place])[ask.place.pk],
        "cards": show.cards(board, ask.full, link), "counts": _counts(board, ask.full, link),
        "weeks": show.weekly(board, ask.full), "definition": DEFINITION,
        "places": _places(board, below, ask),
        "kinds": show.table(board.kinds, _kinds(), ask.full, lambda k: partial(link, kind=k)),
        "channels": show.table(
            board.channels, words.CHANNELS, ask.full, lambda c: partial(link, channel=c)
        ),
        "tabs": _tabs(ask),
    }  # fmt: skip


def _tabs(ask: Question) -> list[Any]:
    return [
        (name, url("overview", place=ask.place.code, period=key), ask.period.key == key)
        for key, name in words.PERIODS.items()
    ]


@require_GET
@door("figure.read")
def cases(request: HttpRequest) -> HttpResponse:
    """The cases behind one number, as far as this reader may see them."""
    ask = _question(request)
    chosen = opened.chosen(request.GET)
    if chosen is None:
        raise Http404
    if chosen.rate != "owed" and queries.is_many(ask.place.path, ask.period, kept.MOST):
        return _without_a_board(request, ask, too_large=True)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    subjects = opened.subjects(chosen, ask.place.path, ask.period)
    found = opened.open_up(subjects, actor, ask.full, request.GET.get("after", ""))
    query = {**ask.query, **chosen.query}
    answer = page(request, "figures/cases.html", {
        "ask": ask, "chosen": chosen, "found": found,
        "back": url("overview", **ask.query),
        "next_url": url("overview-cases", **query, after=found.more) if found.more else None,
    })  # fmt: skip
    return _for_everybody(request, answer)


def _question(request: HttpRequest) -> Question:
    code = request.GET.get("place") or playbook.current().county.place
    place = Place.objects.current().filter(code=code[:40], kind__in=LEVELS).first()
    if place is None:
        raise Http404
    period, problem = _period(request)
    return Question(place, period, _in_scope(request.actor, place), problem)  # type: ignore[attr-defined]


def _period(request: HttpRequest) -> tuple[Period, str]:
    today = clock.today()
    known: dict[str, Callable[[], Period]] = {
        "week": lambda: periods.this_week(today),
        "month": lambda: periods.this_month(today),
        "quarter": lambda: periods.this_quarter(today),
        "own": lambda: periods.own(request.GET.get("from", ""), request.GET.get("to", "")),
    }
    key = request.GET.get("period", "")
    try:
        return known.get(key, known["month"])(), ""
    except NoPeriod as wrong:
        asked = "from" in request.GET or "to" in request.GET
        problem = str(words.PROBLEMS[wrong.args[0]]) if asked else ""
        month = periods.this_month(today)
        return Period(month.first, today, "own"), problem


def _in_scope(actor: Actor, place: Place) -> bool:
    """Whether the reader's office is responsible for this place: then small numbers are shown."""
    unit = actor.organisation
    if unit is None or actor.role not in {Role.MGR, Role.CTY} or not actor.place_path:
        return False
    return is_office(unit) and place.path.startswith(actor.place_path)


def _below(place: Place) -> list[Place]:
    return list(Place.objects.current().filter(parent=place, kind__in=LEVELS).order_by("code"))


def _places(board: Board, below: list[Place], ask: Question) -> list[show.Line]:
    """The places below, what is late and taken on by nobody first; never by score."""
    held = {part.key: part for part in board.places}
    parts = [held.get(place.code, Part(place.code, Rates())) for place in below]
    parts.sort(key=lambda part: (-(part.owed.late + part.owed.untaken), part.key))
    names = {place.code: place.name_for(lang()) for place in below}
    if below and "" in held:
        parts.append(held[""])
        names[""] = _("not known more exactly")
    days = {key: value for key, value in ask.query.items() if key != "place"}

    def opens(code: str) -> Callable[..., str]:
        where = {"place": code} if code else {"place": ask.place.code, "here": "1"}
        return partial(url, "overview-cases", **where, **days)

    def down(code: str) -> str:
        return url("overview", place=code, **days) if code else ""

    return show.table(parts, names, ask.full, opens, owed=True, down=down)


def _counts(board: Board, full: bool, link: Callable[..., str]) -> list[dict[str, Any]]:
    """The plain counts above the rates."""
    days = board.now.median_days if full or board.now.answered >= SMALLEST else None
    rows: list[tuple[str, int, Any, str, str]] = [
        ("received", board.now.received, board.then.received, "count", ""),
        ("answered", board.now.answered, board.then.answered, "count", ""),
        ("late", board.owed.late, None, "owed", "late" if board.owed.late else ""),
        ("untaken", board.owed.untaken, None, "owed", ""),
    ]
    found: list[dict[str, Any]] = [
        {
            "value": show.count(number, full),
            "label": (words.COUNTS | words.OWED)[name],
            "href": link(rate=rate, band=name) if number else None,
            "note": _("before: %(n)s") % {"n": show.count(then, full)} if then is not None else "",
            "tone": tone,
        }
        for name, number, then, rate, tone in rows
    ]
    found.append({"value": "–" if days is None else f"{days:.1f}", "href": None, "note": "", "tone": "",
                  "label": _("days to the first answer, in the middle")})  # fmt: skip
    return found


def _kinds() -> dict[str, str]:
    return {kind.id: kind.name.text(lang()) for kind in playbook.current().kinds.values()}


def _for_everybody(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """A page for visitors may be kept by whoever carries it, for a minute."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        answer.headers["Cache-Control"] = f"public, max-age={FRESH}"
        patch_vary_headers(answer, ["Cookie", "Accept-Language"])
    return answer
