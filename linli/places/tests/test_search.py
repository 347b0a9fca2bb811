"""Finding a place by what people write."""

import pytest

from linli.places import tree
from linli.places.importing import GAZETTEER, import_csv
from linli.places.search import search, stem
from linli.places.tests.ground import ground

pytestmark = pytest.mark.django_db


@pytest.fixture
def liyang():
    import_csv(GAZETTEER, datum="wgs84")


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("田家山村", "田家山村"),
        ("田家山", "田家山村"),
        ("天目湖镇田家山村", "田家山村"),
        ("天目湖 田家山", "田家山村"),
        ("tianjiashan", "田家山村"),
        ("Tianjiashan Village", "田家山村"),
        ("tjs", "田家山村"),
        ("TJSC", "田家山村"),
        ("天目湖镇", "天目湖镇"),
        ("天目湖", "天目湖镇"),
        ("Kunlun Subdistrict", "昆仑街道"),
        ("320481106201", "田家山村"),
        ("320481106", "天目湖镇"),
        ("changdanghu", "长荡湖村"),
        ("cdh", "长荡湖村"),
        ("qing'an", "清安村"),
        ("我家在别桥镇塘马村东头,路灯坏了", "塘马村"),
        ("平陵社区居委会", "平陵社区"),
        ("　平陵　", "平陵社区"),
        ("ｔｊｓ", "田家山村"),
    ],
)
def test_the_likeliest_comes_first(liyang, asked, first):
    assert search(asked, 6)[0].name == first


def test_what_is_not_there_is_not_found(liyang):
    for asked in ("", "  ", "!?", "王府井", "qqqq", "32", "'; drop table", "%", "_"):
        assert search(asked) == []
    assert search("村", 0) == []


def test_two_places_of_one_name_are_both_offered(liyang):
    found = [place.full_name("zh-hans") for place in search("东升", 6)]
    assert found == ["社渚镇东升村", "溧城街道东升社区"]
    assert [place.name for place in search("别桥", 3)] == ["别桥镇", "别桥村", "别桥社区"]
    assert len(search("社区", 5)) == 5


def test_it_costs_two_queries_and_names_none_more(liyang, django_assert_num_queries):
    search("田")
    with django_assert_num_queries(2):
        for place in search("东升", 6):
            assert place.full_name("en").endswith(("Subdistrict", "Town"))


def test_grids_and_buildings_are_found_when_no_village_fits():
    land = ground()
    assert search("7号楼") == [land.house]
    assert search("9901201-g1") == [land.grid]
    tree.rename(land.lake, "七号村")
    assert search("七号")[0].name == "七号村"


def test_closed_and_former_names_are_not_offered():
    land = ground()
    tree.rename(land.lake, "新湖村")
    assert [place.name for place in search("湖村")] == ["新湖村"]
    assert search("长湖") == []


@pytest.mark.parametrize(
    ("name", "short"),
    [("天目湖镇", "天目湖"), ("昆仑街道", "昆仑"), ("平陵社区居委会", "平陵"), ("南村", "南村"),
     ("宋村村", "宋村"), ("溧阳市", "溧阳"), ("村", "村")],
)  # fmt: skip
def test_stem(name, short):
    assert stem(name) == short
