"""P13: no double booking, and no error page when many want the same room at the same moment."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from random import Random

from django.db import connection

from linli.facilities import exclusion
from linli.facilities.actions import keeping, lending
from linli.facilities.models import Booking, Room, Waiting
from linli.lib import clock
from linli.people import actions
from linli.people.actors import SYSTEM, Actor, as_resident
from linli.people.policies import Denied
from linli.proofs.county import prepare
from linli.proofs.result import Result, Watch
from linli.proofs.threads import at_once

PROMISE = "No double booking, and no error page when two people try"
BROKEN = ("look-only",)
CLIENTS = 8
WEEKS = 4  # of a repeated booking
Times = list[tuple[datetime, datetime]]
Job = Callable[[], object]


@dataclass(frozen=True)
class Wish:
    """What one client asks for: the first time, and in how many weeks."""

    start: datetime
    end: datetime
    weeks: int = 1

    @property
    def times(self) -> Times:
        return [
            (self.start + timedelta(weeks=n), self.end + timedelta(weeks=n))
            for n in range(self.weeks)
        ]

    def touches(self, times: Times) -> bool:
        """Whether any of its times meets any of these."""
        return any(a < d and c < b for a, b in self.times for c, d in times)


@dataclass
class Counter:
    """The room that everybody wants, and those who want it."""

    room: Room
    clients: list[Actor]
    day: datetime
    result: Result
    watch: Watch


def prove(n: int, seed: int, broken: str) -> Result:
    """`n` rounds of eight clients at once on one room: the same hour, hours that meet, the same
    hour in several weeks, and an hour that is given back while others book it or wait for it."""
    result = Result(PROMISE, n, seed, faults=n * CLIENTS)
    counter, rng = _open(result), Random(seed)
    if broken == "look-only":
        exclusion.take_down(connection)
        vars(lending)["book"] = look_only
    wishes = (_same_hour, _hours_that_meet, _weeks_that_meet)
    for k in range(n):
        if k % 4 == 3:
            _given_back(counter, rng)
        else:
            _race(counter, wishes[k % 4](counter, rng))
        Waiting.objects.all().delete()
        Booking.objects.all().delete()
    result.p99_ms = counter.watch.percentile(0.99)
    result.more = {"asked": len(counter.watch.times)}
    return result


def _open(result: Result) -> Counter:
    county = prepare()
    centre = keeping.open_facility(
        "service-centre", code="proof", name="验证中心", place=county.village, lon=119.48, lat=31.42,
        organisation=county.units["village-committee"], hours="24/7", by=SYSTEM,
        rooms=[("会议室", "Meeting room", 20)],
    )  # fmt: skip
    people = [actions.open_account(display_name=f"client {n}") for n in range(CLIENTS)]
    day = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=3)
    # A process reads the calendar of holidays once; a server has done so long before.
    centre.opening.covers(day, day + timedelta(weeks=WEEKS + 3))
    room = Room.objects.get(facility=centre)
    return Counter(room, [as_resident(one) for one in people], day, result, Watch())


# ── what is asked for ────────────────────────────────────────────────────────────────────────


def _same_hour(counter: Counter, rng: Random) -> list[Wish]:
    hour = _hour(counter, rng)
    return [Wish(hour, hour + timedelta(hours=1))] * CLIENTS


def _hours_that_meet(counter: Counter, rng: Random) -> list[Wish]:
    return [_wish(counter, rng) for _n in range(CLIENTS)]


def _weeks_that_meet(counter: Counter, rng: Random) -> list[Wish]:
    """Half of them every week, the others once, in any of these weeks."""
    found = []
    for n in range(CLIENTS):
        one = _wish(counter, rng)
        later = timedelta(weeks=rng.randrange(3)) if n % 2 else timedelta()
        found.append(Wish(one.start + later, one.end + later, 1 if n % 2 else WEEKS))
    return found


def _wish(counter: Counter, rng: Random) -> Wish:
    hour = _hour(counter, rng)
    return Wish(hour, hour + timedelta(minutes=15 * rng.randint(1, 16)))


def _hour(counter: Counter, rng: Random) -> datetime:
    return counter.day + timedelta(minutes=15 * rng.randrange(24))


# ── rounds ───────────────────────────────────────────────────────────────────────────────────


def _race(counter: Counter, wishes: list[Wish]) -> None:
    """Whoever is refused was refused by a booking that is there; somebody always wins."""
    result = counter.result
    found = at_once([_booking(counter, n, wish) for n, wish in enumerate(wishes)])
    _polite(result, found)
    _overlaps(result)
    kept: Times = list(Booking.objects.live().values_list("starts_at", "ends_at"))
    if not kept:
        result.violated("eight asked and nobody has the room")
    for wish, said in zip(wishes, found, strict=True):
        if isinstance(said, Denied) and not wish.touches(kept):
            result.violated(f"refused although nobody has it: {said}")
        if isinstance(said, list) and len(said) != wish.weeks:
            result.violated(f"{len(said)} of {wish.weeks} weeks were booked")


def _given_back(counter: Counter, rng: Random) -> None:
    """The room is given back while half of the others book it and half wait for it."""
    result, (wish, *_same) = counter.result, _same_hour(counter, rng)
    held = lending.book(counter.room, wish.start, wish.end, people=2, by=counter.clients[0])[0]
    jobs = [_giving_back(counter, held)]
    for n in range(1, CLIENTS):
        jobs.append(_waiting(counter, n, wish) if n % 2 else _booking(counter, n, wish))
    found = at_once(jobs)
    _polite(result, found)
    _overlaps(result)
    if isinstance(found[0], Exception):
        result.violated(f"it could not be given back: {found[0]}")
    if Waiting.objects.exists() and not Booking.objects.live().exists():
        result.violated("somebody waits for a room that is free")


def _booking(counter: Counter, n: int, wish: Wish) -> Job:
    return _timed(counter, lambda: lending.book(
        counter.room, wish.start, wish.end, people=2, weeks=wish.weeks, by=counter.clients[n]
    ))  # fmt: skip


def _waiting(counter: Counter, n: int, wish: Wish) -> Job:
    return _timed(counter, lambda: lending.wait(
        counter.room, wish.start, wish.end, people=2, by=counter.clients[n]
    ))  # fmt: skip


def _giving_back(counter: Counter, held: Booking) -> Job:
    return _timed(counter, lambda: lending.cancel(held, by=counter.clients[0]))


def _timed(counter: Counter, job: Job) -> Job:
    """The answer's time counts, a refusal's as much as a booking's."""

    def run() -> object:
        with counter.watch.time():
            try:
                return job()
            except Denied as denied:
                return denied

    return run


# ── what must be true ────────────────────────────────────────────────────────────────────────


def _polite(result: Result, found: list[object]) -> None:
    """A refusal is a sentence; anything else would be an error page."""
    for one in found:
        if isinstance(one, Exception) and not isinstance(one, Denied):
            result.lost += 1
            result.notes = [*result.notes, f"{type(one).__name__}: {one}"][:10]


def _overlaps(result: Result) -> None:
    rows = Booking.objects.live().values_list("starts_at", "ends_at")
    for (a, b), (c, d) in combinations(rows, 2):
        if a < d and c < b:
            result.duplicated += 1


def look_only(
    room: Room, start: datetime, end: datetime, *, people: int, by: Actor, weeks: int = 1
) -> list[Booking]:
    """The broken variant: look whether the room is free, then write, and nothing behind it."""
    wish = Wish(start, end, weeks)
    kept: Times = list(Booking.objects.filter(room=room).live().values_list("starts_at", "ends_at"))
    if wish.touches(kept):
        raise Denied("The room is taken then.")
    time.sleep(0.01)  # the way to the database and back
    return [
        Booking.objects.create(room=room, user=by.user, people=people, starts_at=a, ends_at=b)
        for a, b in wish.times
    ]
