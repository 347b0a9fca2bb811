"""Finding a place by what people write: its name, its name in Latin letters, its code."""

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from linli.places.models import Kind, Place
from linli.places.spelling import WORDS
from linli.places.stamp import Derived

ENDINGS: tuple[str, ...] = tuple(WORDS["endings"])
PICKED = (Kind.TOWN, Kind.VILLAGE, Kind.COMMUNITY)
SMALLER = (Kind.GRID, Kind.BUILDING)


def search(text: str, limit: int = 10) -> list[Place]:
    """Current places that fit what somebody typed, the likeliest first, parents loaded.

    Towns, villages and communities by Chinese name (with or without its ending, with or without
    the town before it), by pinyin in full or by its initials ("tianjiashan", "tjs"), by English
    name or by the start of a code. A sentence that names one finds it too. Where none fits,
    grids and buildings by name or code. Three queries, two once the names are in memory.
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
        return _smaller(text.strip(), limit)
    found = Place.objects.with_parents().in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


class _Entry(NamedTuple):
    pk: int
    code: str
    name: str
    stem: str
    full: str  # with the town before it
    pinyin: str
    initials: str
    english: str


def _load() -> list[_Entry]:
    rows = Place.objects.light().current().of_kind(*PICKED).order_by("path")
    places = {place.code: place for place in rows}
    return [
        _entry(place, [places[c] for c in place.codes if c in places]) for place in places.values()
    ]


def _entry(place: Place, line: Iterable[Place]) -> _Entry:
    pinyin, _space, initials = place.spelling.partition(" ")
    return _Entry(
        place.pk,
        place.code,
        _plain(place.name),
        _plain(stem(place.name)),
        _plain("".join(one.name for one in line)),
        pinyin,
        initials,
        _plain(place.name_en),
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


def _score(asked: str, entry: _Entry) -> tuple[int, int] | None:
    """How well an entry fits: smaller is better; None is not at all."""
    tests = (
        asked in (entry.name, entry.full, entry.code),
        asked == entry.stem,
        entry.name.startswith(asked) or entry.full.startswith(asked),
        asked in entry.full and not asked.isascii(),
        asked in (entry.pinyin, entry.initials, entry.english),
        entry.pinyin.startswith(asked) or entry.english.startswith(asked),
        entry.initials.startswith(asked),
        entry.code.startswith(asked) and len(asked) > 6,
        entry.name in asked,
        len(entry.stem) > 2 and entry.stem in asked,
    )
    for rank, fits in enumerate(tests):
        if fits:
            # Of two names inside a sentence the longer one says more; otherwise the shorter name
            # is the one that was meant.
            longer = -len(entry.name) if rank >= 8 else len(entry.name)
            return rank, longer
    return None


def _smaller(text: str, limit: int) -> list[Place]:
    rows = Place.objects.with_parents().current().of_kind(*SMALLER)
    by_code = rows.filter(code=text)
    return list(by_code or rows.filter(name__contains=text).order_by("path")[:limit])


_entries = Derived(_load)
