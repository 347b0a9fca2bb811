"""What a unit does with a case, through its pages: each verb, each no, and nothing typed lost."""

import html
from datetime import timedelta

import pytest
from django.urls import reverse

from linli.cases import timeline
from linli.cases.actions.handle import accept, answer, extend
from linli.cases.actions.pass_on import refuse, transfer
from linli.cases.models import Asker, Case, Refusal, State, Words
from linli.journal.models import Entry
from linli.lib import clock
from linli.people.models import Organisation

VERBS = {
    "accept": {},
    "assign": {"to": ""},
    "note": {"words": "已经打过电话"},
    "extend": {"reason": "materials", "words": "灯头要订货", "until": "2026-11-17"},
    "answer": {"words": "灯泡已换好。"},
    "decline": {"words": "这是私人院子里的灯", "address": "物业公司前台"},
    "refuse": {"reason": "not-our-duty", "words": "小区里的灯"},
    "transfer": {"unit": "water-company", "words": "是检修口的灯"},
    "merge": {"number": ""},
    "publish": {"words": "七号楼前面的路灯不亮。"},
    "read": {"reason": "要看清楚"},
    "contact": {"reason": "要约时间", "asker": ""},
}
ADDRESSES = {"contact": "desk-contact", "read": "desk-read"} | {
    verb: f"desk-{verb}" for verb in VERBS if verb not in {"contact", "read"}
}


def post(client, case, verb, revision=None, **changes):
    fields = {**VERBS[verb], **changes}
    fields.setdefault("revision", case.revision if revision is None else revision)
    return client.post(reverse(ADDRESSES[verb], args=[case.number]), fields)


def page_of(client, case):
    return html.unescape(client.get(reverse("desk-case", args=[case.number])).content.decode())


@pytest.fixture
def case(ground):
    return ground.say().case


@pytest.fixture
def lamps(ground, client_as):
    return client_as(ground.staff("lamps"))


# ── the way through ─────────────────────────────────────────────────────────────────────────


def test_taken_on_noted_answered(ground, case, lamps):
    assert post(lamps, case, "accept").url == reverse("desk-case", args=[case.number])
    case.refresh_from_db()
    assert (case.state, case.handler) == (State.ACCEPTED, ground.staff("lamps").user)
    post(lamps, case, "note")
    assert "已经打过电话" in page_of(lamps, case)
    assert post(lamps, case, "answer").status_code == 302
    case.refresh_from_db()
    assert case.state == State.ANSWERED
    assert Words.objects.get(case=case, purpose="answer").public
    assert "灯泡已换好。" in page_of(lamps, case)


def test_a_colleague_of_the_unit_can_do_it_too(ground, case, client_as):
    assert post(client_as(ground.staff("lamps2")), case, "accept").status_code == 302
    case.refresh_from_db()
    assert case.state == State.ACCEPTED


def test_given_to_a_colleague(ground, case, lamps):
    colleague = ground.staff("lamps2").user
    choose = lamps.get(reverse("desk-colleagues", args=[case.number])).content.decode()
    assert str(colleague.pk) in choose
    assert str(ground.staff("water").user.pk) not in choose
    assert post(lamps, case, "assign", to=str(colleague.pk)).status_code == 302
    case.refresh_from_db()
    assert case.handler == colleague
    stranger = post(lamps, case, "assign", to=str(ground.staff("water").user.pk))
    assert stranger.status_code == 422


def test_more_time_with_a_reason_and_a_day(ground, case, lamps):
    assert post(lamps, case, "extend").status_code == 302
    case.refresh_from_db()
    assert case.due_at.astimezone(clock.LOCAL).isoformat() == "2026-11-17T23:59:59+08:00"
    told = Words.objects.get(case=case, purpose="reason")
    assert told.public
    assert told.text.endswith("灯头要订货")
    assert "等材料" in told.text


def test_a_refusal_names_its_reason_and_goes_to_the_ledger(ground, client_as, case, lamps):
    town = client_as(ground.staff("town"))
    transfer(case, ground.units["town-office"], "在镇上", by=ground.staff("lamps"))
    done = post(town, case, "refuse", unit="water-company")
    assert done.url == reverse("desk-case", args=[case.number])  # its place: it stays readable
    row = Refusal.objects.get(case=case)
    assert row.suggested == ground.units["water-company"]
    assert row.sent_to == ground.units["street-lighting"]
    assert row.reason.endswith("小区里的灯")
    assert "小区里的灯" in page_of(lamps, case)  # what blocks it stands on top


