"""The public page of one case: what is the same for everybody is made once and kept."""

from dataclasses import dataclass
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_GET
from markupsafe import Markup

from linli.cases import suggest, timeline
from linli.cases.models import Asker, Case
from linli.cases.policies import may
from linli.cases.steps import Standing, standings
from linli.cases.views import access
from linli.forum import talk
from linli.journal.models import Entry
from linli.journal.record import subject_of
from linli.people.actors import actor_of
from linli.web import shelf
from linli.web.doors import door
from linli.web.pages import framed, page, part
from linli.web.prepared import Prepared

# Whatever happens to a case moves its revision, counts an asker or writes a line of the journal;
# whatever is said about it in the forum moves the talk's revision.
MOVED: Final = (
    "SELECT c.revision, c.askers_count, "
    f"(SELECT max(e.seq) FROM journal_entry e WHERE e.subject = %s), {talk.REVISION} "
    "FROM cases_case c WHERE c.number = %s"
)

PARTS: Final = ("lead", "top", "story")
_ASKER: Final = Prepared(
    lambda number: Asker.objects.filter(number=number).values_list("pk", "user_id"), number=str
)


@dataclass(frozen=True)
class Shown:
    """The parts that every reader sees, and the row they were made from."""

    case: Case
    lead: Markup
    top: Markup
    story: Markup
    claimable: Standing | None


@require_GET
@door("case.view_public")
def case(request: HttpRequest, number: str) -> HttpResponse:
    """The public page of a case; its asker is led to their own page, its unit to the desk."""
    actor = actor_of(request)
    if access.may_hold_some(request):
        for asker in _ASKER(number=number):
            if access.holds(request, *asker):
                return redirect("my-matter", number)
    shown, question = shelf.recall(("case", number, str(get_language())), lambda: _made(number))
    is_unit = actor.user is not None and may("case.view_text", actor, shown.case)
    context = {
        "case": shown.case, "shown": shown, "claimable": shown.claimable, "is_unit": is_unit,
    }  # fmt: skip
    if shown.claimable:  # its form holds the reader's own token
        response = page(request, "cases/case.html", context)
    else:
        key = ("case", number, question.answer, is_unit)
        response = framed(request, "cases/case.html", context, key)
    return shelf.keep(response, question)


def _made(number: str) -> tuple[tuple[Shown, shelf.Question], int, shelf.Question]:
    row = listed_or_404(number)
    lines = timeline.lines(row)
    moments = timeline.story(row, timeline.PUBLIC, entries=lines)
    rule, steps = row.rule, standings(row)
    visible = row.published_at is not None and rule.public_text != "topic"
    context = {
        "case": row, "rule": rule, "public_text": row.public_text if visible else "",
        "moments": moments, "steps": steps, "earlier": suggest.earlier_answers(row),
        "talk": (about := _talk(row, lines)),
    }  # fmt: skip
    lead, top, story = (part(f"cases/case_{name}.html", context) for name in PARTS)
    shown = Shown(row, lead, top, story, _first_claimable(steps))
    last = lines[-1].seq if lines else None
    moved = (row.revision, row.askers_count, last, about.revision if about else None)
    name = subject_of(row)
    question = shelf.Question(MOVED, (name, name, row.number), moved)
    return (shown, question), 4 * (len(lead) + len(top) + len(story)), question


def _talk(row: Case, lines: list[Entry]) -> talk.Talk | None:
    """The talk about a case on public lists; asked for only where its story says there is one."""
    if row.listed_at is None:
        return None
    name = subject_of(row)
    begun = any(line.verb == "forum.tied" for line in lines)
    return talk.about(name) if begun else talk.none(name)


def listed_or_404(number: str) -> Case:
    """The case that everybody may see under this number, or the one it was joined to."""
    rows = Case.objects.select_related("place", "owner", "first_owner", "merged_into")
    row = rows.filter(number=number).first()
    if row is None:  # a neighbour's own number leads to the matter they joined
        row = get_object_or_404(rows, askers__number=number)
    if row.merged_into and row.visibility == "public":
        row = get_object_or_404(rows, pk=row.merged_into_id)
    if row.visibility != "public" and not _topic_page(row):
        raise Http404
    if row.alias and row.published_at is None:
        raise Http404  # a wish has no page before it hangs on the tree
    return row


def _topic_page(row: Case) -> bool:
    """Of a sealed dispute the topic has a page once both sides agreed; never more than the topic."""
    return row.rule.public_text == "topic" and row.published_at is not None


def claimable(row: Case) -> Standing | None:
    """The step that a volunteer can take on now, if there is one."""
    return _first_claimable(standings(row))


def _first_claimable(steps: list[Standing]) -> Standing | None:
    for standing in steps:
        if standing.step.claim and standing.ready and standing.claim is None:
            return standing
    return None
