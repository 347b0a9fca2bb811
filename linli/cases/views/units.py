"""Help while filling in a form of the desk: which unit, which colleague."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from linli.cases import units as finding
from linli.cases.forms.handle import AssignForm
from linli.cases.policies import check_can_handle
from linli.cases.views import handling
from linli.web.doors import door
from linli.web.pages import page


@require_GET
@door("desk.read")
def units(request: HttpRequest, number: str) -> HttpResponse:
    """Units by a part of their name; without one, those that stand around the place."""
    case = handling.case_or_404(request, number)
    words = request.GET.get("unit", "").strip()[:80]
    found = finding.search(case, words) if words else finding.around(case)
    return page(request, "cases/desk_units.html", {
        "case": case, "units": list(found), "words": words,
    }, block="units")  # fmt: skip


@require_GET
@door("desk.read")
def colleagues(request: HttpRequest, number: str) -> HttpResponse:
    """The people of the unit, to give the matter to one of them."""
    case = handling.case_or_404(request, number)
    check_can_handle(case, request.actor)  # type: ignore[attr-defined]
    form = AssignForm(case=case, colleagues=finding.colleagues(case))
    return page(request, "cases/desk_colleagues.html", {"case": case, "form": form}, block="people")
