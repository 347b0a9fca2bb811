"""A case as one line on a list of the desk."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli import playbook
from linli.cases import naming, reading
from linli.cases.models import Case, State, Visibility
from linli.cases.models.case import WORKING
from linli.cases.policies import may
from linli.lib.text import first_line
from linli.people.actors import Actor
from linli.web import dates
from linli.web.language import lang, said
from linli.web.snippets import excerpt


def desk_row(case: Case, actor: Actor) -> dict[str, Any]:
    """What `ui.case_row` draws; the words only as far as this reader may see them."""
    tongue = lang()
    topic = naming.topic(case.category)
    words = first_line(reading.words_for(case, actor).text, 48)
    return {
        "href": reverse("desk-case", args=[case.number]),
        "title": format_html("{} · {}", topic, said(words)) if words else topic,
        "number": case.pretty_number,
        "place": case.place.name_for(tongue),
        "state": State(case.state).label,
        "tone": "warn" if case.state == State.ROUTED else "plain",
        "due": dates.due(case.due_at) if case.due_at else "",
        "late": case.is_late,
        "note": format_html_join(" · ", "{}", [(flag,) for flag in _flags(case)]),
    }


def found_row(case: Case, actor: Actor, query: str) -> dict[str, Any]:
    """A hit of the desk's search: the words around what was asked for."""
    row = desk_row(case, actor)
    words = excerpt(reading.words_for(case, actor).text, query)
    return row | {
        "title": naming.topic(case.category),
        "note": said(words) if words else row["note"],
    }


def _flags(case: Case) -> list[str]:
    """What makes this case special, in a few words each."""
    found = []
    if case.rule.id != playbook.current().county.intake:
        found.append(case.rule.name.text(lang()))
    if case.refusals and case.state in WORKING:
        found.append(ngettext("refused once", "refused %(n)s times", case.refusals)
                     % {"n": case.refusals})  # fmt: skip
    if case.reopened:
        found.append(ngettext("not solved once", "not solved %(n)s times", case.reopened)
                     % {"n": case.reopened})  # fmt: skip
    if case.askers_count > 1:
        found.append(_("%(n)s askers") % {"n": case.askers_count})
    if case.extensions:
        found.append(_("time extended"))
    if case.handler is not None:
        found.append(said(case.handler))
    return found


def earlier_rows(cases: list[Case], actor: Actor) -> list[dict[str, Any]]:
    """Cases from before: what I may see opens on the desk, the others where everybody reads."""
    found = []
    for case in cases:
        row = desk_row(case, actor)
        if not may("case.view_progress", actor, case):
            if case.visibility != Visibility.PUBLIC:
                continue
            row |= {"href": reverse("case", args=[case.number]), "note": ""}
        found.append(row | {"due": dates.day(case.received_at), "late": False})
    return found
