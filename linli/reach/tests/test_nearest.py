"""Times to the nearest: by hand on a ladder, and the rules of who counts."""

from datetime import datetime

import numpy as np
import pytest

from linli.reach.errors import ReachError
from linli.reach.graph import build
from linli.reach.nearest import Streets
from linli.reach.network import FAR
from linli.reach.points import read_facilities, read_points
from linli.reach.tests import toys

S = toys.SQUARE


def at(*points):
    return np.array([x * S for x, _y in points]), np.array([y * S for _x, y in points])


def test_minutes_on_a_ladder_by_hand():
    streets = Streets(build(toys.ladder(3)), "walk")
    to = streets.snap(*at((0, 0)))
    answer = streets.nearest(streets.snap(*at((1, 2), (0, 1.5), (0.5, 1), (0, 0.25))), to)
    assert answer.time == pytest.approx(np.array([3, 1.5, 1.5, 0.25]) * toys.SIDE, abs=2)
    assert answer.minutes[0] == pytest.approx(3 * 111.195 / 80, abs=0.01)  # 80 m a minute


def test_one_way_makes_there_and_back_differ():
    graph = build(toys.ladder(3, oneway="yes"))  # the west street runs north only
    there = Streets(graph, "car")
    north, south = there.snap(*at((0, 1.5))), there.snap(*at((0, 0.5)))
    block = S * 111_195.08 / 30 * 36
    assert there.nearest(south, north).time == pytest.approx([block], abs=2)
    assert there.nearest(north, south).time == pytest.approx([5 * block], abs=3)
    back = Streets(graph, "car", way="from")
    assert back.nearest(north, south).time == pytest.approx([block], abs=2)
    walk = Streets(graph, "walk")
    assert walk.nearest(walk.snap(*at((0, 1.5))), walk.snap(*at((0, 0.5)))).time == pytest.approx(
        [toys.SIDE], abs=2
    )


def test_the_walk_to_the_road_counts_and_far_from_any_road_is_unknown():
    streets = Streets(build(toys.ladder(3)), "walk", snap=60)
    points = streets.snap(*at((-0.5, 1), (-0.6, 1)))
    answer = streets.nearest(points, streets.snap(*at((0, 1))))
    assert answer.time[0] == pytest.approx(toys.SIDE / 2, abs=2)
    assert answer.time[1] == FAR
    assert np.isnan(answer.minutes[1])
    assert points.gap[0] == pytest.approx(55.6, abs=0.1)


def test_of_two_equally_near_the_first_is_named_and_the_unusable_is_not():
    streets = Streets(build(toys.ladder(3)), "walk")
    both = streets.snap(*at((1, 0), (0, 1)))
    points = streets.snap(*at((0, 0)))
    assert streets.nearest(points, both).facility == [0]
    assert streets.nearest(points, both, usable=[1]).facility == [1]
    nobody = streets.nearest(points, both, usable=[])
    assert (nobody.facility[0], nobody.minutes[0]) == (-1, np.inf)


def test_hours_and_room(tmp_path):
    table = tmp_path / "f.csv"
    table.write_text("id,lon,lat,open,room\na,0,0,Mo-Fr 08:00-17:00,\nb,0,0,,0\nc,0,0,24/7,2\n")
    places = read_facilities(table)
    assert places.shut(datetime(2026, 11, 24, 10)) == {1: "full"}
    assert places.shut(datetime(2026, 11, 28, 19)) == {0: "closed", 1: "full"}
    assert places.shut(None) == {1: "full"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,lon\na,1\n", 'p.csv:1: there is no column "lat"'),
        ("id,lon,lat\na,119,31\nb,x,31\n", 'p.csv:3: lon is "x"; it must be a number'),
        ("id,lon,lat\na,119,31\na,119,31\n", 'p.csv:3: the id "a" is there already in line 2'),
        ("id,lon,lat,people\na,119,31,-4\n", 'p.csv:2: people is "-4"'),
        ("id,lon,lat\n", "p.csv: there is no row under the header"),
    ],
)
def test_bad_tables_are_refused_with_their_line(tmp_path, text, said):
    path = tmp_path / "p.csv"
    path.write_text(text)
    with pytest.raises(ReachError) as error:
        read_points(path)
    assert said in str(error.value)
