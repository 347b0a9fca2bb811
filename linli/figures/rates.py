"""The three rates: a pure function of the journal, so the same lines give the same rates for ever.

Definition 1
------------
*Response*: of the answers that fell due in the period, how many were given in time. Due is the
promise made at receipt, moved only by extensions that were asked for before it ran out; only the
first answer counts. Left out, each with its reason: matters withdrawn, declined with the right
address, or joined to another matter before they fell due.

*Resolution*: of the askers who were asked in the period whether it is solved (each time an answer
was given), how many said "solved". "Not solved", "cannot judge" and silence are shown beside it as
their own bands and all stand in the denominator; silence is never counted as satisfied. Askers
whose time to speak is not over are `waiting` and left out until it is.

*Satisfaction*: of those who rated the manner, how many were satisfied.

The three are never added up to one figure.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from statistics import median
from typing import Any, Protocol

DEFINITION = 1

VERBS = (
    "case.received",
    "case.extended",
    "case.answered",
    "case.replied",
    "case.confirmed",
    "case.silent",
    "case.declined",
    "case.withdrawn",
    "case.merged",
    "case.took_in",
)


class Line(Protocol):
    """What the function reads of a line of the journal."""

    subject: str
    verb: str
    when: datetime
    facts: dict[str, Any]


@dataclass
class Rate:
    """`part` of `n`; what was left out, and why. `subjects` opens the number down to its cases."""

    part: int = 0
    n: int = 0
    excluded: Counter[str] = field(default_factory=Counter)
    bands: Counter[str] = field(default_factory=Counter)
    subjects: dict[str, list[str]] = field(default_factory=dict)

    @property
    def value(self) -> float | None:
        """The share, or None when there is nothing to take a share of."""
        return self.part / self.n if self.n else None

    def note(self, band: str, subject: str) -> None:
        self.bands[band] += 1
        self.subjects.setdefault(band, []).append(subject)


@dataclass
class Rates:
    """The three rates of a period, with the definition they follow."""

    response: Rate = field(default_factory=Rate)
    resolution: Rate = field(default_factory=Rate)
    satisfaction: Rate = field(default_factory=Rate)
    received: int = 0
    answered: int = 0
    median_days: float | None = None
    definition: int = DEFINITION

    def as_json(self) -> dict[str, Any]:
        """Plain values, without the lists of cases."""
        out: dict[str, Any] = {
            "definition": self.definition,
            "received": self.received,
            "answered": self.answered,
            "median_days_to_answer": self.median_days,
        }
        for name in ("response", "resolution", "satisfaction"):
            rate: Rate = getattr(self, name)
            out[name] = {
                "rate": rate.value,
                "part": rate.part,
                "n": rate.n,
                "bands": dict(sorted(rate.bands.items())),
                "excluded": dict(sorted(rate.excluded.items())),
            }
        return out


@dataclass
class _Story:
    """What the lines say of one case."""

    received: datetime | None = None
    due: datetime | None = None
    first_answer: datetime | None = None
    ended: datetime | None = None
    ended_by: str = ""
    rounds: list["_Round"] = field(default_factory=list)
    asked: bool = True


@dataclass
class _Round:
    """One answer: how many were asked, and what they said by when."""

    at: datetime
    asked: int
    replies: dict[str, tuple[str, bool | None]] = field(default_factory=dict)
    over: bool = False


def three_rates(lines: Iterable[Line], start: datetime, end: datetime) -> Rates:
    """The rates of [start, end) from the lines of the cases, in the order of the journal.

    `lines` must hold every line (of `VERBS`) of each case that matters; lines after `end` are
    ignored, so a rate computed later for the same period differs only by what was not over then.
    """
    stories: dict[str, _Story] = {}
    for line in lines:
        if line.when < end:
            _read(stories.setdefault(line.subject, _Story()), line)
    rates = Rates()
    days: list[float] = []
    for subject, story in stories.items():
        if story.received and start <= story.received < end:
            rates.received += 1
        if story.first_answer and start <= story.first_answer < end:
            rates.answered += 1
            if story.received:
                days.append((story.first_answer - story.received).total_seconds() / 86400)
        _count_response(rates.response, subject, story, start, end)
        _count_words(rates, subject, story, start, end)
    rates.median_days = round(median(days), 2) if days else None
    return rates


def _read(story: _Story, line: Line) -> None:
    facts = line.facts
    match line.verb:
        case "case.received":
            story.received = line.when
            story.due = datetime.fromisoformat(facts["due"])
            story.asked = facts.get("asked", True)
        case "case.extended":
            story.due = datetime.fromisoformat(facts["to"])
        case "case.answered":
            story.first_answer = story.first_answer or line.when
            story.rounds.append(_Round(line.when, int(facts.get("askers", 1))))
        case "case.replied" if story.rounds:
            said = (str(facts["reply"]), facts.get("satisfied"))
            story.rounds[-1].replies[str(facts["asker"])] = said
            if said[0] == "unsolved":
                story.rounds[-1].over = True
        case "case.confirmed" | "case.silent" if story.rounds:
            story.rounds[-1].over = True
        case "case.declined" | "case.withdrawn" | "case.merged":
            story.ended, story.ended_by = line.when, line.verb.removeprefix("case.")


def _count_response(
    rate: Rate, subject: str, story: _Story, start: datetime, end: datetime
) -> None:
    if story.due is None or not start <= story.due < end:
        return
    if story.first_answer is None and story.ended and story.ended <= story.due:
        rate.excluded[story.ended_by] += 1
        rate.subjects.setdefault(f"excluded: {story.ended_by}", []).append(subject)
        return
    rate.n += 1
    if story.first_answer is None:
        rate.note("unanswered", subject)
    elif story.first_answer <= story.due:
        rate.part += 1
        rate.note("in time", subject)
    else:
        rate.note("late", subject)


def _count_words(rates: Rates, subject: str, story: _Story, start: datetime, end: datetime) -> None:
    for answer in story.rounds:
        if not start <= answer.at < end:
            continue
        resolution = rates.resolution
        if not story.asked:
            resolution.excluded["not asked"] += answer.asked
            continue
        for reply, satisfied in answer.replies.values():
            resolution.n += 1
            resolution.part += reply == "solved"
            resolution.note(reply, subject)
            if satisfied is not None:
                rates.satisfaction.n += 1
                rates.satisfaction.part += satisfied
                rates.satisfaction.note("satisfied" if satisfied else "dissatisfied", subject)
        missing = max(0, answer.asked - len(answer.replies))
        if not missing:
            continue
        if answer.over:
            resolution.n += missing
            for _ in range(missing):
                resolution.note("silent", subject)
        else:
            resolution.excluded["waiting"] += missing
