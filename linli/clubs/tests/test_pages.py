"""The pages: counts for everybody, numbers for the desk, a name only where it is asked for."""

import pytest
from django.urls import reverse

from linli.clubs.actions import door, opening
from linli.clubs.models import Child, Club, Incident, PickUp, Presence, Session
from linli.lib import clock
from linli.people.actors import as_resident
from linli.vault import sealing

MOST_QUERIES = 16  # twelve, and the request's own four
SECRETS = ("王小雨", "花生", "王大山")
ASKED = {"name": "王小雨", "age": "8", "notes": "花生过敏", "own_name": "王大山", "consent": "on",
         "version": "2026-09-01"}  # fmt: skip


@pytest.fixture
def browser(hall, client_as):
    def opened(actor):
        client = client_as(actor)
        client.cookies["django_language"] = "en"
        client.get("/")
        return client

    return opened


def text_of(answer):
    return answer.content.decode()


def test_everybody_sees_counts_and_nobody_a_child(hall, client, django_assert_max_num_queries):
    child = hall.enrolled()
    session = hall.open()
    door.check_in(session, child, by=hall.desk)
    client.cookies["django_language"] = "en"
    for address in (reverse("clubs"), reverse("club", args=["club"])):
        with django_assert_max_num_queries(MOST_QUERIES):
            page = text_of(client.get(address))
        assert "After School" in page
        assert not any(secret in page for secret in SECRETS)
    assert "a session is open now" in page
    for name in ("club-apply", "desk-club", "club-door"):
        assert client.get(reverse(name, args=["club"])).status_code in (302, 403, 404)


def test_a_guardian_asks_names_and_takes_back(hall, browser):
    guardian = hall.person()
    client = browser(guardian)
    address = reverse("club-apply", args=["club"])
    assert "I am the child" in text_of(client.get(address))
    refused = client.post(address, {**ASKED, "consent": ""})
    assert refused.status_code == 422
    assert "Without your consent" in text_of(refused)
    assert 'value="王小雨"' in text_of(refused)
    assert "from 6 to 12" in text_of(client.post(address, {**ASKED, "age": "3"}))
    assert client.post(address, ASKED).status_code == 302
    child = Child.objects.get()
    own = reverse("my-child", args=[child.pk])
    assert not any(secret in text_of(client.get(own)) for secret in SECRETS)
    names = text_of(client.post(reverse("my-child-names", args=[child.pk])))
    assert all(secret in names for secret in SECRETS)
    adult = reverse("my-child-adult", args=[child.pk])
    assert client.post(adult, {"relation": "kin", "name": ""}).status_code == 422
    client.post(adult, {"relation": "kin", "name": "王二叔"})
    assert PickUp.objects.filter(ended_at=None).count() == 2
    client.post(reverse("my-child-adult-end", args=[child.pk, PickUp.objects.last().pk]))
    other = browser(hall.person())
    assert other.get(own).status_code == 404
    assert other.post(reverse("my-child-end", args=[child.pk])).status_code == 404
    client.post(reverse("my-child-end", args=[child.pk]))
    child.refresh_from_db()
    assert child.state == "ended"
    assert "Taken back" in text_of(client.get(own))
    assert client.get(reverse("my-children")).status_code == 200
    assert client.get(reverse("my-file")).status_code == 200
    assert "children_at_clubs" in text_of(client.get(reverse("my-file-export")))


def test_the_desk_sees_numbers_and_opens_one_name_at_a_time(
    hall, browser, django_assert_max_num_queries
):
    child = hall.apply()
    client = browser(hall.desk)
    with django_assert_max_num_queries(MOST_QUERIES):
        page = text_of(client.get(reverse("desk-club", args=["club"])))
    assert "Child 1" in page
    assert not any(secret in page for secret in SECRETS)
    assert "asks for a place" in text_of(client.get(reverse("desk-clubs")))
    address = reverse("desk-child", args=["club", child.pk])
    assert client.get(address).status_code == 405
    assert "王小雨" in text_of(client.post(address))
    assert sealing.reads_of(child.subject).count() == 2
    decide = reverse("desk-child-decide", args=["club", child.pk])
    client.post(decide, {"what": "accept"})
    child.refresh_from_db()
    assert child.state == "enrolled"
    client.post(decide, {"what": "end", "reason": ""})
    child.refresh_from_db()
    assert child.state == "enrolled"
    client.post(decide, {"what": "end", "reason": "moved away"})
    child.refresh_from_db()
    assert child.state == "ended"
    assert (
        browser(hall.cast.other_manager).get(reverse("desk-club", args=["club"])).status_code == 404
    )


