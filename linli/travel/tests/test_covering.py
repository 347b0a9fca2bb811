"""Rules of cover ask the roads: firms and homes by number, villages one by one."""

import pytest

from linli.coverage import counting, listing, near, show, tallies
from linli.coverage.ground import survey
from linli.coverage.judging import BANDS
from linli.coverage.keeping import Kept
from linli.coverage.models import What
from linli.lib import clock
from linli.playbook.coverage import CoverageRule
from linli.travel.models import RoadGraph
from linli.travel.tests.conftest import PEOPLE

FIRMS = {"A": 4, "C": 2, "F": 9, "G": 5, "H": 1}


def rule(each, **has):
    return CoverageRule.model_validate({
        "id": "near", "name": {"zh": "近", "en": "Near"}, "each": each, "within": "30 days",
        "has": {"facility": "hall"} | has,
    })  # fmt: skip


def totals(one):
    return counting.examine(one, survey()).totals()


@pytest.fixture
def firms(valley):
    tallies.put({valley.villages[name].pk: number for name, number in FIRMS.items()},
                clock.today(), "test", What.FIRMS)  # fmt: skip
    return valley


@pytest.mark.django_db
def test_firms_within_and_beyond_and_unknown_are_all_firms(firms):
    # A to C walk at most 25 minutes; F is 62 off; no road leads to G, nobody knows where H is.
    found = totals(rule({"firms": True}))
    assert found == {"size": 21, "covered": 6, "gaps": 9, "tolerated": 0, "unknown": 6}
    assert totals(rule({"firms": True}, mode="car"))["covered"] == 15
    assert totals(rule({"firms": True}, minutes=10))["covered"] == 4
    firms.shut(0, "closed")
    assert totals(rule({"firms": True}))["covered"] == 0


@pytest.mark.django_db
def test_villages_are_counted_one_by_one(valley):
    found = totals(rule("village"))
    assert (found["covered"], found["gaps"]) == (3, 3)  # A to C, D to F
    assert found["unknown"] >= len(PEOPLE) - 6


@pytest.mark.django_db
def test_without_roads_nobody_can_tell(firms, monkeypatch):
    RoadGraph.objects.all().delete()
    assert totals(rule({"firms": True}))["unknown"] == 21
    monkeypatch.setattr(near, "TELLERS", [])
    assert totals(rule({"firms": True}))["unknown"] == 21


@pytest.mark.django_db
def test_the_rows_say_how_many_firms(firms):
    one, ground = rule({"firms": True}), survey()
    kept = Kept.of(counting.examine(one, ground), ground)
    rows = {row.title: (row.band, row.note) for row in listing.rows(one, kept, 0, 400)}
    assert rows["F村"] == (str(show.NAMES["gaps"]), "9 家企业")
    assert rows["C村"][0] == str(show.NAMES[BANDS[0]])
    assert rows["B村"][1] == "还没有人报过企业数，或者一家也没有"
