"""Choosing a spot: the ground a pin is put on, and the name of the place under it."""

import math
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.places import locate
from linli.places.models import Kind, Place
from linli.places.stamp import Derived
from linli.web.doors import door
from linli.web.language import lang

NEAR_M = 3000  # metres: without boundaries, a village this near is the likely one


def _towns() -> list[Place]:
    return list(Place.objects.current().of_kind(Kind.TOWN).order_by("code"))


_ground = Derived(_towns)


def pin_ground() -> dict[str, Any]:
    """Towns as areas where their boundaries are known, else as landmarks; one small query."""
    towns = _ground.get()
    drawn = [town for town in towns if town.boundary]
    marks = [town for town in towns if not town.boundary and town.lon is not None]
    return {
        "areas": [{"boundary": t.boundary, "label": t.name_for(lang())} for t in drawn],
        "points": [{"lon": t.lon, "lat": t.lat, "label": t.name_for(lang())} for t in marks],
    }


@require_GET
@door("site.read")
def place_at(request: HttpRequest) -> JsonResponse:
    """`?lon=&lat=` in degrees, WGS 84 → code and name of the place there; 404 outside."""
    spot = _spot(request)
    if spot is None:
        return JsonResponse(
            {"error": _("lon and lat are degrees, for example 119.48.")}, status=400
        )
    place = locate.locate(*spot)
    if place is None:
        near = locate.nearest_village(*spot, within_m=NEAR_M)
        place = near.place if near else None
    if place is None:
        return JsonResponse({"error": _("This spot lies outside the county.")}, status=404)
    return JsonResponse({"code": place.code, "name": place.full_name(lang())})


def _spot(request: HttpRequest) -> tuple[float, float] | None:
    try:
        lon, lat = float(request.GET["lon"]), float(request.GET["lat"])
    except (KeyError, ValueError):
        return None
    inside = math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90
    return (lon, lat) if inside else None
