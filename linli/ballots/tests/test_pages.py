"""Every page of a ballot, as a resident, a stranger with a code, the desk and the auditor see it."""

import json
import re

import pytest
from django.urls import reverse

from linli.ballots import results
from linli.ballots.actions import cast as casting
from linli.ballots.actions import serve, tally
from linli.ballots.actions.close import close_ballot
from linli.ballots.models import Ballot, Code, RollEntry, Slot, Tally
from linli.ballots.tests.conftest import AFTER
from linli.journal.models import Entry
from linli.lib import clock


def at(name, ballot, *more):
    return reverse(name, args=[ballot.pk, *more])


def hidden(response, name):
    found = re.search(rf'name="{name}" value="([^"]+)"', response.content.decode())
    assert found, name
    return found[1]


def choose(client, address, **fields):
    answer = client.post(address, {"step": "choose", **fields})
    assert answer.status_code == 200, answer.content.decode()[-3000:]
    return answer


def receipt_on(response):
    return re.search(r"<b>((?:[0-9A-Z]{4} ?){5})</b>", response.content.decode())[1]


def test_voting_at_home_and_finding_the_receipt(hold, people, cast, client_as):
    ballot = hold(people, rule="single")
    voter = client_as(people[0])
    assert (
        "Vote"
        in voter.get(at("ballot", ballot), headers={"accept-language": "en"}).content.decode()
    )
    address = at("ballot-vote", ballot)
    review = choose(voter, address, choice="green", own_word="abc7")
    before = Entry.objects.count(), dict(voter.session)
    done = voter.post(address, {"step": "cast", "envelope": hidden(review, "envelope")})
    assert done.headers["Cache-Control"] == "no-store"
    mine = receipt_on(done)
    assert (Entry.objects.count(), dict(voter.session)) == before
    with clock.moved_to(AFTER):
        for one in people[1:]:
            with clock.moved_to(ballot.opens_at):
                casting.vote(ballot, ["red"], by=one)
        close_ballot(ballot, by=cast.manager, second=cast.auditor)
    board = at("ballot-board", ballot)
    assert 'class="notice ok"' in voter.get(board, {"receipt": mine.lower()}).content.decode()
    assert 'class="notice warn"' in voter.get(board, {"receipt": "2222"}).content.decode()
    text = voter.get(at("ballot-json", ballot)).content.decode()
    assert json.loads(text)["result"]["counts"] == {"red": 11, "green": 1, "blue": 0}


@pytest.mark.parametrize(
    ("rule", "fields", "counted"),
    [
        ("yes_no", {"choice": "yes"}, ["yes"]),
        ("yes_no", {"choice": "-"}, []),
        ("approval", {"choice": ["blue", "red"]}, ["red", "blue"]),
        ("budget", {"choice": ["road"]}, ["road"]),
        ("ranked", {"place-blue": "1", "place-red": "2"}, ["blue", "red"]),
        ("ranked", {}, []),
    ],
)
def test_papers_of_every_rule(hold, people, client_as, rule, fields, counted):
    ballot = hold(people, rule=rule)
    voter, address = client_as(people[0]), at("ballot-vote", ballot)
    assert voter.get(address).status_code == 200
    review = choose(voter, address, **fields)
    name = casting.slot_of(ballot, people[0])
    vote = casting.keys.of(ballot).unfold(name, hidden(review, "envelope"))
    assert vote["c"] == counted


def test_a_paper_that_says_nothing_is_asked_again(hold, people, client_as):
    ranked = hold(people, rule="ranked")
    voter = client_as(people[0])
    twice = {"step": "choose", "place-blue": "1", "place-red": "1"}
    assert voter.post(at("ballot-vote", ranked), twice).status_code == 422
    single = hold(people, rule="single")
    assert voter.post(at("ballot-vote", single), {"step": "choose"}).status_code == 422


def test_testing_the_server_shows_everything_and_spends_the_vote(hold, people, client_as):
    ballot = hold(people, rule="single")
    voter, address = client_as(people[0]), at("ballot-vote", ballot)
    envelope = hidden(choose(voter, address, choice="red", own_word="abc7"), "envelope")
    page = voter.post(address, {"step": "check", "envelope": envelope}).content.decode()
    line = re.search(r"sha256\((&#34;|\")(.*?)(&#34;|\")\.encode", page, re.S)[2]
    assert "abc7" in line
    again = voter.post(address, {"step": "cast", "envelope": envelope})
    assert again.status_code == 403


def test_who_may_not_vote_is_told_why(hold, people, cast, client_as, client):
    ballot = hold(people[:5])
    stranger = client_as(people[8])
    assert stranger.get(at("ballot-vote", ballot)).status_code == 403
    assert client.get(at("ballot", ballot)).status_code == 200
    assert client.get(at("ballot-vote", ballot)).status_code == 403


def test_the_machine_forgets_who_was_before(hold, people, cast, client):
    ballot = hold(people, rule="single")
    codes = serve.print_codes(ballot, 2, by=cast.manager)
    serve.hand_out(ballot, RollEntry.objects.get(key="x1"), "code", by=cast.manager)
    address = at("ballot-kiosk", ballot)
    assert client.post(address, {"code": "AAAA AAAA"}).status_code == 422
    assert client.post(address, {"code": codes[0], "step": "paper"}).status_code == 200
    chosen = {"code": codes[0], "choice": "blue"}
    envelope = hidden(choose(client, address, **chosen), "envelope")
    sent = {"step": "cast", "envelope": envelope, "code": codes[0]}
    done = client.post(address, sent)
    assert "ballots" in done.headers["Refresh"]
    assert done.headers["Clear-Site-Data"] == '"cache"'
    for again in (sent, {"step": "choose", **chosen}, {"code": codes[0], "step": "paper"}):
        back = client.post(address, again)
        assert back.status_code == 422
        assert "蓝" not in back.content.decode()
    assert not client.session.keys() - {"_csrftoken"}


