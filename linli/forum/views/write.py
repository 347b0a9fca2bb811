"""Writing: a new topic, a floor, other words for a floor. Every step works without scripts."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from markupsafe import Markup

from linli.files import photos
from linli.files.models import Photo
from linli.forum import boards, markup, policies, reading, subjects, words
from linli.forum.actions import floors, open_topic, own
from linli.forum.forms.write import EditForm, FloorForm, TopicForm
from linli.forum.models import Board, Floor, FloorState, Tie
from linli.forum.views.boards import board_or_404
from linli.forum.views.floor import address, floor_or_404
from linli.forum.views.topic import speaks_as, topic_or_404
from linli.people.actions import accounts
from linli.people.actors import Actor, actor_of
from linli.people.limits import TooMany
from linli.people.policies import Denied
from linli.web.doors import door
from linli.web.pages import page

Act = Callable[[dict[str, Any], list[Photo], bool], Floor]


@require_http_methods(["GET", "POST"])
@door("forum.post")
def new_topic(request: HttpRequest, code: str, about: str = "") -> HttpResponse:
    """Open a topic on a board."""
    board, actor = board_or_404(code), actor_of(request)
    thing = subjects.one(about) if about else None
    initial = {"title": thing.title[:80]} if thing else {}
    form = TopicForm(*_given(request), asks_name=_asks_name(actor), initial=initial)

    def act(said: dict[str, Any], pictures: list[Photo], blank_out: bool) -> Floor:
        row = open_topic.open_topic(
            board=board, title=said["title"], text=said["text"], by=actor, about=about,
            pictures=pictures, blank_out=blank_out,
        )  # fmt: skip
        return Floor.objects.get(topic=row, number=1)

    shown = {"board": board, "thing": thing, "speaks_as": speaks_as(actor)}
    return _write(request, form, act, "forum/new_topic.html", shown)


@require_http_methods(["GET", "POST"])
@door("forum.post")
def about(request: HttpRequest, subject: str) -> HttpResponse:
    """Talk about a case, an activity or a motion: where it is talked about, or the form to begin."""
    tie = Tie.objects.filter(subject=subject).first()
    if tie is not None and request.method == "GET":
        return redirect("topic", tie.topic_id)
    thing = subjects.one(subject)
    board = boards.of_place(thing.place) if thing else None
    if thing is None or board is None:
        raise Http404
    response: HttpResponse = new_topic(request, _code(board), subject)
    return response


def _code(board: Board) -> str:
    return board.code


@require_http_methods(["GET", "POST"])
@door("forum.post")
def reply(request: HttpRequest, topic_id: int) -> HttpResponse:
    """Write a floor; `?quote=5` answers the fifth with its words, `?to=5` without."""
    row, actor = topic_or_404(topic_id), actor_of(request)
    if not policies.can_read_topic(row, actor):
        raise Http404
    policies.check_can_reply(row, actor)
    initial = _answering(request, topic_id)
    form = FloorForm(*_given(request), asks_name=_asks_name(actor), initial=initial)

    def act(said: dict[str, Any], pictures: list[Photo], blank_out: bool) -> Floor:
        return floors.reply(
            row, said["text"], by=actor, reply_to=said["reply_to"], pictures=pictures,
            blank_out=blank_out,
        )  # fmt: skip

    shown = {"topic": row, "board": row.board, "speaks_as": speaks_as(actor)}
    return _write(request, form, act, "forum/reply.html", shown)


def _answering(request: HttpRequest, topic_id: int) -> dict[str, Any]:
    """What stands in the form of an answer to a floor that everybody may read."""
    quote, to = request.GET.get("quote", ""), request.GET.get("to", "")
    number = quote or to
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        return {}
    row = floor_or_404(topic_id, int(number))
    if not row.is_readable:
        return {}
    said = words.quoted(reading.alias(row), row.number, row.text) if quote else ""
    return {"reply_to": row.number, "text": said}


def _given(request: HttpRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _asks_name(actor: Actor) -> bool:
    return actor.user is not None and not actor.is_staff and not actor.user.display_name


def _write(
    request: HttpRequest, form: FloorForm, act: Act, template: str, shown: dict[str, Any]
) -> HttpResponse:
    """Show the form, preview it, or do it; a refusal keeps every word and says what to change."""
    shown |= {"form": form, "preview": None, "personal": None}
    if request.method != "POST":
        return page(request, template, shown)
    status = 422
    if form.is_valid():
        try:
            pictures = _pictures(request, form)
            if "preview" in request.POST:
                shown["preview"] = Markup(markup.render(words.clean_text(form.data["text"])))
                return page(request, template, shown)
            return _done(request, form, act, pictures)
        except words.Personal as refused:
            shown["personal"] = str(refused)
        except (Denied, photos.Refused) as denied:
            form.add_error(None, str(denied))
            status = 429 if isinstance(denied, TooMany) else 422
    return page(request, template, shown, status=status)


def _done(
    request: HttpRequest, form: FloorForm, act: Act, pictures: list[Photo]
) -> HttpResponse:  # fmt: skip
    user = actor_of(request).user
    if user is not None and form.cleaned_data.get("name"):
        accounts.change_profile(
            user, display_name=form.cleaned_data["name"], language=user.language,
            large_letters=user.large_letters,
        )  # fmt: skip
    row = act(form.cleaned_data, pictures, "blank_out" in request.POST)
    if row.state == FloorState.HELD:
        messages.warning(request, _(
            "It looks as if there were advertising in it. A moderator looks within a day; until "
            "then only you can read it."
        ))  # fmt: skip
    return redirect(address(row.topic_id, row.number))


def _pictures(request: HttpRequest, form: FloorForm) -> list[Photo]:
    """The picture that came now, or the one kept while the words were put right."""
    upload = form.cleaned_data.get("photo")
    if upload:
        photo = photos.keep(upload)
        form.data = {**form.data.dict(), "kept": photos.ticket(photo)}  # type: ignore[attr-defined]
        return [photo]
    kept = form.cleaned_data.get("kept")
    return photos.unclaimed([kept]) if kept else []


@require_http_methods(["GET", "POST"])
@door("forum.edit_or_delete_own")
def edit(request: HttpRequest, topic_id: int, number: int) -> HttpResponse:
    """Put other words in place."""
    row, actor = floor_or_404(topic_id, number), actor_of(request)
    policies.check_can_change(row, actor)
    form = EditForm(request.POST if request.method == "POST" else None,
                    initial={"text": row.text})  # fmt: skip
    shown: dict[str, Any] = {"form": form, "floor": row, "topic": row.topic, "personal": None}
    if request.method == "POST" and form.is_valid():
        try:
            own.edit(row, form.cleaned_data["text"], by=actor,
                     blank_out="blank_out" in request.POST)  # fmt: skip
            return redirect(address(topic_id, number))
        except words.Personal as refused:
            shown["personal"] = str(refused)
        except Denied as denied:
            form.add_error(None, str(denied))
    return page(request, "forum/edit.html", shown, status=422 if request.method == "POST" else 200)
