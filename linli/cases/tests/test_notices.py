"""Which letters follow a case: each once, to whom it concerns, and nothing personal in them."""

from datetime import timedelta

from linli.cases import notices
from linli.cases.actions import tick
from linli.cases.actions.handle import answer
from linli.cases.actions.join import join
from linli.cases.actions.pass_on import transfer
from linli.cases.timeline import PUBLIC, story
from linli.journal.models import Entry
from linli.letters.models import Letter
from linli.lib import clock
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


def to(actor, template):
    return Letter.objects.filter(user=actor.user, template=template)


def late(ground, case):
    with clock.moved_to(case.answer_due_at + timedelta(hours=1)):
        assert tick.note_late() == 1
        follow()
        follow()


def test_of_a_late_case_the_unit_and_the_office_above_are_told_and_the_line_names_it(ground):
    case = ground.say().case
    late(ground, case)
    for name in ("lamps", "lamps2"):
        assert to(ground.staff(name), "case.late").count() == 1
    assert to(ground.staff("county"), "case.late_below").count() == 1
    for name in ("water", "town", "manager"):  # not theirs
        assert not Letter.objects.filter(user=ground.staff(name).user).exists()
    line = story(case, PUBLIC)[-1]
    assert line.verb == "case.late"
    assert "county-desk" in line.title


def test_of_the_highest_office_nobody_is_above_and_the_line_does_not_say_so(ground):
    case = ground.say().case
    transfer(case, ground.units["county-desk"], "请接着办", by=ground.staff("lamps"))
    case.refresh_from_db()
    late(ground, case)
    assert to(ground.staff("county"), "case.late").count() == 1
    assert not Letter.objects.filter(template="case.late_below").exists()
    assert Entry.objects.get(verb="case.late").facts.get("above") is None
    assert story(case, PUBLIC)[-1].title == "承诺的时间已过，承办单位已经知道"


def test_a_village_is_watched_over_by_its_town(ground):
    case = ground.say().case
    transfer(case, ground.units["village-committee"], "村里就能办", by=ground.staff("lamps"))
    case.refresh_from_db()
    late(ground, case)
    assert to(ground.staff("manager"), "case.late").count() == 1
    assert to(ground.staff("town"), "case.late_below").count() == 1
    # A steward's right is "assigned by name", and this case is not theirs.
    assert not Letter.objects.filter(
        user=ground.staff("steward").user, template="case.late_below"
    ).exists()


def test_of_a_sealed_case_no_office_above_is_told(ground):
    case = ground.say(kind="dispute", category="neighbours", place=ground.village, name="王",
                      visibility="sealed", phone=PHONE, consent=True, text="他家的水漏到我家",
                      fields={"other-party": "楼上的人"}).case  # fmt: skip
    late(ground, case)
    assert to(ground.staff("mediator"), "case.late").count() == 1
    assert not Letter.objects.filter(template="case.late_below").exists()


def test_a_unit_from_which_a_case_is_taken_is_told_and_so_is_the_asker(ground):
    case = ground.say(phone=PHONE).case
    transfer(case, ground.units["water-company"], "管道漏水所致", by=ground.staff("county"))
    follow()
    follow()
    for name in ("lamps", "lamps2"):
        assert to(ground.staff(name), "case.taken_away").count() == 1
    assert to(ground.staff("water"), "case.dispatched").count() == 1
    assert not to(ground.staff("county"), "case.taken_away").exists()
    assert sent().count(("case.transferred", "sms")) == 1


def test_a_unit_that_sends_its_own_case_on_is_not_told_that_it_was_taken(ground):
    case = ground.say().case
    transfer(case, ground.units["water-company"], "管道漏水所致", by=ground.staff("lamps"))
    follow()
    assert not Letter.objects.filter(template="case.taken_away").exists()
