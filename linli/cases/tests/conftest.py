"""A small piece of county for the tests of cases, with the people who act in it."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from linli.cases.actions.receive import Draft, Receipt, receive
from linli.lib import clock
from linli.people.actions.accounts import open_account
from linli.people.actors import ANONYMOUS, SYSTEM, Actor, as_resident, under
from linli.people.models import Appointment, Organisation, Post
from linli.places.models import Place
from linli.places.tree import add

# A Wednesday morning in a month without holidays.
START = datetime(2026, 11, 4, 9, 0, tzinfo=clock.LOCAL)


@dataclass
class Ground:
    """Places, bodies and the actors that tests name."""

    county: Place
    town: Place
    village: Place
    grid: Place
    building: Place
    units: dict[str, Organisation]
    actors: dict[str, Actor]

    def draft(self, text: str = "七号楼前面的路灯不亮了。", **changes: Any) -> Draft:
        values: dict[str, Any] = {
            "kind": "request", "channel": "web", "category": "street-light", "place": self.building,
            "text": text, "client_id": uuid.uuid4(), "visibility": "public",
        }  # fmt: skip
        return Draft(**{**values, **changes})

    def say(self, by: Actor = ANONYMOUS, **changes: Any) -> Receipt:
        return receive(self.draft(**changes), by=by)

    def staff(self, name: str) -> Actor:
        return self.actors[name]


@pytest.fixture
def moved():
    """The clock stands at START; `moved.to(...)` is `clock.moved_to`."""
    with clock.moved_to(START):
        yield clock.moved_to


@pytest.fixture
def ground(db, moved) -> Ground:
    return build()


def build() -> Ground:
    day = clock.today().replace(year=clock.today().year - 1)
    county = add(code="320481", kind="county", name="溧阳市", name_en="Liyang")
    town = add(code="320481103", kind="town", name="戴埠镇", name_en="Daibu Town", parent=county)
    village = add(code="320481103201", kind="village", name="新桥村", name_en="Xinqiao Village",
                  parent=town, lon=119.5, lat=31.3)  # fmt: skip
    grid = add(code="320481103201-g1", kind="grid", name="第一网格", name_en="Grid 1",
               parent=village, generated=True)  # fmt: skip
    building = add(code="320481103201-b7", kind="building", name="七号楼", name_en="Building 7",
                   parent=grid, generated=True)  # fmt: skip
    where = {
        "county-desk": county, "street-lighting": county, "water-company": county,
        "council-hall": village, "wish-station": town, "service-desk": village,
        "town-office": town, "village-committee": village,
    }  # fmt: skip
    units = {
        kind: Organisation.objects.create(
            code=f"t-{kind}",
            kind=kind,
            name=kind,
            name_en=kind.title(),
            place=place,
            valid_from=day,
        )
        for kind, place in where.items()
    }
    ground = Ground(county, town, village, grid, building, units, {})
    people = {
        "manager": ("handler", "village-committee", "MGR", None),
        "town": ("handler", "town-office", "MGR", None),
        "county": ("coordinator", "county-desk", "CTY", None),
        "lamps": ("handler", "street-lighting", "MGR", None),
        "lamps2": ("handler", "street-lighting", "MGR", None),
        "water": ("handler", "water-company", "MGR", None),
        "mediator": ("mediator", "council-hall", "MGR", None),
        "station": ("station-worker", "wish-station", "MGR", None),
        "agent": ("errand-agent", "service-desk", "GRID", None),
        "steward": ("building-steward", "village-committee", "GRID", building),
        "gridworker": ("grid-worker", "village-committee", "GRID", grid),
    }
    for name, (kind, unit, role, place) in people.items():
        ground.actors[name] = hold(name, kind, units[unit], role, place)
    for name in ("resident", "neighbour", "volunteer"):
        ground.actors[name] = as_resident(open_account(display_name=name, by=SYSTEM))
    return ground


def hold(name: str, kind: str, unit: Organisation, role: str, place: Place | None) -> Actor:
    """An account that holds a post from yesterday for half a year."""
    post, _made = Post.objects.get_or_create(
        kind=kind, organisation=unit, place=place,
        defaults={"role": role, "seats": 9, "valid_from": unit.valid_from},
    )  # fmt: skip
    seat = 1 + post.appointments.count()
    today = clock.today()
    row = Appointment.objects.create(
        post=post, user=open_account(display_name=name, by=SYSTEM), role=role, seat=seat,
        from_date=today.replace(day=1), to_date=today.replace(year=today.year + 1, month=1, day=1),
        public_name=name, consented=True,
    )  # fmt: skip
    return under(Appointment.objects.with_posts().get(pk=row.pk))
