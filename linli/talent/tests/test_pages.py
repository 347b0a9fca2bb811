"""The pages: numbers for everybody, one's own with reasons, the desk; a bad answer loses nothing."""

from datetime import date

import pytest
from django.urls import reverse

from linli.journal.models import Entry
from linli.letters.models import Letter
from linli.playbook import current
from linli.talent import my_file, notices
from linli.talent.actions import cohorts, nominating, reviewing
from linli.talent.models import Appeal, Candidate, Review, TierBook, Trainee
from linli.talent.tests.conftest import POOL

MOST_QUERIES = 16  # twelve, and the request's own four


@pytest.fixture
def browser(talent, client_as):
    def opened(actor):
        client = client_as(actor)
        client.cookies["django_language"] = "en"
        client.get("/")
        return client

    return opened


@pytest.fixture
def cohort(talent):
    return cohorts.begin("trainees", "第一期", name_en="First", starts_on=date(2026, 11, 2),
                         apply_until=date(2026, 11, 13), by=talent.third)  # fmt: skip


def test_everybody_reads_criteria_places_and_no_name(
    talent, cohort, client, django_assert_max_num_queries
):
    client.cookies["django_language"] = "en"
    row = talent.decided("leading", talent.person("隐名人"))
    with django_assert_max_num_queries(MOST_QUERIES):
        text = client.get(reverse("pool", args=[POOL])).content.decode()
    assert "1 of 10 places" in text
    assert "隐名人" not in text
    assert "Keeps learning" in text
    assert "fewer than 5" not in text.split("Everybody here")[0]  # places are shown as they are
    assert client.get(reverse("talent")).status_code == 200
    assert client.get(reverse("cohort", args=[cohort.pk])).status_code == 200
    assert client.get(reverse("pool", args=["nothing"])).status_code == 404
    assert client.get(reverse("talent-candidate", args=[row.pk])).status_code in (302, 403, 404)


def test_proposing_oneself_keeps_what_was_typed(talent, browser):
    client = browser(talent.person())
    refused = client.post(reverse("pool-propose", args=[POOL]), {"words": "营业额三倍"})
    assert refused.status_code == 422
    assert "营业额三倍" in refused.content.decode()
    assert (
        client.post(reverse("pool-propose", args=[POOL]), {"words": "我带徒弟。"}).status_code
        == 302
    )
    page = client.get(reverse("my-talent")).content.decode()
    assert "is being reviewed" in page


def test_a_body_proposes_by_telephone(talent, browser):
    person = talent.person(phone="19900008801")
    client = browser(talent.cast.manager)
    address = reverse("talent-nominate", args=[POOL])
    assert "Nobody signs in" in client.post(
        address, {"person": "19900009999", "words": "好"}
    ).content.decode()  # fmt: skip
    assert client.post(address, {"person": "19900008801", "words": "好带头人"}).status_code == 302
    row = Candidate.objects.get()
    mine = browser(person)
    assert "I agree" in mine.get(reverse("my-talent")).content.decode()
    mine.post(reverse("my-talent-act", args=[row.pk]), {"act": "yes"})
    row.refresh_from_db()
    assert row.state == Candidate.State.NOMINATED
    assert browser(talent.person("外人")).post(
        reverse("my-talent-act", args=[row.pk]), {"act": "no"}
    ).status_code == 404  # fmt: skip


def test_the_desk_reviews_decides_and_the_person_appeals(
    talent, browser, django_assert_max_num_queries
):
    person = talent.person("小顾")
    row = talent.proposed(person)
    address = reverse("talent-candidate", args=[row.pk])
    said = {"act": "review", "free": "on"}
    for one in current().pools[POOL].criteria:
        said |= {f"{one.id}-met": "yes", f"{one.id}-evidence": "看过原件"}
    client = browser(talent.first)
    assert "小顾" in client.get(reverse("talent-desk")).content.decode()
    half = client.post(address, {**said, "role-evidence": ""})
    assert half.status_code == 422
    assert "看过原件" in half.content.decode()
    assert client.post(address, said).status_code == 302
    other = browser(talent.second)
    assert "看过原件" not in other.get(address).content.decode()  # they work apart
    other.post(address, said)
    refused = client.post(address, {"act": "decide", "outcome": "leading", "reasons": ""})
    assert refused.status_code == 422
    decided = {"act": "decide", "outcome": "emerging", "reasons": "先在新锐。"}
    assert client.post(address, decided).status_code == 302
    mine = browser(person)
    with django_assert_max_num_queries(MOST_QUERIES):
        text = mine.get(reverse("my-talent")).content.decode()
    assert "先在新锐。" in text
    assert "看过原件" in text
    appeal = reverse("talent-appeal", args=[row.decisions.get().pk])
    assert mine.get(appeal).status_code == 200
    assert mine.post(appeal, {"words": ""}).status_code == 422
    assert mine.post(appeal, {"words": "我四条都够。"}).status_code == 302
    assert "no part in the decision" in client.get(address).content.decode()
    third = browser(talent.third)
    for which in ("appeals", "due", "all"):
        assert third.get(reverse("talent-desk"), {"list": which}).status_code == 200
    with django_assert_max_num_queries(MOST_QUERIES):
        third.get(address)
    third.post(address, {"act": "appeal", "appeal-outcome": "leading", "appeal-reasons": "够了。"})
    assert Appeal.objects.get().state == Appeal.State.CHANGED
    assert "the decision was changed" in mine.get(reverse("my-talent")).content.decode()
    assert third.post(address, {"act": "nonsense"}).status_code == 200
    assert third.get(reverse("talent-desk"), {"list": "?"}).status_code == 400
    assert third.get(reverse("talent-desk"), {"before": "?"}).status_code == 400


