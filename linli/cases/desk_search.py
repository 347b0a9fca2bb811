"""Finding a matter of one's own unit by what was said: for those who may read it, and nobody else.

The index is asked for the words and for who asks at once, so another unit's matters are not even
looked at; then each hit is held against the same rule as its page. A role that opens a text only
with a written reason finds by what everybody may read (the public search): else the search would
tell what the text says.
"""

from typing import Any, Final, NamedTuple

from django.db import connection

from linli.cases import desk, reading
from linli.cases.finding import LAST
from linli.cases.models import Case
from linli.lib import terms
from linli.lib.terms import match, phrase_tests, tsquery
from linli.people.actors import Actor
from linli.people.policies import allowed
from linli.people.roles import Role

PAGE: Final = 20

_ON_SQLITE = """
SELECT f.rowid FROM cases_desk_search f {check}
WHERE f.cases_desk_search MATCH %(asked)s AND f.rowid < %(high)s {phrases}
ORDER BY f.rowid DESC LIMIT {most}"""
_ON_POSTGRESQL = (
    "SELECT slot FROM cases_desk_search_find(%(asked)s::tsquery, %(phrases)s, 0, %(high)s, {most})"
    " AS h(slot) ORDER BY slot DESC"
)


class Hits(NamedTuple):
    """One page, the newest first, and the key of the next ("" if there is none)."""

    cases: list[Case]
    more: str


def find(actor: Actor, query: str, after: str = "") -> Hits:
    """The matters that hold the words and that this person may read; two statements."""
    asked, scope = terms.phrases_of(query), _scope(actor)
    if not asked.words or not scope:
        return Hits([], "")
    high = int(after) if after.isdigit() and len(after) < 19 else LAST
    slots = _slots(asked, scope, high)
    rows = Case.objects.filter(desk_line__slot__in=slots[:PAGE]).with_names()
    cases = rows.select_related("handler").order_by("-desk_line__slot")
    readable = [case for case in cases if allowed(reading.check_can_read, case, actor)]
    return Hits(readable, str(slots[PAGE - 1]) if len(slots) > PAGE else "")


def _scope(actor: Actor) -> list[str]:
    """The marks of what this person has to do with: a post's own matters, or a unit's."""
    unit, appointment = actor.organisation, actor.appointment
    if unit is None or appointment is None or actor.needs_reason("case.view_text"):
        return []
    if actor.role == Role.GRID:
        person = [terms.mark("u", actor.user.pk.hex)] if actor.user else []
        return [terms.mark("t", appointment.post_id), *person]
    found = [terms.mark("o", unit.pk)]
    if desk.is_office(unit) and actor.place_path:
        found.append(terms.mark("p", actor.place_path.rstrip("/").rpartition("/")[2]))
    return found


def _slots(asked: terms.Phrases, scope: list[str], high: int) -> list[int]:
    values: dict[str, Any] = {"high": high}
    if connection.vendor == "postgresql":
        values |= {"asked": tsquery(asked.words, [scope]),
                   "phrases": [f"%{text}%" for text in asked.phrases]}  # fmt: skip
        sql = _ON_POSTGRESQL.format(most=PAGE + 1)
    else:
        values["asked"] = match(asked.words, [scope])
        tests = phrase_tests("l", asked.phrases, values)
        check = "CROSS JOIN cases_deskline l ON l.slot = f.rowid" if tests else ""
        sql = _ON_SQLITE.format(check=check, phrases=tests, most=PAGE + 1)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]
