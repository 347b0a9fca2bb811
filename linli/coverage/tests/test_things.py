"""What is held, by whom, and how many households: periods, too-young records, counts by village."""

from datetime import timedelta
from random import Random

import pytest

from linli.activities.models import Home, Occurrence, Series, SeriesPlace, Stop
from linli.coverage import counting, tallies
from linli.coverage.keeping import Kept
from linli.coverage.models import Count, Gap, Tally
from linli.lib import clock
from linli.people import actions
from linli.people.actors import SYSTEM
from linli.people.models import Appointment
from linli.places import tree
from linli.places.models import Place


def count(rule):
    return counting.run([rule])[0]


def held(kind, body, place, days_ago, state="held"):
    start = clock.now() - timedelta(days=days_ago)
    return Occurrence.objects.create(
        kind=kind, playbook="test", organisation=body, place=place, place_path=place.path,
        starts_at=start, ends_at=start + timedelta(hours=2), state=state,
        closed_at=None if state == "planned" else start,
        reason="下雨" if state == "cancelled" else "",
    )  # fmt: skip


def band_of(rule, place):
    rows = Kept.read(Count.objects.get(pk=rule).members).rows
    return int(rows[rows["place"] == place.pk]["band"][0])


COVERED, GAP, TOLERATED, UNKNOWN = range(4)


def test_the_village_nobody_visited(cast):
    body = cast.bodies["committee"]
    places = cast.places
    for place in Place.objects.filter(kind__in=["village", "community"]):
        Place.objects.filter(pk=place.pk).update(valid_from=clock.today() - timedelta(days=900))
    held("home-visits", body, places["community"], 100)
    held("home-visits", body, places["community"], 5)
    held("home-visits", body, places["other_community"], 30)
    held("home-visits", body, places["village"], 5, state="cancelled")
    one = count("village-is-visited")
    assert (one.covered, one.tolerated, one.gaps, one.unknown) == (2, 0, 1, 0)
    gap = Gap.objects.open().get()
    assert gap.place == places["village"]


def test_what_is_due_is_tolerated_for_some_days(cast):
    line = cast.places["line"]
    held("empty-the-box", cast.bodies["bus_company"], line, 9)  # due two days ago
    count("box-is-emptied")
    assert band_of("box-is-emptied", line) == TOLERATED
    with clock.moved_to(clock.now() + timedelta(days=1)):
        assert count("box-is-emptied").gaps == 1
    gap = Gap.objects.open().get()
    assert gap.since == clock.today() - timedelta(days=2)


def test_records_that_are_too_young_tell_nothing(cast):
    held("home-visits", cast.bodies["committee"], cast.places["community"], 5)
    one = count("village-is-visited")
    assert (one.covered, one.unknown, one.gaps) == (1, 2, 0)
    assert count("village-has-stall").unknown == 3  # nobody has begun with stalls at all


def test_what_is_held_in_a_place_below_counts_for_the_place_above(cast):
    held("home-visits", cast.bodies["committee"], cast.places["grid"], 5)
    count("village-is-visited")
    assert band_of("village-is-visited", cast.places["community"]) == COVERED


def test_a_department_that_holds_stalls_each_week(cast):
    county = cast.places["county"]
    office = actions.open_organisation(
        code="health", kind="health", name="卫生健康局", place=county, by=SYSTEM
    )
    held("square-stall", office, cast.places["community"], 30)
    assert count("department-holds-stalls").gaps == 1
    assert Gap.objects.open().get().owner == office  # its own task
    held("square-stall", office, cast.places["other_community"], 3)
    assert count("department-holds-stalls").covered == 1
    assert not Gap.objects.open().exists()


def test_posts_that_are_held_and_do_not_go(cast):
    body = cast.bodies["committee"]
    post = actions.open_post("visitor", body, by=SYSTEM)
    assert count("visitors-go-weekly").size == 0  # an empty post is not asked to go
    actions.appoint(post, actions.open_account(), by=SYSTEM)
    held("home-visits", body, cast.places["community"], 60)
    one = count("visitors-go-weekly")
    assert (one.size, one.gaps) == (1, 1)
    assert Gap.objects.open().get().subject == post.pk
    held("home-visits", body, cast.places["community"], 2)
    assert count("visitors-go-weekly").covered == 1


def test_stops_of_a_round_and_driving_past_is_none(cast):
    bus, line = cast.bodies["bus_company"], cast.places["line"]
    first, second = cast.places["community"], cast.places["village"]
    series = Series.objects.create(
        kind="service-run", organisation=bus, place=line, place_path=line.path, rrule="FREQ=WEEKLY",
        first_on=clock.today() - timedelta(days=90), begins="08:00", minutes=120,
    )  # fmt: skip
    for n, place in enumerate((first, second)):
        SeriesPlace.objects.create(series=series, order=n, place=place)
    held("service-run", bus, line, 80)
    run = held("service-run", bus, line, 3)
    for n, (place, how) in enumerate(((first, "stopped"), (second, "passed"))):
        Stop.objects.create(occurrence=run, order=n, place=place, outcome=how,
                            noted_at=clock.now())  # fmt: skip
    one = count("road-stops-are-kept")
    assert (one.size, one.covered, one.gaps) == (2, 1, 1)
    assert Gap.objects.open().get().place == second
    assert Gap.objects.open().get().owner == bus


