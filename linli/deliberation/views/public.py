"""Motions for everybody: the list, one of them, and what a resident does about it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.deliberation import money, reading
from linli.deliberation.actions import doing, proposing, showing
from linli.deliberation.forms.motion import ProposeForm, rules_for
from linli.deliberation.models import Motion, Objection
from linli.forum import talk
from linli.journal.record import subject_of
from linli.people.actors import actor_of
from linli.people.policies import Denied
from linli.web.doors import door
from linli.web.pages import page


@require_GET
@door("matter.read")
def every(request: HttpRequest) -> HttpResponse:
    """Motions by place and state."""
    view = reading.listing(request.GET)
    return page(request, "deliberation/list.html", {"view": view, "said": money.said},
                block="found")  # fmt: skip


@require_GET
@door("matter.read")
def one(request: HttpRequest, key: UUID) -> HttpResponse:
    """One motion: where it stands, what comes next, why it cannot go on yet, who decides."""
    motion = motion_or_404(key)
    view = reading.page_of(motion, actor_of(request))
    planned, paid = reading.spent(motion)
    return page(request, "deliberation/motion.html", {
        "view": view, "motion": motion, "said_money": money.said, "planned": planned, "paid": paid,
        "talk": talk.about(subject_of(motion)),
    })  # fmt: skip


def motion_or_404(key: UUID) -> Motion:
    """The motion with its names."""
    motion = reading.motion_or_none(key)
    if motion is None:
        raise Http404
    return motion


@require_http_methods(["GET", "POST"])
@door("matter.propose")
def propose(request: HttpRequest) -> HttpResponse:
    """Bring a motion; `at` and `about` come from the page that led here."""
    actor = actor_of(request)
    rules = rules_for(staff=actor.is_staff)
    given = {"where": request.GET.get("at", ""), "procedure": request.GET.get("by", ""),
             "title": request.GET.get("title", "")[:80]}  # fmt: skip
    form = ProposeForm(request.POST or None, rules=rules, initial=given)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            motion = proposing.propose(
                procedure=said["procedure"], place=said["where"], title=said["title"],
                text=said["text"], cost_fen=said["cost"], choice=said["choice"],
                options=said["options"], persons=said["persons"], by=actor,
                about=request.GET.get("about", "")[:120],
            )  # fmt: skip
            messages.success(request, _("Your proposal is public now. You will be told."))
            return redirect("motion", motion.pk)
        except Denied as denied:
            form.add_error(None, str(denied))
    return page(request, "deliberation/propose.html", {"form": form})


def _do(request: HttpRequest, key: UUID, act: Any, done: str) -> HttpResponse:
    """One act of a resident, and back to the page with a sentence."""
    motion = motion_or_404(key)
    try:
        act(motion)
        messages.success(request, done)
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("motion", key)


@require_POST
@door("matter.propose")
def support(request: HttpRequest, key: UUID) -> HttpResponse:
    """Stand behind a proposal."""
    actor = actor_of(request)
    return _do(request, key, lambda motion: proposing.support(motion, by=actor),
               _("You support it. Nobody sees who does, only how many."))  # fmt: skip


@require_POST
@door("matter.propose")
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take my own proposal back."""
    actor, reason = actor_of(request), request.POST.get("words", "")
    return _do(request, key, lambda motion: proposing.withdraw(motion, reason=reason, by=actor),
               _("Taken back."))  # fmt: skip


@require_POST
@door("objection.file")
def object_to(request: HttpRequest, key: UUID) -> HttpResponse:
    """Object to what is published."""
    actor, words = actor_of(request), request.POST.get("words", "")
    return _do(request, key, lambda motion: showing.object_to(motion, words, by=actor),
               _("Your objection is public, without your name. It will be answered here."))  # fmt: skip


@require_POST
@door("objection.file")
def take_back(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Take my own objection back."""
    row = get_object_or_404(Objection, motion=key, number=number)
    actor = actor_of(request)
    return _do(request, key, lambda _motion: showing.take_back(row, by=actor), _("Taken back."))


@require_POST
@door("objection.file")
def rate(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say whether it was done well."""
    actor, word = actor_of(request), request.POST.get("good", "")
    if word not in ("yes", "no"):
        messages.error(request, _("Choose one of the two."))
        return redirect("motion", key)
    return _do(request, key, lambda motion: doing.rate(motion, good=word == "yes", by=actor),
               _("Thank you. You can change it until the evaluation is closed."))  # fmt: skip
