"""From opening to the result: on one's own device, with a code, on paper, by hands."""

from datetime import timedelta
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction

from linli.ballots import keeping, results
from linli.ballots.actions import cast as casting
from linli.ballots.actions import serve, tally
from linli.ballots.actions.close import ask_to_close, close_ballot
from linli.ballots.actions.open import Voter
from linli.ballots.models import Ballot, Board, Code, RollEntry, Secret, Slot, Tally
from linli.ballots.tests.conftest import AFTER, EVENING, NOON
from linli.journal.models import Entry
from linli.lib import clock
from linli.people.policies import Denied, NeedsSecond


def close(ballot, cast):
    with clock.moved_to(AFTER):
        return close_ballot(ballot, by=cast.manager, second=cast.auditor)


def test_from_opening_to_the_result(hold, people, cast):
    ballot = hold(people)
    receipts = {
        casting.vote(ballot, ["yes" if n < 8 else "no"], by=one) for n, one in enumerate(people)
    }
    assert len(receipts) == 12
    with pytest.raises(results.NotClosed):
        results.of(ballot)
    found = results.of(close(ballot, cast))
    assert (found.roll, found.cast, found.valid, found.spoilt) == (20, 12, 12, 0)
    assert found.by_option == {"yes": 8, "no": 4}
    assert found.winners == ("yes",)
    assert found.reaches("yes", Fraction(1, 3), 20)
    assert not found.reaches("yes", Fraction(2, 3), 12)
    assert found.reaches("yes", Fraction(2, 3), 12, strict=False)


def test_a_second_vote_takes_the_place_of_the_first(hold, people, cast):
    ballot = hold(people)
    old = {casting.vote(ballot, ["yes"], by=one) for one in people}
    new = {casting.vote(ballot, ["no"], by=one) for one in people}
    text = close(ballot, cast) and Board.objects.get().text
    assert results.of(ballot).by_option == {"yes": 0, "no": 12}
    assert all(one in text for one in new)
    assert not any(one in text for one in old)


def test_closing_burns_everything_between_roll_and_board(hold, people, cast):
    ballot = hold(people)
    for one in people[:10]:
        casting.vote(ballot, ["yes"], by=one)
    serve.print_codes(ballot, 3, by=cast.manager)
    close(ballot, cast)
    for model in (Secret, Slot, Code):
        assert not model.objects.exists()
    assert RollEntry.objects.filter(took_part=True).count() == 10


def test_nothing_of_a_vote_is_in_the_journal(hold, people):
    ballot = hold(people)
    before = Entry.objects.count()
    casting.vote(ballot, ["yes"], by=people[0])
    casting.vote(ballot, ["no"], by=people[0])
    assert Entry.objects.count() == before


def test_who_is_not_on_the_roll_cannot_vote(hold, people, cast):
    ballot = hold(people[1:])
    with pytest.raises(Denied, match=r"名册|roll"):
        casting.vote(ballot, ["yes"], by=people[0])


def test_not_a_second_before_or_after(hold, people):
    ballot = hold(people)
    name = casting.slot_of(ballot, people[0])
    ready = casting.prepare(ballot, name, ["yes"])
    with clock.moved_to(EVENING), pytest.raises(Denied):
        casting.cast(ballot, name, ready.envelope)


def test_somebody_elses_sealed_vote_does_not_fit(hold, people):
    ballot = hold(people)
    mine, theirs = (casting.slot_of(ballot, one) for one in people[:2])
    with pytest.raises(Denied):
        casting.cast(ballot, theirs, casting.prepare(ballot, mine, ["yes"]).envelope)


def test_a_vote_that_was_opened_to_be_checked_cannot_be_cast(hold, people):
    ballot = hold(people)
    name = casting.slot_of(ballot, people[0])
    ready = casting.prepare(ballot, name, ["yes"], "我的词7")
    found = casting.check_instead(ballot, name, ready.envelope)
    assert found.own_word == "我的词7"
    assert found.choice == ("yes",)
    assert casting.receipts.receipt(str(ballot.pk), ["yes"], "我的词7", found.server_word) \
        == ready.receipt  # fmt: skip
    with pytest.raises(Denied):
        casting.cast(ballot, name, ready.envelope)


