"""Adding and changing places, one at a time."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from linli.journal.models import Entry
from linli.lib import clock
from linli.places import tree
from linli.places.models import Closure, Place, ancestors_of
from linli.places.tests.ground import TODAY, ground, square

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with clock.moved_to(TODAY):
        yield


@pytest.fixture
def land():
    return ground()


def pairs():
    return set(Closure.objects.values_list("ancestor__code", "descendant__code", "depth"))


def test_add_writes_path_closure_spelling_and_journal(land):
    assert land.house.path == "99/9901/9901201/9901201-g1/9901201-g1-7/"
    assert land.house.codes[0] == "99"
    assert land.house.level == 4
    assert {p for p in pairs() if p[1] == land.house.code} == {
        ("99", land.house.code, 4),
        ("9901", land.house.code, 3),
        ("9901201", land.house.code, 2),
        ("9901201-g1", land.house.code, 1),
        (land.house.code, land.house.code, 0),
    }
    assert land.north.spelling == "beiqiaozhen bqz"
    assert land.house.spelling == "7haolou 7hl"
    line = Entry.objects.get(subject=f"places.Place:{land.house.pk}")
    assert (line.verb, line.place, line.actor) == ("place.added", land.house.path, "system")
    assert tree.flaws() == []


def test_within_is_the_place_and_all_under_it(land):
    assert set(Place.objects.within(land.hill)) == {land.hill, land.grid, land.house}
    assert set(Place.objects.within(land.north.path)) == {
        land.north, land.hill, land.lake, land.grid, land.house}  # fmt: skip
    assert Place.objects.within("").count() == 8
    # "9901" begins like "99012": a path ends with a slash, so that neighbours stay out.
    tree.add(code="99012", kind="town", name="东坝镇", parent=land.county)
    assert Place.objects.within(land.north).count() == 5


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"code": "a/b"}, "no code"),
        ({"code": "中"}, "no code"),
        ({"code": ""}, "no code"),
        ({"code": "9" * 41}, "no code"),
        ({"name": " "}, "no name"),
        ({"kind": "hamlet"}, "no kind of place"),
        ({"kind": "building"}, "cannot lie in"),
        ({"parent": None}, "names no parent"),
        ({"kind": "county"}, "has no parent"),
        ({"code": "9901201"}, "already"),
        ({"lon": 119.4}, "both longitude and latitude"),
        ({"lon": 119.4, "lat": 91.0}, "no point on earth"),
        ({"gb_code": "12a"}, "statistical code"),
        ({"boundary": "{}"}, "GeoJSON"),
        ({"boundary": '{"type":"Point","coordinates":[1,2]}'}, "Polygon"),
        ({"boundary": square(179.5, 0)}, "leaves the earth"),
        ({"valid_from": date(2026, 3, 2)}, "future"),
    ],
)
def test_add_refuses_with_a_sentence(land, given, said):
    before = Place.objects.count()
    row = {"code": "x1", "kind": "village", "name": "新村", "parent": land.north} | given
    with translation.override("en"), pytest.raises(tree.TreeError, match=said):
        tree.add(**row)
    assert Place.objects.count() == before


def test_codes_longer_than_a_path_are_refused():
    place = None
    for kind in ("county", "town", "village", "grid"):
        place = tree.add(code=kind[0] * 40, kind=kind, name="长", parent=place)
    assert len(place.path) == 164
    assert len(tree.add(code="b" * 35, kind="building", name="甲", parent=place).path) == 200
    with pytest.raises(tree.TreeError):
        tree.add(code="x" * 36, kind="building", name="乙", parent=place)


def test_a_move_may_not_make_a_path_too_long(land):
    town = tree.add(code="t" * 40, kind="town", name="长镇", parent=land.county)
    village = tree.add(code="v" * 40, kind="village", name="长村", parent=land.north)
    grid = tree.add(code="g" * 40, kind="grid", name="长格", parent=village)
    tree.add(code="b" * 40, kind="building", name="长楼", parent=grid)
    assert tree.move(village, town).path.startswith("99/ttt")
    Place.objects.filter(pk=land.lake.pk).update(path="99/" + "9" * 180 + "/9901202/")
    with pytest.raises(tree.TreeError):
        tree.move(land.grid, land.lake)


def test_a_place_without_a_point_gets_one_inside_its_boundary(land):
    bow = '{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[8,9],[8,1],[0,1],[0,0]]]}'
    place = tree.add(code="v9", kind="village", name="弯村", parent=land.north, boundary=bow)
    assert (place.lon <= 8 and place.lat <= 1) or place.lon >= 8
    seat = tree.add(code="v8", kind="village", name="直村", parent=land.north, lon=1.5, lat=2.5,
                    boundary=square(1, 2))  # fmt: skip
    assert (seat.lon, seat.lat) == (1.5, 2.5)


def test_rename_keeps_the_row_and_the_former_name(land):
    pk = land.hill.pk
    hill = tree.rename(land.hill, "青峰村", name_en="Qingfeng Village", on=date(2026, 2, 1))
    assert (hill.pk, hill.name, hill.valid_from) == (pk, "青峰村", date(2026, 2, 1))
    former = Place.objects.at(date(2026, 1, 31)).get(code="9901201")
    assert (former.name, former.valid_to, former.successor_id) == ("青山村", date(2026, 2, 1), pk)
    assert Place.objects.at(date(2026, 2, 1)).get(code="9901201").name == "青峰村"
    assert Place.objects.current().filter(code="9901201").count() == 1
    assert [p.name for p in tree.states(hill)] == ["青山村", "青峰村"]
    assert hill.spelling == "qingfengcun qfc"
    assert tree.flaws() == []


def test_a_second_change_on_the_same_day_leaves_no_state_of_no_length(land):
    tree.rename(land.hill, "甲村")
    tree.rename(land.hill, "乙村")
    assert [p.name for p in tree.states(land.hill)] == ["青山村", "乙村"]


def test_a_village_becomes_a_community_but_no_grid(land):
    hill = tree.rename(land.hill, "青山社区", kind="community")
    assert hill.kind == "community"
    assert tree.states(hill)[0].kind == "village"
    with pytest.raises(tree.TreeError):
        tree.rename(hill, "青山", kind="grid")


def test_redraw_keeps_the_former_boundary(land):
    tree.redraw(land.hill, square(0, 0), on=date(2026, 1, 10))
    hill = tree.redraw(land.hill, square(0, 0, 2), on=date(2026, 2, 10))
    first, second, third = tree.states(hill)
    assert first.boundary is None
    assert "[1.0,1.0]" in second.boundary
    assert "[2.0,2.0]" in third.boundary
    with pytest.raises(tree.TreeError):
        tree.redraw(hill, '{"type":"Polygon","coordinates":[]}')


def test_correct_leaves_no_former_state(land):
    hill = tree.correct(land.hill, name_en="Qingshan", lon=119.0, lat=31.0)
    assert (hill.name_en, hill.lon, hill.lat) == ("Qingshan", 119.0, 31.0)
    assert tree.states(hill) == [hill]
    with pytest.raises(tree.TreeError):
        tree.correct(hill, lon=1.0)


def test_move_takes_everything_along_and_the_past_stays(land):
    day = date(2026, 2, 1)
    hill = tree.move(land.hill, land.south, on=day)
    assert hill.path == "99/9902/9901201/"
    house = land.fresh("house")
    assert house.path == "99/9902/9901201/9901201-g1/9901201-g1-7/"
    assert [p.code for p in house.ancestors()] == ["99", "9902", "9901201", "9901201-g1"]
    assert ("9902", "9901201-g1-7", 3) in pairs()
    assert not [p for p in pairs() if p[0] == "9901" and p[1].startswith("9901201")]
    before = Place.objects.at(date(2026, 1, 31))
    assert before.within(land.north).count() == 5
    assert Place.objects.at(day).within(land.north).count() == 2
    old = before.get(code=house.code)
    assert [p.code for p in ancestors_of([old], date(2026, 1, 31))[old.pk]][1] == "9901"
    line = Entry.objects.get(verb="place.moved")
    assert line.facts == {"from": "99/9901/9901201/"}
    assert tree.flaws() == []


def test_move_refuses(land):
    with pytest.raises(tree.TreeError):
        tree.move(land.hill, land.north)  # there already
    with pytest.raises(tree.TreeError):
        tree.move(land.hill, land.mill)  # wrong kind
    with pytest.raises(tree.TreeError):
        tree.move(land.hill, land.south, on=date(2026, 3, 2))  # future
    tree.rename(land.house, "八号楼", on=date(2026, 2, 20))
    with pytest.raises(tree.TreeError):  # its building changed after that day
        tree.move(land.hill, land.south, on=date(2026, 2, 1))
    assert tree.move(land.hill, land.south, on=date(2026, 2, 20)).parent_id == land.south.pk
    with pytest.raises(tree.TreeError):  # a change before the last one
        tree.rename(land.hill, "甲村", on=date(2026, 2, 1))
    assert tree.flaws() == []


def test_nothing_moves_into_a_place_before_it_stood_there():
    land = ground(date(2026, 1, 1))
    late = tree.add(code="9903", kind="town", name="新港镇", parent=land.county,
                    valid_from=date(2026, 2, 10))  # fmt: skip
    with pytest.raises(tree.TreeError):
        tree.move(land.hill, late, on=date(2026, 2, 1))
    with pytest.raises(tree.TreeError):
        tree.add(code="v7", kind="village", name="七村", parent=late, valid_from=date(2026, 2, 1))
    assert tree.add(code="v7", kind="village", name="七村", parent=late).valid_from == date(
        2026, 2, 10
    )
    assert land.house.valid_from == date(2026, 1, 1)
    # A new name does not make a place younger.
    tree.rename(late, "新港街道", on=date(2026, 2, 20))
    assert tree.since(late) == date(2026, 2, 10)
    early = tree.add(
        code="v6", kind="village", name="六村", parent=late, valid_from=date(2026, 2, 12)
    )
    assert early.valid_from == date(2026, 2, 12)
    assert tree.flaws() == []


def test_close_ends_a_place(land):
    with pytest.raises(tree.TreeError):
        tree.close(land.grid)  # a building lies in it
    house = tree.close(land.house, on=date(2026, 2, 1))
    assert house.valid_to == date(2026, 2, 1)
    assert not Place.objects.current().filter(code=house.code).exists()
    assert Place.objects.at(date(2026, 1, 31)).filter(code=house.code).exists()
    assert not [p for p in pairs() if p[1] == house.code]
    with pytest.raises(tree.TreeError):
        tree.rename(house, "x")  # ended
    with pytest.raises(tree.TreeError):
        tree.close(land.grid, on=date(2026, 1, 15))  # its building stood until February
    tree.close(land.grid, on=date(2026, 2, 1))
    assert tree.flaws() == []
    # The code is free again: another building may carry it later.
    grid = tree.add(code="9901201-g2", kind="grid", name="二网格", parent=land.hill)
    tree.add(
        code=house.code, kind="building", name="新7号楼", parent=grid, valid_from=date(2026, 2, 5)
    )
    assert tree.flaws() == []


def test_close_needs_a_later_day_than_the_last_change(land):
    tree.rename(land.house, "八号楼")
    with pytest.raises(tree.TreeError):
        tree.close(land.house)
    with pytest.raises(tree.TreeError):
        tree.close(land.mill, into=land.mill)


def test_merge_moves_what_lay_there_and_names_the_successor(land):
    lake = tree.merge([land.hill], land.lake, on=date(2026, 2, 1))
    hill = land.fresh("hill")
    assert (hill.valid_to, hill.successor_id) == (date(2026, 2, 1), lake.pk)
    assert land.fresh("house").path == "99/9901/9901202/9901201-g1/9901201-g1-7/"
    assert Place.objects.at(date(2026, 1, 1)).within(hill).count() == 3
    assert tree.flaws() == []
    with pytest.raises(tree.TreeError):
        tree.merge([land.grid], land.lake)
    with pytest.raises(tree.TreeError):
        tree.merge([land.lake], land.lake)
    assert Entry.objects.filter(verb="place.merged").count() == 1


def test_add_many_takes_rows_in_any_order_all_or_nothing(land):
    rows = [
        tree.NewPlace(code="g9", kind="grid", name="九网格", parent="v9"),
        tree.NewPlace(code="b9", kind="building", name="9号楼", parent="g9"),
        tree.NewPlace(code="v9", kind="village", name="九村", parent="9901"),
        tree.NewPlace(code="l9", kind="line", name="9路", parent="99"),
    ]
    seen = []
    assert tree.add_many(rows, door_codes=True, progress=seen.append) == 4
    assert seen == [1, 2, 3, 4]
    assert tree.flaws() == []
    assert len(Place.objects.get(code="b9").door_code) == 6
    assert Place.objects.get(code="g9").door_code is None
    line = Entry.objects.latest("seq")
    assert line.facts == {"kinds": {"village": 1, "grid": 1, "building": 1, "line": 1}}
    assert line.place == "99/"
    bad = [
        tree.NewPlace(code="v10", kind="village", name="十村", parent="9901"),
        tree.NewPlace(code="v11", kind="village", name="", parent="9901"),
    ]
    with pytest.raises(tree.TreeError), transaction.atomic():
        tree.add_many(bad)
    assert not Place.objects.filter(code="v10").exists()
    with pytest.raises(tree.TreeError):
        tree.add_many([bad[0], bad[0]])
    assert tree.add_many([]) == 0


def test_flaws_finds_what_was_broken_behind_its_back(land):
    Closure.objects.filter(ancestor=land.county, descendant=land.house).delete()
    Closure.objects.create(ancestor=land.south, descendant=land.hill, depth=1)
    Place.objects.filter(pk=land.lake.pk).update(path="99/9902/9901202/")
    Place.objects.filter(pk=land.south.pk).update(valid_from=date(2026, 2, 1))
    found = {flaw.code for flaw in tree.flaws()}
    assert found == {"9901201-g1-7", "9901201", "9901202", "9902001"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"valid_from": date(2026, 1, 2), "valid_to": date(2026, 1, 2)},
        {"kind": "hamlet"},
        {"kind": "county"},
        {"parent": None},
        {"lon": 1.0},
        {"lat": 1.0},
        {"lon": 181.0, "lat": 0.0},
        {"name": ""},
        {"code": "a/b"},
        {"code": "9901201"},
    ],
)
def test_the_database_itself_refuses(land, wrong):
    row = {"code": "v1", "kind": "village", "name": "一村", "parent": land.north, "path": "x/"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.create(**(row | wrong))
    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.filter(pk=land.hill.pk).update(successor=land.lake.pk)  # still current
