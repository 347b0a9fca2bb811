"""One problem, many askers: the groups of a unit, and what can be done with one."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from linli.cases import grouping
from linli.cases.actions import group as acts
from linli.cases.grouping import Shown
from linli.cases.models import Case
from linli.cases.views import rows
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.web.doors import door
from linli.web.pages import page


@require_GET
@door("case.group")
def groups(request: HttpRequest) -> HttpResponse:
    """Open matters of the unit or place that read as one problem."""
    return page(request, "cases/groups.html", {"groups": grouping.listed(_actor(request))})


@require_GET
@door("case.group")
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """Its matters with the reasons, and what this reader can do."""
    return _draw(request, _shown(request, pk))


@require_POST
@door("case.group")
def joint(request: HttpRequest, pk: int) -> HttpResponse:
    """Deal with all matters shown here together."""
    row, actor = _shown(request, pk), _actor(request)
    cases = grouping.ready(row)
    lead = next((case for case in cases if case.number == request.POST.get("lead")), None)

    def act() -> str:
        if lead is None:
            raise Denied(_("Choose the matter in which the work is written down."))
        acts.make_joint(row.group, lead, cases, by=actor)
        return _("A joint task now. Each asker still gets an own answer.")

    return _do(request, row, act)


@require_POST
@door("case.group")
def member(request: HttpRequest, pk: int, number: str) -> HttpResponse:
    """One matter belongs to it as well, or is not the same problem."""
    row, actor = _shown(request, pk), _actor(request)
    case = next((case for case in [*row.cases, *row.proposed] if case.number == number), None)
    if case is None:
        raise Http404

    def act() -> str:
        if request.POST.get("what") == "in":
            acts.add(row.group, case, by=actor)
            return _("It belongs to the joint task now.")
        acts.take_out(row.group, case, by=actor)
        return _("Taken out, and remembered: not the same problem.")

    return _do(request, row, act)


@require_POST
@door("case.group")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Each matter by itself again."""
    row, actor = _shown(request, pk), _actor(request)
    if not row.is_joint:
        raise Http404

    def act() -> str:
        acts.end(row.group, by=actor)
        return _("Each matter stands by itself again.")

    return _do(request, row, act)


@require_POST
@door("case.publish_answer")
def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """The same answer to each of the chosen matters; every asker says for themselves if it is solved."""
    row, actor = _shown(request, pk), _actor(request)
    words = request.POST.get("words", "")
    chosen = set(request.POST.getlist("case"))
    cases = [case for case in grouping.answerable(row, actor) if case.number in chosen]
    if not cases or not row.is_joint:
        said = _("Choose the matters that this answers.")
        return _draw(request, row, said=said, words=words, chosen=chosen, status=422)
    public = "private" not in request.POST
    done, refused = acts.answer_each(cases, words, by=actor, public=public)
    if done:
        told = ngettext("%(n)s matter was answered.", "%(n)s matters were answered.", len(done))
        messages.success(request, told % {"n": len(done)})
    if not refused:
        return redirect("desk-group", pk) if grouping.shown(pk, actor) else redirect("desk-groups")
    said = "; ".join(dict.fromkeys(sentence for _case, sentence in refused))
    left = {case.number for case, _sentence in refused}
    again = grouping.shown(pk, actor) or row
    return _draw(request, again, said=said, words=words, chosen=left, status=422)


def _draw(
    request: HttpRequest, row: Shown, *, said: str = "", words: str | None = None,
    chosen: set[str] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    actor = _actor(request)
    lead = row.group.lead
    open_to = grouping.answerable(row, actor) if row.is_joint else []
    proposed = grouping.answer_of(lead, actor) if lead else ""
    response = page(request, "cases/group.html", {
        "row": row, "said": said, "lead": lead,
        "lines": [(case, _line(case, row, actor)) for case in row.cases],
        "new": [(case, _line(case, row, actor)) for case in row.proposed],
        "ready": grouping.ready(row), "open_to": open_to,
        "words": proposed if words is None else words,
        "chosen": {case.number for case in open_to} if chosen is None else chosen,
    }, status=status)  # fmt: skip
    response.headers["Cache-Control"] = "no-store"
    return response


def _line(case: Case, row: Shown, actor: Actor) -> dict[str, object]:
    """A row of the desk, with the words that it shares with the group."""
    words = row.why.get(case.number, [])
    why = _("shares: %(words)s") % {"words": _(", ").join(words)} if words else ""
    return rows.desk_row(case, actor) | ({"note": why} if why else {})


def _shown(request: HttpRequest, pk: int) -> Shown:
    row = grouping.shown(pk, _actor(request))
    if row is None:
        raise Http404
    return row


def _do(request: HttpRequest, row: Shown, act: Callable[[], str]) -> HttpResponse:
    """Act on the group as the reader saw it; a refusal is said above what stands there now."""
    seen = request.POST.get("revision", "")
    row.group.revision = int(seen) if seen.isdigit() and len(seen) < 10 else row.group.revision
    try:
        messages.success(request, act())
    except Denied as denied:
        again = grouping.shown(row.group.pk, _actor(request)) or row
        return _draw(request, again, said=str(denied), status=409)
    left = grouping.shown(row.group.pk, _actor(request))
    return redirect("desk-group", row.group.pk) if left else redirect("desk-groups")


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
