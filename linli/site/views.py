"""Pages about Linli itself, the two switches, and what is said when something went wrong."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from linli import playbook
from linli.cases.models import Asker
from linli.lib import clock
from linli.people.preferences import YEAR
from linli.site import palette
from linli.site.specimens import specimens
from linli.web.doors import door
from linli.web.language import lang
from linli.web.pages import page
from linli.web.shelf import LARGE_COOKIE

NOT_FOR_ROBOTS = [("receipt", "0"), ("mine",), ("reply-link", "0"), ("where",), ("account_login",)]

LEVELS = {
    "L0": gettext_lazy("With your name"),
    "L1": gettext_lazy("Without a name in public"),
    "L2": gettext_lazy("Without a name for the unit"),
    "L3": gettext_lazy("Without anything"),
}


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page the switch was pressed on, if that is a page of ours."""
    target = request.POST.get("next", "/")
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return HttpResponseRedirect(target if ours else "/")


def _remember(response: HttpResponse, cookie: str, value: str) -> None:
    response.set_cookie(
        cookie, value, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


# The two switches change nothing but the reader's own view, so they carry no token: a page for
# strangers then needs no cookie, and the switch works where cookies are refused once.
@door("site.read")
@csrf_exempt
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    response = _back(request)
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES):
        _remember(response, settings.LANGUAGE_COOKIE_NAME, wanted)
    return response


@door("site.read")
@csrf_exempt
@require_POST
def letters(request: HttpRequest) -> HttpResponse:
    response = _back(request)
    _remember(response, LARGE_COOKIE, "1" if request.POST.get("large") == "1" else "0")
    return response


@require_GET
@door("site.read")
def design(request: HttpRequest) -> HttpResponse:
    """The living page of the look: what it shows is what pages are made of."""
    return page(
        request,
        "site/design.html",
        {
            **specimens(),
            "swatches": palette.swatches(),
            "text_pairs": palette.measured(palette.TEXT_PAIRS),
            "edge_pairs": palette.measured(palette.EDGE_PAIRS),
        },
    )


@require_GET
@door("site.read")
def about(request: HttpRequest) -> HttpResponse:
    """What Linli is and what people can rely on."""
    return page(request, "site/about.html")


@require_GET
@door("site.read")
def privacy(request: HttpRequest) -> HttpResponse:
    """Who sees what and for how long, from the playbook that runs here."""
    levels = [(LEVELS[level.value], level.label) for level in Asker.Anonymity]
    return page(request, "site/privacy.html", {"levels": levels, "keeps": _keeps()})


def _keeps() -> list[list[str]]:
    """Kind of matter, days its contact is kept, days its text is kept; the usual ones together."""
    kinds: dict[tuple[int, int], list[str]] = {}
    for kind in playbook.current().kinds.values():
        span = (kind.keep.contact_days, kind.keep.text_days)
        kinds.setdefault(span, []).append(kind.name.text(lang()))
    return [
        [_("; ").join(names), _days(contact), _days(text)]
        for (contact, text), names in sorted(kinds.items(), key=lambda row: -len(row[1]))
    ]


def _days(n: int) -> str:
    if n % 365 == 0:
        return ngettext("%(n)s year", "%(n)s years", n // 365) % {"n": n // 365}
    return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}


@require_GET
@door("site.read")
def robots(request: HttpRequest) -> HttpResponse:
    """What machines that collect pages leave alone: everything that belongs to one person."""
    closed = [_root(name, *args) for name, *args in NOT_FOR_ROBOTS]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _root(name: str, *args: str) -> str:
    return "/" + reverse(name, args=args).split("/")[1] + "/"


@require_GET
@door("site.read")
def security(request: HttpRequest) -> HttpResponse:
    """RFC 9116: where somebody who found a hole says so."""
    lines = [
        f"Contact: {settings.LINLI_SECURITY_CONTACT}",
        f"Expires: {(clock.now() + timedelta(days=180)).strftime('%Y-%m-%dT00:00:00Z')}",
        "Preferred-Languages: zh, en",
        f"Canonical: {settings.SITE_URL}{request.path}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
