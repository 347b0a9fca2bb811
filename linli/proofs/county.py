"""A small county for proofs: one village, the bodies that matters pass through, two people each."""

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

from django.core.management import call_command

from linli.cases.actions.receive import Draft
from linli.lib import clock
from linli.people import actions
from linli.people.actors import SYSTEM, Actor, under
from linli.people.models import Organisation, Post
from linli.places.models import Place
from linli.places.tree import add

BODIES = {
    "county-desk": "county", "street-lighting": "county", "water-company": "county",
    "town-office": "town", "village-committee": "village",
}  # fmt: skip
SINCE = date(2025, 9, 1)  # fixed, so that a seed tells the same story on any day
CODES = {"county": "320481", "town": "320481103", "village": "320481103201"}


@dataclass
class County:
    """Where proofs happen, and who acts there."""

    village: Place
    units: dict[str, Organisation]
    staff: dict[int, list[Actor]]

    def draft(self, rng: Random, text: str, **more: Any) -> Draft:
        """Something said about a lamp in the village."""
        values: dict[str, Any] = {
            "kind": "request", "channel": "web", "category": "street-light", "place": self.village,
            "visibility": "public", "client_id": new_id(rng), "text": text,
        }  # fmt: skip
        return Draft(**{**values, **more})


def new_id(rng: Random) -> UUID:
    return UUID(bytes=rng.randbytes(16), version=4)


def prepare() -> County:
    """Make the tables and the county in the empty database of this process."""
    call_command("migrate", verbosity=0, interactive=False)
    since = SINCE
    county = add(code=CODES["county"], kind="county", name="验证县", name_en="Proof County")
    town = add(code=CODES["town"], kind="town", name="验证镇", name_en="Proof Town", parent=county)
    village = add(code=CODES["village"], kind="village", name="验证村", name_en="Proof Village",
                  parent=town)  # fmt: skip
    where = {"county": county, "town": town, "village": village}
    found = County(village, {}, {})
    for kind, level in BODIES.items():
        unit = actions.open_organisation(code=f"proof-{kind}", kind=kind, name=kind, by=SYSTEM,
                                         place=where[level], valid_from=since)  # fmt: skip
        post = actions.open_post("handler", unit, by=SYSTEM, seats=2, valid_from=since)
        found.units[kind] = unit
        found.staff[unit.pk] = [_handler(post) for _n in range(2)]
    return found


def people_of_today() -> None:
    """Two more people in each unit, from today: those of the story may have left by now."""
    for post in Post.objects.all():
        for _n in range(post.seats):
            user = actions.open_account(display_name="验证员")
            actions.appoint(post, user, by=SYSTEM, from_date=clock.today())


def _handler(post: Post) -> Actor:
    user = actions.open_account(display_name="验证员")
    return under(actions.appoint(post, user, by=SYSTEM, from_date=post.valid_from))
