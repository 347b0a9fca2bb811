"""The size of a body decides its form; exceptions have reasons and an end; bodies have successors."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from linli import playbook
from linli.lib import clock
from linli.members import register
from linli.members.actions import forming
from linli.members.models import FormChange, HeadCount, Member, Successor
from linli.members.tests.conftest import START
from linli.people import actions
from linli.people.actors import SYSTEM
from linli.people.policies import Denied, NeedsSecond

EN = {"HTTP_ACCEPT_LANGUAGE": "en"}
SOON = START.date() + timedelta(days=300)


@pytest.fixture
def rule():
    return playbook.current().memberships["party"]


def body(rolls, name, kind="branch"):
    return actions.open_organisation(
        code=f"b-{name}", kind=kind, name=f"{name}支部", place=rolls.cast.places["community"],
        by=SYSTEM, valid_from=START.date() - timedelta(days=10),
    )  # fmt: skip


def count(rolls, unit, n, on=None):
    return forming.count_heads("party", unit, by=rolls.secretary, declared=n, on=on)


@pytest.mark.parametrize(
    ("size", "tier"),
    [(0, "too-small"), (2, "too-small"), (3, "branch"), (49, "branch"), (50, "general-branch"),
     (99, "general-branch"), (100, "committee"), (2000, "committee")],
)  # fmt: skip
def test_the_size_decides_the_form(rule, size, tier):
    assert rule.tier_for(size).id == tier


def test_a_roll_is_counted_and_not_typed(rolls):
    rolls.full("甲一")
    rolls.full("乙二")
    rolls.enter("丙三")  # an applicant does not count
    with pytest.raises(Denied, match="counted, not typed"):
        count(rolls, rolls.branch, 80)
    assert forming.count_heads("party", rolls.branch, by=rolls.secretary).full == 2
    with pytest.raises(Denied, match="as it is today"):
        forming.count_heads("party", rolls.branch, by=rolls.secretary, on=date(2026, 10, 1))
    with pytest.raises(Denied, match="no number of people"):
        count(rolls, body(rolls, "甲"), -1)


def test_a_body_grows_into_another_form_by_two_people(rolls, rule):
    unit = body(rolls, "北门")
    heads = count(rolls, unit, 120)
    assert register.bodies(rule, [unit], START.date())[0].differs
    change = forming.propose_form(heads, "committee", by=rolls.secretary)
    with pytest.raises(NeedsSecond):
        forming.agree_form(change, by=rolls.secretary)
    forming.agree_form(change, by=rolls.above)
    unit.refresh_from_db()
    assert unit.kind == "branch-committee"
    row = register.bodies(rule, [unit], START.date())[0]
    assert (row.fits, row.differs, row.tier.id) == (True, False, "committee")


def test_another_form_takes_a_reason_and_an_end(rolls, rule):
    heads = count(rolls, body(rolls, "东门"), 120)
    with pytest.raises(Denied, match="write why"):
        forming.propose_form(heads, "general-branch", by=rolls.secretary)
    with pytest.raises(Denied, match="until when"):
        forming.propose_form(heads, "general-branch", reason="三个小区还没有分开。",
                             by=rolls.secretary)  # fmt: skip
    with pytest.raises(Denied, match="Everybody reads"):
        forming.propose_form(heads, "general-branch", reason="问 19900001234 再说。", until=SOON,
                             by=rolls.secretary)  # fmt: skip
    with pytest.raises(Denied, match="needs no reason"):
        forming.propose_form(heads, "committee", reason="因为人多了。", by=rolls.secretary)
    change = forming.propose_form(heads, "general-branch", reason="三个小区还没有分开。",
                                  until=SOON, by=rolls.secretary)  # fmt: skip
    with pytest.raises(Denied, match="waits for a second person"):
        forming.propose_form(heads, "committee", by=rolls.secretary)
    forming.agree_form(change, by=rolls.above)
    row = register.bodies(rule, [heads.body], START.date())[0]
    assert (row.fits, row.differs, row.exception.reason) == (False, False, "三个小区还没有分开。")
    later = register.bodies(rule, [heads.body], SOON)[0]
    assert later.differs  # the exception is over


def test_the_newest_count_decides(rolls):
    unit = body(rolls, "南门")
    old = count(rolls, unit, 20, on=START.date() - timedelta(days=9))
    count(rolls, unit, 60)
    with pytest.raises(Denied, match="newer head count"):
        forming.propose_form(old, "branch", by=rolls.secretary)


def test_eight_become_more_with_their_successors(rolls, rule):
    old = [body(rolls, f"旧{n}") for n in range(2)]
    new = [body(rolls, f"新{n}") for n in range(5)]
    for unit in old:
        count(rolls, unit, 30)
    forming.succeed([old[0]], new[:3], by=rolls.secretary)
    forming.succeed([old[1]], new[3:], by=rolls.secretary)
    assert Successor.objects.count() == 5
    view = register.public(rule)
    assert view.changes == [(START.date(), 2, 5)]
    assert view.total.by_tier == {"branch": 6}  # five new ones and Peach Garden's
    before = register.public(rule, START.date() - timedelta(days=1))
    assert before.total.by_tier == {"branch": 8}
    assert before.total.people == 0  # counted later
    with pytest.raises(Denied):
        forming.succeed([old[0]], new[:1], by=rolls.secretary)
    with pytest.raises(Denied, match="Name the bodies"):
        forming.succeed([new[0]], [new[0]], by=rolls.secretary)


def test_a_roll_goes_along_to_one_successor_and_not_to_two(rolls):
    rolls.full("甲一")
    unit, other = body(rolls, "新一"), body(rolls, "新二")
    with pytest.raises(Denied, match="several"):
        forming.succeed([rolls.branch], [unit, other], by=rolls.secretary)
    forming.succeed([rolls.branch], [unit], by=rolls.secretary)
    member = Member.objects.get()
    assert (member.organisation_id, member.number, member.stage) == (unit.pk, 1, "full")


def test_a_joint_body_is_of_five_at_most(rolls):
    small = [body(rolls, f"小{n}") for n in range(6)]
    joint = body(rolls, "联合", kind="joint-branch")
    forming.succeed(small[:4], [joint], by=rolls.secretary)
    with pytest.raises(Denied, match="of 5 at most"):
        forming.succeed(small[4:], [joint], by=rolls.secretary)
    forming.succeed(small[4:5], [joint], by=rolls.secretary)


def test_only_who_looks_after_it(rolls):
    with pytest.raises(Denied):
        forming.count_heads("party", rolls.branch, by=rolls.cast.other_manager)
    with pytest.raises(Denied):
        forming.succeed([rolls.branch], [body(rolls, "新")], by=rolls.cast.coordinator)


def test_everybody_sees_numbers_and_never_who(rolls, client, rule, django_assert_max_num_queries):
    rolls.full("张三丰")
    forming.count_heads("party", rolls.branch, by=rolls.secretary)
    for n in range(6):
        count(rolls, body(rolls, f"第{n}"), 60 if n else 120)
    client.get(reverse("bodies"))
    with django_assert_max_num_queries(8):
        page = client.get(reverse("bodies-of", args=["party"]), **EN).content.decode()
    assert "421" in page  # 1 + 120 + 5 × 60 of the town
    assert "Taoyuan Town" in page
    assert "张三丰" not in page
    assert client.get(reverse("bodies"), {"on": "x"}).status_code == 400
    assert client.get(reverse("bodies-of", args=["nothing"])).status_code == 404
    few = client.get(reverse("bodies-of", args=["volunteers"]), **EN).content.decode()
    assert "Membership of volunteers" in few


def test_fewer_than_five_people_show_no_number():
    assert register.TownLine("x", people=4).people_shown == ""
    assert register.TownLine("x", people=5).people_shown == "5"


def test_counting_and_agreeing_in_the_browser(rolls, client_as):
    unit = body(rolls, "西门")
    mine, above = client_as(rolls.secretary), client_as(rolls.above)
    where = reverse("body-form", args=["party", unit.pk])
    today = clock.today().isoformat()
    page = mine.post(where, {"act": "count", "declared": "60", "on": today}, follow=True, **EN)
    assert "does not fit the size" in page.content.decode()
    wrong = mine.post(where, {"tier": "branch", "reason": "", "until": ""}, **EN)
    assert "write why" in wrong.content.decode()
    mine.post(where, {"tier": "general-branch", "reason": "", "until": ""})
    assert "waits for a second person" in mine.get(
        reverse("body-forms", args=["party"]), **EN).content.decode()  # fmt: skip
    change = FormChange.objects.get()
    decide = reverse("form-decide", args=[change.pk])
    assert "must be somebody else" in mine.post(
        decide, {"verb": "agree"}, follow=True, **EN).content.decode()  # fmt: skip
    page = above.post(decide, {"verb": "agree"}, follow=True, **EN).content.decode()
    assert "has this form from today" in page
    count(rolls, unit, 10, on=START.date() - timedelta(days=3))
    change = forming.propose_form(HeadCount.objects.get(full=60), "branch", reason="要拆成两个支部。",
                                  until=SOON, by=rolls.secretary)  # fmt: skip
    decide = reverse("form-decide", args=[change.pk])
    page = above.post(decide, {"verb": "no"}, follow=True, **EN).content.decode()
    assert "stays as it was" in page


def test_the_database_keeps_two_people(rolls):
    change = forming.propose_form(count(rolls, body(rolls, "中"), 60), "general-branch",
                                  by=rolls.secretary)  # fmt: skip
    for values in ({"second": change.by}, {"state": "done"}, {"reason": "x", "until": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FormChange.objects.update(**values)


def test_one_becomes_two_in_the_browser(rolls, client_as):
    unit, other = body(rolls, "老"), body(rolls, "在")
    client = client_as(rolls.secretary)
    where = reverse("bodies-regroup", args=["party"])
    said = {"before": [unit.pk], "names": "", "on": START.date().isoformat()}
    wrong = client.post(where, said, **EN)
    assert "Name the bodies" in wrong.content.decode()
    wrong = client.post(where, said | {"names": "打 19900001234"}, **EN)
    assert "one a line" in wrong.content.decode()
    wrong = client.post(where, said | {"names": "新", "before": [rolls.chapter.pk]}, **EN)
    assert wrong.status_code == 422
    page = client.post(where, said | {"names": "新一支部\n新二支部\n\n", "after": [other.pk]},
                       follow=True, **EN)  # fmt: skip
    assert "1 became 3" in page.content.decode()
    assert Successor.objects.filter(before=unit).count() == 3
    unit.refresh_from_db()
    assert unit.valid_to == START.date()
    assert client_as(rolls.cast.resident).get(where).status_code == 403
