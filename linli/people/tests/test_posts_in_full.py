"""Nobody holds a post without their own yes; ending one leaves no work behind; standing in by turns."""

from dataclasses import dataclass, field
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from linli.journal.models import Entry
from linli.lib import clock
from linli.people import actions, asked, work
from linli.people.actions import accounts, handing, inviting, standing_in
from linli.people.actors import SYSTEM, as_resident, under
from linli.people.cast import cast as gather
from linli.people.models import Appointment, Ask, Handed, Invitation, Post, StandIn, Willing
from linli.people.policies import Denied, NeedsSecond

DAY = timedelta(days=1)


@dataclass
class Desk:
    """A floor with work: a key belongs to an appointment, or to a unit."""

    has: dict = field(default_factory=dict)

    def held(self, row):
        return [work.Item("desk", key, f"thing {key}") for key, of in self.has.items()
                if of == row.pk]  # fmt: skip

    def give(self, row, keys, to, by):
        for key in keys:
            self.has[key] = to.pk if to else f"unit {row.post.organisation_id}"
        return list(keys)


@dataclass
class Shifts:
    """A floor with seats at a time: a key is held by one user, others wait."""

    starts: dict = field(default_factory=dict)
    seat: dict = field(default_factory=dict)
    queue: list = field(default_factory=list)

    def of(self, user, start, end):
        return [work.Duty("shifts", key, "shift", "square", at) for key, at in self.starts.items()
                if self.seat.get(key) == user and start <= at < end]  # fmt: skip

    def candidates(self, user, key):
        return list(self.queue)

    def swap(self, user, key, to):
        self.seat[key] = to

    def title(self, key):
        return "shift"

    def said_no(self, who, key):
        self.queue.remove(who)

    def give_back(self, user, key):
        self.seat[key] = None


@pytest.fixture
def desk(monkeypatch):
    desk = Desk()
    monkeypatch.setattr(work, "HOLDERS", {"desk": desk})
    return desk


@pytest.fixture
def shifts(monkeypatch):
    shifts = Shifts()
    monkeypatch.setattr(work, "DUTIES", {"shifts": shifts})
    return shifts


@pytest.fixture
def keeper(cast):
    """A vacant post of a volunteer, in the bus company."""
    return actions.open_post("box-keeper", cast.bodies["bus_company"],
                             place=cast.places["line"], by=SYSTEM)  # fmt: skip


@pytest.fixture
def house(cast):
    """A vacant post of a steward."""
    return actions.open_post("building-steward", cast.bodies["committee"],
                             place=cast.places["other_building"], by=SYSTEM)  # fmt: skip


def somebody(name="somebody"):
    return actions.open_account(display_name=name)


def verbs(start="post."):
    return list(Entry.objects.filter(verb__startswith=start).order_by("seq")
                .values_list("verb", flat=True))  # fmt: skip


# ── agreeing to be asked ────────────────────────────────────────────────────────────────────────
def test_a_person_switches_it_on_for_a_village_and_off_without_a_trace(cast):
    user = somebody()
    actions.be_asked(user, cast.places["village"], ["building-steward"])
    actions.be_asked(user, cast.places["community"], [])
    assert Willing.objects.get().place == cast.places["community"]
    for place, kinds in ((cast.places["building"], []), (cast.places["village"], ["king"])):
        with pytest.raises(Denied):
            actions.be_asked(user, place, kinds)
    actions.be_left_alone(user)
    assert not Willing.objects.exists()
    line = Entry.objects.filter(verb="user.willing").first()
    assert (line.place, line.facts) == ("", {})  # where somebody lives is not in the journal


def test_an_erased_account_is_asked_no_more(cast):
    user = somebody()
    actions.be_asked(user, cast.places["village"], [])
    accounts.forget(user)
    assert not Willing.objects.exists()


# ── asking ──────────────────────────────────────────────────────────────────────────────────────
def test_a_volunteer_who_says_yes_holds_the_post_at_once(cast, keeper):
    user = somebody()
    row = actions.invite(keeper, user, by=cast.bus_handler)
    assert not Appointment.objects.filter(post=keeper).exists()
    assert [question.what for question in asked.of(user)]
    inviting.answer(row, True, by=as_resident(user), public_name="陈女士")
    held = Appointment.objects.get(post=keeper)
    assert (held.user, held.consented, held.shown_name) == (user, True, "陈女士")
    assert row.state == Invitation.State.HELD
    assert verbs()[-3:] == ["post.invited", "post.agreed", "post.filled"]


