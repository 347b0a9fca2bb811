"""What may be meant, while somebody writes. Nothing of it is kept; the text goes nowhere else."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli import playbook
from linli.cases import suggest
from linli.cases.actions.core import LONGEST
from linli.cases.forms.tell import WordsForm
from linli.cases.suggest import Neighbour
from linli.web.doors import door
from linli.web.pages import page


@require_POST
@door("case.submit")
def suggestions(request: HttpRequest, kind: str) -> HttpResponse:
    """Topics and neighbours for the words so far; an empty block if there is nothing to say."""
    rule = playbook.current().kinds.get(kind)
    if rule is None:
        raise Http404
    text = request.POST.get("text", "")[:LONGEST]
    likely = suggest.likely(text, rule)
    form = WordsForm(request.POST, rule=rule)
    form.is_valid()
    said = form.cleaned_data
    place = said.get("place_found")
    found: list[Neighbour] = []
    if place and (likely or text.strip()):
        names = [row.category.id for row in likely]
        found = suggest.neighbours(place, rule, names, text, said.get("lon"), said.get("lat"))
    return page(request, "cases/_likely.html", {
        "likely": likely, "chosen": request.POST.get("category", ""), "neighbours": found,
        "joined": request.POST.get("join", ""), "why": why,
    })  # fmt: skip


def why(row: Neighbour) -> str:
    """Why a neighbour's matter may be the same: the words, the topic, how far away it is."""
    told = []
    if row.words:
        told.append(_("both say: %(words)s") % {"words": _(", ").join(row.words)})
    elif row.same_topic:
        told.append(_("the same topic"))
    if row.metres is not None:
        told.append(_("about %(n)s m from your pin") % {"n": row.metres})
    elif row.same_place:
        told.append(_("the same place"))
    else:
        told.append(_("in the same village or community"))
    return _("; ").join(told)
