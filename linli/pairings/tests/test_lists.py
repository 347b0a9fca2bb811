"""The three lists: the greatest sum of reasons, said in words; nothing holds without both."""

import itertools
import random
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from linli.lib import clock
from linli.pairings.actions import bringing, listing
from linli.pairings.matching import best, why
from linli.pairings.models import Listing, Match
from linli.pairings.tests.conftest import EN, START
from linli.people.policies import Denied

LATER = START.date() + timedelta(days=60)
KIND = "unit-community"


def line(pk, topic="room", body=1, path="c/t/v/", since=0, until=30):
    place = SimpleNamespace(path=path)
    day = START.date()
    return SimpleNamespace(
        pk=pk, topic=topic, organisation_id=body, since=day + timedelta(days=since),
        until=day + timedelta(days=until), organisation=SimpleNamespace(pk=body, place=place),
    )  # fmt: skip


def add(actor, which, words, topic="room", until=LATER):
    return listing.add(KIND, which, topic=topic, words=words, until=until, by=actor)


def test_it_is_the_greatest_sum_of_all():
    rng = random.Random(6)
    for _round in range(30):
        needs = [line(n, rng.choice("ab"), n, f"c/t{rng.randrange(2)}/v{n}/") for n in range(4)]
        offers = [line(9 + n, rng.choice("ab"), 9 + n, f"c/t{rng.randrange(2)}/v{n}/")
                  for n in range(4)]  # fmt: skip
        found = sum(pair.weight for pair in best(needs, offers))
        every = max(
            sum(
                sum(p for _n, p in why(need, offer)) for need, offer in zip(needs, row, strict=True)
            )
            for row in itertools.permutations(offers)
        )
        assert found == every


def test_what_does_not_go_together_is_never_brought_together():
    need = line(1)
    for offer in (line(2, topic="goods", body=2), line(2, body=1),
                  line(2, body=2, since=40, until=50)):  # fmt: skip
        assert why(need, offer) == []
        assert best([need], [offer]) == []
    assert best([need], [line(2, body=2)], refused={(1, 2)}) == []
    assert best([], [need]) == best([need], []) == []


def test_the_reasons_are_what_they_say():
    need = line(1)
    assert dict(why(need, line(2, body=2))) == {"topic": 100, "place": 30, "first": 25, "whole": 10}
    far = line(2, body=2, path="c/t/w/", since=1)
    assert dict(why(need, far, givers={2}, tied={(1, 2)})) == {"topic": 100, "town": 15, "tied": 20}
    assert dict(why(need, line(2, body=2, path="c/"), givers={2})) == {"topic": 100, "whole": 10}


def test_both_say_yes_and_it_comes(ties):
    community, unit = ties.cast.manager, ties.cast.water_handler
    need = add(community, "need", "周六要一间会议室。")
    offer = add(unit, "resource", "周末可以借会议室。")
    add(unit, "resource", "可以讲用水安全。", topic="teaching")
    assert bringing.match_every() == 1
    assert bringing.match_every() == 0
    match = Match.objects.get()
    assert (match.need, match.offer) == (need, offer)
    assert match.weight == sum(points for _name, points in match.reasons)
    listing.say_yes(match, by=community)
    assert match.state == Match.State.PROPOSED
    with pytest.raises(Denied):
        listing.delivered(match, by=community)
    listing.say_yes(match, by=unit)
    assert match.state == Match.State.AGREED
    with pytest.raises(Denied):
        listing.delivered(match, by=unit)  # whoever needed it says so
    listing.delivered(match, by=community)
    assert set(Listing.objects.filter(topic="room").values_list("state", flat=True)) == {"done"}


