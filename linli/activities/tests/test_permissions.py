"""Each row of the permission table that speaks of activities is asked by what stands behind it."""

import uuid
from datetime import timedelta

import pytest
from django.urls import get_resolver, reverse

from linli import playbook
from linli.activities import homes
from linli.activities.actions import capture, enrolling, hours, paper, planning, seats
from linli.activities.models import Occurrence
from linli.activities.tests.conftest import START
from linli.activities.tests.test_notes import agree, met
from linli.activities.tests.test_pages import plan
from linli.people.policies import Denied, NeedsReason
from linli.people.roles import Role, table
from linli.vault import sealing
from linli.web.doors import action_of

PARTS = {
    Role.RES: "resident", Role.VOL: "volunteer", Role.GRID: "steward", Role.MGR: "town_handler",
    Role.CTY: "coordinator", Role.AUD: "auditor", Role.ADM: "administrator",
}  # fmt: skip
OURS = [
    action for action in table()
    if action.split(".")[0] in {"activity", "hours", "enrolment", "visit", "route"}
    or action == "service.own" or action == "card.transcribe_batch"
]  # fmt: skip


def may(act):
    try:
        act()
    except Denied:
        return False
    return True


def in_scope(action, role):
    """Whether the letter opens to somebody of the hosting office who is not named anywhere."""
    return table()[action][role] in ("Y", "P", "S", "F")


def test_every_row_has_a_page_behind_its_door():
    doors = {
        action_of(part.callback)
        for part in get_resolver("linli.activities.urls").url_patterns
        if hasattr(part, "callback")
    }
    behind = {"activity.attendee_list", "activity.check_in", "hours.adjust", "visit.record",
              "enrolment.unit_hours"}  # fmt: skip
    assert set(OURS) - doors <= behind


@pytest.mark.parametrize("role", PARTS)
def test_planning_moving_and_cancelling(field, role):
    actor = getattr(field.cast, PARTS[role])
    expected = in_scope("activity.create", role)
    assert may(lambda: field.stall(by=actor)) is expected
    stall = field.stall()
    later = START + timedelta(days=2)
    assert (
        may(lambda: planning.move_occurrence(stall, starts_at=later, reason="x", by=actor))
        is expected
    )
    assert may(lambda: planning.cancel(stall, reason="x", by=actor)) is expected


def test_the_county_plans_and_sees_no_names(field, client_as):
    stall = field.stall()
    seats.sign_up(stall, "helper", by=field.person("来的人"))
    page = client_as(field.cast.coordinator).get(reverse("desk-activity", args=[stall.uid]))
    assert page.status_code == 200
    assert "来的人" not in page.content.decode()


def test_the_county_chooses_whose_it_is_and_plans_it(field, client_as):
    county, body = client_as(field.cast.coordinator), field.cast.bodies["town_office"]
    address = reverse("plan-activity", args=["square-stall"])
    assert "square-stall" in county.get(reverse("activities-desk")).content.decode()
    choice = county.get(address, {"q": body.name[:2]}).content.decode()
    assert f"body={body.pk}" in choice
    assert "body=" not in county.get(address, {"q": "没有这个名字"}).content.decode()
    answer = county.post(f"{address}?body={body.pk}", plan(where="320481901001"))
    row = Occurrence.objects.latest("starts_at")
    assert answer.url == reverse("desk-activity", args=[row.uid])
    assert row.organisation == body


def test_nobody_plans_for_a_body_that_is_not_below_theirs(field, client_as):
    other = field.cast.bodies["town_office"]
    address = f"{reverse('plan-activity', args=['square-stall'])}?body={other.pk}"
    answer = client_as(field.cast.manager).post(address, plan(where="320481901002"))
    assert answer.url == reverse("activities-desk")
    assert not Occurrence.objects.filter(organisation=other).exists()


@pytest.mark.parametrize("role", PARTS)
def test_signing_up_is_ones_own(field, role):
    actor = getattr(field.cast, PARTS[role])
    stall = field.stall()
    # O of a resident survives every role (reading rule 3): everybody signs up as themselves.
    assert may(lambda: seats.sign_up(stall, "helper", by=actor))
    other = seats.sign_up(stall, "helper", by=field.person())
    assert may(lambda: seats.withdraw(other, by=actor)) is in_scope("activity.create", role)


@pytest.mark.parametrize("role", PARTS)
def test_the_list_at_the_door_and_the_note(field, client_as, moved, role):
    actor = getattr(field.cast, PARTS[role])
    stall = field.stall()
    row = seats.sign_up(stall, "helper", by=field.person("来的人"))
    with moved(stall.starts_at):
        page = client_as(actor).get(reverse("desk-activity", args=[stall.uid]))
        listed = page.status_code == 200 and "来的人" in page.content.decode()
        assert listed is in_scope("activity.attendee_list", role)
        assert may(lambda: hours.check_in(row, by=actor)) is in_scope("activity.check_in", role)
        noted = may(lambda: capture.record(
            client_id=uuid.uuid4(), kind=stall.kind, occurrence=stall, by=actor, outcome="held",
            fields={},
        ))  # fmt: skip
        assert noted is in_scope("activity.note", role)


