"""The desk of a station: take in, hand out, buy, move, count, write off; the second person."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.facilities.models import Facility
from linli.people.actors import Actor, actor_of
from linli.people.policies import Denied, allowed
from linli.stores import forms, policies, reading
from linli.stores.actions import correcting, giving, moving
from linli.stores.models import Gift, Movement, Request
from linli.stores.views.public import station_or_404
from linli.web.doors import door
from linli.web.pages import page

RECENT: Final = 12

Said = dict[str, Any]
Done = Gift | Movement | Request | None


@dataclass(frozen=True)
class Verb:
    """One thing that the desk does: its words, its form, and the action behind it."""

    title: Any
    lead: Any
    form: type[forms.KeyForm]
    act: Callable[[Facility, Said, Actor], Done]


VERBS: Final = {
    "in": Verb(
        gettext_lazy("Take a gift in"),
        gettext_lazy("The giver gets a receipt with a code and can follow the gift with it."),
        forms.ReceiveForm,
        lambda facility, said, by: giving.receive(
            facility, said["item"], said["amount"], by=by, key=said["key"],
            best_before=said["best_before"], name=said["name"], agreed=said["agreed"],
            user=said["person"],
        ),
    ),
    "out": Verb(
        gettext_lazy("Hand out"),
        gettext_lazy("What expires first goes first. The name of who receives it never stands here."),
        forms.HandForm,
        lambda facility, said, by: moving.hand_out(
            facility, said["item"], said["amount"], by=by, key=said["key"], wish=said["wish"],
            household=said["household"],
        ),
    ),
    "buy": Verb(
        gettext_lazy("Buy"),
        gettext_lazy("Money out and goods in, in one movement."),
        forms.BuyForm,
        lambda facility, said, by: moving.buy(
            facility, said["item"], said["amount"], said["cost"], by=by, key=said["key"],
            best_before=said["best_before"],
        ),
    ),
    "move": Verb(
        gettext_lazy("Move to another station"),
        gettext_lazy("It leaves here and is there, both at once."),
        forms.MoveForm,
        lambda facility, said, by: moving.move(
            facility, said["other"], said["item"], said["amount"], by=by, key=said["key"]
        ),
    ),
    "count": Verb(
        gettext_lazy("Count"),
        gettext_lazy("If it differs from the ledger, a second person has to agree."),
        forms.CountForm,
        lambda facility, said, by: correcting.count(
            facility, said["item"], said["amount"], said["reason"], by=by, key=said["key"],
            best_before=said["best_before"],
        ),
    ),
    "waste": Verb(
        gettext_lazy("Write off"),
        gettext_lazy("For what has expired or cannot be used. A second person has to agree."),
        forms.WriteOffForm,
        lambda facility, said, by: correcting.write_off(
            said["lot"], said["amount"], said["reason"], by=by, key=said["key"]
        ),
    ),
}  # fmt: skip


@require_GET
@door("store.second")
def one(request: HttpRequest, code: str) -> HttpResponse:
    """What waits for a second person, what is there and expires, and the last movements."""
    facility, store = station_or_404(code)
    actor = actor_of(request)
    if not policies.sees_desk(actor, facility):
        raise Http404
    lines, _more = reading.lines(facility, store, reading.movements(facility), most=RECENT)
    return page(request, "stores/desk.html", {
        "facility": facility, "lines": lines, "lots": reading.lots(facility, store),
        "asked": reading.asked(facility, store), "me": actor.id,
        "needed": reading.needed(reading.rows(facility, store, None)),
        "verbs": [(name, verb.title) for name, verb in VERBS.items()],
        "keeps": allowed(policies.check_keeps, actor, facility),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@door("store.keep")
def act(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """A form of the desk; what was typed stays if it cannot be done."""
    facility, store = station_or_404(code)
    asked, actor = VERBS.get(verb), actor_of(request)
    if asked is None:
        raise Http404
    policies.check_keeps(actor, facility)
    form = asked.form(request.POST or None, store=store, facility=facility)
    if request.method == "POST" and form.is_valid():
        try:
            done = asked.act(facility, form.cleaned_data, actor)
            return _after(request, facility, done)
        except Denied as denied:
            form.add_error(None, str(denied))
    return page(request, "stores/act.html", {
        "facility": facility, "form": form, "title": asked.title, "lead": asked.lead, "line": None,
    }, status=422 if form.errors else 200)  # fmt: skip


def _after(request: HttpRequest, facility: Facility, done: Done) -> HttpResponse:
    if isinstance(done, Gift):
        messages.success(request, _("Taken in. Give the code to who brought it."))
        return redirect("gift", done.code)
    if isinstance(done, Request):
        messages.success(request, _("Asked. Nothing moves until a second person agrees."))
    elif done is None:
        messages.success(request, _("The count agrees with the ledger."))
    else:
        messages.success(request, _("Written down."))
    return redirect("desk-store", facility.code)


@require_http_methods(["GET", "POST"])
@door("store.keep")
def take_back(request: HttpRequest, code: str, movement_id: int) -> HttpResponse:
    """Ask for the movement the other way."""
    facility, store = station_or_404(code)
    actor = actor_of(request)
    policies.check_keeps(actor, facility)
    row = get_object_or_404(Movement.objects.select_related("facility", "other"),
                            pk=movement_id, facility=facility)  # fmt: skip
    form = forms.TakeBackForm(request.POST or None, store=store, facility=facility)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            done = correcting.take_back(row, said["reason"], by=actor, key=said["key"])
            return _after(request, facility, done)
        except Denied as denied:
            form.add_error(None, str(denied))
    [line], _more = reading.lines(facility, store, Movement.objects.filter(pk=row.pk))
    return page(request, "stores/act.html", {
        "facility": facility, "form": form, "line": line, "title": _("Take a movement back"),
        "lead": _("The old line stays; a new one the other way stands beside it."),
    }, status=422 if form.errors else 200)  # fmt: skip


@require_POST
@door("store.second")
def decide(request: HttpRequest, code: str, request_id: UUID) -> HttpResponse:
    """The second person says yes or no."""
    facility, _store = station_or_404(code)
    rows = Request.objects.select_related("facility", "reverses__facility", "reverses__other")
    asked = get_object_or_404(rows, pk=request_id, facility=facility)
    actor = actor_of(request)
    if not policies.sees_desk(actor, facility):
        raise Http404
    try:
        if request.POST.get("say") == "yes":
            correcting.agree(asked, by=actor)
            messages.success(request, _("Agreed and written down."))
        else:
            correcting.decline(asked, by=actor)
            messages.success(request, _("Not agreed. Nothing moves."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("desk-store", facility.code)