def test_a_no_and_silence_leave_nothing(cast, keeper):
    user, other = somebody(), somebody()
    row = actions.invite(keeper, user, by=cast.bus_handler)
    inviting.answer(row, False, by=as_resident(user))
    with pytest.raises(Denied):
        inviting.answer(row, True, by=as_resident(user))
    row = actions.invite(keeper, other, by=cast.bus_handler)
    with clock.moved_to(clock.now() + 8 * DAY):
        with pytest.raises(Denied):
            inviting.answer(row, True, by=as_resident(other))
        assert inviting.lapse() == 1
        assert inviting.lapse() == 0
    assert not Appointment.objects.filter(post=keeper).exists()


def test_who_may_ask_and_how_many(cast, keeper):
    user = somebody()
    with pytest.raises(Denied):
        actions.invite(keeper, user, by=cast.manager)  # another unit's post
    with pytest.raises(Denied):
        actions.invite(keeper, cast.bus_handler.user, by=cast.bus_handler)
    row = actions.invite(keeper, user, by=cast.bus_handler)
    for who in (user, somebody()):
        with pytest.raises(Denied):
            actions.invite(keeper, who, by=cast.bus_handler)  # one seat, one question
    with pytest.raises(Denied):
        inviting.answer(row, True, by=cast.manager)
    inviting.take_back(row, by=cast.bus_handler)
    with pytest.raises(Denied):
        inviting.answer(row, True, by=as_resident(user))
    actions.invite(keeper, somebody(), by=cast.bus_handler)


def test_a_staff_post_waits_for_two_after_the_yes(cast, house):
    user = somebody()
    row = actions.invite(house, user, by=cast.manager)
    inviting.answer(row, True, by=as_resident(user))
    assert row.state == Invitation.State.AGREED
    assert not house.appointments.exists()
    with pytest.raises(Denied):
        actions.confirm(row, by=cast.manager)
    assert actions.confirm(row, by=cast.coordinator) is None
    with pytest.raises(NeedsSecond):
        actions.confirm(row, by=cast.coordinator)
    held = actions.confirm(row, by=cast.administrator)
    assert (held.user, held.consented) == (user, False)
    with pytest.raises(Denied):
        actions.confirm(row, by=cast.administrator)


def test_a_yes_does_not_outlive_the_office_that_asked(cast, keeper):
    user = somebody()
    row = actions.invite(keeper, user, by=cast.bus_handler)
    actions.end(cast.bus_handler.appointment, by=SYSTEM)
    with pytest.raises(Denied, match=r"\w"):
        inviting.answer(row, True, by=as_resident(user))
    row.refresh_from_db()
    assert row.state == Invitation.State.ASKED  # the whole answer was undone


# ── ending and handing over ─────────────────────────────────────────────────────────────────────
def colleague(cast, post="handler", body="committee"):
    row = Post.objects.filter(kind=post, organisation=cast.bodies[body], place=None).first()
    row = row or actions.open_post(post, cast.bodies[body], by=SYSTEM, valid_from=clock.today())
    made = actions.appoint(row, somebody("colleague"), by=SYSTEM)
    return under(Appointment.objects.with_posts().get(pk=made.pk))


def test_what_is_open_goes_to_the_unit_or_to_a_colleague_in_the_same_moment(cast, desk):
    row, other = cast.steward.appointment, colleague(cast)
    desk.has = {"a": row.pk, "b": row.pk, "c": other.appointment.pk}
    actions.end(row, by=SYSTEM, to=other.appointment)
    assert desk.has == dict.fromkeys("abc", other.appointment.pk)
    actions.end(other.appointment, by=SYSTEM)
    assert set(desk.has.values()) == {f"unit {cast.bodies['committee'].pk}"}
    assert Entry.objects.filter(verb="post.work_given").count() == 2


def test_the_end_is_undone_if_the_work_cannot_move(cast, desk, monkeypatch):
    row = cast.steward.appointment
    desk.has = {"a": row.pk}

    def refuse(*_args):
        raise Denied("not to them")

    monkeypatch.setattr(desk, "give", refuse)
    with pytest.raises(Denied), transaction.atomic():
        actions.end(row, by=SYSTEM)
    row.refresh_from_db()
    assert row.to_date > clock.today()


def test_nobody_of_another_unit_takes_over(cast, desk):
    desk.has = {"a": cast.steward.appointment.pk}
    with pytest.raises(Denied):
        actions.end(cast.steward.appointment, by=SYSTEM, to=cast.bus_handler.appointment)
    assert desk.has == {"a": cast.steward.appointment.pk}