def home(place, body, visited):
    return Home.objects.create(
        number=f"26{Home.objects.count():08d}", word_hash="x", kind="home-visits", place=place,
        place_path=place.path, organisation=body, subject=f"s{Home.objects.count()}",
        agreed_on=clock.today(), last_visit_on=visited,
    )  # fmt: skip


def test_households_are_counts_and_the_sums_hold(cast):
    body, community = cast.bodies["committee"], cast.places["community"]
    building = cast.places["building"]
    tallies.put({building.pk: 40, cast.places["village"].pk: 100}, clock.today(), "test")
    held("home-visits", body, community, 400)
    for n in range(12):
        home(community, body, clock.today() - timedelta(days=n))
    home(community, body, clock.today() - timedelta(days=500))
    home(community, body, None)
    one = count("household-is-reached")
    assert (one.size, one.covered, one.gaps, one.unknown) == (140, 12, 128, 0)
    assert Gap.objects.open().get(place=community).missing == 28
    assert band_of("household-is-reached", cast.places["other_community"]) == UNKNOWN
    home(community, body, clock.today())
    count("household-is-reached")
    gap = Gap.objects.get(place=community)
    assert (gap.missing, gap.is_open) == (27, True)  # the same gap, corrected
    assert Gap.objects.filter(place=community).count() == 1


def test_the_newest_count_of_households_holds(cast):
    village = cast.places["village"].pk
    tallies.put({village: 100}, clock.today() - timedelta(days=400), "old")
    tallies.put({village: 90}, clock.today() - timedelta(days=30), "newer")
    tallies.put({village: 80}, clock.today() + timedelta(days=30), "next year")
    assert count("household-is-reached").size == 90


@pytest.mark.parametrize(
    ("rows", "taken", "problems"),
    [
        ("320481901001,300\n320481902201,120\n", 2, 0),
        ("320481901001,300\nnowhere,120\n", 0, 1),
        ("320481901001,many\n", 0, 1),
        ("320481901001,3\n320481901001,4\n", 0, 1),
        ("320481901001,100001\n", 0, 1),
    ],
    ids=["right", "no such place", "no number", "twice", "too many"],
)
def test_counts_of_households_are_read_whole_or_not_at_all(cast, tmp_path, rows, taken, problems):
    file = tmp_path / "households.csv"
    file.write_text("code,number\n" + rows, "utf-8")
    report = tallies.take(file, clock.today(), "test")
    assert (report.taken, len(report.problems)) == (taken, problems)
    assert Tally.objects.count() == taken


def test_grids_that_do_not_fill_their_village(cast):
    one = count("grids-fill-their-village")
    assert (one.size, one.gaps) == (1, 1)  # the one grid of the cast is smaller than its community
    assert Gap.objects.open().get().owner == cast.bodies["town_office"]
    Place.objects.filter(pk=cast.places["grid"].pk).update(
        boundary=cast.places["community"].boundary
    )
    assert count("grids-fill-their-village").covered == 1
    Place.objects.filter(pk=cast.places["grid"].pk).update(boundary=None)
    assert count("grids-fill-their-village").unknown == 1


def test_a_renamed_place_is_not_a_new_one(cast, houses):
    tree.rename(houses[0], "新名", on=clock.today())
    count("building-has-steward")
    assert Gap.objects.open().get(place=houses[0]).since == clock.today() - timedelta(days=60)


@pytest.mark.parametrize("seed", range(4))
def test_step_by_step_comes_to_the_same_as_from_scratch(cast, houses, steward, seed):
    rng, rows = Random(seed), []
    start = clock.now()
    for step in range(10):
        with clock.moved_to(start + timedelta(days=3 * step)):
            if rows and rng.random() < 0.4:
                row = rows.pop(rng.randrange(len(rows)))
                actions.end(row, by=SYSTEM)
            else:
                house = rng.choice(houses)
                free = not Appointment.objects.in_force(clock.today()).filter(post__place=house)
                rows += [steward(house, since=0, until=rng.choice([4, 20, 60]))] if free else []
            rows = [row for row in rows if row.to_date > clock.today() + timedelta(days=3)]
            if rng.random() < 0.7:
                count("building-has-steward")
    with clock.moved_to(start + timedelta(days=31)):
        before = count("building-has-steward")
        grown = set(Gap.objects.open().values_list("subject", "since", "missing"))
        Gap.objects.all().delete()
        Count.objects.all().delete()
        fresh = count("building-has-steward")
        assert set(Gap.objects.open().values_list("subject", "since", "missing")) == grown
        assert (before.covered, before.gaps, before.tolerated) == (
            fresh.covered, fresh.gaps, fresh.tolerated,
        )  # fmt: skip
