"""What followers do: the search never finds hidden words; one letter until somebody reads on."""

from linli.forum import finding, my_file, notices, searching
from linli.forum.actions import moderate, own, watch
from linli.forum.finding import Wanted
from linli.forum.models import Board, Decision, Floor, FloorLine, Topic, Watch
from linli.journal.models import Entry
from linli.letters.models import Letter
from linli.lib.terms import phrases_of
from linli.people.models import User

SEARCH, LETTERS = searching, notices


def follow(follower):
    """Have it read every line again: a second reading must be harmless, so tests read twice."""
    lines = Entry.objects.filter(verb__in=follower.VERBS).order_by("seq")
    for line in lines:
        follower.handle([line])


def found(query):
    follow(SEARCH)
    return [(hit.topic, hit.number) for hit in finding.page(Wanted(phrases_of(query)), 20).rows]


def test_what_is_said_hidden_shown_moved_and_taken_back_is_found_or_not(square):
    by = square.person()
    topic = square.topic(text="香樟不能砍")
    floor = square.say(topic, "香樟夏天遮荫", by=by)
    assert found("香樟") == [(topic.pk, 2), (topic.pk, 1)]
    moderate.moderate_floor(floor, "hide", by=square.cast.manager, reason="off_topic")
    assert found("香樟") == [(topic.pk, 1)]
    moderate.moderate_floor(floor, "show", by=square.cast.manager)
    assert found("遮荫") == [(topic.pk, 2)]
    own.edit(floor, "换了说法", by=by)
    assert found("遮荫") == []
    own.take_back(floor, by=by)
    assert found("换了说法") == []
    moderate.moderate_topic(topic, "hide_topic", by=square.cast.manager, reason="unlawful")
    assert found("香樟") == []
    moderate.moderate_topic(topic, "show_topic", by=square.cast.manager)
    assert found("香樟") == [(topic.pk, 1)]
    moderate.move(topic, "ideas", by=square.cast.manager)
    follow(SEARCH)
    assert finding.page(Wanted(phrases_of("香樟"), board="ideas"), 5).rows


def test_an_index_that_lags_still_finds_nothing_hidden(square):
    topic = square.topic(text="香樟不能砍")
    follow(SEARCH)
    Floor.objects.filter(topic=topic).update(state="hidden", reason="insult")
    assert FloorLine.objects.exists()
    assert finding.page(Wanted(phrases_of("香樟")), 5).rows == []


def test_hits_go_on_by_their_key(square):
    topic = square.topic(text="香樟一")
    for n in range(5):
        square.say(topic, f"香樟{n}")
    follow(SEARCH)
    first = finding.page(Wanted(phrases_of("香樟")), 4)
    rest = finding.page(Wanted(phrases_of("香樟")), 4, first.more)
    assert [hit.number for hit in [*first.rows, *rest.rows]] == [6, 5, 4, 3, 2, 1]
    assert rest.more == ""


def test_one_letter_until_somebody_has_read_on(square, client_as):
    reader = square.cast.resident
    topic = square.topic()
    watch.watch(topic, by=reader)
    for n in range(3):
        square.say(topic, f"第{n}句")
    follow(LETTERS)
    letters = Letter.objects.filter(user=reader.user, template="forum.replied")
    assert letters.count() == 1
    assert letters.get().context["path"] == f"/forum/{topic.pk}/2/"
    square.say(topic, "又一句")
    follow(LETTERS)
    assert letters.count() == 1
    client_as(reader).get(f"/forum/{topic.pk}/")
    square.say(topic, "读过以后的一句")
    follow(LETTERS)
    assert letters.count() == 2


def test_nobody_is_told_of_their_own_words_or_of_held_ones(square):
    by = square.person()
    topic = square.topic(by)
    square.say(topic, by=by)
    square.say(topic, "便宜 http://shop.example.top/", by=square.person(new=True))
    follow(LETTERS)
    assert not Letter.objects.filter(template="forum.replied").exists()


def test_new_topics_reach_those_who_follow_the_board(square):
    board = Board(code="ideas", place=square.cast.places["county"])
    watch.watch_board(board, by=square.cast.resident)
    square.topic(board="ideas")
    square.topic(board="help")
    follow(LETTERS)
    assert Letter.objects.filter(template="forum.topic_opened").count() == 1


def test_an_author_is_told_that_a_floor_was_hidden_without_the_words(square):
    by = square.person()
    topic = square.topic()
    floor = square.say(topic, "难听的话", by=by)
    moderate.moderate_floor(floor, "hide", by=square.cast.manager, reason="insult")
    follow(LETTERS)
    letter = Letter.objects.get(template="forum.hidden")
    assert letter.user == by.user
    assert "难听" not in str(letter.context)


def test_erasing_turns_words_away_and_keeps_numbers(square, client):
    by = square.person("要走的人")
    topic = square.topic(by, title="我的标题", text="我的开头")
    floor = square.say(topic, "我的话", by=by)
    own.edit(floor, "我改过的话", by=by)
    hidden = square.say(topic, "我被隐藏的话", by=by)
    moderate.moderate_floor(hidden, "hide", by=square.cast.manager, reason="insult")
    square.say(topic, "别人的话")
    watch.watch_board(Board.objects.get(), by=by)
    follow(SEARCH)
    file = my_file.held(by.user)
    assert [row["text"] for row in file["forum"]] == ["我的开头", "我改过的话", "我被隐藏的话"]
    assert file["forum"][1]["earlier"][0]["text"] == "我的话"
    my_file.erase(by.user, by=by)
    rows = Floor.objects.filter(topic=topic).order_by("number")
    assert list(rows.values_list("number", "text", "author")) [:3] == [
        (1, "", None), (2, "", None), (3, "", None)]  # fmt: skip
    assert list(rows.values_list("state", flat=True)) == [
        "taken_back", "taken_back", "hidden", "visible"]  # fmt: skip
    assert Topic.objects.get().title == ""
    assert not Watch.objects.filter(user=by.user).exists()
    assert Decision.objects.count() == 1
    assert found("我改过的话") == []
    page = client.get(f"/forum/{topic.pk}/").content.decode()
    assert "别人的话" in page
    assert "我的" not in page.replace("我的关注", "")
    assert my_file.held(User.objects.get(pk=by.user.pk))["forum"] == []
