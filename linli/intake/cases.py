"""Foreign case data becomes cases with their real dates; repeating an import changes nothing."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from linli import playbook
from linli.cases import routing, searching, suggest
from linli.cases.actions.core import tell
from linli.cases.actions.receive import free_number
from linli.cases.models import Asker, Case, State, Visibility, Words
from linli.lib import clock, workdays
from linli.lib.personal import find_personal
from linli.lib.tables import Row
from linli.people.actors import SYSTEM
from linli.places.models import Place
from linli.playbook.schema import CaseKind

BATCH = 200
FIELDS = ("source", "title", "text", "received", "answer", "answered", "category", "place")
NEEDED = ("source", "text", "received")
FORMS = ("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M",
         "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """How the columns of a file become cases."""

    kind: CaseKind
    columns: Mapping[str, str]  # our field -> their column
    place: Place
    name: str  # what the file is called in the source mark
    within: workdays.Span | None = None  # the promise; without it the kind's own clock
    visibility: str = Visibility.OFFICE


@dataclass
class Wrong:
    """A row that was left out, and why."""

    row: Row
    reason: str


@dataclass
class Report:
    """What an import did, or would do."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[Wrong] = field(default_factory=list)


@dataclass(frozen=True)
class Past:
    """One row, read and checked."""

    source: str
    text: str
    category: str
    place: Place
    received: datetime
    answer: str
    answered: datetime | None


class RowError(ValueError):
    """A sentence about what is wrong with a row."""


def columns_of(words: str) -> dict[str, str]:
    """Read `text=content,received=asked_at` into a mapping; ValueError says what is wrong."""
    found = {}
    for part in filter(None, (p.strip() for p in words.split(","))):
        ours, sign, theirs = part.partition("=")
        if not sign or ours.strip() not in FIELDS or not theirs.strip():
            raise ValueError(f"“{part}” is not FIELD=COLUMN; the fields are {', '.join(FIELDS)}.")
        found[ours.strip()] = theirs.strip()
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise ValueError(f"The map does not say which column holds: {', '.join(missing)}.")
    return found


def import_cases(
    rows: Iterator[Row],
    plan: Plan,
    *,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda done: None,
) -> Report:
    """Bring rows in, `BATCH` a transaction. A row seen before is left as it is."""
    report = Report()
    done = 0
    while batch := list(islice(rows, BATCH)):
        _import_batch(batch, plan, report, dry_run)
        done += len(batch)
        progress(done)
    return report


def _import_batch(batch: Sequence[Row], plan: Plan, report: Report, dry_run: bool) -> None:
    read: list[Past] = []
    for row in batch:
        try:
            read.append(_read(row, plan))
        except RowError as error:
            report.wrong.append(Wrong(row, str(error)))
            report.counts["wrong"] += 1
    known = set(
        Case.objects.filter(source__in=[p.source for p in read]).values_list("source", flat=True)
    )
    fresh = {past.source: past for past in read if past.source not in known}
    report.counts["there already"] += len(read) - len(fresh)
    report.counts["new"] += len(fresh)
    if dry_run:
        return
    with transaction.atomic():
        made = [_create(past, plan).pk for past in fresh.values()]
        searching.reindex(Case.objects.filter(pk__in=made))


def _read(row: Row, plan: Plan) -> Past:
    def cell(name: str) -> str:
        column = plan.columns.get(name)
        return (row.get(column) or "").strip() if column else ""

    if not cell("source"):
        raise RowError(_("no id in column %(column)s") % {"column": plan.columns["source"]})
    title, text = cell("title"), cell("text")
    words = f"{title}\n{text}" if title and not text.startswith(title) else text or title
    if not words.strip():
        raise RowError(_("no text"))
    received = _moment(cell("received"), plan.columns["received"])
    answered = _moment(cell("answered"), plan.columns["answered"]) if cell("answered") else None
    if answered and answered < received:
        raise RowError(_("answered before it was received"))
    if received > clock.now():
        raise RowError(_("received in the future"))
    if bool(cell("answer")) != bool(answered) and "answered" in plan.columns:
        raise RowError(_("an answer without its time, or a time without its answer"))
    return Past(
        source=f"{plan.name}:{cell('source')}"[:80],
        text=words,
        category=_category(cell("category"), words, plan.kind),
        place=_place(cell("place"), plan),
        received=received,
        answer=cell("answer"),
        answered=answered,
    )


