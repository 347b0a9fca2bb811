"""A small cast in a corner of a county, for tests and trials: see cast.toml."""

import json
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from linli.lib import clock
from linli.people import actions
from linli.people.actors import SYSTEM, Actor, as_resident, under
from linli.people.contact import parse
from linli.people.models import Appointment, Organisation, Post
from linli.people.sign_in import add_address
from linli.places.models import Place
from linli.places.tree import add

FIRST_PHONE: Final = 19900002001  # the range kept for tests; the demo's begins lower
SINCE: Final = timedelta(days=30)


@dataclass(frozen=True)
class Cast:
    """Everybody by their part: `cast.manager`, `cast.bodies["lighting"]`, `cast.places["grid"]`."""

    places: dict[str, Place]
    bodies: dict[str, Organisation]
    actors: dict[str, Actor]

    def __getattr__(self, part: str) -> Actor:
        actors: dict[str, Actor] = self.__dict__.get("actors", {})
        if part not in actors:
            raise AttributeError(part)
        return actors[part]


@cache
def _script() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


@transaction.atomic
def cast(places: dict[str, Place] | None = None, *, reachable: bool = False) -> Cast:
    """Write the cast into the database. It has been in its posts for a month.

    `places` replaces places of cast.toml by name. With `reachable` everybody gets a telephone to
    sign in with, FIRST_PHONE and up, sealed in the vault.
    """
    since = clock.today() - SINCE
    ground = _ground(places or {})
    bodies = {
        row["name"]: actions.open_organisation(
            code=row["name"].replace("_", "-"), kind=row["kind"], name=row["zh"],
            name_en=row["en"], place=ground[row["at"]], public_line=row.get("line", ""),
            valid_from=since, by=SYSTEM,
        )
        for row in _script()["body"]
    }  # fmt: skip
    played = Cast(ground, bodies, {})
    for number, row in enumerate(_script()["person"]):
        actor = _enter(row, played, since)
        played.actors[row["name"]] = actor
        if reachable and actor.user:
            add_address(actor.user, parse(str(FIRST_PHONE + number)))
    return played


def _ground(given: dict[str, Place]) -> dict[str, Place]:
    ground = dict(given)
    for row in _script()["place"]:
        if row["name"] not in ground:
            ground[row["name"]] = add(
                code=row["code"], kind=row["kind"], name=row["zh"], name_en=row["en"],
                parent=ground.get(row.get("parent", "")), lon=row.get("lon"), lat=row.get("lat"),
                boundary=_square(row), generated=True,
            )  # fmt: skip
    return ground


def _square(row: dict[str, Any]) -> str | None:
    """A square around the point, as GeoJSON; lines of buses have none."""
    if "half" not in row:
        return None
    x, y, half = row["lon"], row["lat"], row["half"]
    west, east, south, north = x - half, x + half, y - half, y + half
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    corners = [[round(lon, 6), round(lat, 6)] for lon, lat in ring]
    return json.dumps({"type": "Polygon", "coordinates": [corners]})


def _enter(row: dict[str, Any], played: Cast, since: date) -> Actor:
    user = actions.open_account(display_name=row["zh"])
    if "post" not in row:
        return as_resident(user)
    body, place = played.bodies[row["body"]], played.places.get(row.get("at", ""))
    post = Post.objects.filter(kind=row["post"], organisation=body, place=place).first()
    post = post or actions.open_post(row["post"], body, place=place, valid_from=since, by=SYSTEM)
    made = actions.appoint(
        post, user, by=SYSTEM, from_date=since, deputy=row.get("deputy", False),
        public_name=row["zh"], consented=row.get("public", False),
    )  # fmt: skip
    return under(Appointment.objects.with_posts().get(pk=made.pk))