def test_an_appointment_that_runs_out_leaves_no_work_and_a_renewed_one_keeps_it(cast, desk):
    row = cast.steward.appointment
    desk.has = {"a": row.pk}
    post, until = row.post, row.to_date
    actions.appoint(post, row.user, by=SYSTEM, from_date=until)
    with clock.moved_to(clock.now() + (until - clock.today()) + DAY):
        handing.settle_ended()
        assert desk.has == {"a": row.pk}  # they hold it still
    other = colleague(cast)
    desk.has = {"b": other.appointment.pk}
    with clock.moved_to(clock.now() + 366 * DAY):
        assert handing.settle_ended() >= 1
        assert desk.has["b"] == f"unit {cast.bodies['committee'].pk}"
        assert handing.settle_ended() == 0


def test_a_closed_account_leaves_its_work_to_the_unit(cast, desk):
    desk.has = {"a": cast.steward.appointment.pk}
    actions.deactivate(cast.steward.user, by=SYSTEM)
    assert desk.has == {"a": f"unit {cast.bodies['committee'].pk}"}


def days(first, last):
    return clock.today() + first * DAY, clock.today() + last * DAY


def test_a_holiday_moves_the_work_with_consent_and_brings_back_what_is_open(cast, desk):
    row, other = cast.manager.appointment, colleague(cast)
    desk.has = {"a": row.pk, "b": row.pk}
    made = handing.propose(row, other.appointment, *days(2, 9), by=cast.manager)
    assert asked.of(other.user)
    with pytest.raises(Denied):
        handing.answer(made, True, by=cast.manager)
    handing.answer(made, True, by=other)
    assert desk.has == {"a": row.pk, "b": row.pk}  # not before the day
    with clock.moved_to(clock.now() + 2 * DAY):
        assert handing.follow_days() == 1
        assert set(desk.has.values()) == {other.appointment.pk}
        assert Handed.objects.count() == 2
        del desk.has["a"]  # done meanwhile
        desk.has["new"] = other.appointment.pk
    with clock.moved_to(clock.now() + 9 * DAY):
        assert handing.follow_days() == 1
        assert handing.follow_days() == 0
    assert desk.has == {"b": row.pk, "new": other.appointment.pk}
    assert verbs("post.hand") == [
        "post.handover_proposed", "post.handover_agreed", "post.handed_over", "post.handed_back",
    ]  # fmt: skip


def test_a_handover_without_a_yes_moves_nothing(cast, desk):
    row, other = cast.manager.appointment, colleague(cast)
    desk.has = {"a": row.pk}
    no = handing.propose(row, other.appointment, *days(0, 5), by=cast.manager)
    handing.answer(no, False, by=other)
    silent = handing.propose(row, other.appointment, *days(0, 5), by=cast.manager)
    with pytest.raises(Denied):
        handing.propose(row, other.appointment, *days(0, 5), by=cast.manager)
    with clock.moved_to(clock.now() + 5 * DAY):
        assert handing.follow_days() == 1
        with pytest.raises(Denied):
            handing.answer(silent, True, by=other)
    assert desk.has == {"a": row.pk}


def test_back_early_and_wrong_days(cast, desk):
    row, other = cast.manager.appointment, colleague(cast)
    desk.has = {"a": row.pk}
    for first, last in ((-1, 3), (3, 3), (0, 200)):
        with pytest.raises(Denied):
            handing.propose(row, other.appointment, *days(first, last), by=cast.manager)
    with pytest.raises(Denied):
        handing.propose(row, cast.bus_handler.appointment, *days(0, 3), by=cast.manager)
    made = handing.propose(row, other.appointment, *days(0, 9), by=cast.manager)
    handing.answer(made, True, by=other)
    assert desk.has == {"a": other.appointment.pk}
    with pytest.raises(Denied):
        handing.take_back(made, by=other)
    handing.take_back(made, by=cast.manager)
    assert desk.has == {"a": row.pk}


# ── I cannot come ───────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def tomorrow(shifts, db):
    """One shift a day from now, with somebody in it and three who could come instead."""
    people = [somebody(f"p{n}") for n in range(4)]
    shifts.starts["s1"] = clock.now() + timedelta(hours=20)
    shifts.seat["s1"] = people[0]
    shifts.queue = people[1:]
    return people


def say(people):
    return standing_in.cannot_come("shifts", "s1", by=as_resident(people[0]))


