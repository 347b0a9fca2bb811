"""A member's own page: where they stand, and their word in a step against them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.members import reading
from linli.members.actions import adverse, adverse_reading
from linli.members.forms import WordsForm
from linli.members.models import Proceeding
from linli.members.policies import check_own
from linli.people.actors import actor_of
from linli.people.policies import Denied
from linli.web.doors import door
from linli.web.pages import page


@require_GET
@door("membership.roll")
def mine(request: HttpRequest) -> HttpResponse:
    """Everything a roll holds about me, in my own words' order."""
    actor = actor_of(request)
    views = reading.own(actor.user) if actor.user else []
    said = {}
    for view in views:
        if view.proceeding is not None:
            view.proceeding.member = view.member
            said[view.member.pk] = adverse_reading.own(view.proceeding, by=actor)
    return page(request, "members/own.html", {"views": views, "said": said, "form": WordsForm()})


@require_POST
@door("membership.roll")
def answer(request: HttpRequest, key: UUID) -> HttpResponse:
    """My reply to a notice, or my appeal against a decision."""
    rows = Proceeding.objects.select_related("member__organisation__place")
    row, actor = get_object_or_404(rows, pk=key), actor_of(request)
    check_own(actor, row.member)
    form = WordsForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please write something."))
        return redirect("my-membership")
    try:
        if row.state == Proceeding.State.DECIDED:
            adverse.appeal(row, form.cleaned_data["words"], by=actor)
            messages.success(request, _("Your appeal is there. A third person decides."))
        else:
            adverse.reply(row, form.cleaned_data["words"], by=actor)
            messages.success(request, _("Your reply is there. Whoever decides has to read it."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("my-membership")
