"""Pages about Linli itself, the two switches, and what is said when something went wrong."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from linli.site.chrome import LARGE_COOKIE
from linli.web.doors import door
from linli.web.pages import page

YEAR = 365 * 24 * 3600


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


@door("site.read")
def design(request: HttpRequest) -> HttpResponse:
    return page(request, "site/design.html", {})
