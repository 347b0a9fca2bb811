"""A door lets in exactly whom the table names, and a right ends with the appointment."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import get_resolver, path, reverse

from linli.lib import clock
from linli.people import actions, limits
from linli.people.acting import CHOSEN, SEEN
from linli.people.actors import SYSTEM
from linli.people.models import User
from linli.people.policies import Denied
from linli.people.roles import Role, table
from linli.web.doors import door
from linli.web.pages import page


# ── a little site of our own ────────────────────────────────────────────────────────────────────
def doorless(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


@door("no.such.action")
def nameless(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


def view_behind(action: str):
    @door(action)
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"{request.actor.role} {request.actor.place_path}")

    return view


@door("site.read")
def often(request: HttpRequest) -> HttpResponse:
    raise limits.TooMany(90)


@door("site.read")
def never(request: HttpRequest) -> HttpResponse:
    raise Denied("Not on a Sunday.")


@door("site.read")
def plain(request: HttpRequest) -> HttpResponse:
    return page(request, "site/missing.html")


urlpatterns = [
    *get_resolver("linli.urls").url_patterns,
    path("t/doorless/", doorless),
    path("t/nameless/", nameless),
    path("t/often/", often),
    path("t/never/", never),
    path("t/plain/", plain),
    *(path(f"t/{action}/", view_behind(action)) for action in table()),
]
handler403 = "linli.site.errors.refused"
pytestmark = pytest.mark.urls(__name__)


@pytest.mark.parametrize("name", ["doorless", "nameless"])
def test_a_view_without_a_door_fails_the_build_and_is_not_there_in_production(client, db, name):
    with pytest.raises(ImproperlyConfigured):
        client.get(f"/t/{name}/")
    with override_settings(TESTING=False):
        assert client.get(f"/t/{name}/").status_code == 404


ACTIONS = [action for action in table() if " " not in action]


def test_strangers_are_let_in_or_led_to_sign_in(client, db):
    for action in ACTIONS:
        where = f"/t/{action}/"
        answer = client.get(where)
        if table()[action][Role.ANON] == "-":
            assert answer.status_code == 302, action
            assert answer.url == f"{reverse('account_login')}?next={where}"
        else:
            assert answer.status_code == 200, action


def test_a_door_lets_in_whom_the_table_names(cast, client_as):
    actors = {
        Role.RES: cast.resident, Role.VOL: cast.volunteer, Role.GRID: cast.steward,
        Role.MGR: cast.manager, Role.CTY: cast.coordinator, Role.AUD: cast.auditor,
        Role.ADM: cast.administrator,
    }  # fmt: skip
    for role, actor in actors.items():
        client = client_as(actor)
        for action in ACTIONS:
            opens = table()[action][role] != "-" or table()[action][Role.RES] == "O"
            answer = client.get(f"/t/{action}/")
            assert answer.status_code == (200 if opens else 403), (role, action)
            if opens:
                assert answer.content.decode().startswith(role)


def test_a_refusal_shows_its_sentence_and_too_often_says_when(client, db):
    answer = client.get("/t/never/")
    assert answer.status_code == 403
    assert "Not on a Sunday." in answer.content.decode()
    answer = client.get("/t/often/")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "90"


# ── what a request costs ────────────────────────────────────────────────────────────────────────
def test_a_stranger_costs_no_query_and_gets_no_session(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/t/plain/")
    assert answer.status_code == 200
    assert "sessionid" not in answer.cookies


def test_a_signed_in_request_costs_session_person_and_appointments(
    cast, client_as, django_assert_num_queries
):
    client = client_as(cast.steward)
    client.get("/t/case.submit/")  # notes the use of the session
    with django_assert_num_queries(3):
        assert client.get("/t/case.submit/").content.decode() == (
            f"GRID {cast.places['building'].path}"
        )


# ── rights end with the appointment ─────────────────────────────────────────────────────────────
def test_a_right_ends_at_the_next_request(cast, client_as):
    client = client_as(cast.manager)
    assert client.get("/t/desk.read/").status_code == 200
    actions.end(cast.manager.appointment, by=SYSTEM)
    assert client.get("/t/desk.read/").status_code == 403
    assert client.get("/t/case.submit/").content.decode().startswith("RES")


def test_a_right_ends_on_its_day_and_begins_on_its_day(cast, client_as):
    client = client_as(cast.manager)
    last = cast.manager.appointment.to_date
    session = client.session
    session[SEEN] = 2**40  # this test is about the appointment, not about an old session
    session.save()
    with clock.moved_to(clock.now().replace(year=last.year, month=last.month, day=last.day)):
        assert client.get("/t/case.submit/").content.decode().startswith("RES")


def test_a_closed_account_is_out_at_the_next_request(cast, client_as):
    client = client_as(cast.manager)
    actions.deactivate(cast.manager.user, by=cast.administrator)
    assert client.get("/t/desk.read/").status_code == 302


def test_one_role_at_a_time_and_the_first_unless_chosen(cast, client_as):
    post = actions.open_post("visitor", cast.bodies["committee"], by=SYSTEM)
    second = actions.appoint(post, cast.manager.user, by=SYSTEM)
    client = Client()
    client.force_login(cast.manager.user)
    assert client.get("/t/case.submit/").content.decode().startswith("MGR")
    client.post(reverse("acting"), {"role": str(second.pk)})
    assert client.get("/t/case.submit/").content.decode().startswith("GRID")
    assert client.get("/t/user.create_disable/").status_code == 403
    actions.end(second, by=SYSTEM)
    assert client.get("/t/case.submit/").content.decode().startswith("MGR")


def test_a_chosen_role_of_somebody_else_is_not_believed(cast, client_as):
    client = client_as(cast.resident)
    session = client.session
    session[CHOSEN] = str(cast.administrator.appointment.pk)
    session.save()
    assert client.get("/t/case.submit/").content.decode().startswith("RES")
    assert (
        client.post(reverse("acting"), {"role": str(cast.administrator.appointment.pk)}).status_code
        == 403
    )


# ── how long a session lives (R37) ──────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("part", "hours", "alive"),
    [
        ("manager", 11.9, True),
        ("manager", 12.2, False),
        ("resident", 13, True),
        ("resident", 29 * 24, True),
        ("resident", 31 * 24, False),
        ("volunteer", 13, True),
    ],
)
def test_a_session_ends_after_its_idle_time(cast, client_as, part, hours, alive):
    actor = getattr(cast, part)
    client = client_as(actor)
    start = clock.now()
    with clock.moved_to(start):
        assert client.get("/t/profile.own/").status_code == 200
    with clock.moved_to(start + timedelta(hours=hours)):
        answer = client.get("/t/profile.own/")
    assert (answer.status_code == 200) is alive
    if not alive:
        assert answer.url.startswith(reverse("account_login"))


def test_use_keeps_a_session_alive(cast, client_as):
    client = client_as(cast.manager)
    start = clock.now()
    for hours in range(0, 40, 8):
        with clock.moved_to(start + timedelta(hours=hours)):
            assert client.get("/t/desk.read/").status_code == 200


def test_acting_as_a_resident_does_not_lengthen_a_staff_session(cast, client_as):
    client = client_as(cast.manager)
    start = clock.now()
    with clock.moved_to(start):
        client.post(reverse("acting"), {"role": "resident"})
    with clock.moved_to(start + timedelta(hours=13)):
        assert client.get("/t/profile.own/").status_code == 302


def test_signing_out_everywhere_ends_the_other_sessions(cast, client_as):
    here, there = client_as(cast.resident), client_as(cast.resident)
    assert there.get("/t/profile.own/").status_code == 200
    here.post(reverse("leave-everywhere"))
    assert here.get("/t/profile.own/").status_code == 302
    assert there.get("/t/profile.own/").status_code == 302
    assert User.objects.get(pk=cast.resident.user.pk).is_active
