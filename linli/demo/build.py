"""Building the demonstration: ground, people, and a month lived through the real actions."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils.module_loading import import_string

from linli.cases.actions import tick
from linli.cases.models import Case
from linli.coverage import counting
from linli.demo import (
    buses,
    clubs,
    coverage,
    facilities,
    ground,
    homes,
    incubators,
    letters,
    members,
    pairings,
    society,
    stores,
    talent,
    travel,
)
from linli.demo.ballots import Ballots
from linli.demo.bursts import Bursts
from linli.demo.days import Days, at, local_day
from linli.demo.deliberation import Deliberation
from linli.demo.forum import Forum
from linli.demo.month import Month
from linli.demo.outings import Outings
from linli.demo.points import Points
from linli.demo.rota import Rotas
from linli.demo.stories.scene import Scene
from linli.demo.walks import Walk
from linli.journal import followers, seal
from linli.journal.models import Entry
from linli.letters.delivery import deliver
from linli.letters.models import Letter
from linli.lib import clock
from linli.site.wiring import FOLLOWERS

MARK = "demo.json"  # in the data folder: what was built, and that nothing else lives here


@dataclass(frozen=True)
class Built:
    """What a data folder holds."""

    day: str
    seed: int
    days: int
    cases: int
    lines: int
    letters: int
    door: str
    refused: int = 0


class NotEmpty(RuntimeError):
    """There is data that the demonstration did not make; it will not be mixed with inventions."""


def built() -> Built | None:
    """What was built here before, or None."""
    mark = Path(settings.DATA) / MARK
    if not mark.exists():
        return None
    return Built(**json.loads(mark.read_text("utf-8")))


def clear() -> None:
    """Remove a former demonstration, and nothing that is not one; raises NotEmpty."""
    if built() is None:
        return
    if connection.vendor != "sqlite":
        raise NotEmpty("Give --fresh an empty database: this one is not emptied from here.")
    connection.close()
    data = Path(settings.DATA)
    for path in data.glob("linli.sqlite3*"):
        path.unlink()
    for name in ("media", "mail", "roads"):
        shutil.rmtree(data / name, ignore_errors=True)
    (data / "sms.log").unlink(missing_ok=True)
    (data / MARK).unlink()


def build(days: int, seed: int, say: Callable[[str], None]) -> Built:
    """Build it into an empty database. Raises NotEmpty if there is something in it already."""
    until = clock.now()
    with quickly():
        call_command("migrate", verbosity=0, interactive=False)
        if Entry.objects.exists():
            raise NotEmpty(
                f"{settings.DATA} holds data already. Choose another folder with LINLI_DATA, "
                "or start it with: linli serve --with-worker"
            )
        first = local_day(until) - timedelta(days=days)
        people = _settle(first - timedelta(days=5), Random(seed), local_day(until), say)
        refused = _live(people, days, Random(seed + 1), until, say)
        talent.live(people, local_day(until))
        pairings.live(people, local_day(until))
        letters.live(people)
        counting.run_all()
        import_string("linli.cases.regrouping.regroup")()  # SciPy: not for every process
        seal.seal_now()
    house = people.ground.places[f"{homes.estate_of_the_walk()['village']}-b7"]
    made = Built(
        day=local_day(until).isoformat(), seed=seed, days=days, cases=Case.objects.count(),
        lines=Entry.objects.count(), letters=Letter.objects.count(), door=str(house.door_code),
        refused=refused,
    )  # fmt: skip
    (Path(settings.DATA) / MARK).write_text(json.dumps(asdict(made), indent=1) + "\n", "utf-8")
    return made


def _settle(since: date, rng: Random, today: date, say: Callable[[str], None]) -> society.Society:
    with clock.moved_to(at(since, time(8, 0))):
        land = ground.lay(rng, since)
        say(f"{len(land.places)} places on a generated map")
        people = society.gather(land, rng, since)
        homes.settle(people, today)
        coverage.settle(people, today)
        members.settle(people, today)
        pairings.settle(people, today)
        travel.settle(people)
        buses.settle(people)
        facilities.settle(people)
        incubators.settle(people, today)
        stores.settle(people)
        talent.settle(people)
    say(f"{len(people.units)} bodies and their people")
    return people


def _live(
    people: society.Society, days: int, rng: Random, until: datetime, say: Callable[[str], None]
) -> int:
    scene = Scene(people, rng, until)
    with clock.moved_to(at(people.since, time(9))):
        forum, ballots, council = Forum(scene), Ballots(scene), Deliberation(scene)
    calendar = Days(until, nightly)
    stories = (*Walk(scene).stories(), *Month(scene, days).stories(), *Bursts(scene).stories(),
               *Outings(scene).stories(),
               *forum.stories(), *ballots.stories(), *council.stories(), *Rotas(scene).stories(),
               *Points(scene).stories(), *facilities.Facilities(scene).stories(),
               *stores.Stores(scene).stories(), *clubs.Clubs(scene).stories(),
               *coverage.Rounds(people, days, until).stories())  # fmt: skip
    for story in stories:
        calendar.add(story)
    calendar.run(lambda day: say(f"{day} lived") if day.weekday() == 6 else None)
    return len(calendar.refused)


def nightly(day: date) -> None:
    """What the worker does all the time, here once between the days."""
    tick.note_late()
    tick.close_silent()
    tick.lapse_claims()
    for follower in FOLLOWERS:
        while followers.run(follower):
            pass
    coverage.night(day)
    with clock.moved_to(clock.now() - timedelta(hours=4)):  # the evening before: not quiet yet
        while deliver(500):
            pass


@contextmanager
def quickly() -> Iterator[None]:
    """Do not wait for the disk while inventions are written; all is flushed at the end."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF" if sqlite else "SET synchronous_commit = off")
    yield
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=FULL" if sqlite else "SET synchronous_commit = on")
        if sqlite:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