def test_one_is_asked_at_a_time_in_turn_until_somebody_comes(tomorrow, shifts):
    row = say(tomorrow)
    asks = list(row.asks.order_by("turn"))
    assert [ask.user for ask in asks] == tomorrow[1:]
    assert [ask.state for ask in asks] == ["asked", "queued", "queued"]
    assert shifts.seat["s1"] == tomorrow[0]  # not empty in between
    standing_in.answer(asks[0], False, by=as_resident(tomorrow[1]))
    with clock.moved_to(clock.now() + timedelta(hours=5)):
        assert standing_in.lapse() == 1
        with pytest.raises(Denied):
            standing_in.answer(asks[1], True, by=as_resident(tomorrow[2]))
        asks[2].refresh_from_db()
        assert asks[2].state == "asked"
        standing_in.answer(asks[2], True, by=as_resident(tomorrow[3]))
    assert shifts.seat["s1"] == tomorrow[3]
    row.refresh_from_db()
    assert row.state == StandIn.State.TAKEN
    assert verbs("post.asked").count("post.asked") == 3
    assert verbs()[-1] == "post.stood_in"


def test_when_nobody_can_the_seat_is_free_and_the_host_is_told(tomorrow, shifts):
    row = say(tomorrow)
    with pytest.raises(Denied):
        say(tomorrow)
    for n, ask in enumerate(row.asks.order_by("turn"), 1):
        standing_in.answer(ask, False, by=as_resident(tomorrow[n]))
    row.refresh_from_db()
    assert row.state == StandIn.State.NOBODY
    assert shifts.seat["s1"] is None
    assert verbs()[-1] == "post.stand_in_missing"


def test_the_time_for_an_answer_is_a_fair_share_of_what_is_left(tomorrow, shifts):
    shifts.starts["s1"] = clock.now() + timedelta(hours=2)
    row = say(tomorrow)
    first = row.asks.get(turn=1)
    assert timedelta(minutes=15) <= first.expires_at - first.asked_at <= timedelta(minutes=50)


def test_too_late_to_ask_anybody(tomorrow, shifts):
    shifts.starts["s1"] = clock.now() + timedelta(minutes=5)
    assert say(tomorrow).state == StandIn.State.NOBODY
    assert not Ask.objects.filter(state="asked").exists()


def test_only_for_what_one_is_expected_at(tomorrow, shifts):
    with pytest.raises(Denied):
        standing_in.cannot_come("shifts", "s1", by=as_resident(tomorrow[1]))
    with pytest.raises(Denied):
        standing_in.cannot_come("nothing", "s1", by=as_resident(tomorrow[0]))


def test_answers_are_in_ones_own_file_and_forgotten_in_time(cast, keeper, tomorrow):
    row = actions.invite(keeper, tomorrow[1], by=cast.bus_handler)
    inviting.answer(row, False, by=as_resident(tomorrow[1]))
    actions.be_asked(tomorrow[1], cast.places["village"], [])
    say(tomorrow)
    mine = asked.everything(tomorrow[1])
    assert mine["may_be_asked"] == {"near": cast.places["village"].name, "posts": []}
    assert [one["state"] for one in mine["invitations"]] == ["declined"]
    assert len(mine["asked_to_stand_in"]) == 1
    assert len(asked.everything(tomorrow[0])["could_not_come"]) == 1
    assert inviting.forget() == standing_in.forget() == 0
    with clock.moved_to(clock.now() + 92 * DAY):
        assert standing_in.forget() == 4  # with its three questions
    with clock.moved_to(clock.now() + 366 * DAY):
        assert inviting.forget() == 1


@pytest.mark.django_db(transaction=True)
def test_of_six_who_ask_for_the_same_seat_at_once_one_does():
    cast = gather()
    post = actions.open_post("box-keeper", cast.bodies["bus_company"],
                             place=cast.places["line"], by=SYSTEM)  # fmt: skip
    users = [somebody() for _n in range(6)]
    start, refused = Barrier(6), []

    def ask(user):
        try:
            start.wait()
            actions.invite(post, user, by=cast.bus_handler)
        except Denied as denied:
            refused.append(denied)
        finally:
            connection.close()

    threads = [Thread(target=ask, args=(user,)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Invitation.objects.count() == 1
    assert len(refused) == 5


@pytest.mark.django_db(transaction=True)
def test_a_yes_that_comes_twice_at_once_counts_once():
    cast = gather()
    post = actions.open_post("box-keeper", cast.bodies["bus_company"],
                             place=cast.places["line"], by=SYSTEM)  # fmt: skip
    user = somebody()
    row = actions.invite(post, user, by=cast.bus_handler)
    start, refused = Barrier(4), []

    def yes():
        try:
            start.wait()
            mine = Invitation.objects.with_names().get(pk=row.pk)
            inviting.answer(mine, True, by=as_resident(user))
        except Denied as denied:
            refused.append(denied)
        finally:
            connection.close()

    threads = [Thread(target=yes) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert post.appointments.count() == 1
    assert len(refused) == 3