def test_a_code_counts_once_and_only_if_somebody_was_given_one(hold, people, cast):
    ballot = hold(people)
    codes = serve.print_codes(ballot, 4, by=cast.manager)
    with pytest.raises(Denied):
        casting.vote_with_code(ballot, ["yes"], codes[0])
    entry = RollEntry.objects.get(key="x0")
    serve.hand_out(ballot, entry, "code", by=cast.manager)
    with pytest.raises(Denied):
        serve.hand_out(ballot, entry, "paper", by=cast.manager)
    casting.vote_with_code(ballot, ["yes"], codes[0].lower())
    for code in codes:
        with pytest.raises(Denied):
            casting.vote_with_code(ballot, ["yes"], code)
    with transaction.atomic(), pytest.raises(IntegrityError):
        Ballot.objects.update(codes_used=2)


def test_who_voted_at_home_may_still_come_and_choose_again(hold, people, cast):
    ballot = hold(people)
    for one in people:
        casting.vote(ballot, ["yes"], by=one)
    codes = serve.print_codes(ballot, 1, by=cast.manager)
    serve.hand_out(ballot, RollEntry.objects.get(user=people[3].user), "code", by=cast.manager)
    casting.vote_with_code(ballot, ["no"], codes[0])
    with pytest.raises(Denied):
        casting.vote(ballot, ["yes"], by=people[3])
    assert results.of(close(ballot, cast)).by_option == {"yes": 11, "no": 1}


def paper_ballot(hold, people, cast, given=6):
    ballot = hold(people)
    for one in people:
        casting.vote(ballot, ["no"], by=one)
    serve.print_papers(ballot, 10, by=cast.manager)
    for entry in RollEntry.objects.filter(key__startswith="x")[:given]:
        serve.hand_out(ballot, entry, "paper", by=cast.manager)
    return ballot


def test_papers_are_counted_by_two_who_agree(hold, people, cast):
    ballot = paper_ballot(hold, people, cast)
    with clock.moved_to(AFTER):
        with pytest.raises(Denied):
            ask_to_close(ballot, by=cast.manager)
        good = tally.Figures({("yes",): 4, (): 1}, spoilt=1, unused=4)
        tally.enter(ballot, "paper", good, by=cast.manager)
        row = tally.enter(ballot, "paper", tally.Figures({("yes",): 5}, 1, 4), by=cast.town_handler)
        assert row.differs == ["", "yes"]
        assert row.agreed_at is None
        row = tally.enter(ballot, "paper", good, by=cast.town_handler)
        assert row.agreed_at is not None
        with pytest.raises(Denied):
            tally.enter(ballot, "paper", good, by=cast.manager)
    found = results.of(close(ballot, cast))
    assert (found.cast, found.valid, found.spoilt, found.abstentions) == (18, 17, 1, 1)
    assert found.by_option == {"yes": 4, "no": 12}


def test_papers_that_do_not_add_up_need_words_or_are_refused(hold, people, cast):
    ballot = paper_ballot(hold, people, cast)
    with clock.moved_to(AFTER):
        with pytest.raises(Denied, match="7"):
            tally.enter(ballot, "paper", tally.Figures({("yes",): 7}, 0, 3), by=cast.manager)
        lost = tally.Figures({("yes",): 5}, 0, 4)
        with pytest.raises(Denied):
            tally.enter(ballot, "paper", lost, by=cast.manager)
        tally.enter(ballot, "paper", lost, by=cast.manager, note="一张被带走了。")


def test_one_person_is_not_two_counters(hold, people, cast):
    ballot = paper_ballot(hold, people, cast)
    figures = tally.Figures({("yes",): 6}, 0, 4)
    with clock.moved_to(AFTER):
        tally.enter(ballot, "paper", figures, by=cast.manager)
        assert tally.enter(ballot, "paper", figures, by=cast.manager).agreed_at is None
        with pytest.raises(IntegrityError), transaction.atomic():
            Tally.objects.update(second=cast.manager.user)
        tally.enter(ballot, "paper", tally.Figures({("yes",): 5}, 1, 4), by=cast.town_handler)
        with pytest.raises(NeedsSecond):
            tally.enter(ballot, "paper", figures, by=cast.auditor)


def test_hands(hold, people, cast):
    ballot = hold(people, secrecy="hands", channels={"meeting"})
    assert not Slot.objects.exists()
    figures = tally.Figures({("yes",): 11, ("no",): 2, (): 1})
    with pytest.raises(Denied):
        tally.enter(ballot, "hands", tally.Figures({("yes",): 21}), by=cast.manager)
    tally.enter(ballot, "hands", figures, by=cast.manager)
    tally.enter(ballot, "hands", figures, by=cast.town_handler)
    close_ballot(ballot, by=cast.manager, second=cast.auditor)
    found = results.of(ballot)
    assert (found.cast, found.abstentions, found.winners) == (14, 1, ("yes",))