def _moment(text: str, column: str) -> datetime:
    padded = re.sub(r"(?<=\D)(\d)(?=\D|$)", r"0\1", text)
    for form in FORMS:
        try:
            moment = datetime.strptime(padded, form)
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=clock.LOCAL)
    raise RowError(_("column %(column)s: “%(text)s” is not a date and time") % {
        "column": column, "text": text[:40]})  # fmt: skip


def _category(named: str, words: str, rule: CaseKind) -> str:
    county = playbook.current().county
    if named:
        for category in county.categories:
            if named in {category.id, category.name.zh, category.name.en} and rule.takes(
                category.id
            ):
                return category.id
    likely = suggest.topics(words, rule, most=1)
    return likely[0].id if likely else county.categories[-1].id


def _place(named: str, plan: Plan) -> Place:
    if not named:
        return plan.place
    found = Place.objects.current().filter(code=named).first()
    if found is None:
        raise RowError(_("no place has the code %(code)s") % {"code": named})
    return found


def _create(past: Past, plan: Plan) -> Case:
    rule = plan.kind
    span = plan.within or rule.answer_for(past.category).within
    due = workdays.add(past.received, span)
    way = routing.route(rule, past.category, past.place)
    answered = past.answered
    case = Case.objects.create(
        number=free_number(), kind=rule.id, playbook=playbook.current().version, channel="import",
        category=past.category, place=past.place, place_path=past.place.path, text=past.text,
        visibility=plan.visibility, owner=way.organisation, owner_post=way.post,
        first_owner=way.organisation, received_at=past.received, answer_due_at=due,
        state=State.SILENT if answered else State.ROUTED,
        due_at=None if answered else due, answered_at=answered, closed_at=answered,
        source=past.source, late_noted_at=None if answered else clock.now(),
    )  # fmt: skip
    _add_asker(case, past)
    facts: dict[str, Any] = {"category": case.category, "channel": "import", "anonymity": "L3",
                             "visibility": case.visibility, "due": due.isoformat(),
                             "asked": False}  # fmt: skip
    tell(case, "case.received", by=SYSTEM, facts=facts, when=past.received)
    tell(case, "case.routed", by=SYSTEM, when=past.received,
         facts={"to": way.organisation.pk, "rule": way.rule, "post": None})  # fmt: skip
    if answered:
        facts = {"due": due.isoformat(), "in_time": answered <= due, "askers": 1, "round": 1,
                 "received": past.received.isoformat()}  # fmt: skip
        tell(case, "case.answered", by=SYSTEM, facts=facts, words=past.answer,
             purpose=Words.Purpose.ANSWER, when=answered)  # fmt: skip
        tell(case, "case.silent", by=SYSTEM, when=answered,
             facts={"solved": 0, "silent": 1, "unsure": 0})  # fmt: skip
    return case


def _add_asker(case: Case, past: Past) -> None:
    Asker.objects.create(
        case=case, number=case.number, client_id=uuid5(NAMESPACE_URL, f"linli:{past.source}"),
        digest="", anonymity=Asker.Anonymity.NOTHING, is_first=True, joined_at=past.received,
    )  # fmt: skip


def id_number_columns(rows: Sequence[Row]) -> list[str]:
    """Columns that hold resident identity numbers: an import refuses them whole (R3)."""
    found = Counter[str]()
    for row in rows:
        for name, value in row.cells.items():
            compact = (value or "").strip()
            hits = find_personal(compact) if len(compact) <= 24 else []
            if any(hit.kind == "id_number" for hit in hits):
                found[name] += 1
    return sorted(found)
