"""Finding a place by what people write: its name, its name in Latin letters, its code."""

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from linli.places.models import Kind, Place
from linli.places.spelling import WORDS
from linli.places.stamp import Derived

ENDINGS: dict[str, str] = WORDS["endings"]
PICKED = (Kind.TOWN, Kind.VILLAGE, Kind.COMMUNITY)
SMALLER = (Kind.GRID, Kind.BUILDING)


def search(text: str, limit: int = 10, *, smaller: bool = True) -> list[Place]:
    """Current places that fit what somebody typed, the likeliest first, parents loaded.

    Towns, villages and communities by Chinese name (with or without its ending, with or without
    the town before it), by pinyin in full or by its initials ("tianjiashan", "tjs"), by English
    name or by the start of a code. A sentence that names one finds it too. Where none fits,
    grids and buildings by name or code, unless `smaller` is off: they are looked for one by one.
    Three queries, two once the names are in memory.
    """
    asked = _plain(text)
    if not asked or limit < 1:
        return []
    scored = sorted(
        (score, entry.code, entry.pk)
        for entry in _entries.get()
        if (score := _score(asked, entry)) is not None
    )
    ids = [pk for _score, _code, pk in scored[:limit]]
    if not ids:
        return _smaller(text.strip(), limit) if smaller else []
    found = Place.objects.with_parents().in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


class _Entry(NamedTuple):
    pk: int
    code: str
    level: int
    name: str
    stem: str
    full: str  # with the town before it
    short: str  # the same, both without their endings
    latin: tuple[str, ...]  # pinyin, its initials, English: with and without the ending


def _load() -> list[_Entry]:
    rows = Place.objects.light().current().of_kind(*PICKED).order_by("path")
    places = {place.code: place for place in rows}
    return [
        _entry(place, [places[code] for code in place.codes if code in places])
        for place in places.values()
    ]


def _entry(place: Place, line: Sequence[Place]) -> _Entry:
    full, _space, initials = place.spelling.partition(" ")
    ending = ENDINGS.get(place.name.removeprefix(stem(place.name)), "").split()
    latin = (
        full, initials,
        full.removesuffix("".join(ending)), initials.removesuffix("".join(s[0] for s in ending)),
    )  # fmt: skip
    return _Entry(
        place.pk,
        place.code,
        place.level,
        _plain(place.name),
        _plain(stem(place.name)),
        _plain("".join(one.name for one in line)),
        _plain("".join(stem(one.name) for one in line)),
        tuple({*latin, _plain(place.name_en)} - {""}),
    )


def stem(name: str) -> str:
    """A name without the word for town, village or community, if two characters remain."""
    for ending in ENDINGS:
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name.removesuffix(ending)
    return name


def _plain(text: str) -> str:
    """Letters and digits alone, half-width and small."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ü", "v")
    return "".join(filter(str.isalnum, folded))


def _score(asked: str, entry: _Entry) -> tuple[int, int, int] | None:
    """How well an entry fits: smaller is better; None is not at all."""
    tests = (
        asked in (entry.name, entry.full, entry.code),
        asked in (entry.stem, entry.short),
        entry.name.startswith(asked) or entry.full.startswith(asked),
        asked in entry.full and not asked.isascii(),
        asked in entry.latin,
        any(latin.startswith(asked) for latin in entry.latin),
        entry.code.startswith(asked) and len(asked) > 6,
    )
    for rank, fits in enumerate(tests):
        if fits:
            return rank, len(entry.name), 0  # the shorter name is the one that was meant
    if entry.name in asked or (len(entry.stem) > 2 and entry.stem in asked):
        # Inside a sentence the smaller place and the longer name say more.
        return len(tests), -entry.level, -len(entry.name)
    return None


def _smaller(text: str, limit: int) -> list[Place]:
    rows = Place.objects.with_parents().current().of_kind(*SMALLER)
    by_code = rows.filter(code=text)
    return list(by_code or rows.filter(name__contains=text).order_by("path")[:limit])


_entries = Derived(_load)
