"""The texts of letters. What leaves the house says no name, no place and no topic (R64)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template import engines
from django.utils import translation

from linli.letters.models import Channel

# template -> what its context must hold. A missing key is a bug found when the letter is written.
NEEDS: Mapping[str, frozenset[str]] = {
    name: frozenset({"number", "path"})
    for name in (
        "case.received", "case.answered", "case.extended", "case.declined", "case.transferred",
        "case.merged", "case.dispatched", "case.reopened", "case.late", "claim.expired",
    )
}  # fmt: skip
ASKS_FOR_WORD = frozenset({"case.answered"})  # a reply of 1, 2 or 3 is expected to these


@dataclass(frozen=True)
class Text:
    """What a channel sends: a subject where it has one, and the words."""

    subject: str
    body: str


def check(template: str, context: Mapping[str, Any]) -> None:
    """KeyError for an unknown template or a context that lacks something."""
    missing = NEEDS[template] - set(context)
    if missing:
        raise KeyError(f"{template} needs {', '.join(sorted(missing))}")


def render(template: str, channel: str, language: str, context: Mapping[str, Any]) -> Text:
    """The text of a letter in the reader's language; outside the inbox it is always the quiet one."""
    with translation.override(language):
        values = {
            **context,
            "link": settings.SITE_URL.rstrip("/") + str(context.get("path", "/")),
            "asks": template in ASKS_FOR_WORD,
        }
        name = template if channel == Channel.INAPP else "quiet"
        page = engines["jinja2"].get_template(f"letters/{name}.txt")
        subject, _rule, body = str(page.render(values)).strip().partition("\n")
    return Text(subject.strip(), body.strip())
