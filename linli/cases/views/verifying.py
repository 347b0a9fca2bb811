"""The list of those who go and see whether something is really done."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from linli.cases import verifying
from linli.cases.views import rows
from linli.people.actors import Actor
from linli.web.doors import door
from linli.web.pages import page


@require_GET
@door("desk.read")
def to_verify(request: HttpRequest) -> HttpResponse:
    """What waits for a second pair of eyes, in my unit or my place."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = verifying.listed(actor)
    return page(request, "cases/desk_verify.html", {
        "rows": [rows.desk_row(case, actor) for case in found], "most": verifying.MOST,
    })  # fmt: skip