def test_a_no_brings_another(ties):
    community, unit = ties.cast.manager, ties.cast.water_handler
    add(community, "need", "要一间会议室。")
    add(unit, "resource", "会议室。")
    bringing.match_every()
    listing.say_no(Match.objects.get(), by=unit)
    assert bringing.match_every() == 0  # not the same two again
    add(ties.cast.lighting_handler, "resource", "小会议室。")
    assert bringing.match_every() == 1
    assert Match.objects.get(state="proposed").offer.words == "小会议室。"


def test_who_stands_on_which_list(ties):
    for actor, which in ((ties.cast.manager, "resource"), (ties.cast.water_handler, "need"),
                         (ties.cast.manager, "wishes"), (ties.cast.town_handler, "need")):  # fmt: skip
        with pytest.raises(Denied):
            add(actor, which, "一间房。")
    add(ties.cast.manager, "project", "一起办邻里节。", topic="culture")
    with pytest.raises(Denied):
        add(ties.cast.resident, "need", "一间房。")


@pytest.mark.parametrize(
    ("words", "days", "topic", "said"),
    [("", 9, "room", "in a sentence"), ("打 19900001234。", 9, "room", "something personal"),
     ("一间房。", 400, "room", "at most a year"), ("一间房。", -1, "room", "at most a year"),
     ("一间房。", 9, "gossip", "one of the topics")],
)  # fmt: skip
def test_a_line_is_public_and_ends(ties, words, days, topic, said):
    until = clock.today() + timedelta(days=days)
    with pytest.raises(Denied, match=said):
        add(ties.cast.manager, "need", words, topic=topic, until=until)


def test_taken_back_with_what_was_proposed(ties):
    need = add(ties.cast.manager, "need", "要一间会议室。")
    add(ties.cast.water_handler, "resource", "会议室。")
    bringing.match_every()
    with pytest.raises(Denied):
        listing.take_back(need, by=ties.cast.water_handler)
    listing.take_back(need, by=ties.cast.manager)
    assert Match.objects.get().state == "declined"
    assert Listing.objects.open(KIND).count() == 1


def test_the_database_wants_both(ties):
    add(ties.cast.manager, "need", "要一间会议室。")
    add(ties.cast.water_handler, "resource", "会议室。")
    bringing.match_every()
    for state in ("agreed", "delivered"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Match.objects.update(state=state)


def test_in_the_browser(ties, client, client_as):
    boss, unit = client_as(ties.cast.manager), client_as(ties.cast.water_handler)
    where = reverse("listing-add", args=[KIND])
    said = {"topic": "room", "until": LATER.isoformat(), "words": "周六要一间会议室。"}
    assert boss.post(where, said | {"which": "resource"}, **EN).status_code == 422
    page = boss.post(where, said | {"which": "need"}, follow=True, **EN).content.decode()
    assert "On the list." in page
    unit.post(where, said | {"which": "resource", "words": "周末可以借会议室。"})
    bringing.match_every()
    lists = reverse("three-lists", args=[KIND])
    page = client.get(lists, **EN).content.decode()
    assert "the same topic (100)" in page
    assert "this body has given nothing yet (25)" in page
    assert "/answer/" not in page
    answer = reverse("match-answer", args=[Match.objects.get().pk])
    for browser in (boss, unit):
        page = browser.post(answer, {"verb": "yes"}, follow=True, **EN).content.decode()
        assert "You said yes." in page
    assert "It came" in boss.get(lists, **EN).content.decode()
    assert "Good that it came." in boss.post(
        answer, {"verb": "came"}, follow=True, **EN).content.decode()  # fmt: skip
    assert "one of the buttons" in boss.post(answer, {}, follow=True, **EN).content.decode()
    assert client_as(ties.cast.town_handler).get(where).status_code == 403
    assert client.get(reverse("three-lists", args=["lawyer-village"])).status_code == 404
    boss.post(where, said | {"which": "project", "topic": "culture"})
    row = Listing.objects.get(which="project")
    assert "Taken off" in boss.post(
        reverse("listing-back", args=[row.pk]), follow=True, **EN).content.decode()  # fmt: skip
