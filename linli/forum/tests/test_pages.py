"""Pages of the forum: by numbers, the same for everybody, never older than what was said."""

import xml.etree.ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.forum import reading, searching
from linli.forum.actions import moderate, own
from linli.forum.models import Floor, Topic, Watch

ATOM = "{http://www.w3.org/2005/Atom}"


def fill(topic, upto):
    """Floors up to this number, in one go."""
    rows = [Floor(topic=topic, number=n, text=f"第{n}楼", html=f"<p>第{n}楼</p>")
            for n in range(topic.floors + 1, upto + 1)]  # fmt: skip
    Floor.objects.bulk_create(rows)
    Topic.objects.filter(pk=topic.pk).update(floors=upto)
    topic.refresh_from_db()


def get(client, path, **more):
    answer = client.get(path, **more)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_the_forum_lists_boards_by_topic_and_by_place(square, client):
    topic = square.topic()
    page = get(client, "/forum/")
    assert "金点子" in page
    assert f"/forum/b/{square.cast.places['town'].code}/" in page
    assert f"/forum/{topic.pk}/" in page
    town = get(client, f"/forum/b/{square.cast.places['town'].code}/")
    assert f"/forum/b/{square.village}/" in town
    assert topic.title in get(client, f"/forum/b/{square.village}/")


def test_a_board_that_is_none_is_not_there(square, client):
    assert client.get("/forum/b/nothing/").status_code == 404
    assert client.get(f"/forum/b/{square.cast.places['building'].code}/").status_code == 404


def test_a_link_to_a_floor_leads_to_its_page_whatever_happens_around_it(square, client):
    topic = square.topic()
    fill(topic, 45)
    for number, page in ((1, ""), (20, ""), (21, "?page=2"), (45, "?page=3")):
        answer = client.get(f"/forum/{topic.pk}/{number}/")
        assert answer["Location"] == f"/forum/{topic.pk}/{page}#f{number}"
    Floor.objects.filter(topic=topic, number__lt=20).update(state="taken_back")
    assert client.get(f"/forum/{topic.pk}/21/")["Location"].endswith("?page=2#f21")
    assert client.get(f"/forum/{topic.pk}/46/").status_code == 404
    assert client.get("/forum/99999999999999999999/1/").status_code == 404


def test_a_page_reads_its_range_and_never_counts(square, client):
    topic = square.topic()
    fill(topic, 300)
    with CaptureQueriesContext(connection) as caught:
        page = get(client, f"/forum/{topic.pk}/?page=14")
    sql = " ".join(row["sql"] for row in caught)
    assert "OFFSET" not in sql
    assert "COUNT(" not in sql
    assert len(caught) <= 3
    assert page.count('class="floor') >= 20
    assert 'id="f261"' in page
    assert 'id="f260"' not in page


@pytest.mark.parametrize("asked", ["0", "-3", "x", "99999", "１", "1e9", ""])
def test_page_numbers_that_are_none_lead_somewhere(square, client, asked):
    topic = square.topic()
    get(client, f"/forum/{topic.pk}/?page={asked}")


def test_a_visitor_costs_one_statement_once_somebody_was_there(square, client):
    topic = square.topic()
    address = f"/forum/{topic.pk}/"
    get(client, address)
    with CaptureQueriesContext(connection) as caught:
        get(client, address)
    assert len(caught) == 1
    square.say(topic, "这一句马上要看到")
    assert "这一句马上要看到" in get(client, address)


def test_statements_do_not_grow_with_floors_or_topics(square, client):
    few, many = square.topic(title="少"), square.topic(title="多")
    for n in range(15):
        square.say(many, by=square.person(f"人{n}"))

    def cost(path):
        with CaptureQueriesContext(connection) as caught:
            get(Client(), path)
        return len(caught)

    assert cost(f"/forum/{few.pk}/") == cost(f"/forum/{many.pk}/")
    assert cost(f"/forum/b/{square.village}/") <= 8
    assert cost("/forum/") <= 8


def test_signed_in_pages_stay_within_twelve_statements(square, client_as):
    topic = square.topic()
    square.say(topic)
    for part, paths in (
        (square.cast.resident, ["", "1/more/", "reply/?quote=1"]),
        (square.cast.manager, ["", "1/more/", "moderate/"]),
    ):
        browser = client_as(part)
        for path in paths:
            with CaptureQueriesContext(connection) as caught:
                get(browser, f"/forum/{topic.pk}/{path}")
            assert len(caught) <= 12, path


