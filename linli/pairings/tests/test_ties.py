"""Ties run with both sides' yes, are in touch in time, and end; homes and people stay unseen."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from linli.journal.models import Entry
from linli.letters.models import Letter
from linli.lib import clock
from linli.pairings import my_file, notices, reading
from linli.pairings.actions import tying
from linli.pairings.actions.tying import Who
from linli.pairings.models import Contact, Party, Tie
from linli.pairings.tests.conftest import EN, START
from linli.people import actions
from linli.people.policies import Denied, NeedsReason
from linli.playbook import current
from linli.vault import sealing

DAY = timedelta(days=1)


def test_it_runs_with_both_yes(ties):
    tie = ties.partners(agree=False)
    assert tie.state == Tie.State.PROPOSED  # the community arranged it: its yes is there
    assert [p.side for p in tie.parties.filter(agreed_at=None)] == ["a"]
    with pytest.raises(Denied):
        tying.agree(tie, by=ties.cast.bus_handler)
    tying.agree(tie, by=ties.cast.water_handler)
    assert (tie.state, tie.starts_on) == (Tie.State.RUNNING, START.date())
    assert (tie.ends_on, tie.next_due) == (date(2027, 11, 2), date(2026, 12, 2))
    with pytest.raises(Denied, match="waits for nobody"):
        tying.agree(tie, by=ties.cast.water_handler)


def test_the_same_two_are_tied_once_at_a_time(ties):
    tie = ties.partners()
    with pytest.raises(Denied, match="tied already"):
        ties.partners()
    tying.end(tie, "done", by=ties.cast.manager)
    ties.partners()
    with pytest.raises(IntegrityError), transaction.atomic():
        Tie.objects.update(state="running", starts_on=None)


def test_a_no_needs_no_reason(ties):
    tie = ties.partners(agree=False)
    tying.decline(tie, by=ties.cast.water_handler)
    tie.refresh_from_db()
    assert tie.state == Tie.State.DECLINED
    with pytest.raises(Denied):
        tying.agree(tie, by=ties.cast.water_handler)


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        ({"home": "王家"}, {}, "Something else"),
        ({"body": "committee"}, {}, "A body of this kind"),
        ({"body": "water"}, {"body": "property_firm"}, "A body of this kind"),
    ],
)
def test_only_what_the_playbook_says_stands_there(ties, a, b, said):
    def who(given):
        return Who(**{k: ties.cast.bodies[v] if k == "body" else v for k, v in given.items()})

    with pytest.raises(Denied, match=said):
        tying.propose("unit-community", who(a), who(b) if b else ties.community, purpose="一起办。",
                      by=ties.cast.manager)  # fmt: skip


@pytest.mark.parametrize("purpose", ["", " ", "x" * 201, "打 19900001234 说。"])
def test_the_purpose_is_a_sentence(ties, purpose):
    with pytest.raises(Denied, match="what it is for"):
        tying.propose("unit-community", ties.unit, ties.community, purpose=purpose,
                      by=ties.cast.manager)  # fmt: skip


def test_only_the_office_of_the_ground_arranges_it(ties):
    for other in (ties.cast.other_manager, ties.cast.water_handler, ties.cast.resident,
                  ties.cast.steward, ties.cast.auditor):  # fmt: skip
        with pytest.raises(Denied):
            tying.propose("unit-community", ties.unit, ties.community, purpose="一起办。", by=other)


def test_contacts_move_the_next_day_and_have_no_words(ties):
    tie = ties.partners()
    with clock.moved_to(START + 20 * DAY):
        tying.note_contact(tie, "meeting", on=clock.today(), by=ties.cast.water_handler)
        with pytest.raises(Denied, match="noted already"):
            tying.note_contact(tie, "meeting", on=clock.today(), by=ties.cast.manager)
        tying.note_contact(tie, "call", on=clock.today() - 9 * DAY, by=ties.cast.manager)
        for day in (clock.today() + DAY, START.date() - DAY):
            with pytest.raises(Denied, match="The day lies"):
                tying.note_contact(tie, "call", on=day, by=ties.cast.manager)
        with pytest.raises(Denied, match="Choose how"):
            tying.note_contact(tie, "gossip", on=clock.today(), by=ties.cast.manager)
        with pytest.raises(Denied):
            tying.note_contact(tie, "call", on=clock.today(), by=ties.cast.resident)
    tie.refresh_from_db()
    assert tie.next_due == date(2026, 12, 22)
    assert {f.name for f in Contact._meta.fields} == {"id", "tie", "kind", "on", "by", "noted_at"}


def test_overdue_and_the_end_of_the_term(ties):
    tie = ties.partners()
    with clock.moved_to(START + 30 * DAY):
        assert not Tie.objects.overdue().exists()
    with clock.moved_to(START + 31 * DAY):
        assert Tie.objects.overdue().get() == tie
    with clock.moved_to(START + 364 * DAY):
        assert tying.end_terms() == 0
    with clock.moved_to(START + 365 * DAY):
        assert tying.end_terms() == 1
        assert tying.end_terms() == 0
    tie.refresh_from_db()
    assert (tie.state, tie.ended_why) == ("ended", "term")


def test_a_household_agrees_first_and_has_one_official(ties):
    one, two = ties.person(), ties.person()
    with pytest.raises(Denied, match="without consent"):
        ties.household(one, consent=False)
    with pytest.raises(Denied, match="A surname"):
        ties.household(one, home="王家住在溧城路一百二十八号三单元")
    tie = ties.household(one)
    assert tie.state == Tie.State.PROPOSED  # the official has still to say yes
    with pytest.raises(Denied, match="has 1 such ties"):
        ties.household(two)
    tying.agree(tie, by=one)
    assert "王家" not in str(list(Party.objects.values())) + str(list(Entry.objects.values()))
    with pytest.raises(Denied):
        tying.read_home(tie, by=two, reason="just so")
    with pytest.raises(NeedsReason):
        tying.read_home(tie, by=one, reason="")
    assert tying.read_home(tie, by=one, reason="a visit") == "王家"
    subject = tie.parties.get(side="b").subject
    assert sealing.reads_of(subject).count() == 1
    tying.end(tie, "", by=one)
    assert sealing.is_destroyed(subject)
    ties.household(two)  # free again


def test_nobody_is_tied_to_themselves(ties):
    me = Who(user=ties.person().user)
    with pytest.raises(Denied, match="themselves"):
        tying.propose("mentor-successor", me, me, purpose="教。", by=ties.cast.coordinator)


def test_every_grid_has_one_body(ties):
    rule, cast = current().pairings["branch-grid"], ties.cast
    view = reading.kind_view(rule, cast.places["town"].path, names=True)
    assert (view.sides[1].all, view.sides[1].covered) == (1, 0)
    assert [name for _key, name in view.sides[1].missing] == ["Grid 1"]
    from linli.people.actors import SYSTEM  # noqa: PLC0415

    made = [
        actions.open_organisation(code=f"br{n}", kind=kind, name=f"第{n}支部", by=SYSTEM,
                                  place=cast.places["community"])
        for n, kind in enumerate(("branch", "joint-branch"))
    ]  # fmt: skip
    tie = tying.propose("branch-grid", Who(body=made[0]), Who(place=cast.places["grid"]),
                        purpose="负责这个网格。", by=cast.manager)  # fmt: skip
    tying.agree(tie, by=cast.manager)  # the office at the branch's own place speaks for it
    assert tie.state == Tie.State.RUNNING
    assert reading.kind_view(rule).sides[1].covered == 1
    with pytest.raises(Denied, match="1 such ties"):
        tying.propose("branch-grid", Who(body=made[1]), Who(place=cast.places["grid"]),
                      purpose="也想负责。", by=cast.manager)  # fmt: skip


def test_who_has_none_and_who_is_overdue(ties):
    rule = current().pairings["unit-community"]
    before = reading.kind_view(rule, names=True)
    assert before.sides[1].all == 2
    assert before.sides[1].covered == 0
    ties.partners()
    view = reading.kind_view(rule, names=True)
    assert (view.running, view.overdue, view.sides[1].covered) == (1, 0, 1)
    assert [name for _key, name in view.sides[1].missing] == ["Plum Grove committee"]
    with clock.moved_to(START + 60 * DAY):
        assert reading.kind_view(rule).overdue == 1


def test_everybody_sees_numbers_only(ties, client, django_assert_max_num_queries):
    official = ties.person("19900003411")
    tying.agree(ties.household(official, "赵家"), by=official)
    client.get(reverse("ties"))
    with django_assert_max_num_queries(12):
        page = client.get(reverse("ties"), **EN).content.decode()
    assert "Fewer than five" in page
    assert "Official and household" in page
    assert "P3411" not in page
    assert "赵家" not in page


def test_in_the_browser(ties, client_as):
    boss, unit = client_as(ties.cast.manager), client_as(ties.cast.water_handler)
    where = reverse("ties-kind", args=["unit-community"])
    assert "Plum Grove committee" in boss.get(where, **EN).content.decode()
    said = {"a": ties.cast.bodies["water"].pk, "b": ties.cast.bodies["committee"].pk, "purpose": ""}
    assert boss.post(where, said, **EN).status_code == 422
    page = boss.post(where, said | {"purpose": "一起修好老管道。"}, follow=True, **EN)
    assert "once both have said yes" in page.content.decode()
    tie = Tie.objects.get()
    one = reverse("tie", args=[tie.pk])
    assert "I agree" in unit.get(one, **EN).content.decode()
    assert "You said yes." in unit.post(one, {"act": "yes"}, follow=True, **EN).content.decode()
    today = {"act": "contact", "kind": "help", "on": clock.today().isoformat()}
    assert "Noted with its day." in unit.post(one, today, follow=True, **EN).content.decode()
    assert "Something done" in boss.get(one, **EN).content.decode()
    assert "一起修好" not in boss.get(reverse("ties-desk"), **EN).content.decode()
    assert "Water Company" in boss.get(reverse("ties-desk"), **EN).content.decode()
    assert "Water Company" in unit.get(reverse("my-ties"), **EN).content.decode()
    assert client_as(ties.cast.other_manager).get(one).status_code == 403
    assert client_as(ties.cast.resident).get(one).status_code == 403
    assert boss.get(reverse("ties-desk"), {"before": "x"}).status_code == 400
    page = boss.post(one, {"act": "end", "why": "done"}, follow=True, **EN).content.decode()
    assert "It has ended." in page
    assert client_as(ties.cast.resident).get(where).status_code == 403


def test_a_person_and_a_home_in_the_browser(ties, client_as):
    boss, official = client_as(ties.cast.manager), ties.person("19900003412")
    where = reverse("ties-kind", args=["official-household"])
    said = {"a": "19900003499", "b": "王家", "purpose": "看看要帮什么。"}
    assert "Nobody has an account" in boss.post(where, said, **EN).content.decode()
    said["a"] = "19900003412"
    assert "without consent" in boss.post(where, said, **EN).content.decode()
    boss.post(where, said | {"b_consent": "on"})
    tie = Tie.objects.get()
    mine = client_as(official)
    one = reverse("tie", args=[tie.pk])
    page = mine.get(one, **EN).content.decode()
    assert "a household" in page
    assert "王家" not in page
    page = mine.post(one, {"act": "home", "reason": "the first visit"}, **EN).content.decode()
    assert "王家" in page
    mine.post(one, {"act": "yes"})
    assert my_file.held(official.user)["ties"][0]["state"] == "running"
    my_file.erase(official.user)
    assert my_file.held(official.user) == {"ties": []}


def test_a_long_list_has_pages(ties, client_as, django_assert_max_num_queries):
    people = [ties.person() for _n in range(6)]
    for n in range(27):
        ties.household(people[n % 6], f"第{n}家")
    client = client_as(ties.cast.manager)
    client.get(reverse("ties-desk"))
    with django_assert_max_num_queries(12):
        page = client.get(reverse("ties-desk"), **EN).content.decode()
    assert page.count('class="case-row"') - page.count("/desk/ties/") <= 25
    assert "before=" in page
    after = (
        page.split("before=")[1]
        .split('"')[0]
        .replace("%3A", ":")
        .replace("%2B", "+")
        .replace("%7E", "~")
    )
    assert (
        "a household" in client.get(reverse("ties-desk"), {"before": after}, **EN).content.decode()
    )


def test_who_shall_be_tied_is_asked_by_letter(ties):
    official = ties.person("19900003413")
    tie = ties.household(official, "钱家")
    entries = list(Entry.objects.filter(verb__in=notices.VERBS))
    for _again in range(2):
        notices.handle(entries)
    letter = Letter.objects.get(user=official.user, channel="inapp")
    assert letter.template == "tie.proposed"
    assert "钱家" not in str(Letter.objects.values())
    tying.agree(tie, by=official)
    other = ties.household(ties.person(), "孙家")
    tying.decline(other, by=ties.cast.manager)
    notices.handle(list(Entry.objects.filter(verb__in=notices.VERBS)))
    assert Letter.objects.filter(channel="inapp").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_offices_at_once_tie_a_village_to_one_law_firm(moved):
    """A village has one law firm at most, whoever comes first."""
    from linli.pairings.tests.conftest import Ties  # noqa: PLC0415
    from linli.people.actors import SYSTEM  # noqa: PLC0415
    from linli.people.cast import cast  # noqa: PLC0415

    ties = Ties(cast())
    firms = [
        actions.open_organisation(code=f"law{n}", kind="law-firm", name=f"第{n}所", by=SYSTEM,
                                  place=ties.cast.places["county"])
        for n in range(2)
    ]  # fmt: skip
    start, said = Barrier(2), []

    def propose(firm, by):
        try:
            with clock.moved_to(START):
                start.wait(5)
                tying.propose("lawyer-village", Who(body=firm), ties.community, purpose="每月一天。",
                              by=by)  # fmt: skip
        except Denied as denied:
            said.append(str(denied))
        finally:
            connection.close()

    threads = [Thread(target=propose, args=pair)
               for pair in zip(firms, (ties.cast.manager, ties.cast.town_handler), strict=True)]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert Tie.objects.count() == 1
    assert len(said) == 1
    assert "1" in said[0]
