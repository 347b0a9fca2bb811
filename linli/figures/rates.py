"""The three rates: a pure function of the journal, so the same lines give the same rates for ever.

Definition 2
------------
*Response*: of the answers that fell due in the period, how many were given in time. Due is the
promise made at receipt, moved only by extensions that were asked for before it ran out; only the
first answer counts. Left out, each with its reason: matters withdrawn, declined with the right
address, or joined to another matter before they fell due, and those that are not due yet.

*Resolution*: of the askers who were asked in the period whether it is solved (each time an answer
was given), how many said "solved". "Not solved", "cannot judge" and silence are shown beside it as
their own bands and all stand in the denominator; silence is never counted as satisfied. Askers
whose time to speak is not over are `waiting` and left out until it is; an asker who withdrew
instead of saying so is left out for good. When one of several askers says "not solved", the matter
goes back to work at once; the others of that round were asked but had no time to speak. They are
left out of that round as `asked again` and stand in the next one. (Definition 1 counted them as
silent, which they were not.)

*Satisfaction*: of those who rated the manner, how many were satisfied.

The three are never added up to one figure.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any, Protocol

DEFINITION = 2

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
NAMES = ("response", "resolution", "satisfaction")


class Line(Protocol):
    """What the function reads of a line of the journal."""

    @property
    def subject(self) -> str: ...
    @property
    def verb(self) -> str: ...
    @property
    def when(self) -> datetime: ...
    @property
    def place(self) -> str: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...


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

    def note(self, band: str, subject: str, times: int = 1) -> None:
        """Count a case (or `times` askers of it) into a band of the denominator."""
        self.n += times
        self.bands[band] += times
        self.subjects.setdefault(band, []).append(subject)

    def leave_out(self, reason: str, subject: str, times: int = 1) -> None:
        """Keep a case out of the denominator, and say why."""
        self.excluded[reason] += times
        self.subjects.setdefault(f"excluded: {reason}", []).append(subject)


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
    subjects: dict[str, list[str]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Plain values, without the lists of cases."""
        out: dict[str, Any] = {
            "definition": self.definition,
            "received": self.received,
            "answered": self.answered,
            "median_days_to_answer": self.median_days,
        }
        for name in NAMES:
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
class Round:
    """One answer: how many were asked, and what they said by when."""

    at: datetime
    asked: int
    replies: dict[str, tuple[str, bool | None]] = field(default_factory=dict)
    over: bool = False  # everybody had their time
    cut: bool = False  # one said "not solved" before the others had theirs


@dataclass
class Story:
    """What the lines say of one case."""

    place: str = ""
    kind: str = ""
    channel: str = ""
    received: datetime | None = None
    due: datetime | None = None
    first_answer: datetime | None = None
    ended: datetime | None = None
    ended_by: str = ""
    rounds: list[Round] = field(default_factory=list)
    asked: bool = True


def three_rates(
    lines: Iterable[Line], start: datetime, end: datetime, *, as_of: datetime | None = None
) -> Rates:
    """The rates of [start, end) from the lines of the cases, in the order of the journal.

    `lines` must hold every line (of `VERBS`) of each case that matters. `as_of` is the moment from
    which one looks: later lines are not read, and what falls due after it is not due yet. Without
    it all lines count and the whole period has passed.
    """
    return rates_of(read(lines, as_of), start, end, as_of=as_of)


def read(lines: Iterable[Line], as_of: datetime | None = None) -> dict[str, Story]:
    """What happened to each case, by its subject, up to `as_of`."""
    stories: dict[str, Story] = {}
    for line in lines:
        if as_of is None or line.when <= as_of:
            story = stories.get(line.subject)
            if story is None:
                story = stories[line.subject] = Story()
            _read(story, line)
    return stories


def rates_of(
    stories: Mapping[str, Story], start: datetime, end: datetime, *, as_of: datetime | None = None
) -> Rates:
    """The rates of [start, end) from cases already read."""
    rates = Rates()
    days: list[float] = []
    for subject, story in stories.items():
        if story.received and start <= story.received < end:
            rates.received += 1
            rates.subjects.setdefault("received", []).append(subject)
        if story.first_answer and start <= story.first_answer < end:
            rates.answered += 1
            rates.subjects.setdefault("answered", []).append(subject)
            if story.received:
                days.append((story.first_answer - story.received).total_seconds() / 86400)
        if story.due is not None and start <= story.due < end:
            _count_response(rates.response, subject, story, as_of)
        for answer in story.rounds:
            if start <= answer.at < end:
                _count_words(rates, subject, story, answer)
    rates.median_days = round(median(days), 2) if days else None
    return rates


def _read(story: Story, line: Line) -> None:
    facts = line.facts
    match line.verb:
        case "case.received":
            story.place, story.kind = line.place, str(facts.get("kind", ""))
            story.channel = str(facts.get("channel", ""))
            story.received = line.when
            story.due = datetime.fromisoformat(facts["due"])
            story.asked = facts.get("asked", True)
        case "case.extended" if story.first_answer is None:
            story.due = datetime.fromisoformat(facts["to"])
        case "case.answered":
            story.first_answer = story.first_answer or line.when
            story.rounds.append(Round(line.when, int(facts.get("askers", 1))))
        case "case.replied" if story.rounds:
            said = (str(facts["reply"]), facts.get("satisfied"))
            story.rounds[-1].replies[str(facts["asker"])] = said
            if said[0] == "unsolved":
                story.rounds[-1].cut = True
        case "case.confirmed" | "case.silent" if story.rounds:
            story.rounds[-1].over = True
        case "case.declined" | "case.withdrawn" | "case.merged":
            story.ended, story.ended_by = line.when, line.verb.removeprefix("case.")


def _count_response(rate: Rate, subject: str, story: Story, as_of: datetime | None) -> None:
    due = story.due
    assert due is not None
    if story.first_answer is None and story.ended and story.ended <= due:
        rate.leave_out(story.ended_by, subject)
    elif as_of is not None and due > as_of:
        # Early answers wait for their day like the others: else a running week looks too good.
        rate.leave_out("not due yet", subject)
    elif story.first_answer is None:
        rate.note("unanswered", subject)
    elif story.first_answer <= due:
        rate.part += 1
        rate.note("in time", subject)
    else:
        rate.note("late", subject)


def _count_words(rates: Rates, subject: str, story: Story, answer: Round) -> None:
    resolution = rates.resolution
    if not story.asked:
        resolution.leave_out("not asked", subject, answer.asked)
        return
    for reply, satisfied in answer.replies.values():
        resolution.part += reply == "solved"
        resolution.note(reply, subject)
        if satisfied is not None:
            rates.satisfaction.part += satisfied
            rates.satisfaction.note("satisfied" if satisfied else "dissatisfied", subject)
    missing = max(0, answer.asked - len(answer.replies))
    if not missing:
        return
    if answer.cut:
        resolution.leave_out("asked again", subject, missing)
    elif answer.over:
        resolution.note("silent", subject, missing)
    elif story.ended and story.ended >= answer.at:
        resolution.leave_out(story.ended_by, subject, missing)
    else:
        resolution.leave_out("waiting", subject, missing)
