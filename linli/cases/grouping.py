"""Groups of open cases as one reader sees them: their cases alone, and reasons they may read."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Q

from linli.cases import reading
from linli.cases.actions.group import ACTION, check_can_group
from linli.cases.desk import is_office
from linli.cases.models import Case, Group, Member, Visibility, Words
from linli.cases.models.case import WORKING
from linli.cases.policies import check_can_answer
from linli.people.actors import Actor
from linli.people.policies import allowed
from linli.places.models import Place, path_range
from linli.triage.words import common_words, said
from linli.web.language import lang

MOST: Final = 2000  # cases that are looked through for one page
GROUPS: Final = 30  # on one page
READ: Final = 200  # signs of a text that reasons are read off
WORDS: Final = 6


@dataclass
class Shown:
    """A group, with those of its cases that this reader deals with."""

    group: Group
    cases: list[Case]
    proposed: list[Case] = field(default_factory=list)
    words: list[str] = field(default_factory=list)  # that half of the cases share
    why: dict[str, list[str]] = field(default_factory=dict)  # case number -> shared words it holds
    place: str = ""

    @property
    def is_joint(self) -> bool:
        return self.group.state == Group.State.JOINT

    @property
    def lead(self) -> Case | None:
        """The leading case, if this reader deals with it."""
        return next((case for case in self.cases if case.pk == self.group.lead_id), None)

    @property
    def people(self) -> int:
        return sum(case.askers_count for case in self.cases)

    @property
    def grids(self) -> int:
        """How many grids (or houses without one) the cases name; 0 if they name the village only."""
        return len({parts[3] for parts in self._paths() if len(parts) > 3})

    @property
    def villages(self) -> int:
        return len({parts[2] for parts in self._paths() if len(parts) > 2})

    @property
    def days(self) -> int:
        """From the first day somebody wrote to the last, both counted."""
        first, last = self.cases[0].received_at, self.cases[-1].received_at
        return (last - first).days + 1

    @property
    def late(self) -> int:
        return sum(case.is_late for case in self.cases)

    @property
    def topic(self) -> str:
        counted = Counter(case.category for case in self.cases)
        return min(counted, key=lambda topic: (-counted[topic], topic))

    @property
    def heat(self) -> float:
        return float(self.people / (1 + self.days / 30) ** 0.33)

    def _paths(self) -> Iterable[list[str]]:
        return (case.place_path.strip("/").split("/") for case in self.cases)


def listed(actor: Actor) -> list[Shown]:
    """Groups with two cases or more of this reader's: joint tasks first, then the hottest."""
    found = [row for row in _shown(actor, Q()) if len(row.cases) > 1 or row.is_joint]
    found.sort(key=lambda row: (not row.is_joint, -row.heat, row.group.pk))
    return [_explained(row, actor) for row in found[:GROUPS]]


def shown(pk: int, actor: Actor) -> Shown | None:
    """One group; None if there is none that this reader has to do with."""
    found = _shown(actor, Q(group=pk))
    return _explained(found[0], actor) if found else None


def _in_scope(actor: Actor) -> Q | None:
    """Cases of the reader's unit or place; never what is said about the unit itself."""
    unit = actor.organisation
    if unit is None or not actor.may(ACTION, in_scope=True):
        return None
    ours = Q(case__owner=unit) | Q(case__first_owner=unit) | Q(case__sender=unit)
    if is_office(unit) and actor.place_path:
        ours |= path_range(actor.place_path, "case__place_path")
    return ours & (Q(case__about=None) | ~Q(case__about=unit))


def _shown(actor: Actor, which: Q) -> list[Shown]:
    scope = _in_scope(actor)
    if scope is None:
        return []
    rows = (
        Member.objects.filter(scope, which, live=True)
        .exclude(case__visibility=Visibility.SEALED)
        .select_related("group", "case__place", "case__owner", "case__handler")
        .defer("case__place__boundary")
        .order_by("case__received_at", "case__pk")[:MOST]
    )
    by_group: dict[int, Shown] = {}
    for row in rows:
        into = by_group.setdefault(row.group_id, Shown(row.group, []))
        if row.state == Member.State.PROPOSED:
            into.proposed.append(row.case)
        elif row.state == Member.State.IN:
            into.cases.append(row.case)
    return [shown for shown in by_group.values() if shown.cases]


def _explained(row: Shown, actor: Actor) -> Shown:
    """With the words that its cases share, as far as this reader may read them."""
    texts = {
        case.number: said(reading.words_for(case, actor).text[: 2 * READ])[:READ]
        for case in [*row.cases, *row.proposed]
    }
    known = [text for text in texts.values() if text]
    need = max(2, (len(known) + 1) // 2)
    row.words = common_words(known, need, longest=8)[:WORDS]
    row.why = {number: [w for w in row.words if w in text] for number, text in texts.items()}
    row.place = _place_of(row)
    return row


def _place_of(row: Shown) -> str:
    """The name of the smallest place that all cases lie in."""
    paths = [case.place_path.strip("/").split("/") for case in row.cases]
    shared = []
    for parts in zip(*paths, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    place = Place.objects.current().filter(code=shared[-1]).first() if shared else None
    return place.name_for(lang()) if place else ""


@dataclass(frozen=True)
class Joint:
    """What the page of one case says about the joint task it belongs to."""

    group: Group
    lead: Case
    is_lead: bool
    size: int
    proposal: str = ""  # the lead's answer, if this reader may read it and could use it here


def of_case(case: Case, actor: Actor) -> Joint | None:
    """The joint task this case belongs to; None if there is none, or it is not this reader's."""
    if case.is_sealed or not allowed(check_can_group, case, actor):
        return None
    row = (
        Member.objects.filter(
            case=case, live=True, state=Member.State.IN, group__state=Group.State.JOINT
        )
        .select_related("group__lead__owner")
        .first()
    )
    if row is None or row.group.lead is None:
        return None
    lead = row.group.lead
    size = Member.objects.filter(group=row.group, live=True, state=Member.State.IN).count()
    proposal = ""
    if lead.pk != case.pk and allowed(check_can_answer, case, actor):
        proposal = answer_of(lead, actor)
    return Joint(row.group, lead, lead.pk == case.pk, size, proposal)


def answer_of(lead: Case, actor: Actor) -> str:
    """The last answer of a case: a public one, or any if this reader may read the case."""
    if lead.state in WORKING:
        return ""
    rows = Words.objects.filter(case=lead, purpose=Words.Purpose.ANSWER, sealed=False)
    if not allowed(reading.check_can_read, lead, actor):
        rows = rows.filter(public=True)
    return rows.order_by("-entry").values_list("text", flat=True).first() or ""


def answerable(row: Shown, actor: Actor) -> list[Case]:
    """Cases of the group that this reader may answer now."""
    return [case for case in row.cases if allowed(check_can_answer, case, actor)]


def ready(row: Shown) -> list[Case]:
    """Cases that a joint task can still be made of."""
    return [case for case in row.cases if case.state in WORKING]
