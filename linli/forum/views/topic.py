"""A topic, page by page; what is the same for every reader is made once and kept."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from markupsafe import Markup

from linli.forum import reading
from linli.forum.actions import watch
from linli.forum.forms.write import FloorForm
from linli.forum.models import Topic, TopicState, Watch
from linli.forum.policies import can_read_topic, check_can_moderate, check_can_reply
from linli.people.actors import Actor, actor_of
from linli.people.policies import allowed
from linli.web import shelf
from linli.web.doors import door
from linli.web.pages import page, part

MOVED = "SELECT revision, state FROM forum_topic WHERE id = %s"


@dataclass(frozen=True)
class Kept:
    """The parts of a page that every reader sees, and the row they were made from."""

    shown: reading.Shown
    lead: Markup
    floors: Markup


@require_GET
@door("forum.read")
def topic(request: HttpRequest, topic_id: int) -> HttpResponse:
    """One page of a topic. `?page=last` is the newest, `?page=new` where I stopped reading."""
    actor = actor_of(request)
    mine = _watch(topic_id, actor)
    number = _page(request.GET.get("page", "1"), topic_id, mine)
    key = ("topic", topic_id, number, str(get_language()))
    kept, question = shelf.recall(key, lambda: _made(topic_id, number))
    row = kept.shown.topic
    if row.state == TopicState.HIDDEN and not can_read_topic(row, actor):
        return page(request, "forum/gone.html", {"topic": row}, status=410)
    if mine is not None and actor.user is not None and kept.shown.last > mine.seen:
        watch.read_up_to(row, actor.user, kept.shown.last)
    response = page(request, "forum/topic.html", _context(kept, actor, mine))
    return response if row.state == TopicState.HIDDEN else shelf.keep(response, question)


def _watch(topic_id: int, actor: Actor) -> Watch | None:
    if actor.user is None:
        return None
    return Watch.objects.filter(topic=topic_id, user=actor.user).first()


def _page(asked: str, topic_id: int, mine: Watch | None) -> int:
    """The number of the page that is asked for; numbers that are none are the first."""
    if asked == "new" and mine is not None:
        return reading.page_of(mine.seen + 1)
    if asked == "last":
        floors = Topic.objects.filter(pk=topic_id).values_list("floors", flat=True).first()
        return reading.page_of(floors or 1)
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 1


def _made(topic_id: int, number: int) -> tuple[tuple[Kept, shelf.Question], int, shelf.Question]:
    row = topic_or_404(topic_id)
    shown = reading.shown(row, number)
    context = {"shown": shown, "topic": row, "board": row.board, "alias": reading.alias}
    lead = part("forum/topic_lead.html", context)
    floors = part("forum/topic_floors.html", context)
    question = shelf.Question(MOVED, (topic_id,), (row.revision, row.state))
    return (Kept(shown, lead, floors), question), 4 * (len(lead) + len(floors)), question


def topic_or_404(topic_id: int) -> Topic:
    row = reading.find(topic_id) if topic_id < 1 << 62 else None
    if row is None:
        raise Http404
    return row


def _context(kept: Kept, actor: Actor, mine: Watch | None) -> dict[str, Any]:
    row = kept.shown.topic
    may_reply = actor.user is not None and allowed(check_can_reply, row, actor)
    asks = actor.user is not None and not actor.is_staff and not actor.user.display_name
    return {
        "kept": kept, "topic": row, "shown": kept.shown, "watches": mine is not None,
        "form": FloorForm(asks_name=asks) if may_reply else None, "speaks_as": speaks_as(actor),
        "moderates": actor.is_staff and allowed(check_can_moderate, row, actor),
        "signed_in": actor.user is not None,
    }  # fmt: skip


def speaks_as(actor: Actor) -> str:
    """The unit in whose name a staff member writes, to be told before they do."""
    return actor.label if actor.is_staff else ""


@require_GET
@door("forum.read")
def printed(request: HttpRequest, topic_id: int) -> HttpResponse:
    """A topic for paper: many floors on a page, nothing to press."""
    row = topic_or_404(topic_id)
    if not can_read_topic(row, actor_of(request)):
        return page(request, "forum/gone.html", {"topic": row}, status=410)
    asked = request.GET.get("from", "1")
    first = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 1
    first = max(1, min(first, row.floors))
    last = min(row.floors, first + reading.PER_PRINT - 1)
    rows = reading.floors(row, first, last)
    return page(request, "forum/print.html", {
        "topic": row, "floors": rows, "first": first, "last": last, "alias": reading.alias,
        "next": last + 1 if last < row.floors else None,
    })  # fmt: skip


@require_POST
@door("forum.post")
def follow(request: HttpRequest, topic_id: int) -> HttpResponse:
    """Hear of new floors, or hear no more."""
    row, actor = topic_or_404(topic_id), actor_of(request)
    if request.POST.get("follow") == "yes":
        watch.watch(row, by=actor)
        messages.success(request, _("You follow this topic; new floors come as one letter."))
    else:
        watch.unwatch(row, by=actor)
        messages.success(request, _("You will hear no more of this."))
    return redirect("topic", topic_id)
