"""The demonstration on any day: what the walk-throughs need is there, and nothing was refused."""

from contextlib import nullcontext
from datetime import datetime, time, timedelta
from random import Random

import pytest

from linli.cases import desk, gaps, grouping, suggest
from linli.cases.actions import tick
from linli.cases.models import Case, Refusal
from linli.cases.regrouping import regroup
from linli.coverage import counting
from linli.demo import build, homes, month
from linli.demo.bursts import Bursts
from linli.demo.coverage import NIGHTLY
from linli.demo.days import Days, at, local_day
from linli.demo.stories.scene import Scene
from linli.demo.walks import Walk
from linli.journal.models import Entry, Stuck
from linli.letters.models import Letter
from linli.lib import clock
from linli.lib.text import find_personal
from linli.people import demo_cast
from linli.people.models import User
from linli.people.posts import public_card
from linli.places import locate
from linli.places.models import Place
from linli.playbook.loader import current

MOMENTS = [
    datetime(2026, 11, 23, 9, 0, tzinfo=clock.LOCAL),  # a Monday
    datetime(2026, 11, 22, 0, 20, tzinfo=clock.LOCAL),  # a Sunday, just after midnight
    datetime(2026, 10, 5, 15, 0, tzinfo=clock.LOCAL),  # in the middle of a week of holidays
]


def walk_on(until: datetime):
    """The community of the walk-throughs alone, as it is at that moment."""
    with clock.moved_to(until):
        since = local_day(until) - timedelta(days=40)
        people = build._settle(since, Random(7), local_day(until), lambda words: None)

        def nightly(_day):
            tick.note_late()
            tick.close_silent()

        calendar = Days(until, nightly)
        for story in Walk(Scene(people, Random(8), until)).stories():
            calendar.add(story)
        calendar.run()
    assert [str(denied) for denied in calendar.refused] == []
    return people


@pytest.mark.django_db
@pytest.mark.parametrize("until", MOMENTS, ids=str)
def test_the_desk_of_the_manager_shows_its_numbers_on_any_day(until):
    people = walk_on(until)
    manager = people.roles["manager"]
    with clock.moved_to(until):
        numbers = desk.numbers(manager)
        assert (numbers.today, numbers.late, numbers.returned, numbers.waiting) == (7, 2, 1, 5)
        counting.run(NIGHTLY)
        assert gaps.count(manager) == 3
        returned = Refusal.objects.get(case__owner=manager.organisation)
        assert returned.by.kind == "water-company"
        house = Place.objects.current().get(code=f"{homes.estate_of_the_walk()['village']}-b7")
        neighbours = suggest.neighbours(house, current().kinds["request"], ["street-light"])
        assert [row.case.askers_count for row in neighbours] == [2]
        cards = {card.name: card.deputy for card in public_card(house)}
        assert cards["陈女士"] == "吴先生"
    check_places(people)
    for text in Case.objects.values_list("text", flat=True):
        assert not find_personal(text), text


def check_places(people):
    """All are marked as generated, and each is found where it is."""
    assert not Place.objects.filter(generated=False).exists()
    for code in ("320481002003-b7", "320481106", "320481001004-g2"):
        cell = people.ground.cells[code]
        found = locate.locate(cell.lon, cell.lat)
        assert found is not None
        assert code in found.codes
    assert len({place.door_code for place in Place.objects.of_kind("building")}) == 26


@pytest.mark.django_db
def test_a_whole_month_is_built_through_the_real_actions(monkeypatch, settings, tmp_path):
    settings.DATA = tmp_path
    few = {name: rate * 0.2 for name, rate in month.PER_DAY.items()}
    monkeypatch.setattr(month, "PER_DAY", few)
    monkeypatch.setattr(build, "quickly", nullcontext)  # no way to do so inside a transaction
    made = build.build(30, 7, lambda words: None)
    assert made.refused == 0
    assert build.built() == made
    assert made.cases == Case.objects.count() > 90
    book = current()
    assert set(Case.objects.values_list("kind", flat=True)) == set(book.kinds) - {"letter"}
    assert Letter.objects.filter(state="sent").exists()
    assert not Stuck.objects.exists()
    assert User.objects.filter(pk__in=[demo_cast.user_id(n) for n in demo_cast.NAMES]).count() == 13
    oldest = Case.objects.order_by("received_at")[0]
    assert oldest.received_at < clock.now() - timedelta(days=25)
    assert Entry.objects.filter(when__gt=clock.now() + timedelta(minutes=1)).count() == 0
    with pytest.raises(build.NotEmpty):
        build.build(30, 7, lambda words: None)


def test_a_moment_of_a_day_is_local():
    assert at(MOMENTS[0].date(), time(9)) == MOMENTS[0]


@pytest.mark.django_db
def test_many_who_write_about_one_thing_are_one_group():
    until = MOMENTS[0]
    with clock.moved_to(until):
        since = local_day(until) - timedelta(days=40)
        people = build._settle(since, Random(7), local_day(until), lambda words: None)
        calendar = Days(until, lambda day: None)
        for story in Bursts(Scene(people, Random(8), until)).stories():
            calendar.add(story)
        calendar.run()
        assert calendar.refused == []
        regroup()
        shown = grouping.listed(people.roles["coordinator"])
        told = [(row.topic, len(row.cases), row.people, row.grids, row.days) for row in shown]
    assert told[0][:1] == ("water-supply",)
    assert told[0][1] == 9
    assert told[0][3:] == (2, 10)
    assert told[1][:2] == ("noise", 4)
