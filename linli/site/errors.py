"""What is said when something went wrong: 403, 404, 500, and a form that came too late."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template import engines

from linli.site.chrome import plain
from linli.web.doors import door
from linli.web.pages import page

LONGEST = 4000  # characters of one field shown again after a refused form


@door("site.read")
def refused(request: HttpRequest, exception: PermissionDenied | None = None) -> HttpResponse:
    """403. A `PermissionDenied("a sentence")` is shown to the person."""
    return page(request, "site/refused.html", {"reason": str(exception or "")}, status=403)


@door("site.read")
def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, also for what exists but is not this person's to see."""
    return page(request, "site/missing.html", status=404)


@door("site.read")
def broken(request: HttpRequest) -> HttpResponse:
    """500. Asks nothing of the database, which may be what broke."""
    engine = engines["jinja2"]
    html = engine.env.get_template("site/broken.html").render(  # type: ignore[attr-defined]
        request=request, chrome=plain(request), messages=[]
    )
    return HttpResponse(html, status=500)


@door("site.read")
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without a valid token. Gives back the long texts that were typed."""
    written = [
        (name, text[:LONGEST])
        for name, text in request.POST.items()
        if isinstance(text, str) and (len(text) > 20 or "\n" in text) and "token" not in name
    ]
    return page(request, "site/unsent.html", {"written": written}, status=403)