def test_a_topic_is_opened_and_answered_in_a_browser_without_scripts(square, client_as):
    browser = client_as(square.cast.resident)
    answer = browser.post("/forum/b/ideas/new/", {"title": "桥头加一站", "text": "**下雨**真难"})
    topic = Topic.objects.get()
    assert answer["Location"] == f"/forum/{topic.pk}/#f1"
    form = get(browser, f"/forum/{topic.pk}/reply/?quote=1")
    assert "&gt; **下雨**真难" in form
    answer = browser.post(f"/forum/{topic.pk}/reply/", {"text": "同意", "reply_to": "1"})
    assert answer["Location"] == f"/forum/{topic.pk}/#f2"
    page = get(browser, f"/forum/{topic.pk}/")
    assert "<strong>下雨</strong>" in page
    assert f'href="/forum/{topic.pk}/1/"' in page


def test_a_visitor_is_led_to_signing_in_and_back(square, client):
    answer = client.get("/forum/b/ideas/new/")
    assert answer.status_code == 302
    assert "next=/forum/b/ideas/new/" in answer["Location"]


def test_preview_shows_and_writes_nothing(square, client_as):
    browser = client_as(square.cast.resident)
    said = {"title": "题", "text": "*斜*", "preview": "1"}
    page = browser.post("/forum/b/ideas/new/", said).content.decode()
    assert "<em>斜</em>" in page
    assert not Topic.objects.exists()


def test_personal_details_are_asked_about_and_the_words_stay(square, client_as):
    browser = client_as(square.cast.resident)
    said = {"title": "借梯子", "text": "打我电话 19900001234"}
    answer = browser.post("/forum/b/help/new/", said)
    assert answer.status_code == 422
    assert "19900001234" in answer.content.decode()
    browser.post("/forum/b/help/new/", {**said, "blank_out": "1"})
    assert Floor.objects.get().text == "打我电话 ***"


def test_who_has_no_name_chooses_one_first(square, client_as):
    by = square.person("")
    browser = client_as(by)
    assert browser.post("/forum/b/help/new/", {"title": "题", "text": "话"}).status_code == 422
    browser.post("/forum/b/help/new/", {"title": "题", "text": "话", "name": "河边人"})
    assert "河边人" in get(Client(), f"/forum/{Topic.objects.get().pk}/")


def test_earlier_words_can_be_read_and_go_with_the_floor(square, client):
    by = square.person()
    topic = square.topic(by)
    floor = Floor.objects.get(topic=topic)
    own.edit(floor, "新话", by=by)
    assert "水坑" in get(client, f"/forum/{topic.pk}/1/earlier/")
    own.take_back(floor, by=by)
    assert client.get(f"/forum/{topic.pk}/1/earlier/").status_code == 404
    assert "新话" not in get(client, f"/forum/{topic.pk}/1/more/")


def test_others_cannot_edit_take_back_or_moderate_by_address(square, client_as):
    topic = square.topic()
    browser = client_as(square.cast.neighbour)
    assert browser.get(f"/forum/{topic.pk}/1/edit/").status_code == 403
    browser.post(f"/forum/{topic.pk}/1/take-back/")
    assert browser.post(f"/forum/{topic.pk}/1/moderate/", {"verb": "hide"}).status_code == 403
    assert browser.get(f"/forum/{topic.pk}/moderate/").status_code == 403
    assert browser.get("/forum/queue/").status_code == 403
    assert Floor.objects.get(topic=topic).state == "visible"


def test_hidden_words_are_for_author_and_moderator_alone(square, client, client_as):
    author = square.person()
    topic = square.topic()
    floor = square.say(topic, "只给两个人看", by=author)
    moderate.moderate_floor(floor, "hide", by=square.cast.manager, reason="insult")
    path = f"/forum/{topic.pk}/2/more/"
    assert "只给两个人看" in get(client_as(author), path)
    assert "只给两个人看" in get(client_as(square.cast.manager), path)
    for browser in (client, client_as(square.cast.neighbour), client_as(square.cast.other_manager)):
        assert "只给两个人看" not in get(browser, path)
    page = client_as(square.cast.neighbour).get(f"/forum/{topic.pk}/reply/?quote=2")
    assert "只给两个人看" not in page.content.decode()


