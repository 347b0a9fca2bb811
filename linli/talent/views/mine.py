"""One's own: yes or no, reviews and reasons, the appeal, the name shown, leaving."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.people.actors import Actor, actor_of
from linli.people.policies import Denied, NeedsReason, allowed
from linli.talent import reading
from linli.talent.actions import cohorts, nominating, reviewing
from linli.talent.forms import AppealForm, NameForm
from linli.talent.models import Candidate, Decision, Trainee
from linli.talent.policies import check_appeals
from linli.web.doors import door
from linli.web.pages import page

SHOWN = 20


@require_GET
@door("talent.own")
def mine(request: HttpRequest) -> HttpResponse:
    """My ways through pools, and my cohorts."""
    actor = actor_of(request)
    rows = Trainee.objects.filter(user=actor.user).select_related("cohort").order_by("-at", "pk")
    return page(request, "talent/mine.html", {
        "rows": [_view(actor, row) for row in reading.of_me(actor)[:SHOWN]],
        "trainees": rows[:SHOWN],
    })  # fmt: skip


def _view(actor: Actor, row: Candidate) -> dict[str, object]:
    decided = list(row.decisions.all())
    decided.sort(key=lambda one: one.decided_at, reverse=True)
    known = {one.turn for one in decided}
    return {
        "row": row, "decisions": decided, "name": NameForm(initial={"name": row.shown_as}),
        # What reviewers wrote is read once it is decided: until then they work apart.
        "reviews": [reading.answers(one, row.rule) for one in row.reviews.all() if one.turn in known],
        "appealable": decided[0].pk
        if decided and allowed(check_appeals, actor, decided[0]) else None,
    }  # fmt: skip


@require_POST
@door("talent.own")
def act(request: HttpRequest, key: UUID) -> HttpResponse:
    """One press on my own row in a pool."""
    actor = actor_of(request)
    row = get_object_or_404(Candidate, pk=key, user=actor.user)
    try:
        messages.success(request, _do(request.POST.get("act", ""), row, request, actor))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("my-talent")


def _do(name: str, row: Candidate, request: HttpRequest, by: Actor) -> str:
    if name in ("yes", "no"):
        nominating.answer(row, name == "yes", by=by)
        return (
            _("You said yes. Two people review it, each apart.")
            if name == "yes"
            else _("You said no. Nobody asks why.")
        )
    if name == "leave":
        nominating.leave(row, by=by)
        return _("You have left.")
    if name == "name":
        nominating.show_as(row, request.POST.get("name", ""), by=by)
        return _("Kept.")
    raise NeedsReason(_("Choose one of the buttons."))


@require_http_methods(["GET", "POST"])
@door("talent.own")
def appeal(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say what I do not agree with."""
    actor = actor_of(request)
    row = get_object_or_404(Decision.objects.select_related("candidate"), pk=key,
                            candidate__user=actor.user)  # fmt: skip
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reviewing.appeal(row, form.cleaned_data["words"], by=actor)
            messages.success(request, _("Somebody who had no part in it looks at it again."))
            return redirect("my-talent")
        except Denied as denied:
            form.add_error(None, str(denied))
    return page(request, "talent/appeal.html", {"row": row, "form": form},
                status=422 if form.errors else 200)  # fmt: skip


@require_POST
@door("talent.own")
def trainee(request: HttpRequest, key: UUID) -> HttpResponse:
    """One press on my own place in a cohort."""
    actor = actor_of(request)
    row = get_object_or_404(Trainee.objects.select_related("cohort"), pk=key, user=actor.user)
    name = request.POST.get("act", "")
    try:
        if name == "leave":
            cohorts.leave(row, by=actor)
        elif name in ("yes", "no"):
            cohorts.answer(row, name == "yes", by=actor)
        else:
            raise NeedsReason(_("Choose one of the buttons."))
        messages.success(request, _("Kept."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("my-talent")
