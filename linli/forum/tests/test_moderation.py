"""Moderators: a closed list of reasons, a public log, another unit for an appeal, no own matter."""

from datetime import timedelta

import pytest

from linli.forum import keeping
from linli.forum.actions import moderate, own
from linli.forum.actions.open_topic import open_topic
from linli.forum.models import Board, Decision, Floor, FloorLine, FloorState, Report, Topic, Version
from linli.forum.policies import check_can_moderate
from linli.forum.subjects import TELLERS, Subject
from linli.lib import clock
from linli.people.policies import Denied


@pytest.fixture
def topic(square):
    return square.topic()


def hide(square, floor, reason="insult", by=None):
    moderate.moderate_floor(floor, "hide", by=by or square.cast.manager, reason=reason)


def test_a_hidden_floor_keeps_its_number_and_says_why(square, topic, client):
    floor = square.say(topic, "说了难听的话")
    square.say(topic, "后面的话")
    hide(square, floor)
    page = client.get(f"/forum/{topic.pk}/").content.decode()
    assert "2#" in page
    assert "辱骂或威胁他人" in page
    assert "难听" not in page
    assert "后面的话" in page
    log = client.get("/forum/log/").content.decode()
    assert "辱骂或威胁他人" in log
    assert square.cast.manager.organisation.name in log
    assert square.cast.manager.user.display_name not in log


@pytest.mark.parametrize("reason", ["", "criticism", "settledd"])
def test_without_a_reason_of_the_list_nothing_is_hidden(square, topic, reason):
    floor = square.say(topic)
    with pytest.raises(Denied):
        hide(square, floor, reason)
    assert Floor.objects.get(pk=floor.pk).state == "visible"
    assert not Decision.objects.exists()


def test_only_the_area_and_never_residents_or_own_words(square, topic):
    floor = square.say(topic)
    mine = square.say(topic, by=square.cast.manager)
    for by in (square.cast.resident, square.cast.other_manager, square.cast.lighting_handler,
               square.cast.steward, square.cast.auditor):  # fmt: skip
        with pytest.raises(Denied):
            hide(square, floor, by=by)
    with pytest.raises(Denied):
        hide(square, mine)
    hide(square, floor, by=square.cast.coordinator)
    assert Floor.objects.get(pk=floor.pk).state == "hidden"


def test_a_unit_does_not_moderate_the_topic_about_its_own_matter(square, monkeypatch):
    unit = square.cast.manager.organisation
    place = square.cast.places["community"]
    thing = Subject("tests.Thing:1", "路灯", "答复", "/there/", place, unit=unit.pk)
    monkeypatch.setitem(TELLERS, "tests.Thing", lambda names: dict.fromkeys(names, thing))
    topic = open_topic(board=square.village, about="tests.Thing:1", title="灯", text="又坏了",
                       by=square.person())  # fmt: skip
    with pytest.raises(Denied, match="您自己的单位"):
        check_can_moderate(topic, square.cast.manager)
    check_can_moderate(topic, square.cast.town_handler)


def test_another_unit_decides_an_appeal_and_that_stands(square, topic):
    author = square.person()
    floor = square.say(topic, "批评几句", by=author)
    hide(square, floor)
    floor.refresh_from_db()
    own.ask_again(floor, by=author)
    report = Report.objects.select_related("floor__topic__board__place").get(kind="appeal")
    with pytest.raises(Denied):
        moderate.moderate_floor(floor, "show", by=square.cast.manager, report=report)
    with pytest.raises(Denied):  # nor past the appeal
        moderate.moderate_floor(floor, "show", by=square.cast.manager)
    moderate.moderate_floor(report.floor, "show", by=square.cast.town_handler, report=report)
    floor.refresh_from_db()
    assert (floor.state, floor.reason) == ("visible", "")
    assert Decision.objects.filter(after_appeal=True, verb="show").exists()


def test_a_second_no_ends_it(square, topic):
    author = square.person()
    floor = square.say(topic, by=author)
    hide(square, floor)
    floor.refresh_from_db()
    own.ask_again(floor, by=author)
    report = Report.objects.select_related("floor__topic__board__place").get(kind="appeal")
    moderate.uphold(report, by=square.cast.town_handler)
    with pytest.raises(Denied):
        own.ask_again(floor, by=author)


def test_two_who_decide_at_once_do_not_both_win(square, topic):
    floor = square.say(topic)
    stale = Floor.objects.select_related("topic__board__place").get(pk=floor.pk)
    hide(square, floor)
    with pytest.raises(Denied):
        hide(square, stale)
    assert Decision.objects.count() == 1


def test_an_advert_waits_under_its_number_and_comes_in_when_let(square, topic, client):
    new = square.person("新来的", new=True)
    floor = square.say(topic, "便宜卖：http://shop.example.top/x", by=new)
    assert (floor.number, floor.state) == (2, "held")
    assert "便宜卖" not in client.get(f"/forum/{topic.pk}/").content.decode()
    moderate.moderate_floor(floor, "show", by=square.cast.manager)
    assert "便宜卖" in client.get(f"/forum/{topic.pk}/").content.decode()
    assert not Report.objects.filter(settled_at=None).exists()


