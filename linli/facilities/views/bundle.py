"""Bundles of places by village: what is open, what is missing, as a page and as a table."""

import io

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli import playbook
from linli.facilities import bundles
from linli.lib import tables
from linli.places.models import Kind, Place
from linli.playbook.bundle import Bundle
from linli.web.doors import door
from linli.web.language import lang
from linli.web.pages import page


@require_GET
@door("facility.read")
def bundle(request: HttpRequest, bundle_id: str) -> HttpResponse:
    """Town by town, or one town village by village; `as=csv` gives every village as a table."""
    rule = playbook.current().bundles.get(bundle_id)
    if rule is None:
        raise Http404
    town = _town(request.GET.get("town", ""))
    found = bundles.rows(rule, town)
    if request.GET.get("as") == "csv":
        return _table(rule, found)
    complete = sum(row.is_complete for row in found)
    return page(request, "facilities/bundle.html", {
        "bundle": rule, "town": town, "rows": found, "complete": complete,
        "towns": bundles.by_town(rule, found) if town is None else [],
    })  # fmt: skip


def _town(code: str) -> Place | None:
    if not code:
        return None
    town = Place.objects.current().of_kind(Kind.TOWN).light().filter(code=code).first()
    if town is None:
        raise Http404
    return town


def _table(rule: Bundle, found: list[bundles.Row]) -> HttpResponse:
    """One row for each village: since when each part is open, empty where it is missing."""
    head = [_("Code"), _("Village or community"), *(p.name.text(lang()) for p in rule.parts)]
    text = io.StringIO(newline="")
    tables.write_rows(text, [*head, _("complete")], (
        [row.village.code, row.village.name_for(lang()),
         *(bundles.since(one) if one else "" for one in row.parts),
         _("yes") if row.is_complete else _("no")]
        for row in found
    ))  # fmt: skip
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{rule.id}.csv"'
    return answer
