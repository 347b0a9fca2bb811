"""The pages: by number until somebody writes down why; every form does what it says."""

from datetime import date

import pytest
from django.urls import reverse

from linli.members.actions import adverse
from linli.members.models import Member, Move, Proceeding
from linli.people.roles import Role, table

EVIDENCE = "一月到六月没有参加一次组织生活，两次书面提醒后仍未参加。"
EN = {"HTTP_ACCEPT_LANGUAGE": "en"}


def text(response):
    return response.content.decode()


def act(client, member, name, **said):
    where = reverse("member", args=[member.pk])
    return client.post(where, {"act": name, **said}, follow=True, **EN)


def test_a_roll_shows_numbers_and_names_for_a_reason(rolls, client_as):
    for name in ("甲子", "乙丑", "丙寅"):
        rolls.enter(name)
    client = client_as(rolls.secretary)
    where = reverse("members-roll", args=[rolls.branch.pk, "party"])
    page = text(client.get(where, **EN))
    assert "No. 3" in page
    assert "甲子" not in page
    wrong = client.post(where, {"reason": ""}, **EN)
    assert wrong.status_code == 422
    page = text(client.post(where, {"reason": "the yearly review"}, **EN))
    assert "甲子" in page
    assert "甲子" not in text(client.get(where, **EN))
    assert "No. 1" in text(client.get(where, {"stage": "applicant"}, **EN))
    assert "No. 1" not in text(client.get(where, {"stage": "full"}, **EN))
    assert client.get(where, {"after": "x"}).status_code == 400


def test_a_long_roll_has_pages(rolls, client_as, django_assert_max_num_queries):
    for n in range(27):
        rolls.enter(f"会员{n}", body=rolls.chapter)
    client = client_as(rolls.secretary)
    where = reverse("members-roll", args=[rolls.chapter.pk, "volunteers"])
    client.get(where)
    with django_assert_max_num_queries(12):
        page = text(client.get(where, **EN))
    assert "No. 25" in page
    assert "No. 26" not in page
    assert "after=25" in page
    assert "No. 26" in text(client.get(where, {"after": "25"}, **EN))


def test_from_entering_to_the_next_step_in_the_browser(rolls, client_as):
    client = client_as(rolls.secretary)
    where = reverse("members-enter", args=[rolls.branch.pk, "party"])
    assert client.get(where).status_code == 200
    said = {"name": "张三", "stage": "applicant", "on": "2026-01-05", "phone": ""}
    wrong = client.post(where, said | {"phone": "12"}, **EN)
    assert "no telephone number" in text(wrong)
    wrong = client.post(where, said | {"phone": "19900009999"}, **EN)
    assert "Nobody has an account" in text(wrong)
    wrong = client.post(where, said | {"on": "2026-12-24"}, **EN)
    assert "still to come" in text(wrong)
    page = text(client.post(where, said, follow=True, **EN))
    assert "number 1" in page
    assert "is missing" in page
    member = Member.objects.get()
    for kind in ("application", "talk", "recommendation", "branch-decision"):
        page = text(act(client, member, "paper", kind=kind, dated="2026-10-20"))
        assert "Noted with its day." in page
    assert "Do it" in page
    page = text(act(client, member, "step", step="name-activist", on="2026-11-01"))
    assert "Done, with its day." in page
    assert "Review, each half-year" in page
    page = text(act(client, member, "step", step="admit", on="2026-11-02"))
    assert "does not lead on from here" in page
    page = text(act(client, member, "away"))
    assert "Is back from elsewhere" in page


def test_a_second_person_agrees_in_the_browser(rolls, client_as):
    member = rolls.enter("张三", stage="full")
    mine, above = client_as(rolls.secretary), client_as(rolls.above)
    where = reverse("member", args=[member.pk])
    move = Move.objects.get()
    page = text(mine.get(where, **EN))
    assert "You proposed it" in page
    assert "I agree" not in page
    assert "I agree" in text(above.get(where, **EN))
    assert "comes in: Full member" in text(above.get(reverse("members-desk"), **EN))
    yes = {"verb": "agree"}
    page = text(mine.post(reverse("member-second", args=[move.pk]), yes, follow=True, **EN))
    assert "must be somebody else" in page
    page = text(above.post(reverse("member-second", args=[move.pk]), yes, follow=True, **EN))
    assert "the step is taken" in page
    other = rolls.enter("李四", stage="full")
    no = {"verb": "refuse"}
    url = reverse("member-second", args=[other.moves.get().pk])
    assert "stays as it was" in text(mine.post(url, no, follow=True, **EN))


