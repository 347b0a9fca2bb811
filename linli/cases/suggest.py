"""Help while somebody writes: likely topics, and neighbours who said the same, each with why.

A suggestion only: nothing is ticked for anybody, and nothing leaves this machine. A reason names
words that the person has typed themselves, and of others only what everybody may read.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q

from linli import playbook
from linli.cases import topic_model
from linli.cases.dots import drawn_at
from linli.cases.models import Case
from linli.cases.models.case import WORKING, CaseQuerySet, Visibility
from linli.lib import clock, coordinates
from linli.places.models import Place
from linli.playbook.schema import CaseKind, Category
from linli.playbook.suggest import suggest
from linli.triage.words import shared

NEIGHBOURS_FOR = timedelta(days=21)
LOOKED_AT = 60  # newest cases around that are compared
LEAST = 4  # characters before anything is suggested
READ = 600  # characters of a text that are compared
FAR = 3000.0  # metres: beyond, it is hardly the same thing


@dataclass(frozen=True)
class Likely:
    """A topic, and the words of the text that speak for it."""

    category: Category
    words: tuple[str, ...]


@dataclass(frozen=True)
class Neighbour:
    """An open public matter close by, and why it may be the same."""

    case: Case
    words: tuple[str, ...] = ()  # that both texts hold
    metres: int | None = None  # between the two pins, as coarse as the map shows them
    same_place: bool = False
    same_topic: bool = False

    @property
    def weight(self) -> float:
        """How likely it is the same: words say most, then the topic, then how close it is."""
        words = sum(min(len(word), 6) for word in self.words[:4])
        near = 0.0 if self.metres is None else max(0.0, 2 - self.metres / 500)
        return words + 3 * self.same_topic + near + self.same_place


def likely(words: str, rule: CaseKind, most: int = 3) -> list[Likely]:
    """The likeliest topics of a text that this kind takes, the best first; maybe none.

    A topic is only named if words of the text speak for it.
    """
    if len(words.strip()) < LEAST:
        return []
    county = playbook.current().county
    known = {category.id: category for category in county.categories if rule.takes(category.id)}
    by_words = [c.id for c in suggest(words, county, limit=len(county.categories)) if c.id in known]
    model = topic_model.current()
    if model is None:
        return [Likely(known[name], _said_in(words, known[name])) for name in by_words[:most]]
    learned = [name for name in model.best(words, most + 2) if name in known]
    names = list(dict.fromkeys([*learned[:1], *by_words[:1], *learned, *by_words]))[: most + 2]
    reasons = model.reasons(words, [name for name in names if name in model.topics])
    told = dict(zip([name for name in names if name in model.topics], reasons, strict=True))
    found = []
    for name in names:
        own = _said_in(words, known[name])
        more = [word for word in told.get(name, []) if not any(word in o or o in word for o in own)]
        if own or more:
            found.append(Likely(known[name], (*own, *more)[:3]))
    return found[:most]


def topics(words: str, rule: CaseKind, most: int = 3) -> list[Category]:
    """The same without the reasons."""
    return [row.category for row in likely(words, rule, most)]


def _said_in(words: str, category: Category) -> tuple[str, ...]:
    """The playbook's words for a topic that stand in the text."""
    lower = words.casefold()
    return tuple(word for word in category.words if word.casefold() in lower)[:3]


def neighbours(
    place: Place, rule: CaseKind, categories: list[str], text: str = "",
    lon: float | None = None, lat: float | None = None,
) -> list[Neighbour]:  # fmt: skip
    """Open public matters at the same village or below that may be the same; at most three.

    Of a published text its words count; of one that nobody has published, topic and place alone.
    One statement.
    """
    if rule.visibility != "public" or rule.alias or rule.steps:
        return []
    around = (
        place.parent.path if place.kind in {"grid", "building"} and place.parent else place.path
    )
    rows = _open_at(around, rule, categories, bool(text))
    found = [_compare(case, place, categories, text, (lon, lat)) for case in rows]
    alike = [row for row in found if row.same_topic or _says_the_same(row)]
    close = [row for row in alike if row.metres is None or row.metres <= FAR]
    return sorted(close, key=lambda row: (-row.weight, -row.case.received_at.timestamp()))[:3]


def _open_at(path: str, rule: CaseKind, categories: list[str], read: bool) -> CaseQuerySet:
    alike = Q(category__in=categories)
    if read:
        alike |= Q(published_at__isnull=False)
    return (
        Case.objects.within(path)
        .filter(
            alike,
            kind=rule.id,
            visibility=Visibility.PUBLIC,
            state__in=WORKING,
            received_at__gt=clock.now() - NEIGHBOURS_FOR,
        )
        .with_names()
        .order_by("-received_at")[:LOOKED_AT]
    )


def _compare(
    case: Case, place: Place, categories: list[str], text: str,
    pin: tuple[float | None, float | None],
) -> Neighbour:  # fmt: skip
    both = shared(text[:READ], case.public_text[:READ]) if text and case.published_at else []
    return Neighbour(
        case, tuple(both[:4]), _metres(case, pin), case.place_id == place.pk,
        case.category in categories,
    )  # fmt: skip


def _says_the_same(row: Neighbour) -> bool:
    """Another topic, but two words in common, or one that is a whole name."""
    return len(row.words) > 1 or any(len(word) > 3 for word in row.words)


def _metres(case: Case, pin: tuple[float | None, float | None]) -> int | None:
    """How far it is, in steps of 100 m: no finer than where the map shows it to everybody."""
    dot = drawn_at(case.category, (case.lon, case.lat), (None, None))
    lon, lat = pin
    if dot is None or lon is None or lat is None:
        return None
    return max(100, round(coordinates.distance_m(lon, lat, *dot) / 100) * 100)


def earlier_answers(case: Case) -> CaseQuerySet:
    """What was answered before at the same spot on the same topic, newest first."""
    return (
        Case.objects.listed()
        .filter(place=case.place_id, category=case.category, answered_at__isnull=False)
        .exclude(pk=case.pk)
        .with_names()
        .order_by("-received_at")[:3]
    )