def test_the_desk_opens_a_club_and_keeps_its_adults(hall, browser):
    client = browser(hall.desk)
    new = {"kind": "children-club", "facility": "centre", "name": "假期班", "places": "10"}
    assert client.post(reverse("desk-clubs"), {**new, "places": "0"}).status_code == 422
    assert client.post(reverse("desk-clubs"), new).status_code == 302
    assert Club.objects.filter(name="假期班").exists()
    adults = reverse("club-helper", args=["club"])
    unknown = client.post(adults, {"person": "19900009999", "checked_on": "2026-11-01"})
    assert "Nobody signs in with this number yet." in text_of(unknown)
    client.post(reverse("club-helper-end", args=["club", hall.helpers[0].pk]))
    assert hall.club.helpers.filter(ended_on=None).count() == 2
    hall.enrolled()
    hall.enrolled()
    few = client.post(reverse("club-places", args=["club"]), {"places": "1"})
    assert few.status_code == 422
    client.post(reverse("club-places", args=["club"]), {"places": "9"})
    assert Club.objects.get(code="club").places == 9


def test_an_afternoon_at_the_door(hall, browser, django_assert_max_num_queries):
    child = hall.enrolled()
    client = browser(as_resident(hall.helpers[0].user))
    shut = reverse("club-door", args=["club"])
    assert "No session is open." in text_of(client.get(shut))
    opening_ = reverse("club-door-open", args=["club"])
    one = client.post(opening_, {"helpers": [hall.helpers[0].pk], "until": "18:00"})
    assert one.status_code == 422
    assert "At least 2 adults" in text_of(one)
    both = [helper.pk for helper in hall.helpers[:2]]
    assert client.post(opening_, {"helpers": both, "until": "18:00"}).status_code == 302
    session = Session.objects.get()
    adults = reverse("club-door-adult", args=["club"])
    client.post(adults, {"helper": hall.helpers[2].pk})
    client.post(adults, {"shift": session.shifts.first().pk})
    assert client.post(adults, {"shift": "x"}).status_code == 404
    client.post(reverse("club-door-in", args=["club"]), {"child": child.pk})
    with django_assert_max_num_queries(MOST_QUERIES):
        page = text_of(client.get(shut))
    assert "1 child inside" in page
    assert not any(secret in page for secret in SECRETS)
    ending = reverse("club-door-end", args=["club"])
    assert "still inside" in text_of(client.post(ending, follow=True))
    assert "花生过敏" in text_of(client.post(reverse("club-door-child", args=["club", child.pk])))
    client.post(reverse("club-door-note", args=["club", child.pk]), {"text": "摔了一跤"})
    fetched = text_of(client.post(reverse("club-door-pick-up", args=["club", child.pk])))
    assert "王大山" in fetched
    assert PickUp.objects.get().word in fetched
    handing = reverse("club-door-hand-over", args=["club", child.pk])
    wrong = client.post(handing, {"adult": "nobody"})
    assert wrong.status_code == 422
    client.post(handing, {"adult": PickUp.objects.get().pk})
    assert Presence.objects.get().left_at
    client.post(ending)
    session.refresh_from_db()
    assert session.ended_at


def test_what_happened_is_opened_with_a_reason(hall, browser):
    guardian = hall.person()
    child = hall.enrolled(guardian)
    session = hall.open()
    door.check_in(session, child, by=hall.desk)
    opening.note_incident(session, child, "摔了一跤", by=hall.desk)
    row = Incident.objects.get()
    address = reverse("desk-incident", args=["club", row.pk])
    client = browser(hall.desk)
    assert "摔了一跤" not in text_of(client.get(address))
    assert client.post(address, {"reason": ""}).status_code == 422
    assert "摔了一跤" in text_of(client.post(address, {"reason": "the insurer asks"}))
    assert browser(hall.cast.other_manager).get(address).status_code == 404
    own = reverse("my-child-incident", args=[child.pk, row.pk])
    assert "摔了一跤" in text_of(browser(guardian).post(own))


def test_a_child_that_waits_is_a_clear_line(hall, browser):
    child = hall.enrolled()
    session = hall.open()
    door.check_in(session, child, by=hall.desk)
    client = browser(hall.desk)
    with clock.moved_to(session.ends_at.replace(minute=59)):
        for name, args in (("desk-clubs", []), ("desk-club", ["club"]), ("club-door", ["club"])):
            assert "past the end" in text_of(client.get(reverse(name, args=args)))
