"""Every number opens its list; a gap suggests who agreed to be asked; small counts stay hidden."""

import csv
import io
import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from linli import playbook
from linli.activities.actions import planning, seats
from linli.activities.models import SignUp
from linli.cases.actions.receive import Draft, receive
from linli.coverage import counting, follow, gaps, notices, show, suggesting, tallies
from linli.coverage.models import Count, Gap
from linli.coverage.tests.test_things import held, home
from linli.journal import followers
from linli.journal.followers import Follower
from linli.letters.models import Letter
from linli.lib import clock
from linli.people import actions, work
from linli.people.actions import inviting, standing_in
from linli.people.actors import ANONYMOUS, SYSTEM, as_resident
from linli.people.models import Invitation, StandIn

RULE = "building-has-steward"
FOLLOWERS = (
    Follower("coverage", follow.VERBS, follow.handle),
    Follower("posts", notices.VERBS, notices.handle),
)


def run_followers():
    for follower in FOLLOWERS:
        while followers.run(follower):
            pass


@pytest.fixture
def counted(cast, houses, steward):
    for house in houses[:9]:
        steward(house)
    steward(houses[9], since=-20, until=-2)
    counting.run([RULE])
    return Gap.objects.open().get(rule=RULE, place=houses[11])


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_of_all_promises_is_for_everybody(counted, client, django_assert_max_num_queries):
    client.get("/coverage/")
    with django_assert_max_num_queries(6):
        page = text_of(client.get("/coverage/"))
    assert "每栋楼有一位楼长" in page
    assert f'href="{reverse("coverage-rule", args=[RULE])}?band=gaps#list"' in page
    english = text_of(client.get("/coverage/", headers={"accept-language": "en"}))
    assert "Every building has a steward" in english


def test_numbers_before_the_first_count(cast, client):
    assert "还没清点过" in text_of(client.get("/coverage/"))
    assert "还没清点过" in text_of(client.get(f"/coverage/{RULE}/"))
    assert client.get(f"/coverage/{RULE}/table.csv").status_code == 404


@pytest.mark.parametrize(("band", "rows"), [("covered", 10), ("gaps", 3), ("tolerated", 1),
                                            ("unknown", 0)])  # fmt: skip
def test_every_number_opens_a_list_of_that_many(counted, client, band, rows):
    page = text_of(client.get(f"/coverage/{RULE}/?band={band}"))
    listed = page[page.index('id="list"') :]
    assert len(re.findall(r'class="case-row"', listed)) == rows
    table = client.get(f"/coverage/{RULE}/table.csv?band={band}").content.decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(table)))) == rows


def test_a_town_has_its_own_numbers(counted, client, cast):
    town, other = cast.places["town"].code, cast.places["other_town"].code
    assert "3" in text_of(client.get(f"/coverage/{RULE}/?town={town}"))
    assert "没有缺口" in text_of(client.get(f"/coverage/{RULE}/?town={other}"))
    assert "这里没有要数的" in text_of(client.get(f"/coverage/?town={other}"))


@pytest.mark.parametrize(
    "path", ["/coverage/nothing/", "/coverage/?town=nowhere", f"/coverage/{RULE}/?town=x"]
)
def test_what_is_not_there_is_not_found(counted, client, path):
    assert client.get(path).status_code == 404


def test_an_odd_address_is_a_bad_request(counted, client):
    for bad in ("-1", "x", "99999999"):
        assert client.get(f"/coverage/{RULE}/?from={bad}").status_code == 400
    assert client.get(f"/coverage/{RULE}/?band=king&from=99999").status_code == 200


def test_small_numbers_of_households_are_nowhere(cast, client):
    body, community = cast.bodies["committee"], cast.places["community"]
    tallies.put({community.pk: 57, cast.places["village"].pk: 310}, clock.today(), "test")
    held("home-visits", body, community, 400)
    for _n in range(4):
        home(community, body, clock.today())
    counting.run(["household-is-reached"])
    for path in ("/coverage/", "/coverage/household-is-reached/",
                 "/coverage/household-is-reached/?band=covered",
                 f"/coverage/household-is-reached/?town={cast.places['town'].code}"):  # fmt: skip
        page = text_of(client.get(path))
        said = re.sub(r"<svg.*?</svg>|<head>.*?</head>|[\"'][^\"']*[\"']", "", page, flags=re.S)
        assert not re.search(r"(?<![\d.])(53|363)(?![\d.])", said), path
    rule = playbook.current().coverage["household-is-reached"]
    line = show.line(rule, Count.objects.get(pk=rule.id), None)
    assert (line.size, line.covered) == (367, 0)
    assert ["不显示" in number.value for number in line.numbers] == [True, True, False, False]
    table = client.get("/coverage/household-is-reached/table.csv").content.decode("utf-8-sig")
    assert [
        row["reached"] for row in csv.DictReader(io.StringIO(table)) if row["size"] == "57"
    ] == [""]


