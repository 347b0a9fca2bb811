"""Answering with a page, or with one block of it when htmx asks."""

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.template.backends.utils import csrf_input_lazy, csrf_token_lazy
from django.utils.translation import get_language
from jinja2_fragments import render_block
from markupsafe import Markup

from linli.web import shelf

PARTS: Final = ("title", "head", "width", "lead", "main", "scripts")


def part(template: str, context: Mapping[str, Any]) -> Markup:
    """A piece of a page that is the same for every reader: it sees no request and no frame."""
    engine = cast(Jinja2, engines["jinja2"])
    return Markup(engine.env.get_template(template).render(dict(context)))


def shared(
    request: HttpRequest,
    template: str,
    make: Callable[[], Mapping[str, Any]],
    question: shelf.Question,
    *,
    seconds: int = shelf.SECONDS,
    block: str | None = None,
) -> HttpResponse:
    """A page that is the same for every reader but for the frame: made once, then kept.

    It stands on `question`, which was asked before; `make` gives the context, without anything of
    this reader. The template extends `frame|default("site/base.html")`.
    """
    if block and getattr(request, "htmx", False):
        return shelf.keep(page(request, template, make(), block=block), question, seconds)
    key = ("parts", template, request.get_full_path(), str(get_language()), question)

    def parts() -> tuple[dict[str, Markup], int]:
        text = part(template, {**make(), "frame": "site/parts.html"})
        found = dict(zip(PARTS, map(Markup, text.split("\0")), strict=True))
        return found, 2 * len(text)

    kept = shelf.remember(key, parts)
    response = framed(request, "site/kept.html", {"kept": kept}, key)
    return shelf.keep(response, question, seconds)


def framed(
    request: HttpRequest, template: str, context: Mapping[str, Any], key: shelf.Key
) -> HttpResponse:
    """A page whose text follows from `key` and from what its frame shows of the reader.

    Readers whose frames are equal get the same text, made once. It must hold nothing else of
    theirs: no form token, no message.
    """
    reader = getattr(request, "reader", None)
    if reader is None or len(get_messages(request)):
        return page(request, template, context)

    def text() -> tuple[bytes, int]:
        body = page(request, template, context).content
        return body, len(body)

    large = request.COOKIES.get(shelf.LARGE_COOKIE, "")
    around = (request.get_full_path(), str(get_language()), large, reader())
    body = shelf.remember(("framed", template, *key, *around), text)
    return HttpResponse(body)


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    block: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render `template`; when htmx asked and `block` is named, only that block of it."""
    engine = cast(Jinja2, engines["jinja2"])
    htmx = bool(getattr(request, "htmx", False)) and not getattr(request.htmx, "boosted", False)  # type: ignore[attr-defined]
    if block and htmx:
        # The same names that Django's backend gives a whole page.
        values = {
            "request": request,
            "csrf_token": csrf_token_lazy(request),
            "csrf_input": csrf_input_lazy(request),
            **(context or {}),
        }
        html = render_block(engine.env, template, block, **values)
        response = HttpResponse(html, status=status)
    else:
        html = engine.get_template(template).render(dict(context or {}), request)
        response = HttpResponse(html, status=status)
    if block:
        response.headers["Vary"] = "HX-Request, Cookie, Accept-Language"
    return response
