"""Which steps come next, and which still stand in the way."""

from datetime import date

import pytest

from linli.playbook.loader import load


@pytest.fixture
def kinds(small):
    return load(small).kinds


def _ids(steps):
    return [step.id for step in steps]


def test_a_step_is_ready_when_what_it_needs_is_done(kinds):
    errand = kinds["proxy"]
    assert _ids(errand.ready({}, answered=False)) == ["mandate"]
    done = {"mandate": {"expires": "2030-01-01"}}
    assert _ids(errand.ready(done, answered=False)) == ["taken"]
    done["taken"] = {"documents": ["户口簿"]}
    assert _ids(errand.ready(done, answered=False)) == ["returned"]


def test_a_step_after_the_answer_waits_for_it(kinds):
    assert "looked-at" not in _ids(kinds["proxy"].ready({}, answered=False))
    assert "looked-at" in _ids(kinds["proxy"].ready({}, answered=True))


def test_what_is_missing_grows_with_the_stage(kinds):
    errand = kinds["proxy"]
    assert _ids(errand.missing("accept", {})) == ["mandate"]
    assert _ids(errand.missing("answer", {})) == ["mandate", "taken"]
    # "looked-at" is optional and never stands in the way
    assert _ids(errand.missing("close", {})) == ["mandate", "taken", "returned"]
    done = {"mandate": {}, "taken": {}, "returned": {}}
    assert errand.missing("close", done) == []


@pytest.mark.parametrize(("whom", "needed"), [("adult", []), ("child", ["guardian"])])
def test_a_condition_decides_whether_a_step_applies(kinds, whom, needed):
    wish, done = kinds["gift"], {"verified": {"whom": whom}}
    assert _ids(wish.missing("accept", done)) == needed
    # Where the guardian's step does not apply, nothing waits for it.
    assert _ids(wish.ready(done, answered=False)) == (needed or ["shown"])


def test_a_mandate_that_ran_out_stops_everything_but_giving_back(kinds):
    errand = kinds["proxy"]
    done = {"mandate": {"expires": "2026-03-31"}}
    assert _ids(errand.ready(done, answered=False, on=date(2026, 3, 31))) == ["taken"]
    assert _ids(errand.ready(done, answered=False, on=date(2026, 4, 1))) == []
    done["taken"] = {"documents": ["户口簿"]}
    assert _ids(errand.ready(done, answered=False, on=date(2026, 4, 1))) == ["returned"]


def test_near_and_far_needs(kinds):
    assert kinds["gift"].before("given") == {"shown", "verified", "guardian"}
    assert kinds["gift"].before("verified") == set()
