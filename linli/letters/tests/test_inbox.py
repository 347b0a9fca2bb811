"""The inbox is its owner's alone; dead letters are shown to the administrator without addresses."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linli.letters import inbox
from linli.letters.delivery import deliver
from linli.letters.models import Letter, State
from linli.letters.outbox import Recipient
from linli.lib import clock

from .conftest import PHONE, new_subject, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def resident(cast):
    return cast.resident


@pytest.fixture
def browser(client_as, resident):
    return client_as(resident)


def fill(user, count, template="case.answered"):
    for number in range(count):
        context = {"number": f"26 0000 {number:04d}", "path": f"/mine/{number}/"}
        write(Recipient(user=user), template, context, key=str(number))


def numbers(shelf):
    return [row.letter.context["number"][-2:] for row in shelf.rows]


def test_newest_first_and_what_is_unread(browser, resident):
    fill(resident.user, 3)
    page = browser.get("/inbox/").content.decode()
    places = [page.index(f"26 0000 000{n}") for n in (2, 1, 0)]
    assert places == sorted(places)
    assert "3 封未读" in page
    assert "已答复" in page


def test_it_reads_in_the_language_of_the_reader(browser, resident):
    fill(resident.user, 1)
    page = browser.get("/inbox/", headers={"accept-language": "en"}).content.decode()
    assert "Answered: 26 0000 0000" in page
    assert "1 unread letter<" in page


def test_pages_join_without_a_gap_even_within_one_moment(resident):
    with clock.moved_to(clock.now()):  # all of them have the very same time
        fill(resident.user, 2 * inbox.PAGE + 5)
    seen, before = [], None
    for size in (inbox.PAGE, inbox.PAGE, 5):
        shelf = inbox.shelf(resident.user, before)
        assert len(shelf.rows) == size
        seen += [row.letter.pk for row in shelf.rows]
        before = shelf.older
    assert before is None
    assert len(set(seen)) == 2 * inbox.PAGE + 5


def test_a_full_last_page_leads_nowhere(resident):
    fill(resident.user, inbox.PAGE)
    assert inbox.shelf(resident.user).older is None


def test_the_older_page_is_linked(browser, resident):
    fill(resident.user, inbox.PAGE + 1)
    older = inbox.shelf(resident.user).older
    assert f"?before={older}" in browser.get("/inbox/").content.decode()
    assert "26 0000 0000" in browser.get(f"/inbox/?before={older}").content.decode()


@pytest.mark.parametrize("before", ["x", "1' OR 1=1", "", "00000000-0000-4000-8000-000000000000"])
def test_a_strange_address_shows_the_first_page(browser, resident, before):
    fill(resident.user, 1)
    answer = browser.get("/inbox/", {"before": before})
    assert answer.status_code == 200
    assert "26 0000 0000" in answer.content.decode()


def test_opening_marks_as_read_once_and_leads_on(browser, resident):
    fill(resident.user, 1)
    letter = Letter.objects.get()
    answer = browser.post(reverse("open-letter", args=[letter.pk]))
    assert (answer.status_code, answer["Location"]) == (302, "/mine/0/")
    first = Letter.objects.get().read_at
    browser.post(reverse("open-letter", args=[letter.pk]))
    assert Letter.objects.get().read_at == first
    assert inbox.unread(resident.user) == 0


def test_looking_does_not_mark(browser, resident):
    fill(resident.user, 1)
    browser.get("/inbox/")
    assert browser.get(reverse("open-letter", args=[Letter.objects.get().pk])).status_code == 405
    assert inbox.unread(resident.user) == 1


def test_all_can_be_marked_and_only_mine_are(browser, resident, cast):
    fill(resident.user, 3)
    fill(cast.manager.user, 2, "case.dispatched")
    assert browser.post("/inbox/read/")["Location"] == "/inbox/"
    assert inbox.unread(resident.user) == 0
    assert inbox.unread(cast.manager.user) == 2


def test_a_letter_of_somebody_else_is_not_there(browser, cast):
    fill(cast.manager.user, 1, "case.dispatched")
    letter = Letter.objects.get()
    assert "26 0000" not in browser.get("/inbox/").content.decode()
    assert browser.post(reverse("open-letter", args=[letter.pk])).status_code == 404
    letter.refresh_from_db()
    assert letter.read_at is None
    shelf = browser.get("/inbox/", {"before": letter.pk})
    assert shelf.status_code == 200


def test_what_went_out_by_message_is_not_in_the_inbox(browser, resident):
    write(Recipient(user=resident.user, subject=new_subject(phone=PHONE)))
    deliver()
    assert len(inbox.shelf(resident.user).rows) == 1
    outside = Letter.objects.get(channel="sms")
    assert browser.post(reverse("open-letter", args=[outside.pk])).status_code == 404


def test_a_stranger_is_asked_to_sign_in(client):
    answer = client.get("/inbox/")
    assert answer.status_code == 302
    assert reverse("account_login") in answer["Location"]


def test_twenty_letters_cost_as_much_as_two(browser, resident):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            browser.get("/inbox/")
        return len(seen)

    fill(resident.user, 2)
    browser.get("/inbox/")
    few = queries()
    fill(resident.user, 20)
    assert queries() == few


def test_the_count_of_unread_is_one_query_on_its_index(resident, django_assert_num_queries):
    fill(resident.user, 3)
    with django_assert_num_queries(1):
        assert inbox.unread(resident.user) == 3
    plan = Letter.objects.unread_of(resident.user).explain()
    if connection.vendor == "sqlite":
        assert "letter_unread" in plan


class TestDead:
    @pytest.fixture
    def dead(self):
        for number in range(3):
            write(Recipient(subject=new_subject(phone=PHONE)), key=str(number))
        Letter.objects.update(state=State.DEAD, attempts=8, error="NoAddress")

    def test_the_administrator_sees_what_and_why(self, client_as, cast, dead):
        page = client_as(cast.administrator).get("/letters/dead/").content.decode()
        assert "case.answered" in page
        assert "这个人的联系方式已经不在了" in page
        assert PHONE not in page
        assert Letter.objects.first().subject not in page

    def test_and_puts_them_back(self, client_as, cast, dead, gateway):
        browser = client_as(cast.administrator)
        answer = browser.post("/letters/dead/retry/", follow=True)
        assert "3 封信已重新发送" in answer.content.decode()
        assert "所有的信都已送到" in answer.content.decode()
        assert deliver() == {"sent": 3}
        assert len(gateway()) == 3

    @pytest.mark.parametrize("part", ["resident", "manager", "grid_worker", "auditor"])
    def test_nobody_else_does(self, client_as, cast, dead, part):
        browser = client_as(getattr(cast, part))
        assert browser.get("/letters/dead/").status_code == 403
        assert browser.post("/letters/dead/retry/").status_code == 403
        assert Letter.objects.filter(state=State.DEAD).count() == 3
