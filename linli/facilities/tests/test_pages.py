"""The pages: open now, what is free, booking without a script, and a desk that sees no price."""

from datetime import timedelta

import pytest
from django.urls import reverse

from linli.facilities.actions import eating, lending
from linli.facilities.models import Booking, Card, Meal, Waiting
from linli.lib import clock

MOST_QUERIES = 16  # twelve, and the request's own four


@pytest.fixture
def browser(houses, client_as):
    def opened(actor):
        client = client_as(actor)
        client.cookies["django_language"] = "en"
        client.get("/")
        return client

    return opened


def test_what_is_open_comes_first_and_the_nearest_near_a_village(
    houses, client, django_assert_max_num_queries
):
    client.cookies["django_language"] = "en"
    with django_assert_max_num_queries(MOST_QUERIES):
        page = client.get(reverse("facilities")).content.decode()
    assert page.index("centre") < page.index("closed; opens")
    assert "2 places left" in page
    near = client.get(reverse("facilities"), {"near": houses.cast.places["community"].code})
    assert "km as the crow flies" in near.content.decode()
    assert (
        "We know no place"
        in client.get(reverse("facilities"), {"near": "Nowhere"}).content.decode()
    )


def test_a_room_shows_when_and_never_who(houses, client):
    client.cookies["django_language"] = "en"
    holder = houses.person()
    lending.book(houses.room, houses.at(1, 9), houses.at(1, 11), people=2, by=holder)
    address = reverse("room", args=["centre", houses.room.pk])
    page = client.get(address, {"day": "2026-11-05"}).content.decode()
    assert "09:00–11:00" in page
    assert holder.user.display_name not in page
    assert client.get(address, {"day": "soon"}).status_code == 400
    assert client.get(reverse("room", args=["one", houses.room.pk])).status_code == 404


def test_booking_waiting_and_giving_back(houses, browser):
    first, second = houses.person(), houses.person()
    asked = {"day": "2026-11-05", "begin": "09:00", "end": "10:30", "people": "3"}
    address = reverse("book-room", args=["centre", houses.room.pk])
    assert browser(first).post(address, asked).status_code == 302
    client = browser(second)
    refused = client.post(address, asked)
    assert refused.status_code == 422
    assert "The room is taken then" in refused.content.decode()
    assert 'value="10:30"' in refused.content.decode()
    assert client.post(address, {**asked, "wait": "1"}).status_code == 302
    assert Waiting.objects.count() == 1
    assert client.post(address, {**asked, "end": "08:00"}).status_code == 422
    booking = Booking.objects.get()
    assert client.post(reverse("cancel-booking", args=[booking.pk])).status_code == 404
    browser(first).post(reverse("cancel-booking", args=[booking.pk]))
    mine = client.get(reverse("bookings")).content.decode()
    assert "09:00" in mine
    calendar = client.get(reverse("booking-calendar", args=[Booking.objects.live().get().pk]))
    assert b"DTSTART:20261105T010000Z" in calendar.content


def test_a_meal_is_one_press(houses, browser):
    diner = houses.person()
    client = browser(diner)
    page = client.get(reverse("facility", args=["one"])).content.decode()
    assert "2 places left" in page
    client.post(reverse("order-meal", args=["one"]), {"day": "2026-11-05"})
    meal = Meal.objects.get()
    assert "ordered" in client.get(reverse("facility", args=["one"])).content.decode()
    assert b"SUMMARY:Lunch" in client.get(reverse("meal-calendar", args=[meal.pk])).content
    client.post(reverse("give-meal-back", args=[meal.pk]))
    assert client.get(reverse("bookings")).status_code == 200
    assert client.post(reverse("order-meal", args=["one"]), {"day": "?"}).status_code == 400


def test_the_till_sees_names_and_no_price(houses, browser):
    diner = houses.person("helped")
    meal = eating.order(houses.canteen, houses.at(1, 9).date(), by=diner)
    clerk = browser(houses.cast.grid_worker)
    assert clerk.get(reverse("desk-facility", args=["one"])).status_code in (403, 404)
    with clock.moved_to(houses.at(1, 11)):
        client = browser(houses.cast.manager)
        page = client.get(reverse("desk-facility", args=["one"])).content.decode()
        till = page[page.index("<h2>Meals") : page.index("Who pays what")]
        assert "somebody" in till
        assert not any(word in till for word in ("helped", "0.00", "2.00", "8.00"))
        client.post(reverse("serve-meal", args=["one", meal.pk]), {"came": "yes"})
    meal.refresh_from_db()
    assert meal.state == "served"


def test_the_desk_changes_hours_and_gives_cards(houses, browser):
    client = browser(houses.cast.manager)
    wrong = client.post(reverse("facility-hours", args=["centre"]), {"hours": "Mo-Fr dawn-dusk"})
    assert wrong.status_code == 422
    assert "column 7" in wrong.content.decode()
    client.post(reverse("facility-hours", args=["centre"]), {"hours": "24/7"})
    unknown = {"person": "19900009999", "price": "plain"}
    refused = client.post(reverse("meal-card", args=["one"]), unknown)
    assert refused.status_code == 422
    assert "Nobody signs in with this number yet." in refused.content.decode()
    assert not Card.objects.exists()


def test_the_desk_cancels_with_a_reason(houses, browser):
    start = houses.at(1, 9)
    [booking] = lending.book(houses.room, start, start + timedelta(hours=1), people=1,
                             by=houses.person())  # fmt: skip
    client = browser(houses.cast.manager)
    address = reverse("desk-cancel", args=["centre", booking.pk])
    client.post(address, {"reason": ""})
    booking.refresh_from_db()
    assert booking.is_held
    client.post(address, {"reason": "A pipe burst."})
    booking.refresh_from_db()
    assert not booking.is_held
