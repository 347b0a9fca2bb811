"""What a topic can be about: things of higher floors, told here by site/wiring.py.

The forum knows a thing by the journal's name for it ("cases.Case:…") and nothing else. Whoever owns
such things puts a function here that tells what everybody may know of them.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from linli.places.models import Place


@dataclass(frozen=True)
class Subject:
    """A thing that everybody may see: how it is called, where it stands, and its page."""

    subject: str
    title: str
    state: str
    href: str
    place: Place
    tone: str = ""  # of the badge: ok, warn, late
    unit: int | None = None  # the organisation it is with: that one does not moderate here


Teller = Callable[[Collection[str]], Mapping[str, Subject]]
# "cases.Case" -> what tells of those that everybody may see; others it leaves out.
TELLERS: Final[dict[str, Teller]] = {}


def told(names: Iterable[str]) -> dict[str, Subject]:
    """Of these subjects those that everybody may see; a few statements for each kind of thing."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for name in names:
        by_kind[name.partition(":")[0]].append(name)
    found: dict[str, Subject] = {}
    for kind, rows in by_kind.items():
        if kind in TELLERS:
            found |= TELLERS[kind](rows)
    return found


def one(name: str) -> Subject | None:
    """One of them, or None if it is not there for everybody."""
    return told([name]).get(name)
