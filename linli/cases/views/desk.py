"""The desk of a unit or a post: five numbers, their lists, gaps in posts, and the public ledger."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli import playbook
from linli.cases import desk, desk_search, gaps, ledger, listing
from linli.cases.forms.desk import FilterForm
from linli.cases.models import Asker
from linli.cases.policies import VERIFIER, may
from linli.cases.views import rows
from linli.lib import ids
from linli.people.actors import Actor
from linli.people.roles import Role
from linli.playbook.case import CaseKind
from linli.web.doors import door
from linli.web.jinja import url
from linli.web.pages import page


@require_GET
@door("desk.read")
def today(request: HttpRequest) -> HttpResponse:
    """What lies on the desk, what is due first first; the numbers above open its lists."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    ask = desk.asked(request.GET)
    found, more = desk.rows(actor, ask)
    narrowed = {"list": ask.name, **ask.narrowed}
    appointment = actor.appointment
    under = appointment.post.on_place if appointment else None
    return page(request, "cases/desk.html", {
        "ask": ask, "title": desk.LISTS[ask.name],
        "rows": [rows.desk_row(case, actor) for case in found],
        "numbers": desk.numbers(actor), "gaps": gaps.count(actor),
        "filter": FilterForm(ask.narrowed, under=under), "narrowed": ask.narrowed,
        "next_url": url("desk", **narrowed, after=more) if more else None,
        "first_url": url("desk", **narrowed) if ask.after else None,
        "groups": actor.may("case.group", in_scope=True),
        "elsewhere": actor.role != Role.GRID, "opens": _opens(actor),
        "verifies": appointment is not None and appointment.post.kind == VERIFIER,
    }, block="list")  # fmt: skip


def _opens(actor: Actor) -> list[CaseKind]:
    """The kinds this person may bring in for somebody, or reports from rounds."""
    post = actor.appointment.post.kind if actor.appointment else ""
    staff = actor.role in {Role.GRID, Role.MGR, Role.CTY}
    return [
        kind for kind in playbook.current().kinds.values()
        if post in kind.opens_by or (staff and "staff" in kind.opens_by)
        or (staff and kind.on_behalf and "anyone" in kind.opens_by)
    ]  # fmt: skip


@require_GET
@door("desk.read")
def find(request: HttpRequest) -> HttpResponse:
    """Open a matter by the number somebody reads out, any asker's number of it; or find words."""
    asked = request.GET.get("number", "").strip()
    try:
        number = ids.parse_number(asked)
    except ids.WrongNumber as wrong:
        if wrong.reason != "check" and any(sign.isalpha() for sign in asked):
            return redirect(url("desk-search", q=asked))
        messages.error(request, _("A digit is wrong or missing in that number. Please ask again."))
        return redirect("desk")
    asker = Asker.objects.select_related("case").filter(number=number).first()
    if asker is None or not may("case.view_progress", request.actor, asker.case):  # type: ignore[attr-defined]
        messages.warning(request, _("No matter of yours has this number."))
        return redirect("desk")
    return redirect("desk-case", asker.case.number)


@require_GET
@door("desk.read")
def search(request: HttpRequest) -> HttpResponse:
    """Matters of my unit or post that hold these words, the newest first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    query = request.GET.get("q", "").strip()[: listing.LONGEST_QUERY]
    if actor.needs_reason("case.view_text"):
        return redirect(url("search", q=query))
    found = desk_search.find(actor, query, request.GET.get("after", ""))
    return page(request, "cases/desk_search.html", {
        "asked": query, "rows": [rows.found_row(case, actor, query) for case in found.cases],
        "next_url": url("desk-search", q=query, after=found.more) if found.more else None,
    }, block="found")  # fmt: skip


@require_GET
@door("desk.read")
def following(request: HttpRequest) -> HttpResponse:
    """The matter that comes next on the desk, so that forty go without the list between them."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    ask = desk.asked({"after": request.GET.get("after", "")})
    found, _more = desk.rows(actor, ask)
    if not found and ask.after:
        found, _more = desk.rows(actor, desk.Asked())
    if not found:
        messages.success(request, _("Nothing more to be answered. Well done."))
        return redirect("desk")
    return redirect("desk-case", found[0].number)


@require_GET
@door("ledger.read")
def refusals(request: HttpRequest) -> HttpResponse:
    """Every "not ours", with its reason and where the matter went; open to everybody."""
    unit = ledger.unit_of(request.GET)
    found, more = ledger.lines(unit, request.GET.get("after", ""))
    chosen: dict[str, Any] = {"unit": unit.code if unit else None}
    response = page(request, "cases/ledger.html", {
        "lines": found, "unit": unit,
        "next_url": url("ledger", **chosen, after=more) if more else None,
        "first_url": url("ledger", **chosen) if request.GET.get("after") else None,
    })  # fmt: skip
    return response
