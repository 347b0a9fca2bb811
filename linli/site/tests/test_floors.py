"""A floor becomes a case at its author's wish; the answer comes back; each shows the other."""

import uuid
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.cases.actions import handle
from linli.cases.actions.receive import Draft, receive
from linli.cases.models import Asker, Case
from linli.forum.actions import moderate
from linli.forum.actions.floors import reply
from linli.forum.actions.open_topic import open_topic
from linli.forum.models import Floor, Tie, Topic
from linli.journal.models import Entry
from linli.journal.record import subject_of
from linli.lib import clock
from linli.people.actors import ANONYMOUS
from linli.people.cast import cast as gather
from linli.people.models import User
from linli.people.policies import Denied
from linli.site import floors

START = datetime(2026, 11, 4, 9, 0, tzinfo=clock.LOCAL)
WORDS = "塌了半边，骑车会摔下去。"


@pytest.fixture
def cast(db):
    with clock.moved_to(START):
        played = gather()
        User.objects.update(joined_at=START.replace(year=2025))
        for actor in played.actors.values():
            actor.user.refresh_from_db()
        yield played


@pytest.fixture
def floor(cast):
    """A floor of the resident on the board of the community."""
    topic = open_topic(board=cast.places["community"].code, title="村口的路", text="坑多。",
                       by=cast.neighbour)  # fmt: skip
    return reply(topic, WORDS, by=cast.resident)


def said(**more):
    values = {"client_id": str(uuid.uuid4()), "where": "桃园社区", "category": "street-light"}
    return {**values, "visibility": "public", **more}


def follow():
    for line in Entry.objects.filter(verb__in=floors.VERBS).order_by("seq"):
        floors.handle([line])


def answered(case, cast, words="已经围起来，垫了石子。"):
    case = Case.objects.select_related("owner", "place").get(pk=case.pk)
    who = next(a for a in cast.actors.values() if a.appointment
               and a.organisation.pk == case.owner_id and a.role == "MGR")  # fmt: skip
    handle.accept(case, by=who)
    case.refresh_from_db()
    handle.answer(case, words, by=who)
    return case


def test_the_author_makes_it_a_case_and_the_answer_returns_once(cast, floor, client, client_as):
    path = f"/forum/{floor.topic_id}/2/"
    browser = client_as(cast.resident)
    assert browser.get(f"{path}case/").status_code == 200
    place = cast.places["community"].name
    answer = browser.post(f"{path}case/", said(where=place))
    assert answer["Location"] == path
    case = Case.objects.get()
    assert (case.text, Asker.objects.get().user) == (WORDS, cast.resident.user)
    topic_page = client.get(f"/forum/{floor.topic_id}/").content.decode()
    assert f"/case/{case.number}/" in topic_page
    case_page = client.get(f"/case/{case.number}/").content.decode()
    assert f"/forum/{floor.topic_id}/" in case_page
    assert "由论坛里的一楼转来" in case_page
    case = answered(case, cast)
    follow()
    follow()
    back = Floor.objects.filter(came_of__isnull=False)
    assert back.count() == 1
    assert (back[0].unit, back[0].reply_to, back[0].author) == (case.owner, 2, None)
    assert "垫了石子" in client.get(f"/forum/{floor.topic_id}/").content.decode()
    assert "垫了石子" in client.get(f"/case/{case.number}/").content.decode()


def test_nobody_but_the_author_makes_it_a_case(cast, floor, client, client_as):
    path = f"/forum/{floor.topic_id}/2/case/"
    for part in (cast.neighbour, cast.manager):
        assert client_as(part).post(path, said()).status_code == 403
    assert client.post(path, said()).status_code == 403
    with pytest.raises(Denied):
        floors.open_case(floor, place=cast.places["community"], category="roads",
                         visibility="public", client_id=uuid.uuid4(), by=cast.manager)  # fmt: skip
    assert not Case.objects.exists()