def test_after_the_second_refusal_the_last_unit_cannot_refuse(ground, client_as, case):
    refuse(case, "不是", by=ground.staff("lamps"))
    county = client_as(ground.staff("county"))
    assert f'action="/desk/case/{case.number}/refusal/"' in page_of(county, case)
    transfer(case, ground.units["water-company"], "是检修口", by=ground.staff("county"))
    refuse(case, "也不是", by=ground.staff("water"))
    page = page_of(county, case)
    assert f'action="/desk/case/{case.number}/refusal/"' not in page
    assert post(county, case, "refuse").status_code == 409


def test_sent_on_by_a_part_of_the_name(ground, case, lamps):
    assert post(lamps, case, "transfer", unit="Water-Comp").status_code == 302
    case.refresh_from_db()
    assert case.owner == ground.units["water-company"]


def test_two_units_of_that_name_are_offered_and_the_words_stay(ground, case, lamps):
    answer = post(lamps, case, "transfer", unit="-")
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "是检修口的灯" in page
    town = ground.units["town-office"]
    assert f'name="chosen" value="{town.pk}"' in page
    assert post(lamps, case, "transfer", unit="-", chosen=town.pk).status_code == 302
    case.refresh_from_db()
    assert case.owner == town


def test_an_unknown_unit_is_said_so(ground, case, lamps):
    answer = post(lamps, case, "transfer", unit="no such unit")
    assert answer.status_code == 422
    assert "是检修口的灯" in answer.content.decode()
    assert post(lamps, case, "transfer", chosen=10**6, unit="").status_code == 422
    own = ground.units["street-lighting"]
    assert post(lamps, case, "transfer", chosen=own.pk, unit="").status_code == 422


def test_units_are_found_while_typing(ground, case, lamps):
    address = reverse("desk-units", args=[case.number])
    found = lamps.get(address, {"unit": "water"}, headers={"HX-Request": "true"}).content.decode()
    assert "Water-Company" in found or "water-company" in found
    assert "<html" not in found
    around = lamps.get(address).content.decode()
    assert str(ground.units["town-office"].pk) in around
    assert f'value="{ground.units["street-lighting"].pk}"' not in around


def test_a_unit_complained_about_is_never_offered(ground, client_as):
    office = ground.units["town-office"]
    case = ground.say(category="cleaning", about=office).case
    browser = client_as(ground.staff("manager"))
    assert case.owner == ground.units["village-committee"]
    found = browser.get(reverse("desk-units", args=[case.number]), {"unit": "town"})
    assert f'value="{office.pk}"' not in found.content.decode()


def test_two_matters_become_one(ground, case, lamps):
    other = ground.say()
    assert post(lamps, case, "merge", number=other.case.pretty_number).status_code == 302
    case.refresh_from_db()
    assert case.merged_into == other.case
    assert "merged" in case.state
    assert reverse("desk-case", args=[other.number]) in page_of(lamps, case)


@pytest.mark.parametrize("number", ["12", "0000000000", "2638420560"])
def test_a_wrong_number_joins_nothing(case, lamps, number):
    answer = post(lamps, case, "merge", number=number)
    assert answer.status_code in {409, 422}
    assert number in answer.content.decode()


def test_a_matter_of_others_cannot_be_joined_to(ground, case, lamps):
    hidden = ground.say(category="roads", visibility="office").case
    assert post(lamps, case, "merge", number=hidden.number).status_code == 409


def test_declined_with_the_right_address(case, lamps):
    assert post(lamps, case, "decline").status_code == 302
    case.refresh_from_db()
    assert case.state == State.DECLINED
    assert "物业公司前台" in Words.objects.get(case=case, purpose="reason").text
    assert post(lamps, case, "decline").status_code == 409  # closed: too late


def test_nobody_is_sent_away_without_an_address(case, lamps):
    answer = post(lamps, case, "decline", address="")
    assert answer.status_code == 422
    assert "这是私人院子里的灯" in answer.content.decode()


# ── what everybody will read ────────────────────────────────────────────────────────────────


def test_a_public_answer_with_a_telephone_number_is_held_back_and_kept(case, lamps):
    words = "请打 19900001234 找我。"
    answer = post(lamps, case, "answer", words=words)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert 'name="mask"' in page
    case.refresh_from_db()
    assert case.state == State.ROUTED


def test_the_personal_is_taken_out_and_read_once_more(case, lamps):
    answer = post(lamps, case, "answer", words="请打 19900001234 找我。", mask="1")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "请打 *** 找我。" in page
    assert "19900001234" not in page
    case.refresh_from_db()
    assert case.state == State.ROUTED


def test_the_asker_alone_may_be_told_a_number(case, lamps):
    done = post(lamps, case, "answer", words="请打 19900001234 找我。", private="on")
    assert done.status_code == 302
    assert not Words.objects.get(case=case, purpose="answer").public


