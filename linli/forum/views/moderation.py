"""The public log, what waits for a moderator, and what moderators decide."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.forum import boards, policies, reading
from linli.forum.actions import moderate
from linli.forum.forms.moderate import HARD, FloorVerbForm, TopicVerbForm
from linli.forum.models import Decision, Reason, Report, Topic, TopicState, Verb
from linli.forum.views.floor import floor_or_404
from linli.forum.views.topic import topic_or_404
from linli.people.actors import Actor, actor_of
from linli.people.policies import Denied, allowed
from linli.places.models import path_range
from linli.web.doors import door
from linli.web.language import lang
from linli.web.pages import page

LOG = 50
MOST_WAITING = 100


@require_GET
@door("forum.read")
def log(request: HttpRequest) -> HttpResponse:
    """Everything that moderators have done, with reason and office; for everybody."""
    rows = Decision.objects.select_related("topic", "unit").order_by("-pk")
    after = request.GET.get("after", "")
    if after.isascii() and after.isdigit() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: LOG + 1])
    more = str(found[LOG - 1].pk) if len(found) > LOG else ""
    moderates = actor_of(request).enters("forum.moderate")
    return page(request, "forum/log.html", {
        "rows": found[:LOG], "more": more, "hidden": TopicState.HIDDEN, "moderates": moderates,
    })  # fmt: skip


@require_GET
@door("forum.moderate")
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for me: held back, reported, asked again; the next due first."""
    actor = actor_of(request)
    rows = Report.objects.filter(settled_at=None).order_by("due_at", "pk")
    if actor.place_path:
        rows = rows.filter(path_range(actor.place_path, "floor__topic__board__place__path"))
    rows = rows.select_related(
        "floor__topic__board__place", "floor__author", "floor__unit"
    ).defer("floor__topic__board__place__boundary")[:MOST_WAITING]  # fmt: skip
    waiting = [
        (row, reading.alias(row.floor)) for row in rows
        if allowed(policies.check_can_settle, row, actor)
    ]  # fmt: skip
    return page(request, "forum/queue.html", {"waiting": waiting, "reasons": HARD})


@require_POST
@door("forum.moderate")
def settle(request: HttpRequest, report_id: int) -> HttpResponse:
    """One of them is decided: hidden, folded, shown, or left as it is."""
    rows = Report.objects.select_related("floor__topic__board__place", "floor__author")
    row = get_object_or_404(rows.filter(settled_at=None), pk=report_id)
    actor, verb = actor_of(request), request.POST.get("verb", "")
    try:
        if verb == "stay":
            moderate.uphold(row, by=actor)
        else:
            moderate.moderate_floor(
                row.floor, verb, by=actor, reason=request.POST.get("reason", ""), report=row
            )
        messages.success(request, _("Decided. It stands in the public log."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("forum-queue")


@require_POST
@door("forum.moderate")
def of_floor(request: HttpRequest, topic_id: int, number: int) -> HttpResponse:
    """Hide, fold or show one floor."""
    row, form = floor_or_404(topic_id, number), FloorVerbForm(request.POST)
    try:
        if not form.is_valid():
            raise Denied(_("Please choose a reason; everybody will see it."))
        said = form.cleaned_data
        moderate.moderate_floor(row, said["verb"], by=actor_of(request), reason=said["reason"])
        messages.success(request, _("Decided. It stands in the public log."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("floor-more", topic_id, number)


@require_POST
@door("forum.moderate")
def ask_for_case(request: HttpRequest, topic_id: int, number: int) -> HttpResponse:
    """Ask the author whether the floor may become a matter."""
    try:
        moderate.ask_for_case(floor_or_404(topic_id, number), by=actor_of(request))
        messages.success(request, _("The author is asked; only they can say yes."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("floor-more", topic_id, number)


@require_http_methods(["GET", "POST"])
@door("forum.moderate")
def of_topic(request: HttpRequest, topic_id: int) -> HttpResponse:
    """Close, open, hide, show, keep on top, move or join a topic."""
    row, actor = topic_or_404(topic_id), actor_of(request)
    policies.check_can_moderate(row, actor)
    form = TopicVerbForm(request.POST or None, boards=_boards(row, actor))
    if request.method == "POST":
        try:
            if not form.is_valid():
                raise Denied(" ".join(str(e) for rows in form.errors.values() for e in rows))
            _act(row, form, actor)
            messages.success(request, _("Decided. It stands in the public log."))
        except Denied as denied:
            messages.error(request, str(denied))
        return redirect(f"{reverse('topic-moderate', args=[topic_id])}")
    shown = {"topic": row, "board": row.board, "form": form, "reasons": Reason.choices}
    return page(request, "forum/moderate.html", shown)


def _boards(row: Topic, actor: Actor) -> list[tuple[str, str]]:
    """Boards a topic can go to: those by topic, the place's own and those right below it."""
    here = row.board.place
    near = [*([here] if boards.has_board(here) else []), *boards.children(here)]
    found = [*boards.by_topic(), *boards.of_places(near)]
    return [("", "–"), *((one.code, one.name_for(lang())) for one in found)]


def _act(row: Topic, form: TopicVerbForm, actor: Actor) -> None:
    said = form.cleaned_data
    verb = said["verb"]
    if verb in (Verb.PIN, Verb.UNPIN):
        moderate.pin(row, by=actor, up=verb == Verb.PIN)
    elif verb == Verb.MOVE:
        moderate.move(row, said["board"], by=actor)
    elif verb == Verb.JOIN:
        into = reading.find(said["into"] or 0)
        if into is None:
            raise Denied(_("There is no topic with this number."))
        moderate.join(row, into, by=actor)
    else:
        moderate.moderate_topic(row, verb, by=actor, reason=said["reason"])
