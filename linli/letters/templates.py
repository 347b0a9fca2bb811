"""The texts of letters. What leaves the house says no name, no place and no topic (R64)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, cast

from django.conf import settings
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.utils import translation
from jinja2 import Environment

from linli.letters.models import Channel


@dataclass(frozen=True)
class Template:
    """What the context of a letter must hold, exactly, and what stands for it outside the house.

    `quiet` names the file in `jinja2/letters/quiet/`; `inbox` says whether the letter has a text
    for the inbox in `jinja2/letters/inbox/`; `asks` whether a word is expected back; `now`
    whether it is of use only at once, so that it waits for no morning (see budget.py).
    """

    needs: frozenset[str]
    quiet: str = "message"
    inbox: bool = True
    asks: bool = False
    now: bool = False


_CASE: Final = frozenset({"number", "path"})
_PATH: Final = frozenset({"path"})
_POST: Final = frozenset({"what", "path"})
_ACTIVITY: Final = frozenset({"what", "when", "path"})

# number: of the matter, as its reader knows it. what, when: of the activity or topic, in words.
# path: of the page it leads to, or of a one-tap link.
TEMPLATES: Final[Mapping[str, Template]] = {
    # to those who asked
    "case.received": Template(_CASE),
    "case.answered": Template(_CASE, quiet="question", asks=True),
    "case.extended": Template(_CASE),
    "case.declined": Template(_CASE),
    "case.transferred": Template(_CASE),
    "case.merged": Template(_CASE),
    "case.step": Template(_CASE),
    # to those who hold a post
    "case.dispatched": Template(_CASE),
    "case.reopened": Template(_CASE),
    "case.late": Template(_CASE),
    "case.late_below": Template(_CASE),  # to the office above the unit
    "case.taken_away": Template(_CASE),  # to the unit that had it
    # to a volunteer
    "claim.expired": Template(_CASE),
    # to those who signed up for an activity
    "activity.moved_up": Template(_ACTIVITY),
    "activity.assigned": Template(_ACTIVITY),
    "activity.moved": Template(_ACTIVITY, now=True),
    "activity.cancelled": Template(_ACTIVITY, now=True),
    # to those who booked a room, or waited for one
    "booking.cancelled": Template(_ACTIVITY | {"why"}),
    "booking.handed_on": Template(_ACTIVITY),
    # to a guardian: a child is never named
    "club.enrolled": Template(_POST),
    "club.refused": Template(_POST | {"why"}),
    "club.ended": Template(_POST | {"why"}),
    "club.incident_noted": Template(_POST),
    "club.not_fetched": Template(_POST, now=True),
    "rota.published": Template(frozenset({"count", "path"})),
    # about posts: asked to hold one, to take over, to come instead of somebody
    "post.invited": Template(_POST),
    "post.handover": Template(_POST),
    "post.asked": Template(_POST, now=True),
    "post.stood_in": Template(_POST, now=True),
    "post.stand_in_missing": Template(_POST, now=True),
    # about a motion: to those on the roll, to who objected, to who proposed it
    "motion.called": Template(_POST),
    "motion.objection_answered": Template(_POST),
    "motion.adopted": Template(_POST),
    "motion.ended": Template(_POST),
    # about a topic of the forum that somebody follows, or a floor of their own
    "forum.topic_opened": Template(_POST),
    "forum.replied": Template(_POST),
    "forum.hidden": Template(_POST),
    "forum.case_asked": Template(_POST),
    # to a member about a step against them; to somebody who shall be tied to another
    "member.noticed": Template(_POST),
    "member.decided": Template(_POST),
    "member.appeal_decided": Template(_POST),
    "tie.proposed": Template(_POST),
    # to somebody who has not signed in for 22 months
    "account.sleeping": Template(frozenset({"when", "path"})),
    # about a pool of talent or a cohort
    "talent.asked": Template(_POST),
    "talent.decided": Template(_POST),
    # to everybody of an audience, and to the one who tries it first
    "letter.audience": Template(_POST),
    "letter.test": Template(_POST),
    # to the managers of a unit
    "coverage.gaps": Template(_PATH),
    # to a text message that came back
    "reply.taken": Template(_PATH, quiet="reply_taken", inbox=False),
    "reply.unclear": Template(_PATH, quiet="reply_unclear", inbox=False),
    "reply.which": Template(_PATH, quiet="reply_which", inbox=False),
}
ASKS_FOR_WORD: Final = frozenset(name for name, one in TEMPLATES.items() if one.asks)


@dataclass(frozen=True)
class Text:
    """What a channel sends: a subject where it has one, and the words."""

    subject: str
    body: str


def check(template: str, context: Mapping[str, Any]) -> None:
    """KeyError for an unknown template or a context with too little or too much in it.

    ValueError for a path that leads out of this site.
    """
    needs = TEMPLATES[template].needs
    if needs != set(context):
        raise KeyError(f"{template} takes {', '.join(sorted(needs))}, got {', '.join(context)}")
    path = str(context["path"])
    if not path.startswith("/") or path.startswith(("//", "/\\")):
        raise ValueError(f"{template}: a path begins with one slash")


def render(template: str, channel: str, language: str, context: Mapping[str, Any]) -> Text:
    """The text of a letter in the reader's language; outside the inbox always the quiet one.

    The quiet text is given the link and nothing else, so it cannot tell more.
    """
    if channel == Channel.INAPP:
        return _read(f"inbox/{template}", language, {**context})
    link = settings.SITE_URL.rstrip("/") + str(context.get("path", "/"))
    return _read(f"quiet/{TEMPLATES[template].quiet}", language, {"link": link})


def code(code: str, language: str) -> Text:
    """The message with a sign-in code."""
    return _read("quiet/code", language, {"code": code})


def _read(name: str, language: str, values: dict[str, Any]) -> Text:
    """The first line of the file is the subject, the rest the words."""
    with translation.override(language):
        said = _plain().get_template(f"letters/{name}.txt").render(values)
    subject, _rule, body = said.strip().partition("\n")
    return Text(subject.strip(), body.strip())


@cache
def _plain() -> Environment:
    """The templates' environment for words instead of HTML: an & in a link stays an &."""
    return cast(Jinja2, engines["jinja2"]).env.overlay(autoescape=False)
