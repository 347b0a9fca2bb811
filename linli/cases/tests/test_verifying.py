"""Those who go and see find what waits for them, may do that step, and nothing else."""

import pytest
from django.urls import reverse

from linli.cases import verifying
from linli.cases.actions.handle import accept, answer
from linli.cases.actions.steps import do_step
from linli.cases.models import Case, State, StepDone
from linli.cases.policies import may
from linli.cases.tests.conftest import hold
from linli.people.policies import Denied


@pytest.fixture
def eyes(ground):
    """A verifier of the village, one of another town, and one who also handled it."""
    far = ground.units["wish-station"]
    return {
        "own": hold("own", "verifier", ground.units["village-committee"], "GRID", None),
        "town": hold("town-eyes", "verifier", ground.units["town-office"], "GRID", None),
        "far": hold("far", "verifier", far, "GRID", None),
    }


@pytest.fixture
def event(ground):
    worker, manager = ground.staff("gridworker"), ground.staff("manager")
    case = ground.say(by=worker, kind="grid-event", category="cleaning", place=ground.grid,
                      visibility="office", user=worker.user, text="路口堆了装修垃圾").case  # fmt: skip
    accept(case, by=manager)
    return case


def handled(event, ground):
    do_step(event, "handled", {"what-was-done": "叫车拉走"}, by=ground.staff("manager"))
    answer(event, "清了。", by=ground.staff("manager"))
    return Case.objects.get(pk=event.pk)


def test_it_is_on_the_list_once_it_waits_and_gone_once_it_was_seen(ground, eyes, event):
    assert verifying.listed(eyes["own"]) == []
    case = handled(event, ground)
    for name in ("own", "town"):
        assert verifying.listed(eyes[name]) == [case]
    assert verifying.listed(eyes["far"]) == []
    do_step(case, "verified", {"seen": True}, by=eyes["own"])
    assert StepDone.objects.get(step="verified").by == eyes["own"].id
    assert verifying.listed(eyes["own"]) == []


def test_who_did_it_does_not_find_it_on_the_list(ground, eyes, event):
    case = handled(event, ground)
    StepDone.objects.filter(step="handled").update(by=eyes["own"].id)
    assert verifying.listed(eyes["own"]) == []
    with pytest.raises(Denied):
        do_step(case, "verified", {"seen": True}, by=eyes["own"])


def test_it_opens_reading_and_this_step_and_no_more(ground, eyes, event):
    own = eyes["own"]
    assert not may("case.view_progress", own, event)
    with pytest.raises(Denied):
        do_step(event, "handled", {"what-was-done": "叫车拉走"}, by=own)
    case = handled(event, ground)
    for action in ("case.view_progress", "case.view_text", "case.step"):
        assert may(action, own, case)
    for action in ("case.transition", "case.publish_answer", "case.write_note", "case.reassign",
                   "case.view_contact", "case.read_note"):  # fmt: skip
        assert not may(action, own, case)
    assert not may("case.view_progress", eyes["far"], case)


def test_from_the_desk_to_the_step_in_the_browser(ground, eyes, event, client_as):
    case, browser = handled(event, ground), client_as(eyes["own"])
    assert reverse("desk-verify") in browser.get(reverse("desk")).content.decode()
    listed = browser.get(reverse("desk-verify")).content.decode()
    assert case.pretty_number in listed
    assert "装修垃圾" in listed
    assert "明天" in listed  # a day to go and see, not the asker's fourteen
    page = browser.get(reverse("desk-case", args=[case.number])).content.decode()
    address = reverse("desk-step", args=[case.number, "verified"])
    assert address in page
    assert "desk-transfer" not in page
    posted = browser.post(address, {"f-seen": "on", "revision": case.revision})
    assert posted.status_code == 302
    assert StepDone.objects.filter(step="verified").exists()
    assert Case.objects.get(pk=case.pk).state == State.ANSWERED  # the asker has not spoken yet
    assert "没有等着核实的事项" in browser.get(reverse("desk-verify")).content.decode()


def test_the_list_costs_the_same_however_long(ground, eyes, django_assert_num_queries):
    manager, worker = ground.staff("manager"), ground.staff("gridworker")
    for n in range(6):
        case = ground.say(by=worker, kind="grid-event", category="cleaning", place=ground.grid,
                          visibility="office", user=worker.user, text=f"第{n}堆垃圾").case  # fmt: skip
        accept(case, by=manager)
        handled(case, ground)
    with django_assert_num_queries(3):
        assert len(verifying.listed(eyes["own"])) == 6


def test_an_ordinary_post_has_no_such_button(ground, client_as):
    page = client_as(ground.staff("manager")).get(reverse("desk")).content.decode()
    assert reverse("desk-verify") not in page
