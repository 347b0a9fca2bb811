"""What if a facility stood elsewhere, or there were one more?"""

from typing import Any

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.reach.errors import ReachError
from linli.travel import answers, drawing, roads, shown, sites
from linli.travel.answers import NEW, Answer, Change
from linli.travel.forms import AskForm, WhatIfForm
from linli.travel.views.within import with_roads
from linli.web.doors import door
from linli.web.pages import page

MOST = 40  # places listed on either side


@require_GET
@door("reach.plan")
@with_roads
def what_if(request: HttpRequest) -> HttpResponse:
    """Move one or add one: minutes and people before and after."""
    graph = roads.current()
    if graph is None:
        raise ReachError("no roads")
    asking = AskForm(request.GET)
    there = sites.of(asking.question.kind, None) if asking.is_valid() else []
    choices = [(NEW, _("one more")), *((site.key, site.name) for site in there)]
    form = WhatIfForm(request.GET, choices)
    if not form.is_valid():
        return page(
            request,
            "travel/what_if.html",
            {"form": form, "answer": None},
            status=422,
            block="found",
        )
    before = answers.answer(form.question, graph)
    context: dict[str, Any] = {"form": form, "answer": before, "after": None}
    if form.spot:
        lon, lat, label = form.spot
        change = Change(form.cleaned_data["site"] or NEW, lon, lat, label)
        after = answers.answer(form.question, graph, change)
        context |= {
            "after": after,
            "gaining": _rows(before, after, 1), "losing": _rows(before, after, -1),
            "stands_on": shown.stands_on(after),
        }  # fmt: skip
    context["map"] = drawing.ground(context["after"] or before)
    return page(request, "travel/what_if.html", context, block="found")


def _rows(before: Answer, after: Answer, sign: int) -> list[tuple[shown.Row, int | None]]:
    """Places that are at least a minute nearer (1) or further (-1), with the minutes before."""
    old, new = (np.where(np.isnan(one), np.inf, one) for one in (before.minutes, after.minutes))
    with np.errstate(invalid="ignore"):
        changed = np.flatnonzero(np.nan_to_num(sign * (old - new), nan=0.0, posinf=1e9) >= 1)
    order = changed[np.argsort(-before.people.number[changed], kind="stable")][:MOST]
    return [(shown.row(after, int(n)), shown.row(before, int(n)).minutes) for n in order]
