"""Drafts, changes, absences, publishing."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import translation

from linli.activities.actions import seats
from linli.activities.models import SignUp
from linli.activities.planner import actions, drafts
from linli.activities.planner.models import Cell, DayOff, Limits, Offer, Plan
from linli.activities.planner.tests.conftest import MONDAY, NO_LIMITS, START, Rotas
from linli.journal.models import Entry
from linli.letters.models import Letter
from linli.lib import clock
from linli.people.cast import cast as gather
from linli.people.policies import Denied


def cells(plan) -> set[tuple[str, int]]:
    return {(cell.user.display_name, cell.seat_id) for cell in plan.cells.select_related("user")}


def test_a_proposal_fills_the_seats_fairly_and_nobody_is_told(rotas):
    for name in ("chen", "wu", "lin", "he"):
        rotas.person(name)
    stalls = [rotas.stall(day) for day in range(4)]
    plan = rotas.plan()
    assert plan.state == "ready"
    helpers = {rotas.helper(one).pk for one in stalls}
    given = [name for name, seat in cells(plan) if seat in helpers]
    assert sorted(given) == sorted(["chen", "wu", "lin", "he"] * 2)
    assert not SignUp.objects.exists()
    assert not Letter.objects.exists()
    assert Entry.objects.filter(verb="rota.proposed").count() == 1


def test_a_seat_for_a_post_goes_only_to_who_holds_it(rotas):
    rotas.person("chen")
    stall = rotas.stall()
    plan = rotas.plan()
    keeper = stall.seats.get(role="keeper")
    assert not plan.cells.filter(seat=keeper).exists()
    ((_day, duties),) = drafts.of(plan).days
    role = next(role for role in duties[0].roles if role.seat == keeper)
    assert role.empty == 1
    assert "1 " in role.why[0]


def test_days_off_hours_and_rest_are_kept(rotas):
    rotas.person("off", off=[MONDAY])
    rotas.person("little", week_hours=2)
    rotas.person("sunday", weekdays=["sun"])
    first, second = rotas.stall(0, 9), rotas.stall(0, 14)
    third = rotas.stall(1, 9)
    plan = rotas.plan()
    where = {}
    for name, seat in cells(plan):
        where.setdefault(name, []).append(seat)
    assert "sunday" not in where
    assert len(where["little"]) == 1
    assert where["off"] == [rotas.helper(third).pk]
    assert {rotas.helper(first).pk, rotas.helper(second).pk} & set(where["little"]) or (
        where["little"] == [rotas.helper(third).pk]
    )


def test_what_somebody_does_elsewhere_counts_but_is_not_named(rotas):
    chen = rotas.person("chen")
    sunday = rotas.stall(6, 18)
    seats.sign_up(sunday, "helper", by=chen)
    late = rotas.stall(5, 18)
    plan = rotas.plan(days=6)  # Sunday is not in it
    assert not plan.cells.filter(seat=rotas.helper(late)).exists()
    with translation.override("en"):
        could, could_not, _role = drafts.choices(plan, rotas.helper(late))
    assert not could
    assert could_not[0].problems == [
        "Two evening duties too close: a duty elsewhere, 15 November, 18:00–20:00."
    ]


def test_a_change_is_kept_when_the_rest_is_planned_anew_and_what_it_breaks_is_named(rotas):
    rotas.person("chen", off=[MONDAY])
    wu, lin = rotas.person("wu"), rotas.person("lin")
    stall = rotas.stall(0)
    seat = rotas.helper(stall)
    plan = rotas.plan()
    assert {name for name, at in cells(plan) if at == seat.pk} == {"wu", "lin"}
    actions.change(plan, seat, out=wu.user, to=rotas.people["chen"].user, by=rotas.host)
    draft = drafts.of(plan)
    assert draft.problems == 1
    actions.again(plan, by=rotas.host)
    assert actions.propose(plan)
    assert {name for name, at in cells(plan) if at == seat.pk} >= {"chen"}
    cell = plan.cells.get(seat=seat, user=rotas.people["chen"].user)
    assert cell.by_hand
    lines = Entry.objects.filter(verb="rota.changed")
    assert lines.filter(facts__out=str(wu.user.pk)).count() == 1
    assert lin.user.display_name not in str(list(lines.values("facts")))


def test_a_seat_cannot_be_given_twice_nor_to_somebody_who_did_not_offer(rotas):
    wu = rotas.person("wu")
    stranger = rotas.person("stranger", offered=False)
    seat = rotas.helper(rotas.stall(0, helpers=1))
    plan = rotas.plan()
    with pytest.raises(Denied):
        actions.change(plan, seat, to=wu.user, by=rotas.host)
    plan.refresh_from_db()
    with pytest.raises(Denied):
        actions.change(plan, seat, out=wu.user, to=stranger.user, by=rotas.host)


def test_two_planners_take_turns(rotas):
    wu = rotas.person("wu")
    seat = rotas.helper(rotas.stall())
    plan = rotas.plan()
    mine, theirs = Plan.objects.get(pk=plan.pk), Plan.objects.get(pk=plan.pk)
    actions.change(mine, seat, out=wu.user, by=rotas.host)
    with pytest.raises(Denied):
        actions.publish(theirs, by=rotas.host)
    assert not SignUp.objects.exists()


def test_publishing_signs_up_and_tells_each_person_once(rotas):
    for name in ("chen", "wu"):
        rotas.person(name)
    stalls = [rotas.stall(day) for day in (0, 2, 4)]
    plan = rotas.plan()
    given, lost = actions.publish(plan, by=rotas.host)
    assert (given, lost) == (6, 0)
    assert SignUp.objects.filter(state="going", was_asked=True).count() == 6
    assert [rotas.helper(one).taken for one in stalls] == [2, 2, 2]
    inbox = Letter.objects.filter(template="rota.published", channel="inapp")
    assert sorted(letter.user.display_name for letter in inbox) == ["chen", "wu"]
    assert {letter.context["count"] for letter in inbox} == {3}
    plan.refresh_from_db()
    with pytest.raises(Denied):
        actions.publish(plan, by=rotas.host)
    entry = Entry.objects.get(verb="rota.published")
    assert entry.facts == {"given": 6, "people": 2, "lost": 0}


def test_a_seat_that_was_taken_meanwhile_is_left_alone(rotas):
    rotas.person("chen")
    stranger = rotas.person("stranger", offered=False)
    seat = rotas.helper(rotas.stall(0, helpers=1))
    plan = rotas.plan()
    seats.sign_up(seat.occurrence, "helper", by=stranger)
    assert actions.publish(plan, by=rotas.host) == (0, 1)
    seat.refresh_from_db()
    assert seat.taken == 1


def test_after_an_absence_all_else_stays_and_the_published_plan_follows(rotas):
    for name in ("chen", "wu", "lin"):
        rotas.person(name)
    stalls = [rotas.stall(day, helpers=1) for day in (0, 2, 4)]
    plan = rotas.plan()
    actions.publish(plan, by=rotas.host)
    seat = rotas.helper(stalls[0])
    ill = SignUp.objects.get(seat=seat).user
    before = {(row.user_id, row.seat_id) for row in SignUp.objects.all()}
    draft = actions.absent(plan, ill, first_on=MONDAY, last_on=MONDAY, by=rotas.host)
    assert draft.pk != plan.pk
    assert actions.propose(draft)
    assert {(row.user_id, row.seat_id) for row in SignUp.objects.all()} == before
    actions.publish(draft, by=rotas.host)
    going = {(row.user_id, row.seat_id) for row in SignUp.objects.filter(state="going")}
    assert before - going == {(ill.pk, seat.pk)}
    assert len(going) == 3
    assert len(going - before) == 1
    told = Letter.objects.filter(template="rota.published", about=f"planner.Plan:{draft.pk}")
    assert {letter.user_id for letter in told} == {user for user, _seat in going - before}


def test_an_absence_in_a_draft_moves_nobody_else(rotas):
    for name in ("chen", "wu", "lin"):
        rotas.person(name)
    for day in (0, 1, 2, 3):
        rotas.stall(day, helpers=1)
    plan = rotas.plan()
    before = cells(plan)
    name = next(iter(before))[0]
    who = rotas.people[name].user
    actions.absent(plan, who, first_on=MONDAY, last_on=MONDAY + timedelta(days=6), by=rotas.host)
    assert plan.keep
    assert actions.propose(plan)
    after = cells(plan)
    assert {cell for cell in before if cell[0] != name} <= after
    assert name not in {cell[0] for cell in after}
    assert len(after) == len(before)


def test_only_the_body_that_was_offered_time_plans_it(rotas):
    rotas.person("chen")
    rotas.stall()
    for stranger in (rotas.cast.manager, rotas.people["chen"]):
        with pytest.raises(Denied):
            actions.begin(rotas.office, first_on=MONDAY, last_on=MONDAY, by=stranger)


@pytest.mark.parametrize(("days", "people"), [(60, True), (0, True), (7, False)])
def test_what_cannot_be_planned_is_said(rotas, days, people):
    if people:
        rotas.person("chen")
    rotas.stall()
    with pytest.raises(Denied):
        rotas.plan(days=days)


def test_taking_an_offer_back_takes_the_person_out(rotas):
    chen = rotas.person("chen", off=[MONDAY], week_hours=3)
    with pytest.raises(Denied):
        actions.offer(chen.user, limits=NO_LIMITS, days_off=[], bodies=[], by=rotas.host)
    actions.offer(chen.user, limits=NO_LIMITS, days_off=[START.date() - timedelta(days=1)],
                  bodies=[], by=chen)  # fmt: skip
    assert not Offer.objects.live().exists()
    assert not DayOff.objects.exists()
    assert Limits.objects.get().week_hours is None


def test_nothing_that_somebody_offers_asks_for_a_reason():
    names = {field.name for model in (Limits, DayOff, Offer) for field in model._meta.fields}
    assert not names & {"reason", "why", "note", "health", "comment", "remark"}


def test_a_large_plan_waits_for_the_worker(rotas, monkeypatch):
    rotas.person("chen")
    rotas.stall()
    monkeypatch.setattr(actions, "SMALL", 0)
    plan = actions.begin(rotas.office, first_on=MONDAY, last_on=MONDAY, by=rotas.host)
    assert not actions.is_small(plan)
    assert plan.state == "planning"
    assert actions.propose_waiting() == 1
    assert actions.propose_waiting() == 0
    plan.refresh_from_db()
    assert plan.state == "ready"
    assert plan.cells.count() == 1


def test_a_plan_that_a_dead_worker_had_is_taken_over(rotas):
    rotas.person("chen")
    rotas.stall()
    plan = actions.begin(rotas.office, first_on=MONDAY, last_on=MONDAY, by=rotas.host)
    Plan.objects.update(taken_at=clock.now())
    assert not actions.propose(plan)
    with clock.moved_to(START + timedelta(minutes=3)):
        assert actions.propose(plan)


def test_a_dropped_plan_stays_dropped(rotas):
    rotas.person("chen")
    rotas.stall()
    plan = rotas.plan()
    actions.drop(plan, by=rotas.host)
    assert not Cell.objects.exists()
    plan.refresh_from_db()
    for verb in (actions.drop, actions.publish, actions.again):
        with pytest.raises(Denied):
            verb(plan, by=rotas.host)


@pytest.mark.django_db(transaction=True)
def test_of_two_hands_on_publish_one_does_it():
    with clock.moved_to(START):
        rotas = Rotas(gather())
        rotas.person("chen")
        rotas.stall()
        plan = rotas.plan()
        host = rotas.host
    barrier, done = Barrier(2), []

    def press() -> None:
        try:
            with clock.moved_to(START):
                mine = Plan.objects.select_related("organisation__place").get(pk=plan.pk)
                barrier.wait(10)
                done.append(actions.publish(mine, by=host))
        except Denied:
            done.append(None)
        finally:
            connection.close()

    hands = [Thread(target=press) for _n in range(2)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(done, key=str) == [(1, 0), None]
    assert SignUp.objects.count() == 1
