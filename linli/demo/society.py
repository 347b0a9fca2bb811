"""The invented people of the demonstration: bodies for every place, posts, and who holds them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from django.db import transaction

from linli.cases.models import Case
from linli.demo.ground import Ground, short
from linli.demo.invented import both, rows, table
from linli.journal.record import record
from linli.people import actions, demo_cast
from linli.people.actors import SYSTEM, Actor, under
from linli.people.contact import parse
from linli.people.models import Organisation, Post, User
from linli.people.sign_in import add_address
from linli.places.models import Kind, Place

YEAR = timedelta(days=365)
HALLS, STATIONS = 4, 3  # towns with a council hall and with a wish station of their own
FIRST_PHONE = 19900001000  # the test range; the cast has the numbers below


@dataclass
class Society:
    """Who acts for whom, by the unit's or the post's id."""

    ground: Ground
    rng: Random
    since: date
    units: dict[tuple[str, str], Organisation] = field(default_factory=dict)
    staff: dict[int, list[Actor]] = field(default_factory=lambda: defaultdict(list))
    holders: dict[int, Actor] = field(default_factory=dict)
    cast: dict[str, User] = field(default_factory=dict)
    roles: dict[str, Actor] = field(default_factory=dict)
    volunteers: list[User] = field(default_factory=list)

    def unit(self, kind: str, place: Place) -> Organisation:
        """The body of that kind at exactly this place; KeyError if there is none."""
        return self.units[kind, place.code]

    def committee(self, village: Place) -> Organisation:
        kind = "village-committee" if village.kind == Kind.VILLAGE else "residents-committee"
        return self.units[kind, village.code]

    def acting_for(self, case: Case) -> Actor:
        """Who deals with this case: the holder of its post, else somebody of its unit."""
        if case.owner_post_id in self.holders:
            return self.holders[case.owner_post_id]
        return self.staff[case.owner_id][0]

    def second_for(self, case: Case) -> Actor:
        """Another person of the same unit, or of the office above it."""
        own = self.staff[case.owner_id]
        if len(own) > 1:
            return own[1]
        town = next(p for p in reversed(case.place.ancestors()) if p.kind == Kind.TOWN)
        return self.staff[self.unit("town-office", town).pk][0]

    # ── people ───────────────────────────────────────────────────────────────────────────────
    def name(self) -> str:
        words = table("invented")
        return str(self.rng.choice(words["surnames"]) + self.rng.choice(words["titles"]))

    def person(self, name: str = "") -> User:
        return actions.open_account(display_name=name or self.name())

    def player(self, part: str, name: str) -> User:
        """A member of the cast, with a fixed id and a fixed number to sign in with."""
        user = User.objects.create_user(id=demo_cast.user_id(part), display_name=name)
        record("user.joined", on=user, by=SYSTEM)
        add_address(user, parse(phone_of(part)))
        self.cast[part] = user
        return user

    def hold(
        self, kind: str, unit: Organisation, user: User, *, place: Place | None = None,
        public: bool = False, until: date | None = None, seats: int | None = None,
    ) -> Actor:  # fmt: skip
        """Open the post where it is not open yet, and put somebody into it."""
        post = Post.objects.filter(
            kind=kind, organisation=unit, place=place, valid_to=None
        ).select_related("organisation__place", "place").first()  # fmt: skip
        if post is None:
            post = actions.open_post(kind, unit, by=SYSTEM, place=place, seats=seats,
                                     valid_from=self.since)  # fmt: skip
        row = actions.appoint(
            post, user, by=SYSTEM, from_date=self.since, to_date=until or self.since + YEAR,
            public_name=user.display_name if public else "", consented=public,
        )  # fmt: skip
        actor = under(row)
        if place is None:
            self.staff[unit.pk].append(actor)
        elif until is None:
            self.holders[post.pk] = actor
        return actor

    # ── bodies ───────────────────────────────────────────────────────────────────────────────
    def open(self, code: str, kind: str, names: tuple[str, str], place: Place,
             parent: Organisation | None = None, line: str = "") -> Organisation:  # fmt: skip
        unit = actions.open_organisation(
            code=code, kind=kind, name=names[0], name_en=names[1], place=place, parent=parent,
            public_line=line, valid_from=self.since, by=SYSTEM,
        )  # fmt: skip
        self.units[kind, place.code] = unit
        return unit


def phone_of(part: str) -> str:
    """The invented mobile of a member of the cast, from the test range."""
    return f"1990000{list(demo_cast.NAMES).index(part) + 1:04d}"


@transaction.atomic
def gather(ground: Ground, rng: Random, since: date) -> Society:
    """Open every body and post, and fill them; everything counts from `since`."""
    society = Society(ground, rng, since)
    desk = _county(society)
    for town in ground.of_kind(Kind.TOWN):
        _town(society, town, desk)
    _specials(society)
    society.volunteers = [society.person() for _n in range(12)]
    return society


def _county(society: Society) -> Organisation:
    desk: Organisation | None = None
    for row in rows("bodies"):
        place = society.ground.places[row["at"]]
        names = (row["name"], row["name_en"])
        unit = society.open(row["code"], row["kind"], names, place, parent=desk, line=row["line"])
        desk = desk or unit
        if row["kind"] not in {"council-hall", "wish-station"}:
            society.hold("handler", unit, society.person())
    assert desk is not None
    return desk


def _town(society: Society, town: Place, desk: Organisation) -> None:
    words = table("invented")
    zh, en = {"place": town.name}, {"place": town.name_en}
    office = society.open(f"office-{town.code}", "town-office", both(words["town"], zh, en), town,
                          parent=desk)  # fmt: skip
    for _n in range(2):
        society.hold("handler", office, society.person())
    for village in society.ground.inside(town, Kind.VILLAGE, Kind.COMMUNITY):
        kind = "village-committee" if village.kind == Kind.VILLAGE else "residents-committee"
        zh, en = {"place": short(village.name)}, {"place": village.name_en}
        pattern = words["committee"][str(village.kind)]
        unit = society.open(f"committee-{village.code}", kind, both(pattern, zh, en), village,
                            parent=office)  # fmt: skip
        society.hold("handler", unit, society.person())


def _specials(society: Society) -> None:
    towns = society.ground.of_kind(Kind.TOWN)
    county = next(iter(society.ground.of_kind(Kind.COUNTY)))
    for place in (county, *towns[1 : 1 + HALLS]):
        hall = _at(society, "council-hall", place, "百姓议事堂", "Council Hall")
        society.hold("mediator", hall, society.person())
    for place in (county, *towns[-STATIONS:]):
        station = _at(society, "wish-station", place, "“心愿树”爱心工作站", "Wish Tree Station")
        society.hold("station-worker", station, society.person())
    for town in towns:
        village = society.ground.inside(town, Kind.VILLAGE, Kind.COMMUNITY)[0]
        service_desk(society, village)


def service_desk(society: Society, village: Place) -> Organisation:
    """A service desk whose agent runs errands."""
    zh, en = {"place": short(village.name)}, {"place": village.name_en}
    names = both(table("invented")["desk"], zh, en)
    unit = society.open(f"desk-{village.code}", "service-desk", names, village,
                        parent=society.committee(village))  # fmt: skip
    society.hold("errand-agent", unit, society.person(), public=True)
    return unit


def _at(society: Society, kind: str, place: Place, zh: str, en: str) -> Organisation:
    if (kind, place.code) in society.units:
        return society.units[kind, place.code]
    names = (f"{place.name}{zh}", f"{place.name_en} {en}")
    return society.open(f"{kind}-{place.code}", kind, names, place)
