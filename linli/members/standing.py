"""Where somebody stands: which steps are open, what each still lacks, what is overdue. Pure reading."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from linli.members.models import Member, Paper
from linli.members.words import length_text
from linli.playbook.membership import Document, Expected, Step
from linli.web.dates import day as day_words
from linli.web.language import lang

SOON = timedelta(days=30)
Days = Mapping[str, list[date]]  # days of papers by their kind, the newest first


@dataclass(frozen=True)
class Way:
    """One step that leads on from here, and why it cannot be taken yet."""

    step: Step
    lacking: list[str]
    earliest: date | None  # before this day the stage has not lasted long enough

    @property
    def is_open(self) -> bool:
        return not self.lacking


@dataclass(frozen=True)
class Due:
    """A paper that is expected, or the stage's own end."""

    name: str
    on: date
    late: bool


def days_of(papers: Iterable[Paper]) -> dict[str, list[date]]:
    """The days of papers by kind, the newest first."""
    found: dict[str, list[date]] = {}
    for paper in papers:
        found.setdefault(paper.kind, []).append(paper.dated)
    for days in found.values():
        days.sort(reverse=True)
    return found


def ways(member: Member, papers: Days, on: date) -> list[Way]:
    """Every step that leads on from the member's stage, as it stands on that day."""
    if member.at is None or member.left_on:
        return []
    return [_way(member, step, papers, on) for step in member.rule.steps_from(member.stage)]


def lacking(member: Member, step: Step, papers: Days, on: date) -> list[str]:
    """Why the step cannot be taken on that day: sentences, none if it can."""
    return _way(member, step, papers, on).lacking


def _way(member: Member, step: Step, papers: Days, on: date) -> Way:
    said, earliest = [], None
    at = member.at
    if at is not None and at.at_least and not step.at_once:
        earliest = at.at_least.after(member.since)
        if on < earliest:
            said.append(
                _("“%(stage)s” lasts at least %(length)s: not before %(day)s")
                % {"stage": at.name.text(lang()), "length": length_text(at.at_least),
                   "day": day_words(earliest)}
            )  # fmt: skip
    for paper in step.needs:
        if (missing := _missing(paper, papers, on)) is not None:
            said.append(missing)
    return Way(step, said, earliest)


def _missing(paper: Document, papers: Days, on: date) -> str | None:
    days = [day for day in papers.get(paper.id, []) if day <= on]
    name = paper.name.text(lang())
    if not days:
        return _("“%(paper)s” is missing") % {"paper": name}
    if paper.fresh and paper.fresh.after(days[0]) < on:
        return _("“%(paper)s” of %(day)s is older than %(length)s") % {
            "paper": name, "day": day_words(days[0]), "length": length_text(paper.fresh),
        }  # fmt: skip
    return None


def dues(member: Member, papers: Days, on: date) -> list[Due]:
    """What is expected in this stage and not there yet, the earliest first."""
    at = member.at
    if at is None or member.left_on:
        return []
    found = [
        Due(paper.name.text(lang()), day, day < on)
        for paper in at.papers
        if (day := _expected(paper, papers, member.since)) is not None
    ]
    if at.by_then:
        end = at.by_then.after(member.since)
        found.append(Due(_("Next step"), end, end < on))
    return sorted(found, key=lambda due: due.on)


def _expected(paper: Expected, papers: Days, since: date) -> date | None:
    """When the paper is due next; None once it is there and needed only once."""
    days = [day for day in papers.get(paper.id, []) if day >= since]
    if paper.every:
        return paper.every.after(days[0] if days else since)
    if paper.within and not days:
        return paper.within.after(since)
    return None