def test_an_answer_inside_the_office_is_nobody_elses(ground, lamps):
    case = ground.say(visibility="office").case
    assert 'name="private"' not in page_of(lamps, case)
    assert post(lamps, case, "answer", words="请打 19900001234 找我。").status_code == 302


def test_the_public_text_comes_masked_and_goes_out_after_a_reading(ground, lamps, client):
    case = ground.say(text="我是王五，电话 19900001234，灯坏了").case
    assert "电话 ***，灯坏了" in page_of(lamps, case).split('id="publish-words"')[1][:400]
    refused = post(lamps, case, "publish", words="电话 19900001234，灯坏了")
    assert refused.status_code == 409
    assert "电话 19900001234，灯坏了" in refused.content.decode()
    assert post(lamps, case, "publish", words="灯坏了").status_code == 302
    case.refresh_from_db()
    assert (case.public_text, case.published_at) == ("灯坏了", clock.now())


def test_what_the_asker_keeps_for_the_office_is_not_published(ground, lamps):
    case = ground.say(visibility="office").case
    assert f"desk/case/{case.number}/publication" not in page_of(lamps, case)
    assert post(lamps, case, "publish").status_code == 409


# ── somebody else was faster ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("verb", ["answer", "extend", "transfer", "decline", "refuse"])
def test_somebody_acted_meanwhile_and_the_words_are_kept(ground, case, lamps, verb):
    seen = case.revision
    accept(case, by=ground.staff("lamps2"))
    late = post(lamps, case, verb, revision=seen)
    page = html.unescape(late.content.decode())
    assert late.status_code == 409
    assert VERBS[verb]["words"] in page
    assert 'role="alert"' in page
    case.refresh_from_db()
    assert case.state == State.ACCEPTED
    assert f'name="revision" value="{case.revision}"' in page  # sent once more, it is meant
    if verb != "extend":
        assert post(lamps, case, verb).status_code == 302


def test_what_they_did_is_said(ground, case, lamps):
    seen = case.revision
    accept(case, by=ground.staff("lamps2"))
    answer(case, "另一个人答了", by=ground.staff("lamps2"))
    page = html.unescape(post(lamps, case, "answer", revision=seen).content.decode())
    alert = page.split('role="alert"')[1][:900]
    titles = [moment.title for moment in timeline.story(case, timeline.UNIT)][-2:]
    assert all(title in alert for title in titles)
    assert "灯泡已换好。" in alert  # no form for it is left: the words are still here
    assert Words.objects.filter(case=case, purpose="answer").count() == 1


def test_a_note_never_gets_in_anybodys_way(ground, case, lamps):
    seen = case.revision
    accept(case, by=ground.staff("lamps2"))
    assert post(lamps, case, "note", revision=seen).status_code == 302


def test_a_second_press_on_the_same_button_changes_nothing(ground, case, lamps):
    seen = case.revision
    assert post(lamps, case, "accept", revision=seen).status_code == 302
    assert post(lamps, case, "accept", revision=seen).status_code == 409
    assert Entry.objects.filter(verb="case.accepted").count() == 1


@pytest.mark.parametrize("verb", ["note", "answer", "extend", "decline", "transfer", "publish"])
def test_an_empty_form_comes_back_with_a_sentence(case, lamps, verb):
    empty = dict.fromkeys(VERBS[verb], "")
    answer = post(lamps, case, verb, **empty)
    assert answer.status_code == 422
    assert 'id="errors"' in answer.content.decode()


def test_a_broken_revision_is_no_error(case, lamps):
    assert post(lamps, case, "accept", revision="x").status_code == 422


def test_an_extension_that_cannot_be_says_why_and_keeps_the_words(ground, case, lamps, client_as):
    answer = post(lamps, case, "extend", until="2026-11-05")
    assert answer.status_code == 409
    assert "灯头要订货" in answer.content.decode()
    with clock.moved_to(case.due_at + timedelta(seconds=1)):
        later = client_as(ground.staff("lamps"))
        assert post(later, case, "extend", until="2026-12-01").status_code == 409
        assert f"desk/case/{case.number}/extension" not in page_of(later, case)


# ── who may ─────────────────────────────────────────────────────────────────────────────────


def test_a_stranger_finds_nothing_and_learns_nothing(ground, case, client_as):
    water, absent = client_as(ground.staff("water")), Case(number="2600000000", revision=0)
    for verb in VERBS:
        there, not_there = post(water, case, verb), post(water, absent, verb)
        assert (there.status_code, not_there.status_code) == (404, 404), verb
        bodies = [there.content.decode().replace(case.number, ""),
                  not_there.content.decode().replace(absent.number, "")]  # fmt: skip
        assert bodies[0] == bodies[1], verb


