"""Lines of points are nobody's two years after the end of their year; the totals stay."""

from datetime import datetime

import pytest

from linli.lib import clock
from linli.people.actors import SYSTEM
from linli.points import keeping, my_file, reading
from linli.points.actions import earning, objecting, years
from linli.points.models import Card, Objection, Stars, Transfer
from linli.site import erasing, retention


def at(year, month=6):
    return datetime(year, month, 1, 12, tzinfo=clock.LOCAL)


@pytest.fixture
def old(ground, moved):
    """One person with a year of points, its stars fixed and its points ended; and the evidence."""
    who = ground.volunteer()
    entry = ground.earned(who, minutes=120)
    objecting.to_line(Transfer.objects.get(), "我那天来了两次", by=who)
    objecting.decide(Objection.objects.get(), upheld=False, answer="王师傅记得一次",
                     by=ground.cast.coordinator)  # fmt: skip
    with moved(at(2027)):
        years.keep_time()
    assert Stars.objects.get().user == who.user
    return who, entry


def test_after_two_years_only_the_total_is_somebodys(old, moved):
    who, _entry = old
    points = Stars.objects.get().points
    assert points > 0
    lines = Transfer.objects.count()
    with moved(at(2028, 12)):
        assert keeping.fold() == 0
        assert my_file.held(who.user)["points"]
    with moved(at(2029, 1)):
        assert keeping.fold() == 1
        assert keeping.fold() == 0
        held = my_file.held(who.user)
        assert (held["points"], held["points_objections"]) == ([], [])
        assert [(row["year"], row["points"]) for row in held["points_of_years"]] == [(2026, points)]
        assert reading.mine(who.user, reading.playbook.current().points, 2026).total == points
    assert Transfer.objects.count() == lines
    assert not Card.objects.exclude(user=None).exists()
    assert list(Objection.objects.values_list("words", "answer")) == [("—", "—")]
    assert reading.check_sums() == []


def test_a_line_heard_again_opens_no_new_card(old, moved):
    _who, entry = old
    lines = Transfer.objects.count()
    with moved(at(2029)):
        keeping.fold()
        earning.handle([entry])
    assert Transfer.objects.count() == lines
    assert Card.objects.count() == 1


def test_it_is_one_of_the_clocks_and_a_rehearsal_changes_nothing(old, moved):
    [clock_] = [one for one in retention.CLOCKS if one.id == "R22"]
    assert clock_.run is keeping.fold
    with moved(at(2029)):
        assert retention.rehearse(clock_) == 1
    assert Card.objects.exclude(user=None).count() == 1


def test_who_is_erased_leaves_no_stars_either(old):
    who, _entry = old
    erasing.erase_person(who.user, by=SYSTEM)
    assert Stars.objects.get().user is None
