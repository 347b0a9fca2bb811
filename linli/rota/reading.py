"""Rotas from files: JSON, or one CSV of people and one of shifts. Every mistake is one sentence.

Both forms have the same names. In CSV a list is separated by spaces; in JSON it is a list.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from linli.lib import clock
from linli.lib.tables import TableError, read_rows
from linli.rota.model import Person, Point, Problem, RotaError, Rules, Shift, Weights

PERSON: Final = (
    "id", "name", "lon", "lat", "max_km", "skills", "week_hours", "month_hours", "rest_hours",
    "off", "days", "prefers", "avoids", "hours_before",
)  # fmt: skip
SHIFT: Final = ("id", "place", "starts", "ends", "seats", "skills", "lon", "lat", "label")
RULES: Final = ("rest_hours", "evening_ends_after", "morning_until", "evenings_apart_days")
WEIGHTS: Final = ("fairness", "variety", "avoided", "not_preferred", "km")
TOP: Final = ("people", "shifts", "rules", "weights", "fixed", "barred")

Cells = Mapping[str, Any]


def from_json(path: Path) -> Problem:
    """Read a whole rota. Raises RotaError with a sentence that names the file and the entry."""
    try:
        given = json.loads(path.read_text("utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise RotaError(f"{path.name} is not JSON: {error}.") from None
    if not isinstance(given, dict):
        raise RotaError(f'{path.name} must be an object with "people" and "shifts".')
    _known(given, TOP, path.name)
    people = _entries(given, "people", path)
    shifts = _entries(given, "shifts", path)
    return Problem(
        tuple(person(cells, f"{path.name}, people[{at}]") for at, cells in enumerate(people)),
        tuple(shift(cells, f"{path.name}, shifts[{at}]") for at, cells in enumerate(shifts)),
        rules(given.get("rules", {}), f"{path.name}, rules"),
        weights(given.get("weights", {}), f"{path.name}, weights"),
        _pairs(given.get("fixed", []), f"{path.name}, fixed"),
        _pairs(given.get("barred", []), f"{path.name}, barred"),
    )


def from_csv(people: Path, shifts: Path) -> Problem:
    """Read a rota from two tables. Raises RotaError with the file and the row."""
    return Problem(
        tuple(person(cells, where) for cells, where in _rows(people, PERSON)),
        tuple(shift(cells, where) for cells, where in _rows(shifts, SHIFT)),
    )


def _rows(path: Path, columns: tuple[str, ...]) -> list[tuple[Cells, str]]:
    try:
        rows: list[tuple[Cells, str]] = [
            (row.cells, f"{path.name}, row {row.number}") for row in read_rows(path)
        ]
    except TableError as error:
        raise RotaError(f"{path.name}: {error}") from None
    for cells, _where in rows[:1]:
        _known(cells, columns, path.name)
    return rows


def _entries(given: Cells, name: str, path: Path) -> list[Cells]:
    found = given.get(name)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise RotaError(f'{path.name}: "{name}" must be a list of objects.')
    return found


def _known(given: Iterable[str], known: tuple[str, ...], where: str) -> None:
    odd = sorted(set(given) - set(known))
    if odd:
        raise RotaError(f'{where}: nobody reads "{odd[0]}"; there are: {", ".join(known)}.')


def person(cells: Cells, where: str) -> Person:
    """One person; RotaError names `where` and the field."""
    _known(cells, PERSON, where)
    return Person(
        id=_text(cells, "id", where, needed=True),
        name=_text(cells, "name", where),
        point=_point(cells, where),
        max_km=_number(cells, "max_km", where),
        skills=_words(cells, "skills", where),
        week_hours=_number(cells, "week_hours", where),
        month_hours=_number(cells, "month_hours", where),
        rest_hours=_number(cells, "rest_hours", where) or 0.0,
        off=frozenset(_date(word, where) for word in _words(cells, "off", where)),
        days=_words(cells, "days", where),
        prefers=_words(cells, "prefers", where),
        avoids=_words(cells, "avoids", where),
        hours_before=_number(cells, "hours_before", where) or 0.0,
    )


def shift(cells: Cells, where: str) -> Shift:
    """One shift; RotaError names `where` and the field."""
    _known(cells, SHIFT, where)
    seats = _number(cells, "seats", where)
    if seats is not None and (seats < 1 or seats != int(seats)):
        raise RotaError(f"{where}: seats is {seats:g}; it must be 1, 2, 3 …")
    return Shift(
        id=_text(cells, "id", where, needed=True),
        place=_text(cells, "place", where, needed=True),
        starts=_moment(cells, "starts", where),
        ends=_moment(cells, "ends", where),
        seats=1 if seats is None else int(seats),
        skills=_words(cells, "skills", where),
        point=_point(cells, where),
        label=_text(cells, "label", where),
    )


def rules(cells: Any, where: str) -> Rules:
    """The rules; what is not given stays as `Rules` has it."""
    if not isinstance(cells, dict):
        raise RotaError(f"{where} must be an object.")
    _known(cells, RULES, where)
    usual = Rules()
    hours = _number(cells, "rest_hours", where)
    days = _number(cells, "evenings_apart_days", where)
    return Rules(
        usual.rest_hours if hours is None else hours,
        _clock(cells, "evening_ends_after", where) or usual.evening_ends_after,
        _clock(cells, "morning_until", where) or usual.morning_until,
        usual.evenings_apart_days if days is None else int(days),
    )


def weights(cells: Any, where: str) -> Weights:
    """The weights; what is not given stays as `Weights` has it."""
    if not isinstance(cells, dict):
        raise RotaError(f"{where} must be an object.")
    _known(cells, WEIGHTS, where)
    given = {name: _number(cells, name, where) for name in WEIGHTS if name in cells}
    return Weights(**{name: value for name, value in given.items() if value is not None})


def _pairs(given: Any, where: str) -> frozenset[tuple[str, str]]:
    good = isinstance(given, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(word, str) for word in pair)
        for pair in given
    )
    if not good:
        raise RotaError(f'{where} must be a list of pairs like ["person", "shift"].')
    return frozenset((who, what) for who, what in given)


def _text(cells: Cells, name: str, where: str, *, needed: bool = False) -> str:
    found = cells.get(name)
    text = "" if found is None else str(found).strip()
    if needed and not text:
        raise RotaError(f"{where}: {name} is missing.")
    return text


def _number(cells: Cells, name: str, where: str) -> float | None:
    text = _text(cells, name, where)
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < 10_000:
        raise RotaError(f'{where}: {name} is "{text}"; it must be a number such as 6 or 2.5.')
    return value


def _words(cells: Cells, name: str, where: str) -> frozenset[str]:
    found = cells.get(name)
    if found is None:
        return frozenset()
    words = found if isinstance(found, list) else str(found).split()
    if not all(isinstance(word, str) for word in words):
        raise RotaError(f"{where}: {name} must be a list of words.")
    return frozenset(words)


def _date(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RotaError(f'{where}: "{text}" is no date; write 2026-03-14.') from None


def _moment(cells: Cells, name: str, where: str) -> datetime:
    text = _text(cells, name, where, needed=True)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise RotaError(f'{where}: {name} is "{text}"; write 2026-03-14T09:00.') from None
    return moment.astimezone(clock.LOCAL).replace(tzinfo=None) if moment.tzinfo else moment


def _clock(cells: Cells, name: str, where: str) -> time | None:
    text = _text(cells, name, where)
    if not text:
        return None
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise RotaError(f'{where}: {name} is "{text}"; write 19:00.') from None


def _point(cells: Cells, where: str) -> Point | None:
    words = _text(cells, "lon", where), _text(cells, "lat", where)
    if words == ("", ""):
        return None
    try:
        lon, lat = float(words[0]), float(words[1])
    except ValueError:
        raise RotaError(
            f"{where}: lon and lat must both be degrees, or both be left out."
        ) from None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise RotaError(f"{where}: ({lon:g}, {lat:g}) is not on the earth; longitude comes first.")
    return lon, lat
