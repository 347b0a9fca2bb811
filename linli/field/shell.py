"""The pages and files that a telephone keeps so that it opens without a connection."""

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from linli import playbook
from linli.people.actors import actor_of
from linli.web.jinja import asset
from linli.web.language import lang
from linli.web.shelf import LARGE_COOKIE

HERE: Final = Path(__file__).resolve().parent
PAGES: Final = ("field", "field-form", "field-queue", "field-service")
FILES: Final = (
    "site/linli.css", "site/mark.svg", "site/js/behaviours.js", "django_htmx/htmx-2.min.js",
    "field/field.css", "field/icon.svg",
)  # fmt: skip


class Quiet:
    """No messages: a page that is fetched to be kept must not swallow what a person should read."""

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def update(self, _response: object) -> list[Any]:
        return []


def said_to_worker(request: HttpRequest) -> dict[str, Any]:
    """What the service worker keeps: under a version that changes with anything that it shows."""
    assets = [asset(name) for name in (*FILES, *scripts())]
    pages = [reverse(name) for name in PAGES]
    actor = actor_of(request)
    acting = str(actor.appointment.pk) if actor.appointment else "resident"
    words = [assets, pages, playbook.current().version, lang(), actor.id, acting, sources(),
             request.COOKIES.get(LARGE_COOKIE, "")]  # fmt: skip
    version = hashlib.sha256(json.dumps(words).encode()).hexdigest()[:16]
    return {"version": version, "pages": pages, "assets": assets, "demo": settings.DEMO}


def worker_source(request: HttpRequest) -> str:
    """The service worker's script, with what it keeps in its first line."""
    said = json.dumps(said_to_worker(request), sort_keys=True)
    return f"self.SHELL = {said};\n" + (HERE / "static" / "field" / "worker.js").read_text("utf-8")


@cache
def scripts() -> tuple[str, ...]:
    """The modules of the telephone; the worker itself is not one of them."""
    found = sorted((HERE / "static" / "field").glob("*.js"))
    return tuple(f"field/{path.name}" for path in found if path.name != "worker.js")


@cache
def sources() -> str:
    """A hash over what the pages are made of, so that an update reaches telephones."""
    digest = hashlib.sha256()
    patterns = ("jinja2/**/*.html", "*.py", "static/field/*", "locale/**/*.po")
    for path in sorted(path for pattern in patterns for path in HERE.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
