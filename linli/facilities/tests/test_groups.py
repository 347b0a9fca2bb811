"""Study visits: so many groups a day for the whole place, however many ask in one moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from linli.facilities import reading
from linli.facilities.actions import keeping, lending
from linli.facilities.models import Booking
from linli.facilities.tests.conftest import START
from linli.lib import clock
from linli.people.actors import SYSTEM
from linli.people.policies import Denied

WHY = "看看小菜园是怎么办起来的"


def classroom(houses, code="class"):
    """Two rooms of which three groups a day may have a share."""
    cast = houses.cast
    rooms = [("田头", "Field", 50), ("棚里", "Shed", 50)]
    return keeping.open_facility(
        "living-classroom", code=code, name="课堂", organisation=cast.bodies["committee"],
        place=cast.places["community"], lon=119.5, lat=31.4, by=SYSTEM, rooms=rooms,
    )  # fmt: skip


def visit(houses, room, hour, by, day=1, **more):
    start = houses.at(day, hour)
    values = {"people": 20, "purpose": WHY, **more}
    return lending.book(room, start, start + timedelta(hours=1), by=by, **values)


def test_the_fourth_group_is_told_the_next_day_with_room(houses):
    field, shed = classroom(houses).rooms.order_by("pk")
    for room, hour in ((field, 9), (shed, 9), (field, 13)):
        visit(houses, room, hour, houses.person())
    with pytest.raises(Denied) as refused:
        visit(houses, shed, 14, houses.person())
    assert "2026-11-06" in str(refused.value)
    visit(houses, shed, 14, houses.person(), day=2)


def test_a_cancelled_group_makes_room(houses):
    field, shed = classroom(houses).rooms.order_by("pk")
    first = [visit(houses, field, hour, houses.person())[0] for hour in (9, 11, 13)][0]
    lending.cancel(first, by=houses.cast.manager, reason="它取消了")
    visit(houses, shed, 9, houses.person())


@pytest.mark.parametrize("wrong", [{"people": 41}, {"purpose": "  "}])
def test_a_group_is_not_too_large_and_says_what_it_comes_for(houses, wrong):
    with pytest.raises(Denied):
        visit(houses, classroom(houses).rooms.first(), 9, houses.person(), **wrong)
    assert not Booking.objects.exists()


def test_the_year_is_counted_without_names(houses, client):
    place = classroom(houses)
    [made] = visit(houses, place.rooms.first(), 9, houses.person())
    with clock.moved_to(houses.at(2, 9)):
        assert reading.visits(place, 2026) == (1, 20)
        Booking.objects.filter(pk=made.pk).update(state="no_show")
        assert reading.visits(place, 2026) == (0, 0)
    assert reading.visits(houses.centre, 2026) is None


def test_what_was_typed_stays(houses, client_as):
    room = classroom(houses).rooms.first()
    said = {"day": "2026-11-05", "begin": "09:00", "end": "10:00", "people": "20", "purpose": ""}
    answer = client_as(houses.person()).post(f"/facilities/class/rooms/{room.pk}/booking/", said)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert 'value="2026-11-05"' in html
    assert "想学什么" in html
    assert "（可以不填）" not in html.split("想学什么")[1][:60]


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_and_three_come(houses):
    rooms = list(classroom(houses).rooms.order_by("pk"))
    people = [houses.person() for _n in range(8)]

    gate = Barrier(len(people))

    def ask(n):
        gate.wait()
        try:
            with clock.moved_to(START):
                visit(houses, rooms[n % 2], 9 + n // 2, people[n])
        except Denied as denied:
            return str(denied)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(people)) as pool:
        said = sorted(pool.map(ask, range(len(people))))
    assert said[:3] == ["", "", ""]
    assert all(said[3:])
    assert Booking.objects.count() == 3
