"""Posts and who holds them: the rules of the database, of the action, and of two at once."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from linli.journal.models import Entry
from linli.lib import clock
from linli.people import actions
from linli.people.actors import SYSTEM, as_resident, under
from linli.people.cast import cast as gather
from linli.people.models import Appointment, Organisation, Post
from linli.people.policies import Denied, NeedsSecond
from linli.people.posts import public_card

YEAR = timedelta(days=365)


@pytest.fixture
def somebody(db):
    return actions.open_account(display_name="somebody")


@pytest.fixture
def post(cast):
    """A vacant post with one seat."""
    return actions.open_post(
        "building-steward", cast.bodies["committee"], place=cast.places["other_building"], by=SYSTEM
    )


def test_an_appointment_is_of_one_seat_for_a_year_and_in_the_journal(post, somebody):
    row = actions.appoint(post, somebody, by=SYSTEM, public_name="Chen", consented=True)
    assert (row.seat, row.role, row.to_date - row.from_date) == (1, "GRID", YEAR)
    line = Entry.objects.get(verb="post.filled", subject=f"people.Appointment:{row.pk}")
    assert line.facts["post"] == "building-steward"
    assert line.place == post.on_place.path
    assert "Chen" not in str(line.facts)


def test_a_post_has_as_many_holders_as_seats(post, somebody):
    actions.appoint(post, somebody, by=SYSTEM)
    other = actions.open_account()
    with pytest.raises(Denied, match=r"\w"):
        actions.appoint(post, other, by=SYSTEM)
    actions.appoint(post, other, by=SYSTEM, deputy=True)
    later = clock.today() + YEAR
    third = actions.open_account()
    assert actions.appoint(post, third, by=SYSTEM, from_date=later).seat == 1


def test_seats_are_given_from_the_first(cast):
    post = actions.open_post("visitor", cast.bodies["committee"], seats=3, by=SYSTEM)
    users = [actions.open_account() for _ in range(4)]
    rows = [actions.appoint(post, user, by=SYSTEM) for user in users[:3]]
    assert [row.seat for row in rows] == [1, 2, 3]
    with pytest.raises(Denied):
        actions.appoint(post, users[3], by=SYSTEM)
    actions.end(rows[1], by=SYSTEM)
    assert actions.appoint(post, users[3], by=SYSTEM).seat == 2


@pytest.mark.parametrize(
    ("start", "until"),
    [(0, 0), (0, -1), (0, 367), (-400, -100), (-31, 10)],
    ids=["no day", "backwards", "longer than a year", "before the post", "begins before the post"],
)
def test_wrong_dates_are_refused_with_a_sentence(post, somebody, start, until):
    today = clock.today()
    with pytest.raises(Denied, match=r"\w"):
        actions.appoint(
            post, somebody, by=SYSTEM, from_date=today + timedelta(days=start),
            to_date=today + timedelta(days=until),
        )  # fmt: skip
    assert not post.appointments.exists()


def test_nobody_holds_the_same_post_twice_nor_more_than_the_playbook_allows(cast, post, somebody):
    actions.appoint(post, somebody, by=SYSTEM)
    with pytest.raises(Denied):
        actions.appoint(post, somebody, by=SYSTEM, deputy=True)
    steward = cast.steward.user
    second = actions.open_post("building-steward", cast.bodies["committee"], by=SYSTEM,
                               place=cast.places["community"])  # fmt: skip
    third = actions.open_post("building-steward", cast.bodies["committee"], by=SYSTEM,
                              place=cast.places["other_community"])  # fmt: skip
    actions.appoint(second, steward, by=SYSTEM)
    with pytest.raises(Denied, match="2"):
        actions.appoint(third, steward, by=SYSTEM)


@pytest.mark.parametrize("part", ["manager", "coordinator", "auditor"])
def test_who_runs_the_machine_works_no_desk(cast, part):
    post = Post.objects.get(kind="administrator")
    with pytest.raises(Denied):
        actions.appoint(post, getattr(cast, part).user, by=SYSTEM)


def test_an_administrator_gets_no_desk(cast):
    for kind, body in (("manager", "other_committee"), ("auditor", "county_desk")):
        post = Post.objects.get(kind=kind, organisation=cast.bodies[body])
        with pytest.raises(Denied):
            actions.appoint(post, cast.administrator.user, by=SYSTEM, deputy=True)


def test_a_staff_role_is_given_by_two_and_never_to_oneself(cast, post, somebody):
    by, second = cast.coordinator, cast.administrator
    with pytest.raises(NeedsSecond):
        actions.appoint(post, somebody, by=by)
    with pytest.raises(NeedsSecond):
        actions.appoint(post, somebody, by=by, second=by)
    with pytest.raises(Denied):
        actions.appoint(post, somebody, by=by, second=cast.manager)
    with pytest.raises(Denied):
        actions.appoint(post, by.user, by=by, second=second)
    with pytest.raises(NeedsSecond):
        actions.appoint(post, second.user, by=by, second=second)
    with pytest.raises(Denied):
        actions.appoint(post, somebody, by=cast.manager, second=second)
    row = actions.appoint(post, somebody, by=by, second=second)
    facts = Entry.objects.get(subject=f"people.Appointment:{row.pk}").facts
    assert facts["second"] == second.id


def test_a_volunteers_post_is_filled_by_the_manager_in_scope(cast, somebody):
    post = Post.objects.get(kind="box-keeper")
    with pytest.raises(Denied):
        actions.appoint(post, somebody, by=cast.manager, deputy=True)
    with pytest.raises(Denied):
        actions.appoint(post, somebody, by=as_resident(somebody), deputy=True)
    assert actions.appoint(post, somebody, by=cast.coordinator, deputy=True).role == "VOL"
    hall = actions.open_post("councillor", cast.bodies["council_hall"],
                             place=cast.places["community"], by=SYSTEM)  # fmt: skip
    assert actions.appoint(hall, somebody, by=cast.manager).role == "VOL"


def test_ending_takes_the_right_away_at_once(cast, post, somebody):
    row = cast.steward.appointment
    today = clock.today()
    actions.end(row, by=SYSTEM)
    assert not Appointment.objects.in_force(today).filter(pk=row.pk).exists()
    assert Appointment.objects.in_force(today - timedelta(days=1)).filter(pk=row.pk).exists()
    with pytest.raises(Denied):
        actions.end(row, by=SYSTEM)
    fresh = actions.appoint(post, somebody, by=SYSTEM)
    with pytest.raises(Denied):
        actions.end(fresh, by=cast.other_manager)
    actions.end(fresh, by=as_resident(somebody))
    assert not Appointment.objects.filter(pk=fresh.pk).exists()
    assert Entry.objects.filter(verb="post.left").count() == 2


def test_who_may_give_a_right_may_take_it_alone(cast):
    actions.end(cast.steward.appointment, by=cast.coordinator)
    with pytest.raises(Denied):
        actions.end(cast.manager.appointment, by=cast.town_handler)


def test_vacant_posts_are_those_without_a_main_holder(cast, post):
    today = clock.today()
    assert list(Post.objects.vacant(today)) == [post]
    actions.end(cast.steward.appointment, by=SYSTEM)
    mine = Post.objects.get(kind="building-steward", place=cast.places["building"])
    assert set(Post.objects.vacant(today)) == {post, mine}
    assert mine not in Post.objects.vacant(today - timedelta(days=3))


def test_holders_are_those_of_the_day_deputies_last(cast):
    post = cast.steward.appointment.post
    today = clock.today()
    assert [row.user for row in post.holders(today)] == [
        cast.steward.user, cast.deputy_steward.user
    ]  # fmt: skip
    assert not post.holders(today - YEAR).exists()


def test_a_closed_account_or_body_holds_nothing(cast):
    today = clock.today()
    actions.deactivate(cast.steward.user, by=SYSTEM)
    assert not Appointment.objects.in_force(today).filter(user=cast.steward.user).exists()
    actions.close_organisation(cast.bodies["committee"], by=SYSTEM)
    held = Appointment.objects.in_force(today).filter(post__organisation=cast.bodies["committee"])
    assert not held.exists()
    assert not Organisation.objects.in_force(today).filter(code="committee").exists()
    with pytest.raises(Denied):
        actions.close_organisation(cast.bodies["committee"], by=SYSTEM)


def test_organisations_are_found_by_kind_place_and_day(cast):
    today = clock.today()
    building = cast.places["building"]
    at_home = Organisation.objects.of_kind("residents-committee").at_place(
        cast.places["community"], today
    )
    assert list(at_home) == [cast.bodies["committee"]]
    assert not Organisation.objects.at_place(cast.places["community"], today - YEAR).exists()
    nearest = list(Organisation.objects.above(building, today))
    assert nearest[0].place == cast.places["community"]
    assert nearest[-1].place == cast.places["county"]
    serving = set(Organisation.objects.serving(building))
    assert cast.bodies["town_office"] in serving
    assert cast.bodies["county_desk"] not in serving
    assert cast.bodies["other_committee"] not in serving


def test_the_door_card_shows_only_names_that_were_agreed_to(cast, django_assert_num_queries):
    with django_assert_num_queries(2):
        (card,) = public_card(cast.places["building"])
    assert (card.name, card.deputy, card.vacant) == ("陈阿姨", "吴师傅", False)
    Appointment.objects.filter(pk=cast.steward.appointment.pk).update(consented=False)
    (card,) = public_card(cast.places["building"])
    assert (card.name, card.vacant) == ("", False)
    actions.end(cast.steward.appointment, by=SYSTEM)
    (card,) = public_card(cast.places["building"])
    assert card.vacant


def test_bodies_and_posts_come_from_the_playbook(cast):
    place = cast.places["community"]
    with pytest.raises(Denied, match="guild"):
        actions.open_organisation(code="x", kind="guild", name="x", place=place, by=SYSTEM)
    with pytest.raises(Denied):
        actions.open_organisation(code="", kind="housing", name="x", place=place, by=SYSTEM)
    with pytest.raises(Denied, match="lighting"):
        actions.open_organisation(code="lighting", kind="housing", name="x", place=place, by=SYSTEM)
    with pytest.raises(Denied, match="king"):
        actions.open_post("king", cast.bodies["committee"], by=SYSTEM)
    with pytest.raises(Denied):
        actions.open_post("mediator", cast.bodies["committee"], by=SYSTEM)
    with pytest.raises(Denied):
        actions.open_post("manager", cast.bodies["committee"], by=SYSTEM)
    assert under(cast.steward.appointment).place_path == cast.places["building"].path


# ── what the database itself refuses ────────────────────────────────────────────────────────────
def row_of(post, user, **changes):
    fields = {
        "post": post, "user": user, "role": post.role, "seat": 1, "from_date": date(2026, 1, 1),
        "to_date": date(2026, 7, 1),
    }  # fmt: skip
    return Appointment(**{**fields, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"to_date": None},
        {"to_date": date(2027, 1, 3)},
        {"to_date": date(2026, 1, 1)},
        {"seat": None},
        {"seat": 0},
        {"is_deputy": True},
        {"role": "RES"},
        {"role": "KING"},
    ],
    ids=[
        "no end",
        "367 days",
        "no day",
        "no seat",
        "seat 0",
        "deputy with a seat",
        "resident",
        "king",
    ],
)
def test_the_database_refuses(post, somebody, changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        row_of(post, somebody, **changes).save()


def test_the_database_takes_a_year_with_a_leap_day_and_one_holder_a_seat(post, somebody):
    row_of(post, somebody, to_date=date(2027, 1, 2)).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        row_of(post, somebody).save()


def test_a_volunteers_appointment_may_have_no_end_in_the_database(cast, somebody):
    row_of(Post.objects.get(kind="box-keeper"), somebody, to_date=None).save()


@pytest.mark.parametrize(
    "changes", [{"seats": 0}, {"role": "ANON"}, {"valid_to": date(2020, 1, 1)}]
)
def test_the_database_refuses_a_wrong_post(post, changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=post.pk).update(**changes)


# ── two at once ─────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db(transaction=True)
def test_of_eight_who_take_the_last_seat_at_once_one_gets_it():
    played = gather()
    post = actions.open_post("building-steward", played.bodies["committee"], by=SYSTEM,
                             place=played.places["other_building"])  # fmt: skip
    users = [actions.open_account() for _ in range(8)]
    start, won, lost = Barrier(len(users)), [], []

    def take(user) -> None:
        try:
            start.wait(10)
            won.append(actions.appoint(post, user, by=SYSTEM))
        except Denied as denied:
            lost.append(str(denied))
        finally:
            connection.close()

    threads = [Thread(target=take, args=(user,)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (len(won), len(lost)) == (1, 7)
    assert post.appointments.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_person_who_is_given_two_posts_apart_at_once_gets_one():
    played = gather()
    user = actions.open_account()
    posts = [
        Post.objects.get(kind="administrator"),
        actions.open_post("handler", played.bodies["service_desk"], by=SYSTEM),
    ]
    start, won, lost = Barrier(2), [], []

    def take(post) -> None:
        try:
            start.wait(10)
            won.append(actions.appoint(post, user, by=SYSTEM))
        except Denied as denied:
            lost.append(str(denied))
        finally:
            connection.close()

    threads = [Thread(target=take, args=(post,)) for post in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (len(won), len(lost)) == (1, 1)
