import pytest

from linli.places import tree
from linli.places.models import Closure, Place

pytestmark = pytest.mark.django_db


def test_add_and_within():
    county = tree.add(code="320481", kind="county", name="溧阳市")
    town = tree.add(code="320481106", kind="town", name="天目湖镇", parent=county)
    village = tree.add(
        code="320481106201", kind="village", name="田家山村", parent=town, lon=119.4, lat=31.3
    )
    assert village.path == "320481/320481106/320481106201/"
    assert set(Place.objects.within(town)) == {town, village}
    assert Closure.objects.count() == 6
    assert town.spelling == "tianmuhuzhen tmhz"
