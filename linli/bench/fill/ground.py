"""The county that is measured: all places of the gazetteer, every body, and somebody in each."""

import json
import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from linli import playbook
from linli.demo import ground as demo_ground
from linli.demo.invented import both, rows, table
from linli.lib import clock
from linli.people.models import Appointment, Organisation, Post, User
from linli.people.models.appointment import LONGEST_TERM
from linli.places.models import Kind, Place
from linli.places.tree import NewPlace, add_many
from linli.playbook.base import LEVEL_OF_PLACE
from linli.playbook.routing import candidates

AGE = timedelta(days=4_000)  # the bodies are older than their oldest case
RESIDENTS = 2_000
LIT = "street-light"  # the topic of the unit whose desk is measured
DESK = "street-lighting"
HOUSE = ((0.0, 0.0), (0.0003, 0.0), (0.0003, 0.0001), (0.0, 0.0001))  # degrees: about 28 x 11 m


@dataclass
class County:
    """Where cases can be, who deals with them, and who asks."""

    villages: list[Place]
    units: dict[tuple[str, str], Organisation]
    residents: list[User] = field(default_factory=list)
    handlers: dict[int, User] = field(default_factory=dict)

    def owner(self, topic: str, village: Place) -> Organisation:
        """Who gets a request about this topic from here: the first of the playbook's list."""
        book = playbook.current()
        codes = {"village": village.code, "town": village.codes[1], "county": self.county}
        for duty in candidates(book.kinds[book.county.intake], topic, book.county):
            found = self.units.get((duty.body or "", codes.get(duty.at, "")))
            if found:
                return found
        return self.units[book.county.desk.body, self.county]

    @property
    def county(self) -> str:
        return playbook.current().county.place

    @property
    def desk(self) -> Organisation:
        """The unit whose desk is measured."""
        return self.units[DESK, self.county]


def lay(rng: random.Random) -> County:
    """Places with boundaries, bodies with a handler each, and residents with an account."""
    since = clock.today() - AGE
    ground = demo_ground.lay(rng, since)
    county = County(ground.villages, {})
    bodies = [*_of_the_county(ground, since), *_of_the_places(ground, since)]
    for body in Organisation.objects.bulk_create(bodies):
        county.units[body.kind, body.place.code] = body
    _staff(county, since)
    names = table("invented")
    county.residents = User.objects.bulk_create(
        User(display_name=rng.choice(names["surnames"]) + rng.choice(names["titles"]))
        for _n in range(RESIDENTS)
    )
    return county


def _of_the_county(ground: demo_ground.Ground, since: date) -> list[Organisation]:
    return [
        Organisation(
            code=row["code"], kind=row["kind"], name=row["name"], name_en=row["name_en"],
            place=ground.places[row["at"]], public_line=row["line"], valid_from=since,
        )
        for row in rows("bodies")
    ]  # fmt: skip


def _of_the_places(ground: demo_ground.Ground, since: date) -> list[Organisation]:
    words, found = table("invented"), []
    kinds = {Kind.TOWN: "town-office", Kind.VILLAGE: "village-committee",
             Kind.COMMUNITY: "residents-committee"}  # fmt: skip
    for place in ground.of_kind(*kinds):
        pattern = words["town"] if place.kind == Kind.TOWN else words["committee"][place.kind]
        short = {"place": demo_ground.short(place.name)}
        name, name_en = both(pattern, short, {"place": place.name_en})
        found.append(Organisation(
            code=f"{LEVEL_OF_PLACE.get(place.kind, place.kind)}-{place.code}", place=place,
            kind=kinds[Kind(place.kind)], name=name, name_en=name_en, valid_from=since,
        ))  # fmt: skip
    return found


def _staff(county: County, since: date) -> None:
    """One handler for each body; a term is at most a year, so it began lately."""
    units = list(county.units.values())
    users = User.objects.bulk_create(User(display_name=f"{unit.name}经办人"[:40]) for unit in units)
    role = next(p.role for p in playbook.current().county.posts if p.id == "handler")
    posts = Post.objects.bulk_create(
        Post(kind="handler", organisation=unit, role=role, seats=20, valid_from=since)
        for unit in units
    )
    start = clock.today() - timedelta(days=1)
    Appointment.objects.bulk_create(
        Appointment(post=post, user=user, role=role, seat=1, from_date=start,
                    to_date=start + timedelta(days=LONGEST_TERM - 1))
        for post, user in zip(posts, users, strict=True)
    )  # fmt: skip
    county.handlers = {unit.pk: user for unit, user in zip(units, users, strict=True)}


def build(county: County, count: int, rng: random.Random) -> int:
    """Add so many houses with an outline each, spread over the villages; returns how many."""
    rows = []
    for n in range(count):
        village = county.villages[n % len(county.villages)]
        assert village.lon is not None
        assert village.lat is not None
        lon, lat = village.lon + rng.uniform(-0.01, 0.01), village.lat + rng.uniform(-0.01, 0.01)
        ring = [[round(lon + x, 6), round(lat + y, 6)] for x, y in HOUSE]
        outline = json.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})
        rows.append(NewPlace(
            code=f"{village.code}-h{n}", kind=Kind.BUILDING, name=f"{n}号楼", parent=village.code,
            lon=round(lon, 6), lat=round(lat, 6), boundary=outline, generated=True,
        ))  # fmt: skip
    return add_many(rows)
