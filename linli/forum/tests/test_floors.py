"""Floors are numbered from one; a number is never missing, doubled or used again."""

import pytest
from django.db import IntegrityError, transaction

from linli.forum import words
from linli.forum.actions import moderate, own
from linli.forum.models import Board, Floor, Topic, Version
from linli.journal.models import Entry
from linli.people.actors import ANONYMOUS
from linli.people.limits import TooMany
from linli.people.policies import Denied


def numbers(topic):
    return list(Floor.objects.filter(topic=topic).order_by("pk").values_list("number", flat=True))


def test_floors_count_from_one_and_boards_keep_count(square):
    topic = square.topic()
    for _n in range(3):
        square.say(topic)
    assert numbers(topic) == [1, 2, 3, 4]
    board = Board.objects.get(code=square.village)
    assert (board.topics, board.floors) == (1, 4)
    assert board.place == square.cast.places["community"]


def test_a_number_that_was_taken_back_is_not_given_again(square):
    topic = square.topic()
    by = square.person()
    floor = square.say(topic, by=by)
    own.take_back(floor, by=by)
    assert square.say(topic).number == 3
    assert Floor.objects.get(topic=topic, number=2).state == "taken_back"


def test_who_fails_gives_the_number_back(square):
    topic = square.topic()

    @transaction.atomic
    def fails():
        square.say(topic)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert square.say(topic).number == 2


def test_the_database_refuses_a_second_floor_of_the_same_number(square):
    topic = square.topic()
    with pytest.raises(IntegrityError), transaction.atomic():
        Floor.objects.create(topic=topic, number=1, text="x", html="x")


def test_an_answer_names_an_earlier_floor(square):
    topic = square.topic()
    assert square.say(topic, reply_to=1).reply_to == 1
    with pytest.raises(Denied, match="7#"):
        square.say(topic, reply_to=7)


def test_a_visitor_does_not_write_and_a_closed_topic_takes_nothing(square):
    topic = square.topic()
    with pytest.raises(Denied):
        square.say(topic, by=ANONYMOUS)
    moderate.moderate_topic(topic, "lock", by=square.cast.manager, reason="settled")
    with pytest.raises(Denied):
        square.say(topic)
    assert numbers(topic) == [1]


def test_auditors_and_administrators_do_not_speak_in_their_posts(square):
    for part in (square.cast.auditor, square.cast.administrator):
        with pytest.raises(Denied):
            square.topic(part)


def test_a_post_speaks_for_its_unit_and_hides_the_person(square, client):
    topic = square.topic()
    floor = square.say(topic, "本周派人去看。", by=square.cast.manager)
    assert floor.unit == square.cast.manager.organisation
    page = client.get(f"/forum/{topic.pk}/").content.decode()
    assert floor.unit.name in page
    assert square.cast.manager.user.display_name not in page


@pytest.mark.parametrize("text", ["", "  \n ", "字" * 10_001])
def test_nothing_and_too_much_are_refused_with_a_sentence(square, text):
    with pytest.raises(Denied, match=r"\S"):
        square.topic(text=text)


def test_personal_details_stop_at_the_author_who_may_have_them_blanked_out(square):
    with pytest.raises(words.Personal) as caught:
        square.topic(text="找我打 19900001234，谢谢。")
    assert caught.value.found == ("19900001234",)
    topic = square.topic(text="找我打 19900001234，谢谢。", blank_out=True)
    assert Floor.objects.get(topic=topic).text == "找我打 ***，谢谢。"
    assert not Topic.objects.filter(title__contains="1990000").exists()


def test_an_edit_keeps_what_stood_before(square):
    by = square.person()
    topic = square.topic(by)
    floor = Floor.objects.get(topic=topic)
    own.edit(floor, "下雨天全是水坑，晚上看不见。", by=by)
    assert Version.objects.get(floor=floor).text == "下雨天全是水坑。"
    assert (floor.edits, "看不见" in floor.html) == (1, True)
    with pytest.raises(Denied):
        own.edit(floor, "别人改的", by=square.person())


def test_an_edit_over_an_edit_is_refused(square):
    by = square.person()
    floor = Floor.objects.get(topic=square.topic(by))
    stale = Floor.objects.get(pk=floor.pk)
    own.edit(floor, "第一次改", by=by)
    with pytest.raises(Denied):
        own.edit(stale, "第二次改", by=by)


def test_often_in_a_short_time_is_refused(square, monkeypatch):
    by = square.person()
    for n in range(10):
        square.topic(by, title=f"第{n}个话题")
    with pytest.raises(TooMany):
        square.topic(by)


def test_the_journal_holds_numbers_and_no_words(square):
    topic = square.topic(title="独一无二的标题", text="独一无二的话")
    square.say(topic, "另一句独一无二的话")
    lines = Entry.objects.filter(subject=f"forum.Topic:{topic.pk}").order_by("seq")
    assert [line.verb for line in lines] == ["forum.topic_opened", "forum.replied"]
    assert "独一无二" not in str([(line.facts, line.place, line.actor) for line in lines])
