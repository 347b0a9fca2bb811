"""The pages: my points, a line, objections, the desk, and the public totals."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from linli.lib import clock
from linli.people.policies import Denied, NeedsSecond
from linli.points import reading
from linli.points.actions import claiming, earning, joining, objecting, reversing, years
from linli.points.models import Bulletin, Claim, Objection, Reversal, Stars, Transfer
from linli.points.tests.conftest import START


@pytest.fixture
def mine(ground):
    who = ground.volunteer()
    ground.earned(who, minutes=120)
    return who


def post(client, address, **values):
    return client.post(address, values, follow=True).text


def test_my_points_say_why_and_link_the_evidence(ground, mine, client_as):
    client = client_as(mine)
    text = client.get("/points/").text
    row = Transfer.objects.get()
    assert "Hands on a theme day" in text
    assert f"journal line {row.evidence}" in text
    assert "/activities/" in text
    line = client.get(f"/points/line/{row.pk}/").text
    assert "At most 8 points a day." in line
    assert client_as(ground.volunteer()).get(f"/points/line/{row.pk}/").status_code == 404


def test_a_resident_reads_that_points_are_not_for_them(ground, client_as):
    client = client_as(ground.person())
    assert "Nobody else has any" in client.get("/points/").text
    assert client.post("/points/join/").status_code == 403


def test_joining_and_leaving_on_the_page(ground, client_as):
    client = client_as(ground.volunteer(joins=False))
    assert "Would you like" in client.get("/points/").text
    assert "You have joined" in post(client, "/points/join/")
    assert "Nothing more is counted" in post(client, "/points/leave/")


def test_many_lines_are_paged_in_few_statements(
    ground, mine, client_as, moved, django_assert_max_num_queries
):
    for n in range(reading.PAGE + 2):
        with moved(START - timedelta(days=n)):
            ground.earned(mine, minutes=60, kind="square-stall", role="helper", days=1)
    client = client_as(mine)
    with django_assert_max_num_queries(16):
        client.get("/points/")
    assert Transfer.objects.count() < reading.PAGE  # the consent is younger than most stays


def test_an_objection_goes_to_somebody_who_had_no_part(ground, mine, client_as):
    row = Transfer.objects.get()
    assert "looks at it" in post(client_as(mine), f"/points/line/{row.pk}/", words="那天我不在。")
    objection = Objection.objects.get()
    twin = replace(ground.cast.manager, id=ground.cast.town_handler.id)
    with pytest.raises(Denied, match="had a hand"):  # who checked the person out
        objecting.decide(objection, upheld=True, answer="对", by=twin)
    manager = client_as(ground.cast.manager)
    assert "那天我不在" in manager.get("/desk/points/").text
    page = f"/desk/points/objections/{objection.pk}/"
    post(manager, page, **{"as": "upheld", "answer": "签到表上确实没有。"})
    objection.refresh_from_db()
    assert objection.state == "upheld"
    back = Transfer.objects.get(kind="reversed")
    assert back.reverses == row
    assert back.amount == row.amount
    assert (back.by, back.second) == (mine.id, ground.cast.manager.id)
    assert reading.mine(mine.user, reading.playbook.current().points, 2026).total == 0
    assert reading.check_sums() == []


def test_a_missing_line_can_be_asked_for_only_by_its_person(ground, mine, client_as):
    other = ground.volunteer()
    line = ground.stay(other, minutes=60)
    with pytest.raises(Denied, match="no such line"):
        objecting.missing(line.seq, "theme-day-hours", "x", by=mine)
    client = client_as(other)
    post(client, "/points/missing/", evidence=str(line.seq), rule="theme-day-hours", words="漏了")
    assert "already" in post(
        client, "/points/missing/", evidence=str(line.seq), rule="theme-day-hours", words="漏了"
    )
    assert "digits" in post(client, "/points/missing/", evidence="12a", rule="x", words="y")
    row = Objection.objects.get()
    objecting.decide(row, upheld=True, answer="补上了。", by=ground.cast.manager)
    assert Transfer.objects.get(card__user=other.user).second == ground.cast.manager.id


def test_claims_are_counted_in_bulk_and_never_ones_own(ground, client_as):
    holder, manager = ground.cast.volunteer, ground.cast.manager
    for who in (holder, manager):
        joining.join(by=who)
        earning.handle([ground.task(who)])
    own = Claim.objects.get(card__user=manager.user)
    other = Claim.objects.get(card__user=holder.user)
    client = client_as(manager)
    assert "about yourself" in client.get("/desk/points/").text
    assert "somebody else" in post(client, "/desk/points/", act="agree", claim=[own.pk, other.pk])
    assert not Transfer.objects.exists()  # all or none
    post(client, "/desk/points/", act="agree", claim=[other.pk])
    row = Transfer.objects.get()
    assert (row.amount, row.by, row.second) == (5, holder.id, manager.id)
    with pytest.raises(Denied):
        claiming.agree([other], by=manager)


def test_taking_back_takes_two(ground, mine, client_as):
    row = Transfer.objects.get()
    manager, second = ground.cast.manager, ground.cast.coordinator
    client = client_as(manager)
    assert "theme day" in client.get(f"/desk/points/take-back/?evidence={row.evidence}").text
    post(client, "/desk/points/take-back/", evidence=row.evidence, line=row.pk, reason="签错了")
    asked = Reversal.objects.get()
    with pytest.raises(NeedsSecond):
        reversing.agree(asked, by=manager)
    post(client_as(second), "/desk/points/", act="take-back", reversal=asked.pk)
    assert Transfer.objects.get(kind="reversed").reverses == row
    assert "taken back" in client_as(mine).get("/points/").text
    with pytest.raises(Denied):
        reversing.ask(row, "again", by=manager)


def test_a_year_ends_with_stars_and_its_points_end_later(ground, moved, client_as):
    people = [ground.volunteer() for _n in range(5)]
    for who in people:
        for days in (1, 2, 3, 5):
            ground.earned(who, minutes=180, days=days)
    ground.earned(people[0], minutes=120, kind="square-stall", role="helper", days=6)
    with moved(datetime(2027, 1, 7, 12, tzinfo=clock.LOCAL)):
        years.keep_time()
        assert not Bulletin.objects.exists()
    with moved(datetime(2027, 1, 8, 12, tzinfo=clock.LOCAL)):
        years.keep_time()
        years.keep_time()
        bulletin = Bulletin.objects.get()
        assert bulletin.figures["points"] == 100  # of one alone in a field nothing is shown
        by = {row["dimension"]: row["points"] for row in bulletin.figures["rows"]}
        assert by == {"learning": 0, "volunteering": None, "prospering": 0,
                      "surroundings": 100, "mediating": 0}  # fmt: skip
        assert not Stars.objects.exists()
        row = Transfer.objects.filter(card__user=people[1].user).first()
        objecting.to_line(row, "再看看", by=people[1])
    with moved(datetime(2027, 1, 16, 12, tzinfo=clock.LOCAL)):
        years.keep_time()
        assert Stars.objects.count() == 4  # one waits for its objection
        objection = Objection.objects.get()
        objecting.decide(objection, upheld=False, answer="没错", by=ground.cast.coordinator)
        years.keep_time()
        assert sorted(Stars.objects.values_list("points", "stars")) == [(20, 1)] * 4 + [(24, 1)]
        assert years.star_counts(2026) == [(1, 5)]
        text = client_as(ground.person()).get("/points/totals/").text
        assert "5 people" in text
        assert "fewer than 5 people" in text
        with pytest.raises(Denied, match="fixed"):
            objecting.to_line(row, "晚了", by=people[1])
    with moved(datetime(2027, 4, 1, 12, tzinfo=clock.LOCAL)):
        years.keep_time()
        years.keep_time()
    assert Transfer.objects.filter(kind="lapsed").count() == 6
    assert reading.check_sums() == []
    assert reading.mine(people[0].user, reading.playbook.current().points, 2026).total == 24


def test_the_desk_is_not_for_residents(ground, client_as):
    assert client_as(ground.person()).get("/desk/points/").status_code == 403
