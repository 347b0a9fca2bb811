"""A board as plain JSON and back, without the lists of cases: a number opens from the journal."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from linli.figures.periods import Period
from linli.figures.queries import Board, Owed, Part, Week
from linli.figures.rates import NAMES, Rate, Rates

_LISTS = ("places", "kinds", "channels")


def without_cases(board: Board) -> Board:
    """The same numbers, a thousand times smaller."""
    parts: dict[str, Any] = {
        name: [replace(part, rates=_bare(part.rates)) for part in getattr(board, name)]
        for name in _LISTS
    }
    weeks = [replace(week, response=_bare_rate(week.response)) for week in board.weeks]
    return replace(board, now=_bare(board.now), then=_bare(board.then), weeks=weeks, **parts)


def _bare(rates: Rates) -> Rates:
    bare: dict[str, Any] = {name: _bare_rate(getattr(rates, name)) for name in NAMES}
    return replace(rates, subjects={}, **bare)


def _bare_rate(rate: Rate) -> Rate:
    return replace(rate, subjects={})


def pack(board: Board) -> dict[str, Any]:
    """Plain values that `unpack` makes the same board of."""
    return {
        "period": _days(board.period), "earlier": _days(board.earlier),
        "as_of": board.as_of.isoformat(), "owed": list(board.owed),
        "now": _rates(board.now), "then": _rates(board.then),
        "weeks": [[_days(w.period), w.received, _rate(w.response)] for w in board.weeks],
        **{name: [[part.key, _rates(part.rates), list(part.owed)] for part in getattr(board, name)]
           for name in _LISTS},
    }  # fmt: skip


def unpack(body: Mapping[str, Any]) -> Board:
    """The board that `pack` was given, without its lists of cases."""
    weeks = [Week(_period(days), n, _rate_of(rate)) for days, n, rate in body["weeks"]]
    return Board(
        period=_period(body["period"]), earlier=_period(body["earlier"]),
        as_of=datetime.fromisoformat(body["as_of"]), owed=Owed(*body["owed"]),
        now=_rates_of(body["now"]), then=_rates_of(body["then"]), weeks=weeks,
        **{name: [Part(key, _rates_of(rates), Owed(*owed)) for key, rates, owed in body[name]]
           for name in _LISTS},
    )  # fmt: skip


def _days(period: Period) -> list[str]:
    return [period.first.isoformat(), period.last.isoformat(), period.key]


def _period(days: list[str]) -> Period:
    return Period(date.fromisoformat(days[0]), date.fromisoformat(days[1]), days[2])


def _rate(rate: Rate) -> list[Any]:
    return [rate.part, rate.n, dict(rate.excluded), dict(rate.bands)]


def _rate_of(row: list[Any]) -> Rate:
    part, n, excluded, bands = row
    return Rate(part, n, Counter(excluded), Counter(bands))


def _rates(rates: Rates) -> dict[str, Any]:
    return {
        **{name: _rate(getattr(rates, name)) for name in NAMES}, "received": rates.received,
        "answered": rates.answered, "median_days": rates.median_days,
        "definition": rates.definition,
    }  # fmt: skip


def _rates_of(row: Mapping[str, Any]) -> Rates:
    values = dict(row) | {name: _rate_of(row[name]) for name in NAMES}
    return Rates(**values)
