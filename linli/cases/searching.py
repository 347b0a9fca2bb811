"""Which case can be found by which words: the follower that keeps the lines of the search.

Two kinds of lines: what everybody may read (`SearchLine`), and what those who deal with a matter
may read (`DeskLine`). A page that everybody may read becomes findable, one that is withdrawn from
view is lost to the search; words under seal are in neither.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet

from linli import playbook
from linli.cases.dots import cells_of, drawn_at
from linli.cases.models import Case, DeskLine, SearchLine, Visibility, Words
from linli.cases.triggers import WIDTHS
from linli.journal.models import Entry
from linli.lib import terms
from linli.places.models import Place, ancestors_of

VERBS = (
    "case.received",
    "case.routed",
    "case.accepted",
    "case.assigned",
    "case.answered",
    "case.replied",
    "case.confirmed",
    "case.silent",
    "case.reopened",
    "case.published",
    "case.declined",
    "case.refused",
    "case.transferred",
    "case.merged",
    "case.withdrawn",
    "case.extended",
    "case.step",
)
BATCH: Final = 500
HOUR: Final = 3600
IN_AN_HOUR: Final = 16  # bits: so many numbers are free in each hour
TRIES: Final = 3


def handle(entries: Sequence[Entry]) -> None:
    """Write the lines of every case these entries speak of anew."""
    keys = {entry.subject.partition(":")[2] for entry in entries}
    reindex(Case.objects.filter(pk__in=keys))


def index(case: Case) -> None:
    """Keep what can be found of this case, or nothing."""
    reindex(Case.objects.filter(pk=case.pk))


def reindex(cases: QuerySet[Case]) -> int:
    """Write the lines of many cases anew (after an import or a change of the playbook)."""
    rows = cases.select_related("place", "owner").defer("place__boundary", "owner__public_line")
    count = 0
    iterator = iter(rows.iterator(chunk_size=BATCH))
    while batch := list(islice(iterator, BATCH)):
        _write_again(batch)
        count += len(batch)
    return count


def _write_again(batch: Sequence[Case]) -> None:
    """In a transaction of its own or inside the caller's; two who write at once take turns."""
    for last in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                _write(batch)
            return
        except IntegrityError:  # another process took the same number in time: take the next
            if last == TRIES:
                raise


def _write(batch: Sequence[Case]) -> None:
    said = _public_words(batch)
    above = ancestors_of({case.place_id: case.place for case in batch}.values())
    public = [case for case in batch if case.listed_at is not None]
    desk = [case for case in batch if case.visibility != Visibility.SEALED]
    slots = _slots(SearchLine, public)
    _replace(SearchLine, batch, [
        _search_line(slots[case.pk], case, said.get(case.pk, []), above[case.place_id])
        for case in public
    ])  # fmt: skip
    slots = _slots(DeskLine, desk)
    _replace(DeskLine, batch, [
        DeskLine(slot=slots[case.pk], case=case,
                 words=_desk_words(slots[case.pk], case, said.get(case.pk, []), above[case.place_id]))
        for case in desk
    ])  # fmt: skip


def _replace(
    model: type[SearchLine] | type[DeskLine], batch: Sequence[Case], lines: Sequence[object]
) -> None:
    """Leave what has not changed, so that a line without news costs no writing."""
    names = ["words", "said"] if model is SearchLine else ["words"]
    before = {
        row[0]: row[1:]
        for row in model._default_manager.filter(case__in=batch).values_list("case_id", *names)
    }
    kept = {line.case_id for line in lines}  # type: ignore[attr-defined]
    gone = [pk for pk in before if pk not in kept]
    if gone:
        model._default_manager.filter(case__in=gone).delete()
    fresh, changed = [], []
    for line in lines:
        was = before.get(line.case_id)  # type: ignore[attr-defined]
        if was is None:
            fresh.append(line)
        elif was != tuple(getattr(line, name) for name in names):
            changed.append(line)
    if fresh:
        model._default_manager.bulk_create(fresh)  # type: ignore[arg-type]
    for line in changed:
        values = {name: getattr(line, name) for name in names}
        model._default_manager.filter(case=line.case_id).update(**values)  # type: ignore[attr-defined]


