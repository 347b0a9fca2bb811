"""The list of those who go and see whether something is really done."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from linli.cases import verifying
from linli.cases.models import Case
from linli.cases.views import rows
from linli.lib import clock
from linli.people.actors import Actor
from linli.web import dates
from linli.web.doors import door
from linli.web.pages import page


@require_GET
@door("desk.read")
def to_verify(request: HttpRequest) -> HttpResponse:
    """What waits for a second pair of eyes, in my unit or my place."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = [_row(case, actor) for case in verifying.listed(actor)]
    return page(request, "cases/desk_verify.html", {"rows": found, "most": verifying.MOST})


def _row(case: Case, actor: Actor) -> dict[str, Any]:
    """The line of the desk, with the time that looking may take instead of the asker's."""
    until = verifying.due(case)
    late = until is not None and until < clock.now()
    row = rows.desk_row(case, actor)
    return row | {"due": dates.due(until) if until else "", "late": late}
