"""The pages of the telephone, and what lets a browser keep them."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from linli.activities import today
from linli.activities.today import Task, TaskStop
from linli.field import forms, receipts, service, shell, words
from linli.lib import clock
from linli.people.actors import Actor, actor_of
from linli.web import dates
from linli.web.doors import door
from linli.web.jinja import asset
from linli.web.language import lang
from linli.web.pages import page

MARK: Final = "X-Linli-Field"  # by it the service worker knows a page of ours from a portal's
PLATE: Final = "#1d5a3e"  # as in site/linli.css


@require_GET
@ensure_csrf_cookie
@door("field.capture")
def day(request: HttpRequest) -> HttpResponse:
    """What I do today, and what I can note; the same list stands on the phone without signal."""
    actor = actor_of(request)
    if _kept(request):
        return _page(request, "today", {"tasks": [], "forms": []})
    tasks = today.of(actor, clock.today())
    offered = _links(actor, tasks)
    return _page(request, "today", {"tasks": [_shown(task) for task in tasks], "forms": offered})


@require_GET
@ensure_csrf_cookie
@door("field.capture")
def form(request: HttpRequest) -> HttpResponse:
    """Drawn on the phone from the playbook's form; without JavaScript links to the ordinary pages."""
    actor = actor_of(request)
    offered = [] if _kept(request) else _links(actor, today.of(actor, clock.today()))
    return _page(request, "form", {"forms": offered})


@require_GET
@ensure_csrf_cookie
@door("field.capture")
def queue(request: HttpRequest) -> HttpResponse:
    """What waits on the phone, with a reason for each; drawn on the phone alone."""
    return _page(request, "queue", {})


@require_GET
@ensure_csrf_cookie
@door("field.capture")
def my_service(request: HttpRequest) -> HttpResponse:
    """Hours from in and out, and until when rest is due."""
    given = {} if _kept(request) else service.of(actor_of(request))
    for stay in given.get("stays", []):
        stay["when"] = dates.day_and_time(service.moment(stay["in"]))
    if given.get("rest_until"):
        given["rest"] = dates.day_and_time(service.moment(given["rest_until"]))
    return _page(request, "service", {"service": given})


@require_GET
@door("field.sync")
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; it differs with language, letters and post, so that these pages do too."""
    answer = HttpResponse(shell.worker_source(request), content_type="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Service-Worker-Allowed"] = "/field/"
    return answer


@require_GET
@door("field.sync")
def manifest(request: HttpRequest) -> HttpResponse:
    """What "add to home screen" needs."""
    icon = {"src": asset("field/icon.svg"), "sizes": "any", "type": "image/svg+xml"}
    answer = JsonResponse({
        "id": "/field/", "name": _("Linli on the way"), "short_name": _("Linli"),
        "lang": "en" if lang() == "en" else "zh-Hans", "start_url": reverse("field"),
        "scope": "/field/", "display": "standalone", "theme_color": PLATE,
        "background_color": PLATE,
        "icons": [{**icon, "purpose": "any"}, {**icon, "purpose": "maskable"}],
    })  # fmt: skip
    answer.headers["Content-Type"] = "application/manifest+json"
    return answer


def _kept(request: HttpRequest) -> bool:
    """Whether the service worker fetches the page to keep it: then it holds nobody's content."""
    return request.GET.get("shell") == "1"


def _page(request: HttpRequest, name: str, more: dict[str, Any]) -> HttpResponse:
    actor = actor_of(request)
    if _kept(request):
        request._messages = shell.Quiet()  # type: ignore[attr-defined]
    who = {
        "person": actor.id,
        "acting": str(actor.appointment.pk) if actor.appointment else "resident",
        "language": "en" if lang() == "en" else "zh-hans",
        "keys": receipts.public_keys(),
        "zone": str(clock.LOCAL),
    }
    answer = page(request, f"field/{name}.html", {
        "field_page": name, "who": who, "words": words.sentences(), "shell": _kept(request), **more,
    })  # fmt: skip
    answer.headers[MARK] = "1"
    return answer


def _links(actor: Actor, tasks: list[Task]) -> list[dict[str, str]]:
    """The forms of the day as links to the ordinary pages, for browsers without JavaScript."""
    offered = [
        {"name": form["name"], "href": _page_of(form["id"], tasks)}
        for form in forms.forms_for(actor, {task.kind for task in tasks})
    ]
    return [link for link in offered if link["href"]]


def _page_of(form: str, tasks: list[Task]) -> str:
    kind, _colon, name = form.partition(":")
    if kind == "case":
        return reverse("tell-kind", args=[name])
    if kind == "page":
        return reverse("sheet-new", args=[name])
    task = next((task for task in tasks if task.kind == name), None)
    return reverse("activity", args=[task.uid]) if task else ""


def _shown(task: Task) -> dict[str, Any]:
    return {
        "name": task.name,
        "href": reverse("activity", args=[task.uid]),
        "when": f"{dates.day_and_time(task.starts)} – {task.ends.astimezone(clock.LOCAL):%H:%M}",
        "place": " · ".join(part for part in (task.place_name, task.spot, task.role_name) if part),
        "stops": [_stop(task, stop) for stop in task.stops],
    }


def _stop(task: Task, stop: TaskStop) -> dict[str, str]:
    said = [stop.planned_at, stop.way]
    if stop.promise:
        said.append(_("promised to come back by %(day)s") % {"day": dates.day(stop.promise)})
    if stop.outcome:
        said.append(_("noted"))
    return {
        "label": stop.label,
        "note": " · ".join(part for part in said if part),
        "href": reverse("round-stop", args=[task.uid, stop.id]) if task.keeps_list else "",
    }
