"""The special steps of the kinds come from their files: errand, wish, dispute, card, grid event."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

import linli.playbook
from linli import playbook
from linli.cases.actions.asker import reply
from linli.cases.actions.handle import accept, answer, publish
from linli.cases.actions.steps import claim, do_step, release
from linli.cases.models import Asker, Case, Claim, State
from linli.cases.steps import standings
from linli.cases.views.case_page import listed_or_404
from linli.lib import clock
from linli.people.actors import ANONYMOUS
from linli.people.policies import Denied
from linli.places.tree import add
from linli.vault import sealing

NAMED = {"phone": "+8619900001234", "name": "李测试"}


def errand(ground):
    return ground.say(
        kind="errand", category="certificates", place=ground.village, visibility="office",
        text="请代办一张证明", **NAMED,
    )  # fmt: skip


MANDATE = {"what": "开证明", "for-whom": "myself", "which-documents": "户口本",
           "expires": "2026-12-31", "signed": True}  # fmt: skip


def test_an_errand_needs_a_mandate_that_the_asker_signs(ground):
    case, agent = errand(ground).case, ground.staff("agent")
    asker = Asker.objects.get(case=case)
    assert case.owner == ground.units["service-desk"]
    with pytest.raises(Denied):
        accept(case, by=agent)
    with pytest.raises(Denied):
        do_step(case, "mandate", MANDATE, by=agent)
    with pytest.raises(Denied):
        do_step(case, "mandate", {**MANDATE, "signed": False}, by=ANONYMOUS, asker=asker)
    do_step(case, "mandate", MANDATE, by=ANONYMOUS, asker=asker)
    accept(case, by=agent)
    assert case.state == State.ACCEPTED


def test_every_original_is_handed_back_before_an_errand_closes(ground):
    case, agent = errand(ground).case, ground.staff("agent")
    asker = Asker.objects.get(case=case)
    do_step(case, "mandate", MANDATE, by=ANONYMOUS, asker=asker)
    accept(case, by=agent)
    do_step(case, "documents-received", {"documents": ["户口本", "身份证"]}, by=agent)
    do_step(case, "submitted", {"window": "公安窗口", "submitted-on": "2026-11-05"}, by=agent)
    do_step(case, "result", {"outcome": "done"}, by=agent)
    answer(case, "办好了。", by=agent)
    reply(Asker.objects.get(case=case), "solved", by=ANONYMOUS)
    case.refresh_from_db()
    assert case.state == State.ANSWERED  # the originals are still with the agent
    with pytest.raises(Denied, match="身份证"):
        do_step(case, "returned", {"no-copies": True, "returned": ["户口本"]}, by=agent)
    do_step(case, "returned", {"no-copies": True, "returned": ["户口本", "身份证"]}, by=agent)
    case.refresh_from_db()
    assert case.state == State.CONFIRMED


def test_a_mandate_that_has_run_out_carries_nothing(ground):
    case, agent = errand(ground).case, ground.staff("agent")
    asker = Asker.objects.get(case=case)
    do_step(case, "mandate", {**MANDATE, "expires": "2026-11-05"}, by=ANONYMOUS, asker=asker)
    with clock.moved_to(clock.now() + timedelta(days=3)), pytest.raises(Denied):
        do_step(case, "documents-received", {"documents": ["户口本"]}, by=agent)


def test_nobody_sends_an_errand_without_a_name(ground):
    with pytest.raises(Denied):
        ground.say(
            kind="errand", category="certificates", place=ground.village, visibility="office"
        )


def wish(ground, **changes):
    said = {"kind": "wish", "category": "daily-life", "place": ground.town, "consent": True,
            "text": "想要一口电饭煲", **NAMED}  # fmt: skip
    return ground.say(**{**said, **changes})


def hang_up(ground, case):
    station = ground.staff("station")
    do_step(case, "verified", {"for-whom": "adult", "wisher-agrees": True}, by=station)
    accept(case, by=station)
    do_step(case, "published", {"public-text": "一口电饭煲", "price-band": "middle"}, by=station)


def test_a_wish_shows_an_alias_and_the_thing_only_after_it_was_verified(ground):
    case = wish(ground).case
    assert case.alias
    assert not Case.objects.listed().filter(pk=case.pk).exists()
    hang_up(ground, case)
    case.refresh_from_db()
    assert case.public_text == "一口电饭煲"
    assert Case.objects.listed().filter(pk=case.pk).exists()
    assert "李测试" not in case.public_text + case.alias


def test_one_live_claim_and_it_lapses_and_is_fulfilled(ground):
    case = wish(ground).case
    hang_up(ground, case)
    one, other = ground.staff("volunteer"), ground.staff("neighbour")
    row = claim(case, "bought", by=one)
    with pytest.raises(Denied):
        claim(case, "bought", by=other)
    with pytest.raises(Denied):
        do_step(case, "bought", {}, by=other)
    release(row, by=one)
    claim(case, "bought", by=other)
    do_step(case, "bought", {}, by=other)
    assert Claim.objects.filter(fulfilled=True).count() == 1
    do_step(case, "delivered", {"received": True}, by=ground.staff("station"))
    answer(case, "已送到。", by=ground.staff("station"))
    assert case.state == State.ANSWERED


def test_a_wish_needs_consent_and_nobody_grants_their_own(ground):
    with pytest.raises(Denied):
        wish(ground, consent=False)
    resident = ground.staff("resident")
    receipt = wish(ground, user=resident.user)
    hang_up(ground, receipt.case)
    with pytest.raises(Denied):
        claim(receipt.case, "bought", by=resident)


def test_an_unclaimed_wish_falls_to_the_station(ground):
    case = wish(ground).case
    hang_up(ground, case)
    case.refresh_from_db()
    station = ground.staff("station")
    with pytest.raises(Denied):
        do_step(case, "bought", {}, by=station)
    with clock.moved_to(clock.now() + timedelta(days=40)):
        do_step(case, "bought", {}, by=station)


def dispute(ground):
    return ground.say(
        kind="dispute", category="neighbours", place=ground.village, visibility="sealed",
        text="隔壁老张把墙砌过界了", consent=True, fields={"other-party": "老张 19900005678"}, **NAMED,
    )  # fmt: skip


def test_a_dispute_leaves_no_word_of_it_outside_the_vault(ground):
    case, mediator = dispute(ground).case, ground.staff("mediator")
    do_step(case, "sorted", {"route": "mediate"}, by=mediator)
    accept(case, by=mediator)
    do_step(
        case, "session", {"held-on": "2026-11-05", "minutes": "老张承认过界二十厘米"}, by=mediator
    )
    do_step(case, "agreement", {"outcome": "agreed", "terms": "退回二十厘米"}, by=mediator)
    answer(case, "双方谈妥，老张退回。", by=mediator)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            stored = str(cursor.fetchall())
            for secret in ("老张", "二十厘米", "墙砌", "19900005678", "李测试"):
                assert secret not in stored, (table, secret)
    text = sealing.reveal(case.sealed_subject, "text", by=mediator, reason="调解")
    assert "墙砌过界" in text
    assert sealing.reads_of(case.sealed_subject).filter(reason="调解").exists()


def test_a_dispute_is_nobodys_business_but_the_mediators(ground):
    case = dispute(ground).case
    for name in ("manager", "town", "county", "lamps"):
        with pytest.raises(Denied):
            accept(case, by=ground.staff(name))


def test_the_topic_of_a_dispute_is_public_only_when_both_sides_agree(ground):
    case, mediator = dispute(ground).case, ground.staff("mediator")
    do_step(case, "sorted", {"route": "mediate"}, by=mediator)
    accept(case, by=mediator)
    do_step(case, "session", {"held-on": "2026-11-05", "minutes": "谈了"}, by=mediator)
    with pytest.raises(Denied):
        publish(case, "", by=mediator)
    do_step(case, "agreement", {"outcome": "agreed", "asker-agrees-topic": True,
                                "other-agrees-topic": True}, by=mediator)  # fmt: skip
    publish(case, "", by=mediator)
    assert listed_or_404(case.number).public_text == ""


def test_a_comment_card_keeps_no_name_and_only_the_week(ground):
    line = _line(ground)
    with pytest.raises(Denied):
        ground.say(kind="comment-card", category="other", place=line, visibility="office",
                   phone="+8619900001234")  # fmt: skip
    with clock.moved_to(clock.now() + timedelta(hours=5)):
        case = ground.say(kind="comment-card", category="other", place=line, visibility="office",
                          text="末班车太早了").case  # fmt: skip
    local = case.received_at.astimezone(clock.LOCAL)
    assert (local.weekday(), local.hour, local.minute) == (0, 0, 0)
    with pytest.raises(Denied):
        ground.say(kind="comment-card", category="other", place=ground.village, visibility="office")


def _line(ground):
    return add(code="320481-line2", kind="line", name="2路", name_en="Line 2", parent=ground.county,
               generated=True)  # fmt: skip


def test_a_message_to_the_steward_goes_to_the_steward(ground):
    case = ground.say(kind="steward-message", category="other", visibility="office").case
    steward = ground.staff("steward")
    assert case.owner_post_id == steward.appointment.post_id
    accept(case, by=steward)
    answer(case, "已经叫物业了。", by=steward)
    assert case.state == State.ANSWERED


def test_a_grid_event_is_verified_by_somebody_else_than_who_dealt_with_it(ground):
    worker, manager = ground.staff("gridworker"), ground.staff("manager")
    with pytest.raises(Denied):
        ground.say(by=ground.staff("resident"), kind="grid-event", category="cleaning",
                   place=ground.grid, visibility="office")  # fmt: skip
    receipt = ground.say(by=worker, kind="grid-event", category="cleaning", place=ground.grid,
                         visibility="office", user=worker.user, text="路口堆了装修垃圾")  # fmt: skip
    case = receipt.case
    accept(case, by=manager)
    with pytest.raises(Denied):
        answer(case, "清了。", by=manager)
    do_step(case, "handled", {"what-was-done": "叫车拉走"}, by=manager)
    answer(case, "清了。", by=manager)
    with pytest.raises(Denied):
        do_step(case, "verified", {"seen": True}, by=manager)
    asker = Asker.objects.get(case=case)
    reply(asker, "solved", by=worker)
    case.refresh_from_db()
    assert case.state == State.ANSWERED  # nobody has gone and looked
    do_step(case, "verified", {"seen": True}, by=worker, asker=Asker.objects.get(case=case))
    case.refresh_from_db()
    assert case.state == State.CONFIRMED


def test_a_voice_from_a_visit_needs_consent_and_leaves_a_copy(ground):
    manager = ground.staff("manager")
    said = {"kind": "visit-voice", "channel": "visit", "category": "other", "place": ground.village,
            "visibility": "office", "fields": {"read-back": True, "copy": "slip"}}  # fmt: skip
    with pytest.raises(Denied):
        ground.say(by=manager, **said)
    with pytest.raises(Denied):
        ground.say(by=manager, **{**said, "fields": {"read-back": True}}, consent=True)
    receipt = ground.say(by=manager, **said, consent=True)
    assert receipt.asker.knows(receipt.word)
    assert receipt.case.received_at.minute == 0


STRANGER = """
id        = "lost-and-found"
name      = { zh = "失物招领", en = "Lost and found" }
portfolio = "county"
stream    = "service"
summary   = { zh = "捡到、丢了东西，到这里说一声。", en = "Something lost or found: say so here." }
source    = { zh = "某县自己写的。", en = "Written by a county of its own." }

