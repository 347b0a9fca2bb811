"""How long a count takes: an invented county, counted at first, then unchanged, then changed."""

import time
from collections.abc import Callable
from datetime import timedelta
from itertools import count as numbers

from django.core.management import call_command
from django.db import connection, transaction

from linli import playbook
from linli.coverage import counting, tallies
from linli.coverage.ground import survey
from linli.coverage.models import Gap
from linli.coverage.owners import Offices
from linli.lib import clock
from linli.people.models import Appointment, Organisation, Post, User
from linli.places.models import Kind, Place
from linli.places.tree import NewPlace, add_many
from linli.playbook.coverage import CoverageRule

TOWNS, VILLAGES, GRIDS = 12, 19, 5  # 228 villages with 1,140 grids
HOUSEHOLDS = 5  # of each building
VACANT = 200  # every two-hundredth building has no steward
CHANGES = 50
SINCE = timedelta(days=300)
Say = Callable[[str], object]


class NotEmpty(RuntimeError):
    """The database holds places already; an invented county is not mixed into it."""


def measure(buildings: int, rules: int, say: Say) -> dict[str, float]:
    """Build the county in an empty database and time the counts; seconds of CPU, by what was done.

    Raises NotEmpty.
    """
    call_command("migrate", verbosity=0, interactive=False)
    if Place.objects.exists():
        raise NotEmpty("There are places in this database already; measure in an empty one.")
    build(buildings)
    wanted = sample(rules)
    say(f"{Place.objects.count()} places, {Appointment.objects.count()} stewards, "
        f"{buildings * HOUSEHOLDS} households, {len(wanted)} rules, {connection.vendor}")  # fmt: skip
    found = {}
    for name, prepare in (
        ("first count", None), ("nothing changed", None),
        (f"{CHANGES} stewards left", leave),
    ):  # fmt: skip
        if prepare:
            prepare()
        opened, wall, cpu = timed(wanted)
        found[name] = wall
        say(f"{name:20} {wall:6.2f} s, {cpu:5.2f} s of it on this processor; "
            f"{opened} gaps opened or closed, {Gap.objects.open().count()} open")  # fmt: skip
    return found


def timed(rules: list[CoverageRule]) -> tuple[int, float, float]:
    """One count of all the rules: changes, seconds, seconds of CPU in this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    ground = survey()
    offices = Offices(ground.day)
    done = [counting.count(rule, ground, offices) for rule in rules]
    changes = sum(one.opened + one.closed for one in done)
    return changes, time.perf_counter() - wall, time.process_time() - cpu


def sample(wanted: int) -> list[CoverageRule]:
    """The rules of the playbook, and the one of the buildings under other names to fill up."""
    rules = list(playbook.current().coverage.values())[:wanted]
    steward = playbook.current().coverage["building-has-steward"]
    names = (f"building-has-steward-{n}" for n in numbers(2))
    while len(rules) < wanted:
        rules.append(steward.model_copy(update={"id": next(names)}))
    return rules


@transaction.atomic
def build(buildings: int) -> None:
    """Places, an office for each, and a steward for all but every two-hundredth building."""
    rows = list(_places(buildings))
    add_many(rows)
    since = clock.today() - SINCE
    kinds = {
        Kind.COUNTY: "county-desk",
        Kind.TOWN: "town-office",
        Kind.VILLAGE: "village-committee",
    }
    bodies = Organisation.objects.bulk_create(
        Organisation(code=f"o-{place.code}", kind=kinds[Kind(place.kind)], name=place.name,
                     place=place, valid_from=since)
        for place in Place.objects.light().of_kind(*kinds)
    )  # fmt: skip
    _stewards({body.place.code: body for body in bodies})
    homes = Place.objects.of_kind(Kind.BUILDING).values_list("pk", flat=True)
    tallies.put(dict.fromkeys(homes, HOUSEHOLDS), clock.today(), "measure")


def _places(buildings: int) -> list[NewPlace]:
    rows = [NewPlace(code="c", kind=Kind.COUNTY, name="c")]
    grids = []
    for town in range(TOWNS):
        rows.append(NewPlace(code=f"t{town}", kind=Kind.TOWN, name="t", parent="c"))
        for n in range(VILLAGES):
            village = f"t{town}v{n}"
            rows.append(NewPlace(code=village, kind=Kind.VILLAGE, name="v", parent=f"t{town}"))
            grids += [(f"{village}g{g}", village) for g in range(GRIDS)]
    rows += [NewPlace(code=code, kind=Kind.GRID, name="g", parent=up) for code, up in grids]
    rows += [
        NewPlace(code=f"b{n}", kind=Kind.BUILDING, name="b", parent=grids[n % len(grids)][0])
        for n in range(buildings)
    ]
    return rows


def _stewards(committees: dict[str, Organisation]) -> None:
    since, until = clock.today() - SINCE, clock.today() + timedelta(days=60)
    houses = Place.objects.light().of_kind(Kind.BUILDING).order_by("pk")
    posts = Post.objects.bulk_create(
        (Post(kind="building-steward", organisation=committees[house.codes[2]], place=house,
              role="GRID", valid_from=since) for house in houses), batch_size=2_000,
    )  # fmt: skip
    users = User.objects.bulk_create((User(password="!") for _post in posts), batch_size=2_000)
    Appointment.objects.bulk_create(
        (Appointment(post=post, user=user, role="GRID", seat=1, from_date=since, to_date=until)
         for n, (post, user) in enumerate(zip(posts, users, strict=True)) if n % VACANT),
        batch_size=2_000,
    )  # fmt: skip


def leave() -> None:
    """Some stewards left long enough ago to be missed."""
    rows = Appointment.objects.in_force(clock.today()).order_by("pk")[:CHANGES]
    ended = clock.today() - timedelta(days=20)
    Appointment.objects.filter(pk__in=[row.pk for row in rows]).update(to_date=ended)