def test_residents_and_visitors_stay_outside(ground, case, client, client_as):
    resident = client_as(ground.staff("resident"))
    for verb in VERBS:
        assert post(resident, case, verb).status_code in {403, 404}, verb
        assert post(client, case, verb).status_code in {302, 404}, verb
    case.refresh_from_db()
    assert case.revision == 0


def test_a_verb_is_posted_to(case, lamps):
    for verb in VERBS:
        assert lamps.get(reverse(ADDRESSES[verb], args=[case.number])).status_code == 405, verb


@pytest.mark.parametrize("verb", ["accept", "extend", "refuse"])
def test_the_office_above_reads_but_does_not_act_for_the_unit(ground, case, client_as, verb):
    town = client_as(ground.staff("town"))
    assert f"/desk/case/{case.number}/acceptance/" not in page_of(town, case)
    assert post(town, case, verb).status_code == 403
    case.refresh_from_db()
    assert case.state == State.ROUTED


def test_who_has_it_may_answer_and_nobody_above(ground, case, client_as):
    town = client_as(ground.staff("town"))
    assert post(town, case, "answer").status_code in {403, 409}
    case.refresh_from_db()
    assert case.state == State.ROUTED


def test_a_steward_answers_what_came_to_the_post_and_cannot_pass_it_on(ground, client_as):
    case = ground.say(kind="steward-message", category="cleaning", visibility="office").case
    steward = client_as(ground.staff("steward"))
    assert post(steward, case, "transfer").status_code == 403
    assert post(steward, case, "accept").status_code == 302
    case.refresh_from_db()
    assert post(steward, case, "answer").status_code == 302
    assert client_as(ground.staff("gridworker")).get(
        reverse("desk-case", args=[case.number])
    ).status_code == 404  # fmt: skip


def test_the_unit_complained_about_sees_nothing(ground, client_as):
    office = ground.units["town-office"]
    case = ground.say(category="cleaning", about=office).case
    assert client_as(ground.staff("town")).get(f"/desk/case/{case.number}/").status_code == 404


# ── the page ────────────────────────────────────────────────────────────────────────────────


def test_the_clock_and_what_comes_next_stand_on_top(ground, case, lamps, client_as):
    page = page_of(lamps, case)
    assert "11月11日" in page
    assert case.pretty_number in page
    with clock.moved_to(case.due_at + timedelta(days=2)):
        assert 'class="is-late"' in page_of(client_as(ground.staff("lamps")), case)


def test_earlier_matters_at_the_spot_are_shown_and_only_those(ground, case, lamps, client_as):
    before = ground.say(text="上次也是这盏灯").case
    elsewhere = ground.say(text="别处的灯", place=ground.village).case
    hidden = ground.say(category="street-light", text="不公开的", visibility="office").case
    water = ground.units["water-company"]
    Case.objects.filter(pk=hidden.pk).update(owner=water, first_owner=water, owner_post=None)
    page = page_of(lamps, case)
    assert "上次也是这盏灯" in page
    assert elsewhere.pretty_number not in page
    assert hidden.pretty_number not in page
    assert before.pretty_number in page


def test_the_page_takes_no_more_than_thirteen_queries(
    ground, lamps, case, client_as, django_assert_max_num_queries
):
    receipt = ground.say(phone="19900001234")
    accept(receipt.case, by=ground.staff("lamps"))
    extend(
        receipt.case,
        receipt.case.answer_due_at + timedelta(days=3),
        "订货",
        by=ground.staff("lamps"),
    )
    for _n in range(3):
        ground.say()
    lamps.get("/desk/")
    with django_assert_max_num_queries(13):
        page_of(lamps, receipt.case)
    station = client_as(ground.staff("station"))
    wish = ground.say(kind="wish", category="daily-life", place=ground.town, visibility="public",
                      phone="19900001236", name="赵", consent=True, text="一双雨鞋").case  # fmt: skip
    station.get("/desk/")
    with django_assert_max_num_queries(13):
        page_of(station, wish)


def test_nothing_of_it_stays_in_a_cache(case, lamps):
    answer = lamps.get(reverse("desk-case", args=[case.number]))
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_number_with_a_letter_in_it_is_not_there(lamps):
    assert lamps.get("/desk/case/x/").status_code == 404


def test_every_asker_has_a_number_and_who_left_something_can_be_reached(ground, lamps):
    receipt = ground.say(phone="19900001234")
    page = page_of(lamps, receipt.case)
    assert reverse("desk-contact", args=[receipt.number]) in page
    assert "19900001234" not in page
    nothing = ground.say().case
    assert reverse("desk-contact", args=[nothing.number]) not in page_of(lamps, nothing)
    assert Asker.objects.filter(case=nothing).count() == 1
    assert Organisation.objects.count() == 8