def test_the_desk_prints_hands_out_counts_and_closes(hold, people, cast, client_as):
    ballot = hold(people, rule="single", closes_at=AFTER)
    for n, one in enumerate(people[1:]):
        casting.vote(ballot, ["red" if n % 2 else "blue"], by=one)
    desk, other = client_as(cast.manager), client_as(cast.town_handler)
    slips = desk.post(at("ballot-codes", ballot), {"n": 3})
    assert len(re.findall(r"<b>\w{4} \w{4}</b>", slips.content.decode())) == 3
    assert Code.objects.count() == 3
    desk.post(at("ballot-papers", ballot), {"n": 4})
    assert desk.get(at("ballot-papers", ballot)).status_code == 200
    number = RollEntry.objects.get(key="x2").number
    desk.post(at("ballot-hand-out", ballot), {"number": number, "what": "paper"})
    assert Slot.objects.filter(taken="paper").count() == 1
    assert desk.get(at("desk-ballot", ballot)).status_code == 200
    with clock.moved_to(AFTER):
        figures = {"n-red": 1, "n-green": 0, "n-blue": 0, "n-": 0, "spoilt": 0, "unused": 3}
        count = at("ballot-count", ballot, "paper")
        assert desk.get(count).status_code == 200
        desk.post(count, figures)
        other.post(count, {**figures, "n-red": 0, "spoilt": 1})
        assert Tally.objects.get().differs == ["spoilt", "red"]
        assert "红" in desk.get(at("desk-ballot", ballot)).content.decode()
        other.post(count, figures)
        desk.post(at("ballot-closing", ballot))
        assert Ballot.objects.get().is_open
        client_as(cast.auditor).post(at("ballot-closing", ballot))
    assert results.of(ballot).by_option == {"red": 6, "green": 0, "blue": 6}
    shown = desk.get(at("ballot", ballot), headers={"accept-language": "en"}).content.decode()
    assert "tie" in shown
    assert "4 printed = 1 valid + 0 spoilt + 3 unused" in shown


def test_papers_with_several_marks_are_counted_line_by_line(hold, people, cast, client_as):
    ballot = hold(people, rule="ranked", closes_at=AFTER)
    serve.print_papers(ballot, 9, by=cast.manager)
    for entry in RollEntry.objects.filter(key__startswith="x"):
        serve.hand_out(ballot, entry, "paper", by=cast.manager)
    desk, count = client_as(cast.manager), at("ballot-count", ballot, "paper")
    with clock.moved_to(AFTER):
        assert desk.post(count, {"lines": "3: 9", "spoilt": 0, "unused": 1}).status_code == 422
        desk.post(count, {"lines": "5： 2 1\n2: 3\n1:", "spoilt": 0, "unused": 1})
    figures = tally.read(Tally.objects.get().first_figures)
    assert figures.votes == {("green", "red"): 5, ("blue",): 2, (): 1}


def test_others_do_not_see_the_desk(hold, people, cast, client_as):
    ballot = hold(people)
    for actor in (cast.other_manager, cast.lighting_handler):
        assert client_as(actor).get(at("desk-ballot", ballot)).status_code == 404
    assert client_as(people[0]).get(at("desk-ballot", ballot)).status_code == 403
    assert client_as(cast.auditor).get(reverse("desk-ballots")).status_code == 200


def test_opening_one_at_the_desk(cast, client_as):
    desk = client_as(cast.manager)
    assert desk.get(reverse("desk-open-ballot")).status_code == 200
    said = {
        "title": "灯装哪里", "question": "先装哪里？", "rule": "budget", "secrecy": "secret",
        "options": "桥头 | 300\n村口｜200", "budget": "400", "closes_on": "2099-01-01",
        "roll": "甲\n乙\n\n丙",
    }  # fmt: skip
    assert desk.post(reverse("desk-open-ballot"), said | {"budget": ""}).status_code == 422
    assert desk.post(reverse("desk-open-ballot"), said).status_code == 302
    ballot = Ballot.objects.get()
    assert (ballot.roll_size, ballot.budget) == (3, 400)
    assert [one["cost"] for one in ballot.options] == [300, 200]


def test_the_list_and_the_pages_cost_few_queries(
    hold, people, cast, client, client_as, django_assert_max_num_queries
):
    for n in range(3):
        hold(people, title=f"第{n}次")
    ballot = hold(people)
    with django_assert_max_num_queries(6):
        assert client.get(reverse("ballots")).status_code == 200
    voter = client_as(people[0])
    for name in ("ballot", "ballot-vote", "ballot-board"):
        with django_assert_max_num_queries(12):
            assert voter.get(at(name, ballot)).status_code == 200
    desk = client_as(cast.manager)
    with django_assert_max_num_queries(12):
        assert desk.get(at("desk-ballot", ballot)).status_code == 200


def test_the_files_to_count_again(hold, people, client):
    ballot = hold(people)
    frozen = json.loads(client.get(at("ballot-json", ballot)).content)
    assert frozen["open"] is True
    assert frozen["digests"] == {"ballot": ballot.frozen}
    program = b"".join(client.get(reverse("recount-program")).streaming_content)
    assert b"def recount" in program
