"""Which letters follow a case: each once, to whom it concerns, and nothing personal in them."""

from linli.cases import notices
from linli.cases.actions.handle import answer
from linli.cases.actions.join import join
from linli.journal.models import Entry
from linli.letters.models import Letter
from linli.people.actors import ANONYMOUS

PHONE = "+8619900001234"


def follow():
    notices.handle(list(Entry.objects.filter(verb__in=notices.VERBS).order_by("seq")))


def sent():
    rows = Letter.objects.order_by("created_at", "pk")
    return [(row.template, row.channel) for row in rows]


def test_who_left_a_number_hears_and_who_left_nothing_does_not(ground):
    ground.say(phone=PHONE)
    ground.say()
    follow()
    assert sent().count(("case.received", "sms")) == 1


def test_reading_the_same_lines_again_sends_nothing_again(ground):
    case = ground.say(phone=PHONE).case
    answer(case, "修好了。", by=ground.staff("lamps"))
    follow()
    before = Letter.objects.count()
    follow()
    assert Letter.objects.count() == before


def test_every_asker_is_told_of_the_answer_and_the_unit_of_its_case(ground):
    receipt = ground.say(phone=PHONE)
    join(receipt.case, ground.draft("我也是", phone="+8619900005678"), by=ANONYMOUS)
    receipt.case.refresh_from_db()
    answer(receipt.case, "修好了。", by=ground.staff("lamps"))
    follow()
    assert sent().count(("case.answered", "sms")) == 2
    assert sent().count(("case.dispatched", "inapp")) == 2  # both handlers of the unit


def test_an_asker_is_told_once_that_a_step_waits_for_them(ground):
    ground.say(kind="errand", category="certificates", place=ground.village, visibility="office",
               phone=PHONE, name="李测试")  # fmt: skip
    follow()
    follow()
    assert sent().count(("case.step", "sms")) == 1


def test_no_letter_keeps_a_number_or_a_name(ground):
    ground.say(phone=PHONE, text="李测试家的灯")
    follow()
    stored = str(list(Letter.objects.values()))
    assert "1990000" not in stored
    assert "李测试" not in stored