def test_reading_is_remembered_only_where_one_follows(square, client_as):
    topic = square.topic()
    fill(topic, 50)
    resident = square.cast.resident
    browser = client_as(resident)
    get(browser, f"/forum/{topic.pk}/?page=2")
    assert not Watch.objects.filter(user=resident.user).exists()
    browser.post(f"/forum/{topic.pk}/follow/", {"follow": "yes"})
    Watch.objects.filter(user=resident.user).update(seen=5)
    get(browser, f"/forum/{topic.pk}/?page=2")
    get(browser, f"/forum/{topic.pk}/")
    assert Watch.objects.get(user=resident.user).seen == 40
    assert 'id="f41"' in get(browser, f"/forum/{topic.pk}/?page=new")
    assert "10 条新的" not in get(browser, "/forum/mine/")
    fill(topic, 57)
    assert "7 条新的" in get(browser, "/forum/mine/")
    browser.post(f"/forum/{topic.pk}/follow/", {"follow": "no"})
    assert not Watch.objects.filter(user=resident.user).exists()


def test_lists_go_on_by_time_without_an_offset(square, client, moved):
    titles = []
    for n in range(reading.TOPICS + 3):
        titles.append(f"话题{n:02d}号")
        square.topic(title=titles[-1], by=square.person())
    first = get(client, f"/forum/b/{square.village}/")
    more = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    second = get(client, more.replace("&amp;", "&"))
    for title in titles:
        assert (title in first) != (title in second)


def test_feeds_are_atom_and_hold_no_hidden_words(square, client):
    topic = square.topic()
    floor = square.say(topic, "要隐藏")
    square.say(topic, "<b>看得到</b> & 好")
    moderate.moderate_floor(floor, "hide", by=square.cast.manager, reason="insult")
    for path in ("/forum/feed/", f"/forum/b/{square.village}/feed/", f"/forum/{topic.pk}/feed/"):
        answer = client.get(path)
        assert answer["Content-Type"].startswith("application/atom+xml")
        feed = ET.fromstring(answer.content)
        assert feed.tag == f"{ATOM}feed"
        assert feed.find(f"{ATOM}id") is not None
        entries = feed.findall(f"{ATOM}entry")
        assert entries
        assert all(e.find(f"{ATOM}id") is not None for e in entries)
        assert all(e.find(f"{ATOM}updated") is not None for e in entries)
        assert "要隐藏" not in answer.content.decode()


def test_a_feed_names_the_unit_and_not_the_person_who_speaks_for_it(square, client):
    manager = square.cast.manager
    topic = square.topic(manager)
    for path in ("/forum/feed/", f"/forum/b/{square.village}/feed/", f"/forum/{topic.pk}/feed/"):
        feed = client.get(path).content.decode()
        assert manager.organisation.name in feed
        assert manager.user.display_name not in feed


def test_a_page_for_paper_has_many_floors(square, client):
    topic = square.topic()
    fill(topic, 230)
    page = get(client, f"/forum/{topic.pk}/print/")
    assert "200# " in page
    assert "第201楼" not in page
    assert "第230楼" in get(client, f"/forum/{topic.pk}/print/?from=201")


def test_a_search_finds_the_newest_first_and_narrows_to_a_board(square, client):
    topic = square.topic(text="浇水泥要二十万")
    square.say(topic, "还是水泥好，水泥耐用")
    other = square.topic(board="ideas", title="别处", text="也有水泥")
    searching.reindex(Floor.objects.all())
    page = get(client, "/forum/search/?q=水泥")
    order = [
        page.index(f"/forum/{t}/{n}/") for t, n in ((other.pk, 1), (topic.pk, 2), (topic.pk, 1))
    ]
    assert order == sorted(order)
    assert "<mark>水泥</mark>" in page
    town = square.cast.places["town"].code
    narrowed = get(client, f"/forum/search/?q=水泥&board={town}")
    assert f"/forum/{topic.pk}/1/" in narrowed
    assert f"/forum/{other.pk}/1/" not in narrowed
    assert f"/forum/{other.pk}/1/" in get(client, "/forum/search/?q=水泥&board=ideas")
    assert "没有找到" in get(client, "/forum/search/?q=二十万元整")
    get(client, "/forum/search/?q=%22%27%28*+OR+NEAR&after=abc")
