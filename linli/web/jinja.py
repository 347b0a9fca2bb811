"""The Jinja environment: what every template can call, and nothing more."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext, pgettext
from jinja2 import Environment, FileSystemBytecodeCache, StrictUndefined, pass_context
from jinja2.runtime import Context

from linli import playbook
from linli.lib import clock, ids
from linli.web import dates
from linli.web.language import lang, said, tongue_of


def url(name: str, *args: Any, **query: Any) -> str:
    """`url("case", number, page=2)`: the address of a route, with its query string."""
    asked = {key: value for key, value in query.items() if value not in (None, "")}
    return reverse(name, args=args) + (f"?{urlencode(asked, doseq=True)}" if asked else "")


@cache
def asset(path: str) -> str:
    """The address of a static file; its name carries its hash, so it is looked up once."""
    return static(path)


@pass_context
def csrf(context: Context) -> str:
    return str(context["csrf_token"])


def _compiled() -> Path:
    """Templates as Python code, made once for all processes; nobody else may write there."""
    folder = Path(settings.DATA, "cache", "templates")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def environment(**options: Any) -> Environment:
    """Build the environment; `site/environment.py` adds the components."""
    # StrictUndefined: a misspelt name in a template is an error in a test, not a hole in a page.
    kept = FileSystemBytecodeCache(str(_compiled()))
    env = Environment(**{**options, "undefined": StrictUndefined, "bytecode_cache": kept})
    env.trim_blocks = env.lstrip_blocks = True
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext
    )
    env.globals.update(
        asset=asset if not settings.DEBUG else static,
        url=url,
        lang=lang,
        tongue=tongue_of,
        now=clock.now,
        languages=settings.LANGUAGES,
        get_language=translation.get_language,
        demo=settings.DEMO,
    )
    env.filters.update(
        day=dates.day,
        day_and_time=dates.day_and_time,
        due=dates.due,
        ago=dates.ago,
        hour=dates.hour,
        lasting=dates.lasting,
        number=ids.pretty_number,
        iso=_iso,
        said=said,
        topic=_topic,
    )
    return env


def _iso(when: datetime) -> str:
    return when.astimezone(clock.LOCAL).isoformat(timespec="seconds")


def _topic(category: str) -> str:
    """What a category is called; an id that the playbook no longer knows stands for itself."""
    return next(
        (c.name.text(lang()) for c in playbook.current().county.categories if c.id == category),
        category,
    )
