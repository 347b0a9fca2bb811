"""One floor: its address, its earlier words, and what can be done with it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.forum import policies, reading
from linli.forum.actions import own
from linli.forum.forms.moderate import HARD, ReportForm
from linli.forum.models import Floor
from linli.people.actors import Actor, actor_of
from linli.people.policies import Denied, allowed
from linli.web.doors import door
from linli.web.pages import page


def floor_or_404(topic_id: int, number: int) -> Floor:
    """The floor with its topic, board, place, author and unit; one statement."""
    if max(topic_id, number) >= 1 << 31:
        raise Http404
    rows = Floor.objects.select_related("topic__board__place", "author", "unit")
    rows = rows.defer("topic__board__place__boundary")
    row = rows.filter(topic=topic_id, number=number).first()
    if row is None:
        raise Http404
    return row


def address(topic_id: int, number: int) -> str:
    """The page that a floor stands on, at the floor."""
    at = reading.page_of(number)
    query = f"?page={at}" if at > 1 else ""
    return f"{reverse('topic', args=[topic_id])}{query}#f{number}"


@require_GET
@door("forum.read")
def floor(request: HttpRequest, topic_id: int, number: int) -> HttpResponse:
    """The address that is shared: leads to the floor on whatever page it stands."""
    if (
        max(topic_id, number) >= 1 << 31
        or not Floor.objects.filter(topic=topic_id, number=number).exists()
    ):
        raise Http404
    return redirect(address(topic_id, number))


@require_GET
@door("forum.read")
def more(request: HttpRequest, topic_id: int, number: int) -> HttpResponse:
    """Everything about one floor, and everything this reader can do with it."""
    return _more(request, floor_or_404(topic_id, number))


def _more(request: HttpRequest, row: Floor, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    if not policies.can_read_topic(row.topic, actor):
        return page(request, "forum/gone.html", {"topic": row.topic}, status=410)
    shown = {"floor": row, "topic": row.topic, "who": reading.alias(row), "reasons": HARD}
    shown |= {"pictures": reading.pictures([row]).get(row.pk, []), "can": _can(row, actor)}
    shown |= {"href": request.build_absolute_uri(reverse("floor", args=[row.topic_id, row.number]))}
    return page(request, "forum/more.html", shown, status=status)


def _can(row: Floor, actor: Actor) -> dict[str, Any]:
    """What the page offers; each the rule of the action behind it."""
    signed = actor.user is not None
    moderates = actor.is_staff and allowed(
        policies.check_can_moderate, row.topic, actor, floor=row
    )  # fmt: skip
    return {
        "read": policies.can_read(row, actor), "own": policies.is_own(row, actor),
        "reply": allowed(policies.check_can_reply, row.topic, actor), "sign_in": not signed,
        "edit": signed and allowed(policies.check_can_change, row, actor),
        "take_back": signed and allowed(policies.check_can_take_back, row, actor),
        "report": signed and row.is_readable and not policies.is_own(row, actor),
        "again": signed and allowed(policies.check_can_ask_again, row, actor),
        "moderate": moderates, "ask": moderates and row.is_readable and row.author_id is not None,
        "case": signed and row.is_readable
        and allowed(policies.check_can_take_back, row, actor),
    }  # fmt: skip


@require_GET
@door("forum.read")
def earlier(request: HttpRequest, topic_id: int, number: int) -> HttpResponse:
    """What a floor said before each edit; for whoever may read the floor."""
    row = floor_or_404(topic_id, number)
    if not policies.can_read(row, actor_of(request)) or not row.edits:
        raise Http404
    versions = list(row.versions.order_by("-number")[:50])
    return page(request, "forum/earlier.html", {
        "floor": row, "topic": row.topic, "versions": versions, "who": reading.alias(row),
    })  # fmt: skip


@require_POST
@door("forum.edit_or_delete_own")
def take_back(request: HttpRequest, topic_id: int, number: int) -> HttpResponse:
    """The author takes a floor back."""
    row = floor_or_404(topic_id, number)
    try:
        own.take_back(row, by=actor_of(request))
        messages.success(request, _("Taken back. The words are erased after 30 days."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect(address(topic_id, number))


@require_http_methods(["GET", "POST"])
@door("forum.post")
def report(request: HttpRequest, topic_id: int, number: int) -> HttpResponse:
    """A reader asks a moderator to look."""
    row = floor_or_404(topic_id, number)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            own.report(row, form.cleaned_data["reason"], by=actor_of(request))
            messages.success(request, _("Thank you. A moderator looks at it within a day."))
        except Denied as denied:
            messages.error(request, str(denied))
        return redirect(address(topic_id, number))
    shown = {"floor": row, "topic": row.topic, "form": form, "who": reading.alias(row)}
    return page(request, "forum/report.html", shown, status=422 if form.errors else 200)


@require_POST
@door("forum.edit_or_delete_own")
def ask_again(request: HttpRequest, topic_id: int, number: int) -> HttpResponse:
    """The author of a hidden floor asks for another look."""
    try:
        own.ask_again(floor_or_404(topic_id, number), by=actor_of(request))
        messages.success(request, _("Another unit looks at it within a day."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("floor-more", topic_id, number)