@pytest.mark.parametrize("role", PARTS)
def test_settling_takes_two_in_scope(field, moved, role):
    actor = getattr(field.cast, PARTS[role])
    stall = field.stall()
    row = seats.sign_up(stall, "helper", by=field.person())
    with moved(stall.starts_at):
        hours.check_in(row, by=field.host)
    with moved(stall.ends_at + timedelta(hours=3)):
        allowed = table()["hours.adjust"][role] == "2"
        assert may(lambda: hours.settle(row, "end", by=actor)) is allowed
        assert not may(lambda: hours.agree(row, by=actor)), "one alone never"


@pytest.mark.parametrize("role", PARTS)
def test_visits(field, client_as, moved, role):
    visitor = field.hold("visitor", field.cast.bodies["committee"])
    slip = agree(field, visitor)
    visit = field.round([slip.home])
    seats.assign(visit, "visitor", visitor.user, by=field.cast.manager)
    actor = field.cast.manager if role == Role.MGR else getattr(field.cast, PARTS[role])
    rule = playbook.current().activities["home-visits"]
    committee, village = field.cast.bodies["committee"], field.cast.places["community"]
    assert may(lambda: homes.check_can_visit(rule, committee, village, actor)) is in_scope(
        "visit.record", role
    )
    with moved(visit.starts_at):
        met(visit.stops.get(), visitor)
        browser = client_as(actor)
        where = reverse("visit-notes", args=[visit.uid])
        before = len(sealing.reads_of(slip.home.subject))
        assert browser.post(where).status_code in (403, 404)
        said = browser.post(where, {"reason": "回访核对"})
        opens = table()["visit.read"][role] == "N"
        assert (said.status_code == 200) is opens
        assert len(sealing.reads_of(slip.home.subject)) - before == opens
        own = client_as(visitor).post(where)
        assert own.status_code == 200
        assert "想修灯" in own.content.decode()


def test_a_manager_needs_a_typed_reason_to_read_visits(field):
    visit = field.round([])
    with pytest.raises(NeedsReason):
        field.cast.manager.check("visit.read", in_scope=True)
    assert visit.is_public is False


@pytest.mark.parametrize("role", PARTS)
def test_pages_of_paper(field, role):
    company = field.cast.bodies["bus_company"]
    actor = getattr(field.cast, PARTS[role])
    named = role == Role.VOL  # the box keeper of this company
    assert may(lambda: paper.check_desk(actor, "empty-the-box", company.pk)) is named
    assert may(lambda: paper.check_desk(field.cast.bus_handler, "empty-the-box", company.pk))


@pytest.mark.parametrize("role", PARTS)
def test_registrations_are_confirmed_by_the_host_alone(field, client_as, role):
    row = enrolling.enrol(
        kind="community-service", organisation=field.cast.bodies["committee"], by=field.person()
    )
    actor = getattr(field.cast, PARTS[role])
    assert not may(lambda: enrolling.confirm(row, by=actor)), "another office"
    assert may(lambda: enrolling.confirm(row, by=field.cast.manager))
    assert client_as(actor).get(reverse("service")).status_code == 200


def test_a_driver_reads_the_own_run_sheet_and_the_company_every_one(field, client_as):
    company, line = field.cast.bodies["bus_company"], field.cast.places["line"]
    driver = field.hold("service-driver", company, place=line)
    other = field.hold("service-driver", company, place=line)
    run = planning.plan_occurrence(
        kind="service-run", organisation=company, place=line, by=field.cast.bus_handler,
        starts_at=START + timedelta(days=1), stops=[field.cast.places["community"]],
    )  # fmt: skip
    seats.sign_up(run, "driver", by=driver)
    where = reverse("run-sheet", args=[run.uid])
    page = client_as(driver).get(where)
    assert page.status_code == 200
    assert "桃花社区" in page.content.decode()
    assert client_as(other).get(where).status_code == 403
    assert client_as(field.cast.bus_handler).get(where).status_code == 200
    assert client_as(field.cast.manager).get(where).status_code == 403
    stall = field.stall()
    assert client_as(field.host).get(reverse("run-sheet", args=[stall.uid])).status_code == 404


def test_strangers_find_no_door_to_the_desk(client, field):
    for name, args in (("activities-desk", ()), ("plan-activity", ("square-stall",)),
                       ("desk-activity", (uuid.uuid4(),)), ("service", ()), ("sheet-new", ("empty-the-box",)),
                       ("home-agrees", ("home-visits",))):  # fmt: skip
        answer = client.get(reverse(name, args=args))
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("account_login"))
