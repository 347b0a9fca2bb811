"""A board as one reader may see it: what is too small for everybody is left out here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from linli.figures import words
from linli.figures.queries import Board, Part
from linli.figures.rates import NAMES, Rate, Rates
from linli.figures.share import SMALLEST, hidden, unsure, wilson

Link = Callable[..., str]


@dataclass(frozen=True)
class Cell:
    """A number in a table: its words, where it opens, and whether it says little yet."""

    text: str
    href: str = ""
    small: bool = False
    note: str = ""


@dataclass
class Band:
    name: str
    count: int
    href: str
    tone: str = ""


@dataclass
class Card:
    """One of the three rates."""

    name: str
    meaning: str
    percent: str
    part: int
    n: int
    shown: bool
    interval: str = ""
    earlier: str = ""
    bands: list[Band] = field(default_factory=list)
    excluded: list[Band] = field(default_factory=list)


@dataclass
class Line:
    """A row of a table."""

    name: str
    href: str
    cells: list[Cell]


def percent(part: int, n: int) -> str:
    """A share in words; a dash where there is nothing to take a share of."""
    return f"{round(100 * part / n)} %" if n else "–"


def span(part: int, n: int) -> str:
    """Between which shares the true one lies; empty where the number is sure enough."""
    interval = wilson(part, n)
    if interval is None or not unsure(part, n):
        return ""
    low, high = (round(100 * share) for share in interval)
    return _("%(low)s to %(high)s %%") % {"low": low, "high": high}


def count(number: int, full: bool) -> str:
    """A count; for everybody, one to four stay "fewer than 5"."""
    if full or number == 0 or number >= SMALLEST:
        return str(number)
    return _("fewer than %(k)s") % {"k": SMALLEST}


def cards(board: Board, full: bool, link: Link) -> list[Card]:
    """The three rates, kept apart."""
    return [_card(name, board.now, board.then, full, link) for name in NAMES]


def _card(name: str, now: Rates, then: Rates, full: bool, link: Link) -> Card:
    rate: Rate = getattr(now, name)
    before: Rate = getattr(then, name)
    shown = full or rate.n >= SMALLEST
    card = Card(
        name=str(words.NAMES[name]), meaning=str(words.MEANINGS[name]),
        percent=percent(rate.part, rate.n), part=rate.part, n=rate.n, shown=shown,
    )  # fmt: skip
    if full or before.n >= SMALLEST:
        card.earlier = _("%(percent)s of %(n)s") % {
            "percent": percent(before.part, before.n), "n": before.n,
        }  # fmt: skip
    if not shown:
        return card
    card.interval = span(rate.part, rate.n)
    card.bands = [
        Band(words.band_name(band), rate.bands[band], link(rate=name, band=words.slug(band)),
             words.TONES.get(band, ""))
        for band in words.ORDER[name] if rate.bands[band]
    ]  # fmt: skip
    card.excluded = [
        Band(str(words.REASONS[reason]), number,
             link(rate=name, band=words.slug(f"excluded: {reason}")))
        for reason, number in sorted(rate.excluded.items())
    ]  # fmt: skip
    return card


def table(
    parts: Iterable[Part],
    names: Mapping[str, Any],
    full: bool,
    link: Callable[[str], Link],
    *,
    owed: bool = False,
    down: Callable[[str], str] = lambda key: "",
) -> list[Line]:
    """Rows for places, kinds or channels. For everybody, small cells are hidden, and never one
    alone: the total would give it away."""
    rows = {part.key: part for part in parts}
    measures = _measures(owed)
    hide = {
        name: set() if full else hidden({key: size(part) for key, part in rows.items()})
        for name, size in measures.items()
    }
    lines = []
    for key, part in rows.items():
        cells = [
            _cell(name, part, key in hide[name], link(key)) for name in measures
        ]  # fmt: skip
        lines.append(Line(str(names.get(key, key)), down(key), cells))
    return lines


def _measures(owed: bool) -> dict[str, Callable[[Part], int]]:
    """The columns of a table and the number of cases in each cell."""
    found: dict[str, Callable[[Part], int]] = {}
    if owed:
        found["late"] = lambda part: part.owed.late
        found["untaken"] = lambda part: part.owed.untaken
    found["received"] = lambda part: part.rates.received
    found["response"] = lambda part: part.rates.response.n
    found["resolution"] = lambda part: part.rates.resolution.n
    return found


def _cell(name: str, part: Part, hide: bool, link: Link) -> Cell:
    if hide:
        return Cell(_("not shown"), small=True)
    if name in words.OWED:
        number = getattr(part.owed, name)
        return Cell(str(number), link(rate="owed", band=name) if number else "")
    if name == "received":
        number = part.rates.received
        return Cell(str(number), link(rate="count", band="received") if number else "")
    rate: Rate = getattr(part.rates, name)
    if not rate.n:
        return Cell("–")
    mark = span(rate.part, rate.n)
    text = f"{percent(rate.part, rate.n)} ({rate.part}/{rate.n})"
    return Cell(text, link(rate=name), small=bool(mark), note=mark)


def weekly(board: Board, full: bool) -> list[tuple[str, list[Any]]]:
    """Lines by week: how much came in, and how much of what was due was answered in time.

    For everybody a line is drawn only if no week is too small to be shown.
    """
    came = [week.received for week in board.weeks]
    due = [week.response for week in board.weeks if week.response.n]
    found: list[tuple[str, list[Any]]] = []
    if full or all(number == 0 or number >= SMALLEST for number in came):
        found.append((_("Received by week"), came))
    if len(due) > 1 and (full or all(rate.n >= SMALLEST for rate in due)):
        shares = [round(100 * rate.part / rate.n) for rate in due]
        found.append((_("Answered in time by week, per cent"), shares))
    return [(name, values) for name, values in found if any(values)]