def test_a_topic_with_an_advert_in_its_title_stands_in_no_list(square, client, client_as):
    new = square.person(new=True)
    topic = square.topic(new, title="低价出售好东西", text="看 www.shop.top")
    assert topic.state == "hidden"
    assert "低价出售" not in client.get(f"/forum/b/{square.village}/").content.decode()
    assert client.get(f"/forum/{topic.pk}/").status_code == 410
    assert "低价出售" in client_as(new).get(f"/forum/{topic.pk}/").content.decode()
    first = Floor.objects.select_related("topic__board__place").get(topic=topic)
    moderate.moderate_floor(first, "show", by=square.cast.manager)
    assert client.get(f"/forum/{topic.pk}/").status_code == 200


def test_the_same_link_again_and_again_is_held(square):
    by = square.person()
    states = [
        Floor.objects.get(topic=square.topic(by, title=f"{n}", text="看 https://a.example.net/b"))
        .state for n in range(4)
    ]  # fmt: skip
    assert states == ["visible"] * 3 + ["held"]


def test_reports_wait_for_the_moderators_of_the_place_and_name_nobody(square, topic, client_as):
    reader = square.person("好心人")
    floor = square.say(topic, "话不好听")
    own.report(floor, "insult", by=reader)
    own.report(floor, "insult", by=reader)
    assert Report.objects.count() == 1
    page = client_as(square.cast.manager).get("/forum/queue/").content.decode()
    assert "话不好听" in page
    assert "好心人" not in page
    assert (
        "话不好听" not in client_as(square.cast.other_manager).get("/forum/queue/").content.decode()
    )
    report = Report.objects.get()
    client_as(square.cast.manager).post(f"/forum/queue/{report.pk}/", {"verb": "stay"})
    assert Report.objects.get().settled_at is not None
    assert Floor.objects.get(pk=floor.pk).state == "visible"


def test_a_topic_moves_with_its_counts_and_its_address_stays(square, topic, client):
    square.say(topic)
    moderate.move(topic, "ideas", by=square.cast.manager)
    counts = dict(Board.objects.values_list("code", "topics"))
    floors = dict(Board.objects.values_list("code", "floors"))
    assert (counts[square.village], counts["ideas"]) == (0, 1)
    assert (floors[square.village], floors["ideas"]) == (0, 2)
    assert "金点子" in client.get(f"/forum/{topic.pk}/").content.decode()


def test_joined_topics_keep_their_floors_and_lead_on(square, topic, client):
    other = square.topic(title="同一件事")
    moderate.join(topic, other, by=square.cast.manager)
    page = client.get(f"/forum/{topic.pk}/").content.decode()
    assert f'href="/forum/{other.pk}/"' in page
    assert "水坑" in page
    with pytest.raises(Denied):
        square.say(topic)
    with pytest.raises(Denied):  # not in a circle
        moderate.join(other, topic, by=square.cast.manager)


def test_a_hidden_topic_says_why_and_shows_nothing(square, topic, client, client_as):
    moderate.moderate_topic(topic, "hide_topic", by=square.cast.manager, reason="unlawful")
    answer = client.get(f"/forum/{topic.pk}/")
    assert (answer.status_code, "违法" in answer.content.decode()) == (410, True)
    for path in ("", "print/", "1/more/"):
        page = client.get(f"/forum/{topic.pk}/{path}")
        assert page.status_code == 410
        assert "水坑" not in page.content.decode()
    assert client.get(f"/forum/{topic.pk}/feed/").status_code == 404
    assert "村口的路" not in client.get("/forum/log/").content.decode()
    assert "水坑" in client_as(square.cast.auditor).get(f"/forum/{topic.pk}/").content.decode()


def test_words_are_kept_as_long_as_promised(square, topic, moved):
    by = square.person()
    floor = square.say(topic, "先前的话", by=by)
    own.edit(floor, "后来的话", by=by)
    own.take_back(floor, by=by)
    hidden = square.say(topic, "要隐藏的话")
    hide(square, hidden)
    with moved(clock.now() + timedelta(days=31)):
        assert keeping.forget() == 1
    floor.refresh_from_db()
    assert (floor.text, floor.html, floor.state, floor.number) == ("", "", "taken_back", 2)
    assert not Version.objects.exists()
    with moved(clock.now() + timedelta(days=181)):
        assert keeping.forget() == 1
    hidden.refresh_from_db()
    assert (hidden.text, hidden.state, hidden.reason) == ("", FloorState.HIDDEN, "insult")


def test_what_is_hidden_is_lost_to_the_search_in_that_very_action(square, topic):
    floor = square.say(topic)
    FloorLine.objects.create(floor=floor, words=" x ")
    hide(square, floor)
    assert not FloorLine.objects.filter(floor=floor).exists()


def test_on_top_is_said_in_the_log(square, topic):
    moderate.pin(topic, by=square.cast.manager, up=True)
    assert Topic.objects.get(pk=topic.pk).pinned
    assert Decision.objects.get().verb == "pin"
