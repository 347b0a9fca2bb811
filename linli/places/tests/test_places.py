"""Names, door codes and the index that "everything under" must use."""

import threading
from types import SimpleNamespace

import pytest
from django.contrib.admin.sites import site
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import connection

from linli.places import doors, tree
from linli.places.admin import PlaceAdmin
from linli.places.models import Place, ancestors_of, load_ancestors, path_range
from linli.places.tests.ground import ground

pytestmark = pytest.mark.django_db


@pytest.fixture
def land():
    return ground()


def test_names_in_both_languages(land):
    assert land.hill.name_for("en") == "Qingshan Village"
    assert land.lake.name_for("en") == "长湖村"  # English lacks: better Chinese than nothing
    assert land.hill.name_for("zh-hans") == "青山村"
    assert land.house.full_name("zh-hans") == "北桥镇青山村青山一网格7号楼"
    assert land.hill.full_name("en") == "Qingshan Village, Beiqiao Town"
    assert land.hill.full_name("en", "county") == "Qingshan Village, Beiqiao Town, Yunchuan City"
    assert land.house.full_name("zh-hans", "village") == "青山村青山一网格7号楼"
    assert land.county.full_name("zh-hans") == "云川市"
    assert land.hill.label("zh-hans") == "青山村 9901201"
    assert str(land.hill) == "青山村 (9901201)"


def test_full_names_of_many_cost_one_query(land, django_assert_num_queries):
    places = list(Place.objects.current())
    with django_assert_num_queries(1):
        load_ancestors(places)
        assert len([place.full_name("zh-hans") for place in places]) == 8
    with django_assert_num_queries(1):
        assert [len(line) for line in ancestors_of(places).values()] == [
            place.path.count("/") - 1 for place in places]  # fmt: skip
    with django_assert_num_queries(1):
        assert {place.full_name("en") for place in Place.objects.with_parents()}
    with django_assert_num_queries(2):
        assert Place.objects.get(pk=land.house.pk).full_name("en")


def test_ancestors_from_the_county_down(land):
    assert list(Place.objects.ancestors(land.house)) == [
        land.county, land.north, land.hill, land.grid, land.house]  # fmt: skip
    assert land.hill.contains(land.house)
    assert not land.lake.contains(land.house)


def test_within_is_a_range_of_the_index(land):
    tree.add_many(
        tree.NewPlace(code=f"x{n:04d}", kind="building", name=f"{n}号楼", parent="9901202")
        for n in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for rows in (
        Place.objects.within(land.hill),
        Place.objects.filter(path_range(land.hill)).values("pk"),
        Place.objects.filter(path_range("99/9901/9901201/")),
    ):
        plan = rows.explain()
        assert "place_path" in plan, plan
        if connection.vendor == "sqlite":
            assert "path>? AND path<?" in plan, plan
        else:
            assert "Index Cond: (((path)::text >=" in plan, plan


def test_a_range_holds_exactly_what_begins_with_the_path(land):
    for code in ("9901201a", "9901201-", "9901201_", "99012010", "9901201z"):
        tree.add(code=code, kind="village", name="邻村", parent=land.north)
    for place in Place.objects.current():
        wanted = {p.pk for p in Place.objects.all() if p.path.startswith(place.path)}
        assert {p.pk for p in Place.objects.within(place)} == wanted


def test_door_codes_are_kept_and_read_as_people_write(land):
    word = doors.door_code(land.house)
    assert len(word) == 6
    assert doors.door_code(Place.objects.get(pk=land.house.pk)) == word
    assert doors.by_door_code(f" {word[:3].lower()}-{word[3:]} ") == land.house
    for other in ("", "AAAAAA", "K7MP4WX", "%"):
        assert doors.by_door_code(other) is None


def test_the_card_of_a_merged_building_leads_to_its_successor(land):
    word = doors.door_code(land.house)
    other = tree.add(code="9901201-g1-8", kind="building", name="8号楼", parent=land.grid)
    tree.merge([land.house], other)
    assert doors.by_door_code(word) == other
    tree.close(other)
    assert doors.by_door_code(word) is None
    with pytest.raises(ValueError, match="has ended"):
        doors.door_code(other)


def test_door_codes_draw_again_when_taken(land, monkeypatch):
    other = tree.add(code="9901201-g1-8", kind="building", name="8号楼", parent=land.grid)
    words = iter(["K7MP4W", "K7MP4W", "K7MP4X", "K7MP4W", "K7MP4X", "K7MP4Y"])
    monkeypatch.setattr("linli.lib.ids.receipt_word", lambda: next(words))
    assert doors.door_code(land.house) == "K7MP4W"
    assert doors.door_code(other) == "K7MP4X"
    assert next(doors.fresh_codes()) == "K7MP4Y"


def test_the_admin_looks_and_does_not_touch(land, rf):
    admin = PlaceAdmin(Place, site)

    def get(allowed=True, **query):
        request = rf.get("/admin/places/place/", query)
        request.user = get_user_model()()
        request.actor = SimpleNamespace(may=lambda action: allowed)
        return request

    page = admin.changelist_view(get(q="qingshan", standing="now")).render().content.decode()
    assert "9901201" in page
    assert "9902001" not in page
    one = admin.change_view(get(), str(land.house.pk)).render().content.decode()
    assert land.house.path in one
    assert '<input type="submit"' not in one
    assert not admin.has_add_permission(get())
    assert not admin.has_delete_permission(get(), land.hill)
    with pytest.raises(PermissionDenied):
        admin.changelist_view(get(allowed=False))


@pytest.mark.django_db(transaction=True)
def test_two_changes_at_once_queue():
    """Each of ten threads adds a grid under the same village and moves it: nothing is lost."""
    land = ground()
    problems = []

    def work(n):
        try:
            grid = tree.add(code=f"t{n}", kind="grid", name=f"格{n}", parent=land.hill)
            tree.move(grid, land.lake if n % 2 else land.mill)
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert tree.flaws() == []
    assert Place.objects.current().within(land.lake).count() == 6
    assert Place.objects.current().within(land.mill).count() == 6
