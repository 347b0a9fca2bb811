"""Opening a number down to its cases, for one reader."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from linli.cases import naming
from linli.cases.models import Case, State, Visibility
from linli.cases.policies import may
from linli.figures import queries, words
from linli.figures.periods import Period
from linli.figures.rates import NAMES, Rate, Story, rates_of, read
from linli.journal.record import subject_of
from linli.lib import clock
from linli.people.actors import Actor
from linli.places.models import VILLAGES, Place, ancestors_of
from linli.web.language import lang

PAGE = 40
COUNTED: Mapping[str, Mapping[str, Any]] = {"owed": words.OWED, "count": words.COUNTS}


@dataclass(frozen=True)
class Chosen:
    """Which number was pressed."""

    rate: str
    band: str = ""
    kind: str = ""
    channel: str = ""
    here: bool = False  # only what is known to be at the place itself, not what lies below it

    @property
    def query(self) -> dict[str, str]:
        """The same choice as parameters of an address."""
        named = {"rate": self.rate, "band": words.slug(self.band), "kind": self.kind,
                 "channel": self.channel, "here": "1" if self.here else ""}  # fmt: skip
        return {name: value for name, value in named.items() if value}

    @property
    def name(self) -> str:
        """What the number is called."""
        if self.rate == "owed":
            return str(words.OWED[self.band])
        if self.rate == "count":
            return str(words.COUNTS[self.band])
        return words.band_name(self.band) if self.band else str(words.NAMES[self.rate])


def chosen(query: Mapping[str, str]) -> Chosen | None:
    """Read the address; None if there is no such number."""
    rate, band = query.get("rate", ""), query.get("band", "")
    known: Mapping[str, Any] = (
        {"": ""} | words.SLUGS if rate in NAMES else COUNTED.get(rate, {})
    )  # fmt: skip
    if band not in known:
        return None
    return Chosen(
        rate,
        words.SLUGS.get(band, "") if rate in NAMES else band,
        query.get("kind", "")[:40],
        query.get("channel", "")[:20],
        query.get("here") == "1",
    )


def subjects(ask: Chosen, path: str, period: Period) -> list[str]:
    """The cases behind the number, as the journal names them, each once."""
    now = clock.now()
    if ask.rate == "owed":
        rows = queries.owed(path, now, ask.band)
        if ask.here:
            rows = rows.filter(place_path=path)
        return [subject_of(case) for case in rows.only("pk")]
    stories = read(queries.lines(period.start, period.end, path), now)
    kept = {name: story for name, story in stories.items() if _fits(ask, story, path)}
    rates = rates_of(kept, period.start, period.end, as_of=now)
    if ask.rate == "count":
        found = rates.subjects.get(ask.band, [])
    else:
        rate: Rate = getattr(rates, ask.rate)
        bands = [ask.band] if ask.band else list(rate.bands)
        found = [subject for band in bands for subject in rate.subjects.get(band, [])]
    return list(dict.fromkeys(found))


def _fits(ask: Chosen, story: Story, path: str) -> bool:
    return (
        (not ask.kind or story.kind == ask.kind)
        and (not ask.channel or story.channel == ask.channel)
        and (not ask.here or story.place == path)
    )


@dataclass
class Found:
    """One page of the cases behind a number, and how many are not for this reader."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    total: int = 0
    unseen: int = 0
    more: str = ""


def open_up(names: list[str], actor: Actor, full: bool, after: str) -> Found:
    """The newest first; found by key. Strangers to the office see what everybody may see."""
    keys = sorted(_visible([name.partition(":")[2] for name in names], actor, full), reverse=True)
    start = 0
    if after:
        last = _key(after)
        start = next((n for n, key in enumerate(keys) if last and key < last), len(keys))
    shown = keys[start : start + PAGE]
    found = Found(total=len(names), unseen=len(names) - len(keys))
    found.rows = _rows([pk for _at, pk in shown], actor)
    if start + PAGE < len(keys):
        at, pk = shown[-1]
        found.more = f"{at.isoformat()}~{pk.hex}"
    return found


def _visible(pks: list[str], actor: Actor, full: bool) -> Iterator[tuple[datetime, UUID]]:
    rows = Case.objects.all() if full else Case.objects.listed()
    if full:
        rows = rows.exclude(visibility=Visibility.SEALED).exclude(about=actor.organisation)
    for begin in range(0, len(pks), queries.CHUNK):
        chunk = rows.filter(pk__in=pks[begin : begin + queries.CHUNK])
        yield from chunk.values_list("received_at", "pk")


def _rows(pks: list[UUID], actor: Actor) -> list[dict[str, Any]]:
    """Number, topic, community and state; the words are the desk's."""
    cases = {case.pk: case for case in Case.objects.filter(pk__in=pks).with_names()}
    above = ancestors_of(case.place for case in cases.values())
    tongue = lang()
    found = []
    for pk in pks:
        case = cases[pk]
        place = _community(case.place, above[case.place_id])
        desk = may("case.view_progress", actor, case)
        found.append({
            "href": reverse("desk-case" if desk else "case", args=[case.number]),
            "title": naming.topic(case.category), "number": case.pretty_number,
            "place": place.name_for(tongue), "state": State(case.state).label,
            "tone": "late" if case.is_late else "plain",
        })  # fmt: skip
    return found


def _community(place: Place, above: list[Place]) -> Place:
    """Where it is, no finer than the village."""
    return next((row for row in [*above, place] if row.kind in VILLAGES), place)


def _key(text: str) -> tuple[datetime, UUID] | None:
    at, _tilde, pk = text.partition("~")
    try:
        return clock.in_utc(datetime.fromisoformat(at.replace(" ", "+"))), UUID(hex=pk)
    except (ValueError, OverflowError):
        return None