def test_a_moderator_asks_and_the_author_may_say_no(cast, floor, client_as):
    row = Floor.objects.select_related("topic__board__place", "author").get(pk=floor.pk)
    moderate.ask_for_case(row, by=cast.manager)
    browser = client_as(cast.resident)
    assert "能不能转成事项" in browser.get(f"/forum/{floor.topic_id}/2/more/").content.decode()
    browser.post(f"/forum/{floor.topic_id}/2/case/", {"no": "1"})
    assert not Floor.objects.get(pk=floor.pk).asked_for_case
    assert not Case.objects.exists()


def test_a_floor_becomes_one_case_only(cast, floor, client_as):
    browser = client_as(cast.resident)
    place = cast.places["community"].name
    for _n in range(2):
        browser.post(f"/forum/{floor.topic_id}/2/case/", said(where=place))
    assert (Case.objects.count(), Tie.objects.count()) == (1, 1)


def test_of_a_case_for_the_office_alone_the_forum_tells_nothing(cast, floor, client, client_as):
    place = cast.places["community"].name
    client_as(cast.resident).post(
        f"/forum/{floor.topic_id}/2/case/", said(where=place, visibility="office")
    )
    case = answered(Case.objects.get(), cast)
    follow()
    page = client.get(f"/forum/{floor.topic_id}/").content.decode()
    assert case.number not in page
    assert case.pretty_number not in page
    assert not Floor.objects.filter(came_of__isnull=False).exists()


def test_what_is_wrong_in_the_form_is_said(cast, floor, client_as):
    browser = client_as(cast.resident)
    answer = browser.post(f"/forum/{floor.topic_id}/2/case/", said(where="没有这个地方"))
    assert answer.status_code == 422
    assert not Case.objects.exists()


def test_a_case_is_talked_about_in_place_and_silence_costs_nothing(cast, client, client_as):
    draft = Draft(kind="request", channel="web", category="street-light", text="路灯不亮",
                  place=cast.places["community"], client_id=uuid.uuid4(), visibility="public")  # fmt: skip
    receipt = receive(draft, by=ANONYMOUS)
    address = f"/case/{receipt.case.number}/"
    page = client.get(address).content.decode()
    subject = subject_of(receipt.case)
    assert f"/forum/about/{subject}/" in page
    with CaptureQueriesContext(connection) as caught:
        client.get(address)
    assert len(caught) == 1
    browser = client_as(cast.neighbour)
    form = browser.get(f"/forum/about/{subject}/").content.decode()
    assert address in form
    browser.post(f"/forum/about/{subject}/", {"title": "这盏灯", "text": "昨晚亮了一会儿"})
    talk = Topic.objects.get(title="这盏灯")
    assert talk.board.code == cast.places["community"].code
    page = client.get(address).content.decode()
    assert "昨晚亮了一会儿" in page
    reply(talk, "又灭了", by=cast.resident)
    assert "又灭了" in client.get(address).content.decode()
    assert browser.get(f"/forum/about/{subject}/")["Location"] == f"/forum/{talk.pk}/"
    # whoever comes with the form of before writes in the same topic
    browser.post(f"/forum/about/{subject}/", {"title": "另一个", "text": "我也看到了"})
    assert Floor.objects.filter(topic=talk).count() == 3


@pytest.mark.parametrize("subject", ["cases.Case:x", "people.User:1", "cases.Case:", "x", ":"])
def test_only_what_everybody_sees_can_be_talked_about(cast, client_as, subject):
    assert client_as(cast.resident).get(f"/forum/about/{subject}/").status_code == 404


def test_the_answer_comes_back_once_for_a_line_and_not_into_a_closed_topic(cast, floor):
    row = Floor.objects.select_related("topic__board__place").get(pk=floor.pk)
    receipt = floors.open_case(row, place=cast.places["community"], category="street-light",
                               visibility="public", client_id=uuid.uuid4(), by=cast.resident)  # fmt: skip
    moderate.moderate_topic(row.topic, "lock", by=cast.town_handler, reason="settled")
    answered(receipt.case, cast)
    follow()
    assert not Floor.objects.filter(came_of__isnull=False).exists()
