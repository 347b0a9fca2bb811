"""Minutes checked by hand: a kilometre on foot takes 12.5 of them."""

import numpy as np
import pytest

from linli.coverage import tallies
from linli.coverage.models import What
from linli.lib import clock
from linli.people.policies import Denied
from linli.reach.errors import ReachError
from linli.travel import answers, roads, studies
from linli.travel.answers import NEW, Change
from linli.travel.models import RoadGraph, State, Study
from linli.travel.questions import Question
from linli.travel.tests.conftest import KILOMETRE, LAT, LON

ASKED = Question("hall", "walk", "any", 30, "people")


def answered(question=ASKED, change=None):
    return answers.answer(question, roads.current(), change)


def test_within_and_further_and_unknown_are_everybody(valley):
    found = answered()
    assert found.minutes[:6] == pytest.approx([0, 12.5, 25, 37.5, 50, 62.5], abs=0.1)
    assert np.isnan(found.minutes[6:]).all()  # no road near G, and nobody knows where H is
    total = found.total
    assert (total.covered, total.uncovered, total.unknown) == (600, 1500, 78)
    assert total.population == 2178
    assert total.share == pytest.approx(600 / 2100)


def test_a_closed_hall_is_no_hall(valley):
    valley.shut(0, "closed")
    assert answered().total.covered == 0
    valley.there.append(valley.there[0].__class__("two", "The hall of F", LON, LAT + 5 * KILOMETRE))
    assert answered().minutes[5] == 0


def test_a_hall_without_a_road_says_so(valley):
    valley.there[0] = valley.there[0].__class__("one", "Off the road", LON + 0.2, LAT)
    [site] = answered().sites
    assert site.why == "no road"
    assert answered().total.covered == 0


def test_one_more_never_lowers_cover_and_moving_can(valley):
    before = answered().total.covered
    for n in range(6):
        more = answered(change=Change(NEW, LON, LAT + n * KILOMETRE))
        assert more.total.covered >= before
    moved = answered(change=Change("one", LON, LAT + 5 * KILOMETRE))
    assert moved.total.covered == 1500
    assert [site.key for site in moved.sites] == ["one"]


def test_the_newest_count_of_a_place_holds(valley):
    tallies.put({valley.villages["A"].pk: 1}, clock.today().replace(year=2020), "old", What.PEOPLE)
    assert answered().total.covered == 600


def test_the_area_says_what_it_stands_on(valley):
    drawn = answers.area(answered())
    [feature] = drawn["features"]
    assert feature["properties"]["mode"] == "walk"
    assert feature["properties"]["roads"] == "drawn for the test"
    assert feature["geometry"]["coordinates"]
    valley.shut(0, "full")
    assert not answers.area(answered())["features"]


def test_new_roads_replace_the_old_and_a_lost_file_is_said(valley):
    row = roads.current()
    again = roads.take(roads.graph_of(row.sha256), "the same again")
    assert again.pk == row.pk
    assert RoadGraph.objects.get(in_use=True).source == "the same again"
    for cache in (roads.graph_of, roads.streets, roads.main_roads):
        cache.cache_clear()
    roads.folder().joinpath(f"{row.sha256[:16]}.graph").unlink()
    with pytest.raises(ReachError):
        answered()


def test_the_best_sites_are_those_of_every_pair_tried(valley):
    study = studies.begin(ASKED, sites=2, proposed=None, by=valley.cast.coordinator)
    study.refresh_from_db()
    assert study.state == State.DONE
    told = study.answer
    by_hand = max(
        answered(change=Change(NEW, LON, LAT + n * KILOMETRE)).total.covered for n in range(6)
    )
    assert told["proven"]
    assert told["now"] == {"all": 2178, "covered": 600, "uncovered": 1500, "unknown": 78}
    assert told["gain"] == by_hand - 600 == 1500  # one at E serves D, E and F: no second is needed
    assert [one["code"] for one in told["chosen"]] == ["v-D"] or len(told["chosen"]) == 1
    assert {row["code"] for row in told["rows"]} >= {"v-D", "v-E", "v-F"}


def test_a_proposal_is_measured_beside_the_best(valley):
    spot = Change(NEW, LON, LAT + 3 * KILOMETRE, "D")
    narrow = Question("hall", "walk", "any", 10, "people")
    study = studies.begin(narrow, sites=1, proposed=spot, by=valley.cast.coordinator)
    study.refresh_from_db()
    assert study.answer["proposed"]["gain"] == 400
    assert study.answer["gain"] == 600  # F alone has more people than D


def test_only_a_post_asks_and_a_failure_is_kept(valley):
    with pytest.raises(Denied):
        studies.begin(ASKED, sites=1, proposed=None, by=valley.cast.resident)
    RoadGraph.objects.all().delete()
    study = studies.begin(ASKED, sites=1, proposed=None, by=valley.cast.coordinator)
    assert Study.objects.get(pk=study.pk).state == State.WAITING
    assert studies.work_out_waiting() == 1
    assert Study.objects.get(pk=study.pk).state == State.FAILED
    assert studies.work_out_waiting() == 0