def test_the_desk_counts_its_gaps_and_lists_them(counted, client_as, cast):
    manager = cast.manager
    mine = gaps.of(manager)
    assert gaps.count(manager) == mine.count() == 3
    assert gaps.count(cast.grid_worker) == 0
    page = text_of(client_as(manager).get("/desk/gaps/"))
    assert counted.place.name in page
    assert reverse("gap", args=[counted.pk]) in page
    assert f">{mine.count()}<" in text_of(client_as(manager).get("/desk/"))


def test_a_gap_of_another_area_is_not_there(counted, client_as, cast):
    path = reverse("gap", args=[counted.pk])
    assert client_as(cast.manager).get(path).status_code == 200
    assert client_as(cast.town_handler).get(path).status_code == 200
    assert client_as(cast.other_manager).get(path).status_code == 404
    assert client_as(cast.grid_worker).get(path).status_code in (403, 404)


def willing(place, name, kinds=()):
    user = actions.open_account(display_name=name)
    actions.be_asked(user, place, list(kinds))
    return user


def test_a_gap_suggests_who_agreed_and_inviting_them_closes_it_in_the_end(
    counted, client_as, cast, moved
):
    near = willing(cast.places["community"], "近邻")
    willing(cast.places["other_community"], "邻村")
    willing(cast.places["village"], "外镇人")
    willing(cast.places["community"], "只开车", ["box-keeper"])
    names = [one.name for one in suggesting.suggestions(counted, cast.manager)]
    assert names == ["近邻", "邻村"]
    browser, path = client_as(cast.manager), reverse("gap", args=[counted.pk])
    assert "近邻" in text_of(browser.get(path))
    browser.post(reverse("gap-invite", args=[counted.pk]), {"user": str(near.pk)})
    row = Invitation.objects.get()
    assert row.post.place == counted.place
    assert "近邻" not in [one.name for one in suggesting.suggestions(counted, cast.manager)]
    run_followers()
    letter = Letter.objects.get(template="post.invited", user=near)
    assert letter.context["path"] == reverse("invitation", args=[row.pk])
    theirs = client_as(as_resident(near))
    assert "楼长" in text_of(theirs.get(letter.context["path"]))
    theirs.post(letter.context["path"], {"answer": "yes", "named": "on", "public_name": "林女士"})
    for who in (cast.coordinator, cast.administrator):
        client_as(who).post(reverse("post-confirm", args=[row.pk]))
    assert row.post.holders(clock.today()).get().shown_name == "林女士"
    run_followers()
    counting.run_stale()
    counted.refresh_from_db()
    assert counted.ended == "covered"
    assert "已补上" in text_of(browser.get(path))


def test_nobody_else_can_be_invited_through_a_gap(counted, client_as, cast):
    stranger = actions.open_account(display_name="没答应过")
    client_as(cast.manager).post(
        reverse("gap-invite", args=[counted.pk]), {"user": str(stranger.pk)}
    )
    assert not Invitation.objects.exists()


def test_managers_get_one_letter_for_the_gaps_of_a_night(counted, cast):
    run_followers()
    letters = Letter.objects.filter(template="coverage.gaps", channel="inapp")
    assert letters.filter(user=cast.manager.user).count() == 1


def test_pages_of_posts(counted, client_as, cast):
    browser = client_as(cast.manager)
    page = text_of(browser.get("/posts/"))
    assert cast.steward.user.display_name in page
    post = cast.steward.appointment.post
    assert cast.places["building"].name in text_of(browser.get(reverse("post", args=[post.pk])))
    assert "没人担任" in text_of(browser.get("/posts/?show=empty"))
    me = client_as(cast.steward)
    assert reverse("hand-over", args=[cast.steward.appointment.pk]) in text_of(me.get("/me/"))
    for name in ("hand-over", "post-end"):
        text_of(me.get(reverse(name, args=[cast.steward.appointment.pk])))
        other = client_as(cast.grid_worker)
        assert other.get(reverse(name, args=[cast.steward.appointment.pk])).status_code == 404
    me.post(reverse("post-end", args=[cast.steward.appointment.pk]))
    assert not post.holders(clock.today()).filter(is_deputy=False).exists()