def test_strangers_do_not_see_a_person(talent, browser):
    row = talent.proposed()
    address = reverse("talent-candidate", args=[row.pk])
    assert browser(talent.cast.lighting_handler).get(address).status_code in (403, 404)
    assert browser(talent.person("外人")).get(address).status_code in (403, 404)


def test_a_cohort_from_its_desk(talent, browser):
    client = browser(talent.third)
    given = {"kind": "trainees", "name": "二期", "name_en": "Second", "apply_until": "2026-11-10",
             "starts_on": "2026-11-02"}  # fmt: skip
    late = client.post(reverse("cohort-begin"), {**given, "apply_until": "2026-01-01"})
    assert late.status_code == 422
    assert "二期" in late.content.decode()
    made = client.post(reverse("cohort-begin"), given)
    desk = made.url
    public = desk.replace("/desk", "")
    person = talent.person("学员甲", phone="19900008802")
    browser(person).post(f"{public}apply/")
    row = Trainee.objects.get()
    assert "学员甲" in client.get(desk).content.decode()
    client.post(desk, {"act": "take", "trainee": str(row.pk)})
    assert "fewer than 5" in browser(person).get(public).content.decode()
    place = talent.place()
    wrong = {"act": "session", "place": place.code, "on": "2020-01-01", "topic": "开会的学问"}
    refused = client.post(desk, wrong)
    assert refused.status_code == 422
    assert "开会的学问" in refused.content.decode()
    client.post(desk, {**wrong, "on": "2026-11-02"})
    session = row.cohort.sessions.get()
    client.post(desk, {"act": "count", "session": str(session.pk), "came": "many"})
    client.post(desk, {"act": "count", "session": str(session.pk), "came": "21"})
    assert "came: 21" in browser(person).get(public).content.decode()
    for bad in ({"act": "take"}, {"act": "finish", "trainee": str(row.pk)}, {"act": "?"}):
        assert client.post(desk, bad).status_code == 200
    assert client.post(desk, {"act": "person", "person": "?"}).status_code == 422
    browser(person).post(reverse("my-cohort-act", args=[row.pk]), {"act": "leave"})
    row.refresh_from_db()
    assert row.state == Trainee.State.LEFT


def test_letters_say_that_and_not_what(talent, cohort):
    person = talent.person()
    asked = nominating.nominate(POOL, person.user, "好带头人", by=talent.cast.manager)
    nominating.answer(asked, True, by=person)
    for who in (talent.first, talent.second):
        talent.review(asked, who)
    reviewing.decide(asked, "leading", "独特的理由。", by=talent.first)
    row = cohorts.apply(cohort, by=person)
    cohorts.admit(row, False, "独特的理由。", by=talent.third)
    entries = list(Entry.objects.filter(verb__in=notices.VERBS).order_by("seq"))
    notices.handle(entries)
    notices.handle(entries)  # told again, nobody is written to twice
    letters = Letter.objects.filter(user=person.user)
    assert sorted(letters.values_list("template", flat=True).distinct()) == [
        "talent.asked", "talent.decided",
    ]  # fmt: skip
    assert letters.filter(channel="inapp").count() == 3
    assert not any("独特" in str(one.context) for one in letters)


def test_my_file_holds_it_and_erasing_leaves_a_number(talent, cohort, browser):
    person = talent.person("小顾")
    row = talent.decided("leading", person)
    nominating.show_as(row, "顾某", by=person)
    reviewing.appeal(row.decisions.get(), "我的话。", by=person)
    place = cohorts.apply(cohort, by=person)
    cohorts.admit(place, True, by=talent.third)
    held = my_file.held(person.user)
    assert held["pools"][0]["decisions"][0]["appeal"] == "我的话。"
    assert held["pools"][0]["reviews"][0][0][2] == "看过任命书。"
    assert held["cohorts"][0]["state"] == "member"
    browser(person).post(reverse("erase-me"), {"sure": "yes"})
    row.refresh_from_db()
    cohort.refresh_from_db()
    assert (row.user, row.words, row.shown_as, row.state) == (None, "", "", "left")
    assert (TierBook.objects.get(tier="leading").filled, cohort.taken) == (0, 0)
    assert Review.objects.filter(answers=[]).count() == 2
    assert row.decisions.get().reasons == ""
    assert Appeal.objects.get().words == ""
    assert not my_file.held(person.user)["pools"]
