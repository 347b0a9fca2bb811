"""Atom feeds (RFC 4287) of the forum, a board and a topic."""

from collections.abc import Iterable
from io import StringIO

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.forum import markup, reading
from linli.forum.models import Floor, Topic, TopicState
from linli.forum.models.floor import READABLE
from linli.forum.views.boards import board_or_404
from linli.forum.views.topic import topic_or_404
from linli.web.doors import door
from linli.web.language import lang

MOST = 30


@require_GET
@door("forum.read")
def of_forum(request: HttpRequest) -> HttpResponse:
    """Topics of the whole forum, the last written in first."""
    title = _("The forum")
    return _topics(request, title, reverse("forum"), reading.newest(most=MOST).rows)


@require_GET
@door("forum.read")
def of_board(request: HttpRequest, code: str) -> HttpResponse:
    """Topics of one board."""
    row = board_or_404(code)
    rows = reading.newest(row, most=MOST).rows
    return _topics(request, row.name_for(lang()), reverse("board", args=[code]), rows)


@require_GET
@door("forum.read")
def of_topic(request: HttpRequest, topic_id: int) -> HttpResponse:
    """The last floors of one topic, the newest first."""
    row = topic_or_404(topic_id)
    if row.state == TopicState.HIDDEN:
        raise Http404
    rows = Floor.objects.filter(topic=row, state__in=READABLE).select_related("author", "unit")
    feed = _feed(request, row.heading, reverse("topic", args=[topic_id]))
    for floor in rows.order_by("-number")[:MOST]:
        href = request.build_absolute_uri(reverse("floor", args=[topic_id, floor.number]))
        feed.add_item(
            title=f"{floor.number}# {row.heading}", link=href, unique_id=href,
            description=floor.html, author_name=reading.alias(floor), pubdate=floor.posted_at,
            updateddate=floor.edited_at or floor.posted_at,
        )  # fmt: skip
    return _answer(feed)


def _topics(request: HttpRequest, title: str, path: str, rows: Iterable[Topic]) -> HttpResponse:
    feed = _feed(request, title, path)
    found = list(rows)
    firsts = Floor.objects.filter(topic__in=found, number=1).select_related("author", "unit")
    first = {row.topic_id: row for row in firsts if row.is_readable}
    for row in found:
        href = request.build_absolute_uri(reverse("topic", args=[row.pk]))
        said = markup.words_of(first[row.pk].html)[:500] if row.pk in first else ""
        feed.add_item(
            title=row.heading, link=href, unique_id=href, description=said, pubdate=row.opened_at,
            updateddate=row.last_at,
            author_name=reading.alias(first[row.pk]) if row.pk in first else None,
        )  # fmt: skip
    return _answer(feed)


def _feed(request: HttpRequest, title: str, path: str) -> Atom1Feed:
    link = request.build_absolute_uri(path)
    own = request.build_absolute_uri(request.path)
    return Atom1Feed(
        title=title, link=link, description="", language="en" if lang() == "en" else "zh-Hans",
        feed_url=own, feed_guid=link, author_name=_("The forum"),
    )  # fmt: skip


def _answer(feed: Atom1Feed) -> HttpResponse:
    out = StringIO()
    feed.write(out, "utf-8")
    response = HttpResponse(out.getvalue(), content_type="application/atom+xml; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=300"
    return response
