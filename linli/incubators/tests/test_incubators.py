"""Desks are never given twice, nothing counts before its day, and who was not asked is unknown."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from linli.facilities.actions import keeping
from linli.incubators import actions, my_file, reading
from linli.incubators.models import Site, State, Tenancy
from linli.lib import clock
from linli.people import actions as people
from linli.people.actors import SYSTEM, as_resident
from linli.people.cast import cast as gather
from linli.people.policies import Denied

START = datetime(2026, 11, 4, 9, 0, tzinfo=clock.LOCAL)
DAY = timedelta(days=1)


class House:
    """A house with ten desks, and ways to come."""

    def __init__(self, cast):
        self.cast, self.keeper = cast, cast.town_handler
        facility = keeping.open_facility(
            "incubator", code="house", name="孵化器", organisation=cast.bodies["town_office"],
            place=cast.places["community"], lon=119.5, lat=31.4, by=SYSTEM,
            services=["branch", "maker-space"],
        )  # fmt: skip
        self.site = actions.set_up(facility, 10, by=SYSTEM)

    def team(self, desks=4, **more):
        who = as_resident(people.open_account(display_name="somebody"))
        values = {"name": "小队", "field": "软件", "people": 3, "desks": desks, "named": False}
        return actions.apply(self.site, by=who, **{**values, **more})

    def inside(self, **more):
        row = self.team(**more)
        actions.admit(row, by=self.keeper)
        actions.begin(row, by=self.keeper)
        return row


@pytest.fixture
def house(db):
    with clock.moved_to(START):
        yield House(gather())


def taken(house):
    return Site.objects.get().taken


def test_the_way_from_applying_to_graduating(house):
    row = house.inside()
    assert (row.state, taken(house), row.due_on) == (
        State.INCUBATING, 4, START.date() + 183 * DAY,
    )  # fmt: skip
    actions.look(row, goes_on=True, by=house.keeper)
    actions.end(row, graduated=True, reason="站住脚了", by=house.keeper)
    assert (row.state, taken(house)) == (State.GRADUATED, 0)
    with pytest.raises(Denied):
        actions.look(row, goes_on=True, by=house.keeper)


def test_no_more_desks_than_there_are(house):
    house.inside(desks=8)
    late = house.team(desks=4)
    with pytest.raises(Denied):
        actions.admit(late, by=house.keeper)
    late.refresh_from_db()
    assert (late.state, taken(house)) == (State.APPLIED, 8)
    with pytest.raises(IntegrityError), transaction.atomic():
        Site.objects.update(taken=11)
    with pytest.raises(Denied):
        house.team(desks=13)  # more than one tenant gets


def test_one_open_application_each(house):
    row = house.team()
    again = {"name": "小队", "field": "软件", "people": 3, "desks": 1, "named": False}
    with pytest.raises(Denied):
        actions.apply(house.site, by=as_resident(row.user), **again)
    actions.refuse(row, "这次没有位置", by=house.keeper)
    assert actions.apply(house.site, by=as_resident(row.user), **again)


@pytest.mark.parametrize("act", ["admit", "begin", "look", "refuse"])
def test_only_the_house_decides(house, act):
    row, stranger = house.team(), as_resident(people.open_account(display_name="x"))
    calls = {
        "admit": lambda: actions.admit(row, by=stranger),
        "begin": lambda: actions.begin(row, by=stranger),
        "look": lambda: actions.look(row, goes_on=True, by=stranger),
        "refuse": lambda: actions.refuse(row, "no", by=stranger),
    }
    with pytest.raises(Denied):
        calls[act]()
    with pytest.raises(Denied):
        actions.end(row, graduated=True, reason="me", by=as_resident(row.user))


def test_a_project_counts_for_what_it_is(house):
    row = house.inside()
    signed = actions.sign(row, "样机", START.date(), by=house.keeper)
    assert reading.projects(house.site) == {"signed": 1, "started": 0, "operating": 0}
    with pytest.raises(Denied):
        actions.advance(signed, START.date() - DAY, by=house.keeper)
    with pytest.raises(Denied):
        actions.advance(signed, START.date() + DAY, by=house.keeper)
    actions.advance(signed, START.date(), by=house.keeper)
    signed.refresh_from_db()
    actions.advance(signed, START.date(), by=house.keeper)
    assert reading.projects(house.site) == {"signed": 1, "started": 1, "operating": 1}
    with pytest.raises(IntegrityError), transaction.atomic():
        type(signed).objects.create(tenancy=row, what="x", signed_on=START, operating_on=START)


def test_who_was_not_asked_is_unknown(house):
    rows = [house.inside(desks=1) for _n in range(3)]
    for row in rows:
        actions.end(row, graduated=True, reason="毕业", by=house.keeper)
    with pytest.raises(Denied):
        actions.ask_after(rows[0], 1, exists=True, by=house.keeper)
    with clock.moved_to(START + 366 * DAY):
        assert len(reading.to_ask(house.site)) == 3
        actions.ask_after(rows[0], 1, exists=True, by=house.keeper)
        actions.ask_after(rows[1], 1, exists=False, by=house.keeper)
        with pytest.raises(Denied):
            actions.ask_after(rows[1], 1, exists=True, by=house.keeper)
        one, three = reading.survival(house.site)
    assert (one.exist, one.asked, one.unknown) == (1, 2, 1)
    assert (three.exist, three.asked, three.unknown) == (0, 0, 0)


def test_pages_name_only_who_agreed_and_keep_what_was_typed(house, client, client_as):
    house.inside(desks=1, name="不想出名")
    house.inside(desks=1, name="愿意出名", named=True)
    html = client.get(reverse("incubator", args=["house"])).content.decode()
    assert "愿意出名" in html
    assert "不想出名" not in html
    assert "还没有开" in html  # the third of the three functions
    who = client_as(as_resident(people.open_account(display_name="x")))
    said = {"name": "新队", "field": "茶", "people": "2", "desks": "99"}
    refused = who.post(reverse("incubator-apply", args=["house"]), said)
    assert refused.status_code == 422
    assert 'value="新队"' in refused.content.decode()
    assert (
        who.post(reverse("incubator-apply", args=["house"]), {**said, "desks": "2"}).status_code
        == 302
    )
    row = Tenancy.objects.get(name="新队")
    assert (
        client_as(as_resident(row.user)).get(reverse("tenancy", args=[row.pk])).status_code == 200
    )
    assert client_as(house.keeper).get(reverse("tenancy", args=[row.pk])).status_code == 404


def test_the_desk_admits_with_a_press_and_refuses_with_a_reason(house, client_as):
    row = house.team()
    desk = client_as(house.keeper)
    assert "小队" in desk.get(reverse("desk-incubator", args=["house"])).content.decode()
    where = reverse("desk-tenant", args=["house", row.pk])
    assert desk.post(where, {"act": "refuse", "reason": " "}).status_code == 422
    assert desk.post(where, {"act": "admit"}).status_code == 302
    assert desk.post(where, {"act": "admit"}).status_code == 422
    assert desk.post(where, {"act": "begin"}).status_code == 302
    assert desk.post(where, {"act": "sign", "what": "样机", "day": "2026-11-01"}).status_code == 302
    project = row.projects.get()
    step = reverse("desk-project", args=["house", project.pk])
    assert desk.post(step, {"day": "2026-10-01"}).status_code == 422
    assert desk.post(step, {"day": "2026-11-03"}).status_code == 302
    used = {"service": "law", "day": "2026-11-02", "times": "7"}
    assert desk.post(reverse("desk-incubator", args=["house"]), used).status_code == 302
    assert dict(reading.uses(house.site, 2026))["法律咨询"] == 7
    stranger = client_as(house.cast.resident)
    assert stranger.get(where).status_code == 403


def test_erased_the_team_is_nobody_s_and_the_desks_are_free(house):
    row = house.inside()
    assert my_file.held(row.user)["tenancies"][0]["name"] == "小队"
    my_file.erase(row.user)
    row.refresh_from_db()
    assert (row.user, row.name, taken(house)) == (None, "—", 0)


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_are_admitted_at_once_five_have_desks():
    with clock.moved_to(START):
        house = House(gather())
        rows = [house.team(desks=2) for _n in range(8)]
    gate = Barrier(len(rows))

    def admit(row):
        gate.wait()
        try:
            with clock.moved_to(START):
                actions.admit(row, by=house.keeper)
        except Denied:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(rows)) as pool:
        said = list(pool.map(admit, rows))
    assert (sum(said), taken(house)) == (5, 10)