def test_an_open_ballot_says_who_by_the_number_on_the_roll(hold, people, cast):
    ballot = hold(people, secrecy="open", channels={"web"})
    casting.vote(ballot, ["yes"], by=people[4])
    close(ballot, cast)
    assert '"votes":[[5,["yes"]]]' in Board.objects.get().text


def test_fewer_than_ten_are_not_broken_down(hold, people, cast):
    ballot = hold(people)
    for one in people[:9]:
        casting.vote(ballot, ["yes"], by=one)
    found = results.of(close(ballot, cast))
    assert found.by_option is None
    assert found.abstentions is None
    assert found.winners == ("yes",)
    assert found.reaches("yes", Fraction(8, 10), 9)
    assert '"votes":null' in Board.objects.get().text


def test_closing_takes_two_offices(hold, people, cast):
    ballot = hold(people)
    with clock.moved_to(AFTER):
        with pytest.raises(NeedsSecond):
            close_ballot(ballot, by=cast.manager, second=cast.manager)
        with pytest.raises(NeedsSecond):
            close_ballot(ballot, by=cast.manager, second=cast.town_handler)
        with pytest.raises(Denied):
            close_ballot(ballot, by=cast.resident, second=cast.auditor)
        ask_to_close(ballot, by=cast.manager)
        ask_to_close(ballot, by=cast.manager)
        assert not Board.objects.exists()
        ask_to_close(ballot, by=cast.auditor)
    assert results.of(ballot).cast == 0


def test_not_before_its_time(hold, people, cast):
    with pytest.raises(Denied):
        close_ballot(hold(people), by=cast.manager, second=cast.auditor)


@pytest.mark.parametrize("change", [{"question": "别的？"}, {"seats": 1, "closes_at": AFTER}])
def test_a_ballot_that_was_changed_behind_is_not_counted(hold, people, cast, change):
    ballot = hold(people)
    Ballot.objects.update(**change)
    with clock.moved_to(AFTER), pytest.raises(Denied):
        close_ballot(ballot, by=cast.manager, second=cast.auditor)


def test_a_roll_that_was_changed_behind_is_not_counted(hold, people, cast):
    ballot = hold(people)
    RollEntry.objects.filter(key="x3").update(key="y3")
    with clock.moved_to(AFTER), pytest.raises(Denied):
        close_ballot(ballot, by=cast.manager, second=cast.auditor)


def test_the_roll_is_forgotten_thirty_days_after_the_count(hold, people, cast):
    ballot = close(hold(people), cast)
    with clock.moved_to(AFTER + timedelta(days=30, seconds=-1)):
        assert keeping.forget() == 0
    with clock.moved_to(AFTER + timedelta(days=30, seconds=1)):
        assert keeping.forget() == 20
    assert results.of(ballot).roll == 20


def test_everything_in_a_slot_is_of_one_length(hold, people):
    ballot = hold(people)
    casting.vote(ballot, ["yes"], by=people[0], own_word="𠀀" * 60)
    casting.vote(ballot, [], by=people[1])
    assert len({len(bytes(slot.sealed)) for slot in Slot.objects.all()}) == 1


def test_a_receipt_says_nothing_of_the_choice_and_belongs_to_one_voter(hold, people):
    ballot = hold(people, rule="single")
    name = casting.slot_of(ballot, people[0])
    found = [casting.prepare(ballot, name, [c], "one word").receipt
             for c in ("red", "blue") for _ in range(40)]  # fmt: skip
    assert len(set(found)) == 80
    assert {len(one) for one in found} == {20}
    same = casting.receipts.receipt
    assert same("b", ["red"], "mine", "s") != same("b", ["red"], "yours", "s")


@pytest.mark.parametrize(
    "odd",
    [
        {"title": "长" * 121}, {"question": " "}, {"closes_at": NOON}, {"channels": set()},
        {"channels": {"meeting"}}, {"secrecy": "hands"}, {"secrecy": "open"}, {"roll": []},
        {"rule": "budget", "budget": None}, {"rule": "ranked", "secrecy": "hands"},
        {"roll": [Voter("a"), Voter("a")]}, {"roll": [Voter("")]}, {"seats": 2},
    ],
)  # fmt: skip
def test_a_ballot_that_cannot_be_held_is_refused_with_a_sentence(hold, people, odd):
    with pytest.raises(Denied):
        hold(people, **odd)
    assert not Ballot.objects.exists()
