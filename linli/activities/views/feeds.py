"""Calendar feeds, and one occurrence for a calendar."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from linli.activities import calendars
from linli.activities.models import Series
from linli.activities.views.one import visible_or_404
from linli.people.actors import actor_of
from linli.places.models import Place
from linli.web.doors import door

TYPE = "text/calendar; charset=utf-8"


def _answer(body: bytes, name: str, *, private: bool = False) -> HttpResponse:
    response = HttpResponse(body, content_type=TYPE)
    response.headers["Content-Disposition"] = f'inline; filename="{name}.ics"'
    response.headers["Cache-Control"] = "no-store" if private else "public, max-age=900"
    return response


@require_GET
@door("activity.feed")
def of_one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One occurrence, to be put into a calendar."""
    row = visible_or_404(uid, actor_of(request))
    return _answer(calendars.of_one(row), f"{row.uid}", private=not row.is_public)


@require_GET
@door("activity.feed")
def of_place(request: HttpRequest, code: str) -> HttpResponse:
    """What is public at a place."""
    place = get_object_or_404(Place.objects.current().light(), code=code)
    return _answer(calendars.of_place(place), place.code)


@require_GET
@door("activity.feed")
def of_series(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """What is public of a series."""
    row = get_object_or_404(Series, pk=series_id)
    if not row.occurrences.filter(is_public=True).exists():
        raise Http404
    return _answer(calendars.of_series(row), str(row.pk))


@require_GET
@door("activity.feed")
def of_person(request: HttpRequest, secret: str) -> HttpResponse:
    """Somebody's own calendar, for whoever has the secret address; a revoked one finds nothing."""
    user = calendars.owner(secret)
    if user is None:
        raise Http404
    return _answer(calendars.of_person(user), "linli", private=True)
