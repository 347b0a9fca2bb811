"""The office's side of the telephones: how they are, what nobody understood, rescue files."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from linli.field import health, reading
from linli.field.actions import deciding, rescue, tasks
from linli.field.models import Item, Rival
from linli.people.actors import actor_of
from linli.people.policies import Denied
from linli.web.doors import door
from linli.web.pages import page


class WhyForm(forms.Form):
    """Why somebody else's record is opened."""

    reason = forms.CharField(
        label=gettext_lazy("Why do you need to read it?"),
        help_text=gettext_lazy("The person who wrote it can see this."),
        max_length=200,
    )


class HandForm(forms.Form):
    """What somebody did by hand."""

    words = forms.CharField(label=gettext_lazy("What did you do?"), max_length=300)


class RescueForm(forms.Form):
    """A file and its code."""

    file = forms.FileField(label=gettext_lazy("The file from the phone"))
    code = forms.CharField(
        label=gettext_lazy("Its code"),
        help_text=gettext_lazy("Ten signs; the phone showed them when the file was made."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@require_GET
@door("field.health")
def overview(request: HttpRequest) -> HttpResponse:
    """Ages and counts by telephone; nobody's words."""
    actor = actor_of(request)
    return page(request, "field/health.html", {
        "health": health.of(actor), "items": health.open_items(actor)[:50],
        "rivals": health.open_rivals(actor).select_related("item")[:50],
        "incomplete": health.incomplete(actor)[:50], "may_work": actor.enters("field.task"),
    })  # fmt: skip


@door("field.task")
def task(request: HttpRequest, item_id: int) -> HttpResponse:
    """A record that was not understood; its words only after a reason, which is logged."""
    actor = actor_of(request)
    item = get_object_or_404(health.items_of(actor), pk=item_id)
    form, said = WhyForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        said = reading.opened(item, by=actor, reason=form.cleaned_data["reason"])
    status = 422 if form.is_bound and form.errors else 200
    return page(request, "field/task.html", {
        "item": item, "form": form, "said": said, "hand": HandForm(),
        "open": item.state in tasks.OPEN,
    }, status=status)  # fmt: skip


@require_POST
@door("field.task")
def attempt(request: HttpRequest, item_id: int) -> HttpResponse:
    """Carry it out once more."""
    actor = actor_of(request)
    item = get_object_or_404(health.items_of(actor), pk=item_id)
    return _do(request, lambda: tasks.try_again(item, by=actor), _("It worked this time."), item)


@require_POST
@door("field.task")
def by_hand(request: HttpRequest, item_id: int) -> HttpResponse:
    """Somebody did it by hand."""
    actor, words = actor_of(request), request.POST.get("words", "")
    item = get_object_or_404(health.items_of(actor), pk=item_id)
    return _do(request, lambda: tasks.done_by_hand(item, words, by=actor), _("Noted."), item)


@door("field.task")
def rival(request: HttpRequest, rival_id: int) -> HttpResponse:
    """Two versions, of which the writer asked the office to put one right."""
    actor = actor_of(request)
    row = get_object_or_404(health.open_rivals(actor).select_related("item"), pk=rival_id)
    form, said = WhyForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        said = _both(row, request, form.cleaned_data["reason"])
    status = 422 if form.is_bound and form.errors else 200
    return page(request, "field/rival.html", {
        "rival": row, "form": form, "said": said, "hand": HandForm(),
    }, status=status)  # fmt: skip


def _both(row: Rival, request: HttpRequest, reason: str) -> tuple[reading.Pairs, reading.Pairs]:
    actor = actor_of(request)
    first: Rival | Item = row.item
    shown = (
        reading.of_record(row.beside)
        if row.beside
        else reading.opened(first, by=actor, reason=reason)
    )
    return shown, reading.opened(row, by=actor, reason=reason)


@require_POST
@door("field.task")
def rival_closed(request: HttpRequest, rival_id: int) -> HttpResponse:
    """The office has put it right."""
    actor, words = actor_of(request), request.POST.get("words", "")
    row = get_object_or_404(health.open_rivals(actor), pk=rival_id)
    return _do(request, lambda: deciding.close(row, words, by=actor), _("Noted."), None)


@door("field.import")
def rescued(request: HttpRequest) -> HttpResponse:
    """A telephone that cannot send: its file and the code are enough."""
    form, made = RescueForm(request.POST or None, request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            if upload.size > rescue.MOST_BYTES:
                raise Denied(_("This file is larger than 40 MB. Save it in parts."))
            records = rescue.unpack(upload.read(), form.cleaned_data["code"])
            made = rescue.take_in(records, by=actor_of(request))
        except Denied as denied:
            form.add_error(None, str(denied))
    status = 422 if form.is_bound and form.errors else 200
    return page(request, "field/rescue.html", {"form": form, "made": made}, status=status)


def _do(
    request: HttpRequest, act: Callable[[], object], done: str, item: Item | None
) -> HttpResponse:
    try:
        act()
    except Denied as denied:
        messages.error(request, str(denied))
        return redirect("field-task", item.pk) if item else redirect("field-health")
    messages.success(request, done)
    return redirect("field-health")
