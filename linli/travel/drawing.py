"""What the map shows: towns, roads, the area within the limit, facilities and places beyond it."""

import json
from typing import Any, Final

import numpy as np
from django.utils.translation import gettext as _

from linli.places.models import Place
from linli.travel import answers, people, roads
from linli.travel.answers import Answer
from linli.web.language import lang

MOST_DOTS: Final = 150  # beyond that the eye sees no dots but a cloud; the list has them all


def ground(found: Answer) -> dict[str, Any]:
    """Areas, lines and points as `ui.map` takes them."""
    areas = towns()
    for feature in answers.area(found)["features"]:
        label = _("within %(n)s minutes") % {"n": found.question.minutes}
        shape = json.dumps(feature["geometry"])
        areas.append({"boundary": shape, "label": label, "tint": True})
    return {
        "areas": areas,
        "lines": roads.main_roads(found.way.roads.sha256),
        "points": [*_beyond(found), *_sites(found)],
    }


def towns() -> list[dict[str, Any]]:
    """The outlines of the towns."""
    return [{"boundary": town.boundary, "label": town.name_for(lang())} for town in people.towns()]


def _beyond(found: Answer) -> list[dict[str, Any]]:
    rows = np.flatnonzero(found.chosen("uncovered"))
    most = rows[np.argsort(-found.people.number[rows], kind="stable")][:MOST_DOTS]
    return [_dot(found.people.places[i]) for i in map(int, most)]


def _dot(place: Place) -> dict[str, Any]:
    return {
        "lon": place.lon, "lat": place.lat, "label": place.name_for(lang()), "tone": "late",
        "small": True,
    }  # fmt: skip


def _sites(found: Answer) -> list[dict[str, Any]]:
    return [
        {
            "lon": site.lon, "lat": site.lat, "key": site.key,
            "label": site.name or _("a new one"), "tone": "ok" if site.is_open else "landmark",
        }
        for site in found.sites
    ]  # fmt: skip