def test_a_step_against_somebody_in_the_browser(rolls, client_as):
    person = rolls.person("老李")
    member = rolls.full("李四", user=person.user)
    mine, above, own = client_as(rolls.secretary), client_as(rolls.above), client_as(person)
    said = {"step": "correct", "ground": "no-part-half-year"}
    page = text(
        act(mine, member, "notice", **said, evidence="他三次越级上访，影响不好，屡教不改。")
    )
    assert "is never held against anybody" in page
    assert not Proceeding.objects.exists()
    page = text(act(mine, member, "notice", **said, evidence=EVIDENCE))
    assert "Notice is given" in page
    assert EVIDENCE not in page
    row = Proceeding.objects.get()
    page = text(own.get(reverse("my-membership"), **EN))
    assert EVIDENCE in page
    where = reverse("membership-answer", args=[row.pk])
    assert "Please write something" in text(own.post(where, {"words": " "}, follow=True, **EN))
    assert "Your reply is there" in text(own.post(where, {"words": "我住院。"}, follow=True, **EN))
    assert client_as(rolls.person()).post(where, {"words": "x"}).status_code == 403
    rolls.paper(member, "two-talks", "adverse-meeting")
    page = text(above.post(reverse("member", args=[member.pk]), {"reason": "to decide"}, **EN))
    assert "我住院。" in page
    assert "李四" in page
    why = "提醒之后仍然没有参加，证据清楚。"
    page = text(act(above, member, "decide", upheld="yes", why=why))
    assert "The person reads why." in page
    page = text(own.post(where, {"words": "请看病历。"}, follow=True, **EN))
    assert "A third person decides" in page
    page = text(
        act(client_as(rolls.third()), member, "decide", upheld="no", why="申诉成立，病历属实。")
    )
    assert "Decided." in page
    assert Proceeding.objects.get().state == "dropped"


def test_on_paper_for_somebody_without_an_account(rolls, client_as):
    member = rolls.full("无号")
    adverse.give_notice(member, "correct", ground="breach-of-duty", evidence=EVIDENCE,
                        by=rolls.secretary)  # fmt: skip
    page = text(act(client_as(rolls.secretary), member, "reply", words="信上说：我在外地。"))
    assert "Kept as they wrote it." in page


def test_my_own_page(rolls, client_as):
    person = rolls.person()
    client = client_as(person)
    assert "on no roll" in text(client.get(reverse("my-membership"), **EN))
    rolls.enter("张三", user=person.user, on=date(2026, 10, 20))
    page = text(client.get(reverse("my-membership"), **EN))
    assert "Peach Garden branch" in page
    assert "at least 3 months" in page


@pytest.mark.parametrize("part", ["resident", "grid_worker", "auditor", "coordinator"])
def test_others_see_no_roll(rolls, client_as, part):
    member = rolls.enter()
    client = client_as(getattr(rolls.cast, part))
    for where in (reverse("members-desk"), reverse("member", args=[member.pk]),
                  reverse("members-roll", args=[rolls.branch.pk, "party"])):  # fmt: skip
        assert client.get(where).status_code == 403


def test_another_community_sees_none_of_it(rolls, client_as):
    member = rolls.enter()
    client = client_as(rolls.cast.other_manager)
    assert client.get(reverse("member", args=[member.pk])).status_code == 403
    assert "No body with a roll" in text(client.get(reverse("members-desk"), **EN))


def test_a_roll_that_is_none(rolls, client_as):
    client = client_as(rolls.secretary)
    for unit, kind in ((rolls.branch.pk, "volunteers"), (rolls.branch.pk, "nothing"),
                       (999999, "party")):  # fmt: skip
        assert client.get(reverse("members-roll", args=[unit, kind])).status_code == 404


def test_the_table_of_rights():
    row = table()["membership.roll"]
    assert {role: row[role] for role in (Role.ANON, Role.RES, Role.MGR, Role.CTY, Role.AUD)} == {
        Role.ANON: "-", Role.RES: "O", Role.MGR: "N", Role.CTY: "G", Role.AUD: "2",
    }  # fmt: skip
