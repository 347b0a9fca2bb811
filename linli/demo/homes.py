"""Who looks after the estates and grids: property firms, stewards, grid workers, and the gaps."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from linli.demo.invented import table
from linli.demo.society import YEAR, Society, service_desk
from linli.people import actions
from linli.people.actors import SYSTEM
from linli.people.models import Organisation, User
from linli.places.models import VILLAGES, Kind, Place

GAP_DAYS = (9, 8)  # how long ago the steward of house 12 and a grid worker left


def estate_of_the_walk() -> Mapping[str, Any]:
    """The estate where the walk-throughs take place."""
    return dict(table("invented")["estate"][0])


@transaction.atomic
def settle(society: Society, today: date) -> None:
    """Fill every post of the estates and grids, but for the three gaps that a manager must see."""
    walk = estate_of_the_walk()
    for estate in table("invented")["estate"]:
        village = society.ground.places[estate["village"]]
        firm = society.open(f"firm-{village.code}", "property-firm", tuple(estate["firm"]), village)
        society.hold("handler", firm, society.person())
        _stewards(
            society, village, skip=WALK_HOUSES if estate["village"] == walk["village"] else ()
        )
    _grid_workers(society, skip=(f"{walk['village']}-g1", f"{walk['village']}-g2"))
    _cast(society, society.ground.places[walk["village"]], today)


WALK_HOUSES = (7, 8, 10, 12)


def _stewards(society: Society, village: Place, *, skip: Iterable[int]) -> None:
    committee = society.committee(village)
    left_out = {f"{village.code}-b{n}" for n in skip}
    houses = [p for p in society.ground.inside(village, Kind.BUILDING) if p.code not in left_out]
    for pair in pairs(houses):
        steward = society.person()
        for house in pair:
            society.hold("building-steward", committee, steward, place=house, public=True)


def _grid_workers(society: Society, *, skip: Iterable[str]) -> None:
    left_out = set(skip)
    for village in society.ground.of_kind(*VILLAGES):
        grids = society.ground.inside(village, Kind.GRID)
        for pair in pairs([grid for grid in grids if grid.code not in left_out]):
            worker = society.person()
            for grid in pair:
                society.hold(
                    "grid-worker", society.committee(village), worker, place=grid, public=True
                )


def _cast(society: Society, village: Place, today: date) -> None:
    """The people of the walk-throughs, each with an own way to sign in."""
    places, committee = society.ground.places, society.committee(village)
    county = society.ground.of_kind(Kind.COUNTY)[0]
    town = next(place for place in village.ancestors() if place.kind == Kind.TOWN)
    desk = society.unit("county-desk", county)
    society.player("resident", "老周")
    society.player("neighbour", "小李")
    steward = society.player("steward", "陈女士")
    for n in (7, 8):
        house = places[f"{village.code}-b{n}"]
        society.hold("building-steward", committee, steward, place=house, public=True)
    _deputy(society, committee, places[f"{village.code}-b7"])
    worker = society.player("grid-worker", "小赵")
    society.hold("grid-worker", committee, worker, place=places[f"{village.code}-g1"], public=True)
    _verifier(society, committee, worker)
    manager = society.player("manager", "孙主任")
    society.roles["manager"] = society.hold("manager", committee, manager)
    jobs: list[tuple[str, str, str, Organisation]] = [
        ("lighting", "handler", "老钱", society.unit("street-lighting", county)),
        ("volunteer", "box-keeper", "小何", society.unit("bus-company", county)),
        ("clerk", "handler", "小唐", society.unit("bus-company", county)),
        ("mediator", "mediator", "老罗", society.unit("council-hall", town)),
        ("station", "station-worker", "小梁", society.unit("wish-station", county)),
        ("coordinator", "coordinator", "林女士", desk),
        ("auditor", "auditor", "郑先生", desk),
        ("administrator", "administrator", "小温", desk),
    ]
    for part, kind, name, unit in jobs:
        society.roles[part] = society.hold(kind, unit, society.player(part, name))
    service_desk(society, village)
    _gaps(society, village, today)


def _verifier(society: Society, committee: Organisation, worker: User) -> None:
    """The grid worker's second post: what others say is done, they go and see."""
    post = actions.open_post("verifier", committee, by=SYSTEM, valid_from=society.since)
    actions.appoint(post, worker, by=SYSTEM, from_date=society.since,
                    to_date=society.since + YEAR)  # fmt: skip


def _deputy(society: Society, committee: Organisation, house: Place) -> None:
    post = committee.posts.get(kind="building-steward", place=house)
    actions.appoint(post, society.person("吴先生"), by=SYSTEM, from_date=society.since, deputy=True,
                    public_name="吴先生", consented=True)  # fmt: skip


def _gaps(society: Society, village: Place, today: date) -> None:
    """House 12 and a grid were left some days ago; house 10 never had a steward."""
    places, committee = society.ground.places, society.committee(village)
    society.hold("building-steward", committee, society.person(), place=places[f"{village.code}-b12"],
                 until=today - timedelta(days=GAP_DAYS[0]))  # fmt: skip
    society.hold("grid-worker", committee, society.person(), place=places[f"{village.code}-g2"],
                 until=today - timedelta(days=GAP_DAYS[1]))  # fmt: skip
    actions.open_post("building-steward", committee, by=SYSTEM, place=places[f"{village.code}-b10"],
                      valid_from=society.since)  # fmt: skip


def pairs(places: list[Place]) -> Iterator[list[Place]]:
    """Two by two: one person may hold two of these posts."""
    return (places[n : n + 2] for n in range(0, len(places), 2))
