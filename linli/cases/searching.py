"""Finding a public case by words: Chinese without a tokenizer's guesses, one character upwards.

A text is kept as single characters and whole Latin words with spaces between (`lib.text.spaced`);
a query is a phrase of the same. So "灯" and "路灯坏" are found wherever they stand, on SQLite's FTS5
and on PostgreSQL's tsvector alike. A follower of the journal keeps the lines, so a page that
everybody may read becomes findable, and one that is withdrawn from view is lost to the search.
"""

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from linli import playbook
from linli.cases.models import Case, SearchLine, State, Visibility, Words
from linli.journal.models import Entry
from linli.lib import text as texts
from linli.playbook.schema import CaseKind

VERBS = (
    "case.received",
    "case.answered",
    "case.published",
    "case.declined",
    "case.merged",
    "case.withdrawn",
    "case.extended",
    "case.step",
)
LONGEST_QUERY = 60


def handle(entries: Sequence[Entry]) -> None:
    """Write the search line of every case these lines speak of anew."""
    keys = {entry.subject.partition(":")[2] for entry in entries}
    for case in Case.objects.filter(pk__in=keys).select_related("place", "owner"):
        index(case)


def index(case: Case) -> None:
    """Keep what everybody may read of this case, or nothing."""
    words = _public_words(case)
    if words is None:
        SearchLine.objects.filter(case=case).delete()
        return
    SearchLine.objects.update_or_create(case=case, defaults={"words": words})


def _public_words(case: Case) -> str | None:
    rule: CaseKind | None = playbook.current().kinds.get(case.kind)
    aliased = rule is not None and rule.alias and case.published_at is not None
    if case.state == State.MERGED or (case.visibility != Visibility.PUBLIC and not aliased):
        return None
    county = playbook.current().county
    topic = next((c.name for c in county.categories if c.id == case.category), None)
    said = Words.objects.filter(case=case, public=True).values_list("text", flat=True)
    parts = [
        case.number,
        case.alias,
        f"{topic.zh} {topic.en}" if topic else "",
        f"{rule.name.zh} {rule.name.en}" if rule else "",
        case.place.name,
        case.place.name_en,
        case.owner.name,
        case.public_text if case.published_at else "",
        *said,
    ]
    return texts.spaced("\n".join(part for part in parts if part))


def find(query: str) -> "QuerySet[SearchLine]":
    """Lines that hold every part of the query as a phrase, the newest first; nothing for "" or "?".

    One statement on either engine. Filters (place, state …) go on top as `case__…`.
    """
    terms = texts.query_terms(query[:LONGEST_QUERY])
    rows = SearchLine.objects.select_related("case__place", "case__owner")
    if not terms:
        return rows.none()
    if connection.vendor == "sqlite":
        asked = " AND ".join(f'"{term}"' for term in terms)
        hits = RawSQL("SELECT rowid FROM cases_search WHERE cases_search MATCH %s", [asked])
        return rows.filter(pk__in=hits).order_by("-pk")
    where = " AND ".join(
        ["to_tsvector('simple', words) @@ phraseto_tsquery('simple', %s)"] * len(terms)
    )
    hits = RawSQL(f"SELECT id FROM cases_searchline WHERE {where}", terms)
    return rows.filter(pk__in=hits).order_by("-pk")


def reindex(cases: Iterable[Case]) -> int:
    """Write the lines of many cases anew (after an import or a change of the playbook)."""
    count = 0
    for case in cases:
        index(case)
        count += 1
    return count
