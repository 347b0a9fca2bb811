"""Things that happen to one matter in the same moment: each is counted, and nobody is sent away."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from linli.cases.actions import asker as asker_acts
from linli.cases.actions import join as joining
from linli.cases.actions import tick
from linli.cases.actions.asker import reply, withdraw
from linli.cases.actions.handle import accept, answer
from linli.cases.actions.join import join, merge
from linli.cases.models import Asker, Case, State
from linli.cases.tests.conftest import START, build
from linli.journal.models import Entry
from linli.lib import clock
from linli.people.actors import ANONYMOUS
from linli.people.policies import Denied


def seen(case: Case) -> Case:
    """The row as another request has just read it."""
    return Case.objects.get(pk=case.pk)


def test_a_neighbour_who_looked_before_the_handler_acted_is_counted(ground):
    case = ground.say().case
    looked = seen(case)
    accept(case, by=ground.staff("lamps"))
    receipt = join(looked, ground.draft("我也是"), by=ANONYMOUS)
    assert receipt.case.askers_count == 2
    assert receipt.case.state == State.ACCEPTED


def test_a_handler_who_looked_before_the_neighbour_joined_goes_on(ground):
    case = ground.say().case
    looked = seen(case)
    join(case, ground.draft("我也是"), by=ANONYMOUS)
    accept(looked, by=ground.staff("lamps"))
    assert looked.askers_count == 2


def test_a_neighbour_who_comes_after_the_answer_is_told_so_and_not_counted(ground):
    case = ground.say().case
    looked = seen(case)
    answer(case, "修好了。", by=ground.staff("lamps"))
    with pytest.raises(Denied, match=str(State.ANSWERED.label)):
        join(looked, ground.draft("我也是"), by=ANONYMOUS)
    assert seen(case).askers_count == Asker.objects.count() == 1


def test_what_a_neighbour_has_just_joined_is_not_withdrawn(ground, monkeypatch):
    receipt = ground.say()
    check = asker_acts.check_can_withdraw

    def meanwhile(case, asker):
        check(case, asker)
        join(seen(case), ground.draft("我也是"), by=ANONYMOUS)

    monkeypatch.setattr(asker_acts, "check_can_withdraw", meanwhile)
    with pytest.raises(Denied):
        withdraw(receipt.asker, by=ANONYMOUS)
    assert seen(receipt.case).state == State.ROUTED


def test_who_joins_while_it_is_merged_comes_along(ground, monkeypatch):
    case, into = ground.say().case, ground.say(text="灯又不亮了").case
    check, done = joining.check_can_merge, []

    def meanwhile(row, by):
        check(row, by)
        if not done:
            done.append(join(seen(case), ground.draft("我也是"), by=ANONYMOUS))

    monkeypatch.setattr(joining, "check_can_merge", meanwhile)
    merge(seen(case), seen(into), by=ground.staff("lamps"))
    assert seen(into).askers_count == Asker.objects.filter(case=into).count() == 3
    assert not Asker.objects.filter(case=case).exists()


def test_who_was_not_heard_because_another_said_no_is_told_that_they_are_asked_again(ground):
    first = ground.say()
    second = join(first.case, ground.draft("我也是"), by=ANONYMOUS)
    answer(seen(first.case), "修好了。", by=ground.staff("lamps"))
    reply(Asker.objects.get(pk=first.asker.pk), "unsolved", by=ANONYMOUS)
    other = Asker.objects.get(pk=second.asker.pk)
    with pytest.raises(Denied, match="再问您"):
        reply(other, "solved", by=ANONYMOUS)
    assert other.reply == ""
    answer(seen(first.case), "又修了。", by=ground.staff("lamps"))
    for row in Asker.objects.all():
        reply(row, "solved", by=ANONYMOUS)
    assert seen(first.case).state == State.CONFIRMED


def test_an_answer_given_anew_is_not_closed_by_the_old_time(ground):
    """The list of those whose time is over was read; since then it was reopened and answered."""
    case = ground.say().case
    answer(case, "修好了。", by=ground.staff("lamps"))
    old = case.due_at
    with clock.moved_to(old - timedelta(hours=1)):
        reply(Asker.objects.get(), "unsolved", by=ANONYMOUS)
        answer(seen(case), "又修了。", by=ground.staff("lamps"))
    with clock.moved_to(old + timedelta(hours=1)):
        assert not tick._settle(case.pk)
    assert seen(case).state == State.ANSWERED


def at_once(jobs):
    """Start all jobs together, each over a connection of its own; what each returned or raised."""
    start, found = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place, job):
        try:
            connection.ensure_connection()
            start.wait(30)
            with clock.moved_to(START):
                found[place] = job()
        except Exception as error:
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


@pytest.mark.django_db(transaction=True)
class TestThreads:
    """The same over real connections, many times."""

    def test_neighbours_and_a_handler_together(self):
        with clock.moved_to(START):
            ground = build()
            case = ground.say().case
            looked = [seen(case) for _ in range(5)]
            drafts = [ground.draft(f"我家门口也是{n}") for n in range(4)]
        lamps = ground.staff("lamps")

        neighbours = [
            lambda n=n: join(looked[n], drafts[n], by=ANONYMOUS) for n in range(4)
        ]  # fmt: skip
        found = at_once([*neighbours, lambda: accept(looked[4], by=lamps)])
        assert [one for one in found if isinstance(one, Exception)] == []
        row = seen(case)
        assert (row.state, row.askers_count) == (State.ACCEPTED, 5)
        assert Asker.objects.filter(case=case).count() == 5
        assert Entry.objects.filter(verb="case.joined").count() == 4

    def test_the_last_two_words_at_once_close_it(self):
        with clock.moved_to(START):
            ground = build()
            case = ground.say().case
            join(case, ground.draft("我也是"), by=ANONYMOUS)
            answer(seen(case), "修好了。", by=ground.staff("lamps"))
        askers = list(Asker.objects.all())

        found = at_once([lambda row=row: reply(row, "solved", by=ANONYMOUS) for row in askers])
        assert found == [None, None]
        assert seen(case).state == State.CONFIRMED

    def test_two_mergers_the_other_way_round_do_not_lock_each_other(self):
        with clock.moved_to(START):
            ground = build()
            one, other = ground.say().case, ground.say(text="灯又不亮了").case
        lamps = ground.staff("lamps")

        found = at_once(
            [
                lambda: merge(seen(one), seen(other), by=lamps),
                lambda: merge(seen(other), seen(one), by=lamps),
            ]
        )
        assert [type(error) for error in found if error is not None] == [Denied]
        left = Case.objects.get(closed_at=None)
        assert left.askers_count == Asker.objects.filter(case=left).count() == 2