def test_switching_on_being_asked(cast, client_as):
    user = actions.open_account(display_name="somebody")
    browser = client_as(as_resident(user))
    text_of(browser.get("/me/asked/"))
    browser.post("/me/asked/", {"place": f"x {cast.places['village'].code}"})
    user.refresh_from_db()
    assert user.willing.place == cast.places["village"]
    assert "请从列表里选" in text_of(browser.post("/me/asked/", {"place": "nowhere"}))
    browser.post("/me/asked/", {"off": "1"})
    assert "删掉" in text_of(browser.get("/me/asked/"))


def test_cannot_come_to_a_stall(cast, client_as, moved):
    """Over the real floor of activities: the waiting list is asked in turn, one letter each."""
    occurrence = planning.plan_occurrence(
        kind="square-stall", organisation=cast.bodies["town_office"],
        place=cast.places["community"], by=cast.town_handler, spot="广场",
        starts_at=clock.now() + timedelta(days=1),
    )  # fmt: skip
    role = next(role for role in occurrence.rule.roles if role.by == "volunteer")
    people = [as_resident(actions.open_account(display_name=f"p{n}")) for n in range(6)]
    for one in people[: role.seats + 1]:
        seats.sign_up(occurrence, role.id, by=one)
    first, waits = people[0], people[role.seats]
    browser = client_as(first)
    mine = SignUp.objects.get(user=first.user)
    assert f"activities:{mine.pk}" in text_of(browser.get("/cannot-come/"))
    browser.post("/cannot-come/", {"duty": f"activities:{mine.pk}"})
    row = StandIn.objects.get()
    ask = row.asks.get()
    assert ask.user == waits.user
    run_followers()
    letter = Letter.objects.get(template="post.asked")
    assert letter.user == waits.user
    client_as(waits).post(letter.context["path"], {"answer": "yes"})
    states = dict(SignUp.objects.values_list("user", "state"))
    assert (states[first.user.pk], states[waits.user.pk]) == ("withdrawn", "going")
    seat = occurrence.seats.get(role=role.id)
    assert (seat.taken, seat.waiting) == (role.seats, 0)
    run_followers()
    assert Letter.objects.filter(template="post.stood_in", user=first.user).exists()


def test_a_no_of_the_waiting_list_frees_the_seat_and_tells_the_host(cast, client_as, moved):
    occurrence = planning.plan_occurrence(
        kind="square-stall", organisation=cast.bodies["town_office"],
        place=cast.places["community"], by=cast.town_handler, spot="广场",
        starts_at=clock.now() + timedelta(days=1),
    )  # fmt: skip
    role = next(role for role in occurrence.rule.roles if role.by == "volunteer")
    people = [as_resident(actions.open_account()) for _n in range(role.seats + 1)]
    for one in people:
        seats.sign_up(occurrence, role.id, by=one)
    row = standing_in.cannot_come(
        "activities", str(SignUp.objects.get(user=people[0].user).pk), by=people[0]
    )
    standing_in.answer(row.asks.get(), False, by=people[-1])
    seat = occurrence.seats.get(role=role.id)
    assert (seat.taken, seat.waiting) == (role.seats - 1, 0)
    run_followers()
    told = Letter.objects.filter(template="post.stand_in_missing").values_list("user", flat=True)
    assert people[0].user.pk in told
    assert cast.town_handler.user.pk in told


def test_matters_move_with_the_post(cast, moved):
    """Over the real floor of cases: a steward leaves, the committee has what was open."""
    case = receive(Draft(
        kind="steward-message", channel="web", category="cleaning", place=cast.places["building"],
        text="楼道里堆了东西。", client_id=uuid.uuid4(), visibility="office",
    ), by=ANONYMOUS).case  # fmt: skip
    row = cast.steward.appointment
    assert case.owner_post == row.post
    others = row.post.holders(clock.today()).exclude(pk=row.pk)
    for deputy in others:
        actions.end(deputy, by=SYSTEM)
    assert [item.key for item in work.held(row)] == [str(case.pk)]
    actions.end(row, by=SYSTEM)
    case.refresh_from_db()
    assert (case.owner_post, case.handler, case.owner) == (None, None, cast.bodies["committee"])
    assert case.due_at is not None


def test_an_invitation_lapses_in_the_nightly_jobs(counted, cast):
    near = willing(cast.places["community"], "近邻")
    row = suggesting.invite(counted, str(near.pk), by=cast.manager)
    with clock.moved_to(clock.now() + timedelta(days=8)):
        assert inviting.lapse() == 1
    row.refresh_from_db()
    assert row.state == "lapsed"
