"""What stands around every page: the four ways, the desk's row, the place, the reader's letters.

No query for anonymous people: everything comes from the request, the playbook and the routes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli import playbook
from linli.people.actors import actor_of
from linli.web.language import lang
from linli.web.shelf import LARGE_COOKIE


@dataclass(frozen=True)
class Way:
    label: str
    href: str
    icon: str
    here: bool


# (name of the route, words, icon). A route that an installation does not have is not shown.
WAYS = [
    ("tell", gettext_lazy("Tell us"), "speak"),
    ("where", gettext_lazy("Where is my matter"), "find"),
    ("near", gettext_lazy("Near me"), "near"),
    ("have-a-say", gettext_lazy("Have a say"), "say"),
]
DESK = [
    ("desk", gettext_lazy("Desk"), "desk"),
    ("activities-desk", gettext_lazy("Activities"), "clock"),
    ("motions-desk", gettext_lazy("Deliberation"), "say"),
    ("desk-ballots", gettext_lazy("Ballots"), "say"),
    ("members-desk", gettext_lazy("Members"), "people"),
    ("ties-desk", gettext_lazy("Ties"), "people"),
    ("talent-desk", gettext_lazy("Talent and training"), "people"),
    ("mailings", gettext_lazy("Letters"), "paper"),
    ("overview", gettext_lazy("Overview"), "chart"),
    ("desk-facilities", gettext_lazy("Places to go"), "near"),
    ("desk-clubs", gettext_lazy("Clubs"), "people"),
    ("coverage", gettext_lazy("Coverage"), "eye"),
]
FOOT = [
    ("about", gettext_lazy("About Linli"), "info"),
    ("privacy", gettext_lazy("Privacy in plain words"), "lock"),
    ("forum", gettext_lazy("Forum"), "say"),
    ("ledger", gettext_lazy("Refusals"), "arrow"),
    ("coverage", gettext_lazy("Coverage"), "eye"),
    ("facilities", gettext_lazy("Places to go"), "near"),
    ("clubs", gettext_lazy("Clubs for children"), "people"),
    ("travel", gettext_lazy("How far is it?"), "near"),
    ("bodies", gettext_lazy("Bodies in numbers"), "people"),
    ("ties", gettext_lazy("Ties"), "people"),
    ("talent", gettext_lazy("Talent and training"), "people"),
    ("journal", gettext_lazy("Seals of the journal"), "paper"),
    ("design", gettext_lazy("The look"), "eye"),
]
SIGN_IN = ("account_login", gettext_lazy("Sign in"), "person")
ME = ("me", gettext_lazy("My page"), "person")
POSTS = ("acting", gettext_lazy("Change post"), "steward")


@cache
def _address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def _links(table: Iterable[tuple[str, Any, str]], path: str) -> list[Way]:
    found = [(_address(name), str(words), icon) for name, words, icon in table]
    around = [href for href, _w, _i in found if href and _leads(href, path)]
    here = max(around, key=len, default="")  # of /desk/ and /desk/activities/ the nearer one
    return [Way(words, href, icon, here=href == here) for href, words, icon in found if href]


def _leads(href: str, path: str) -> bool:
    return path == href or (href != "/" and path.startswith(href))


def _one(row: tuple[str, Any, str], path: str) -> Way | None:
    return next(iter(_links([row], path)), None)


def _back_to(request: HttpRequest) -> str:
    """Where a switch of language or letters leads back to; a POST has no page to go back to."""
    return request.get_full_path() if request.method == "GET" else request.path


def plain(request: HttpRequest) -> dict[str, Any]:
    """The frame without a word about who reads: safe when the database is away."""
    county, tongue = playbook.current().county, lang()
    return {
        "brand": _("Linli"),
        "place": county.name.text(tongue),
        "ways": _links(WAYS, request.path),
        "desk": [],
        "acting": "",
        "posts": None,
        "me": _one(SIGN_IN, request.path),
        "foot": _links(FOOT, request.path),
        "desk_name": county.desk.name.text(tongue),
        "desk_phone": county.desk.phone,
        "desk_hours": county.desk.hours.text(tongue),
        "large": request.COOKIES.get(LARGE_COOKIE) == "1",
        "back_to": _back_to(request),
    }


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `chrome` for `site/base.html`."""
    frame = plain(request)
    reader = actor_of(request).reader  # and nothing else of them: frames are kept by it
    if reader.signed_in:
        frame["me"] = _one(ME, request.path)
        if reader.staff:
            frame["desk"] = _links(DESK, request.path)
            frame["acting"] = reader.acting
        if reader.posts:
            frame["posts"] = _one(POSTS, request.path)
    return {"chrome": frame}