def hour_of(moment: datetime) -> int:
    """The hour as the lines count it: hours since 1970, in UTC."""
    return int(moment.astimezone(UTC).timestamp()) // HOUR


def _slots(model: type[SearchLine] | type[DeskLine], cases: Sequence[Case]) -> "dict[object, int]":
    """Where each case stands in time: where it stood before, else the next free number."""
    found: dict[object, int] = dict(
        model._default_manager.filter(case__in=cases).values_list("case_id", "slot")
    )
    free: dict[int, int] = {}
    for case in sorted(cases, key=lambda case: case.received_at):
        if case.pk not in found:
            found[case.pk] = _take(model, hour_of(case.received_at), free)
    return found


def _take(model: type[SearchLine] | type[DeskLine], hour: int, free: dict[int, int]) -> int:
    """The next number of an hour; a full hour (65,536 cases) runs over into the next."""
    while True:
        low, high = hour << IN_AN_HOUR, (hour + 1) << IN_AN_HOUR
        if hour not in free:
            rows = model._default_manager.filter(slot__gte=low, slot__lt=high)
            last: int | None = rows.aggregate(last=Max("slot"))["last"]
            free[hour] = low if last is None else last + 1
        if free[hour] < high:
            free[hour] += 1
            return free[hour] - 1
        hour += 1


def _public_words(batch: Sequence[Case]) -> dict[object, list[str]]:
    found: dict[object, list[str]] = {}
    rows = Words.objects.filter(case__in=batch, public=True).order_by("entry")
    for pk, words in rows.values_list("case_id", "text"):
        found.setdefault(pk, []).append(words)
    return found


def _search_line(slot: int, case: Case, said: list[str], above: list[Place]) -> SearchLine:
    shown = [case.public_text if case.published_at else "", *said]
    place = case.place
    point = drawn_at(case.category, (case.lon, case.lat), (place.lon, place.lat))
    parts = [case.number, case.alias, *_names(case, above), *shown]
    marks = [*_marks(case), *cells_of(point), *_windows(slot)]
    return SearchLine(
        slot=slot, case=case, words=terms.line(parts, marks),
        said="\n".join(words for words in shown if words),
    )  # fmt: skip


def _desk_words(slot: int, case: Case, said: list[str], above: list[Place]) -> str:
    parts = [case.number, case.alias, *_names(case, above), case.text, case.public_text, *said]
    return terms.line(parts, [*_marks(case), *scope_marks(case), *_windows(slot)])


def _names(case: Case, above: list[Place]) -> Iterator[str]:
    book, tongues = playbook.current(), ("zh", "en")
    topic = next((row.name for row in book.county.categories if row.id == case.category), None)
    kind = book.kinds.get(case.kind)
    for name in (topic, kind.name if kind else None):
        if name is not None:
            yield from map(name.text, tongues)
    for place in (*above[1:], case.place):
        yield from {place.name_for(tongue): None for tongue in tongues}
    yield from {case.owner.name_for(tongue): None for tongue in tongues}


def _marks(case: Case) -> Iterator[str]:
    """What everybody may narrow a list by."""
    yield terms.mark("k", case.kind)
    yield terms.mark("c", case.category)
    yield terms.mark("s", "open" if case.closed_at is None else "done")
    for code in case.place_path.split("/")[:-1]:
        yield terms.mark("p", code)


def scope_marks(case: Case) -> Iterator[str]:
    """Who has to do with it: units, the post it is addressed to, the person who deals with it."""
    for unit in {case.owner_id, case.first_owner_id, case.sender_id} - {None}:
        yield terms.mark("o", unit)
    if case.owner_post_id is not None:
        yield terms.mark("t", case.owner_post_id)
    if case.handler_id is not None:
        yield terms.mark("u", case.handler_id.hex)


def _windows(slot: int) -> Iterable[str]:
    """The stretches of time it lies in, for an engine that gives its hits unsorted."""
    hour = slot >> IN_AN_HOUR
    return [terms.mark("w", f"{width}n{hour >> width}") for width in WIDTHS]
