"""The ground of the tests of cases, with invented weeks upon it."""

import random
from datetime import timedelta

import pytest
from django.core.cache import cache

from linli.cases.actions import tick
from linli.cases.actions.asker import reply, withdraw
from linli.cases.actions.handle import accept, answer, decline, extend
from linli.cases.models import Asker
from linli.cases.tests.conftest import START, Ground, build
from linli.lib import clock
from linli.people.actors import ANONYMOUS
from linli.people.policies import Denied
from linli.places.tree import add


@pytest.fixture
def moved():
    with clock.moved_to(START):
        yield clock.moved_to


@pytest.fixture
def ground(db, moved) -> Ground:
    cache.clear()
    return build()


def live(ground: Ground, count: int, seed: int, days: int = 40) -> None:
    """`count` matters of the last `days`, each with a life as the actions allow it."""
    chance = random.Random(seed)
    far = add(code="320481109", kind="town", name="远镇", parent=ground.county)
    now = clock.now()
    for _n in range(count):
        start = now - timedelta(days=chance.uniform(0, days))
        with clock.moved_to(start):
            place = chance.choice(
                [ground.building, ground.village, ground.town, far, ground.county]
            )
            shown = chance.choice(["public", "office"])
            receipt = ground.say(place=place, visibility=shown, phone="19900001234")
        _life(ground, receipt, start, now, chance)
    tick.close_silent()


def _life(ground, receipt, start, now, chance) -> None:
    lamps, case, asker = ground.staff("lamps"), receipt.case, receipt.asker
    deeds = [
        lambda: accept(case, by=lamps),
        lambda: extend(case, case.answer_due_at + timedelta(days=2), "等材料", by=lamps),
        lambda: decline(case, "是私人的灯", "物业", by=lamps),
        lambda: withdraw(Asker.objects.get(pk=asker.pk), by=ANONYMOUS),
        lambda: answer(case, "修好了", by=lamps),
        lambda: reply(Asker.objects.get(pk=asker.pk), chance.choice(["solved", "unsolved", "unsure"]),
                      by=ANONYMOUS, satisfied=chance.choice([True, False, None])),
    ]  # fmt: skip
    moment = start
    for _deed in range(chance.randrange(6)):
        moment += timedelta(days=chance.uniform(0.1, 5))
        if moment > now:
            return
        with clock.moved_to(moment):
            try:
                chance.choices(deeds, weights=[3, 1, 0.4, 0.4, 5, 4])[0]()
            except Denied:
                case.refresh_from_db()