[[case]]
id          = "lost-thing"
name        = { zh = "失物", en = "Lost thing" }
prompt      = { zh = "丢了什么？在哪儿丢的？", en = "What was lost, and where?" }
channels    = ["web"]
opens_by    = ["anyone"]
identity    = "optional"
visibility  = "public"
public_text = "redacted"
place       = "village"
owner       = [{ body = "village-committee", at = "village" }]
accept      = "1 workday"
answer      = "3 workdays"
confirm     = "7 days"
survey      = { zh = "满意吗？", en = "Satisfied?" }
late        = { zh = "会报到镇里。", en = "The town is told." }

[[case.step]]
id     = "looked"
name   = { zh = "已经去找过", en = "Looked for it" }
by     = "handler"
before = "answer"
fields = [{ id = "where", name = { zh = "找了哪里", en = "Where" }, type = "text", required = true }]
"""


@pytest.fixture
def with_a_tenth_kind(tmp_path):
    shipped = Path(linli.playbook.__file__).parent.parent / "playbooks" / "liyang"
    shutil.copytree(shipped, tmp_path / "book")
    (tmp_path / "book" / "lost-and-found.toml").write_text(STRANGER, encoding="utf-8")
    with playbook.use(tmp_path / "book"):
        yield


def test_a_kind_written_by_a_stranger_as_one_file_works_whole(ground, with_a_tenth_kind, client):
    page = client.get("/tell/lost-thing/")
    assert "丢了什么？在哪儿丢的？" in page.content.decode()
    case = ground.say(kind="lost-thing", category="other", text="丢了一把伞").case
    manager = ground.staff("manager")
    assert case.owner == manager.organisation
    accept(case, by=manager)
    with pytest.raises(Denied):
        answer(case, "找到了。", by=manager)
    assert [s.step.id for s in standings(case)] == ["looked"]
    do_step(case, "looked", {"where": "车棚"}, by=manager)
    answer(case, "找到了，在村委会。", by=manager)
    reply(Asker.objects.get(case=case), "solved", by=ANONYMOUS, satisfied=True)
    case.refresh_from_db()
    assert case.state == State.CONFIRMED
