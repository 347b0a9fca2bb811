"""The three rates, told by hand and recounted by an independent count on random histories."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.figures.rates import DEFINITION, VERBS, Rates, three_rates

START = datetime(2026, 10, 1, tzinfo=UTC)
END = START + timedelta(days=30)


@dataclass
class Line:
    subject: str
    verb: str
    when: datetime
    facts: dict[str, Any] = field(default_factory=dict)
    place: str = "320481/"


def at(day: float) -> datetime:
    return START + timedelta(days=day)


def received(subject: str, day: float, due: float, **facts: Any) -> Line:
    facts = {"due": at(due).isoformat(), "kind": "request", "channel": "web", **facts}
    return Line(subject, "case.received", at(day), facts)


def answered(subject: str, day: float, askers: int = 1) -> Line:
    return Line(subject, "case.answered", at(day), {"askers": askers})


def replied(subject: str, day: float, reply: str, satisfied: bool | None = None, asker: str = "1"):
    return Line(
        subject, "case.replied", at(day), {"asker": asker, "reply": reply, "satisfied": satisfied}
    )


def happened(subject: str, verb: str, day: float, **facts: Any) -> Line:
    return Line(subject, f"case.{verb}", at(day), facts)


def rates(*lines: Line, as_of: float | None = None) -> Rates:
    return three_rates(lines, START, END, as_of=None if as_of is None else at(as_of))


def test_an_answer_before_the_promised_moment_is_in_time():
    found = rates(received("a", 1, 6), answered("a", 5), received("b", 1, 6), answered("b", 7))
    assert (found.response.part, found.response.n) == (1, 2)
    assert found.response.bands == {"in time": 1, "late": 1}
    assert found.response.value == 0.5
    assert found.response.subjects == {"in time": ["a"], "late": ["b"]}


def test_an_answer_at_the_very_moment_is_in_time():
    assert rates(received("a", 1, 6), answered("a", 6)).response.part == 1


def test_what_is_due_outside_the_period_is_not_counted():
    assert rates(received("a", 1, 31), answered("a", 5)).response.n == 0
    assert rates(received("a", -9, -1), answered("a", 5)).response.n == 0
    assert rates(received("a", -9, 0)).response.n == 1
    assert rates(received("a", 1, 30)).response.n == 0


def test_no_answer_counts_against_the_rate():
    found = rates(received("a", 1, 6)).response
    assert (found.part, found.n, found.bands) == (0, 1, {"unanswered": 1})


def test_what_is_not_due_yet_waits_its_day_even_when_answered():
    lines = [received("a", 1, 6), received("b", 1, 6), answered("b", 2)]
    found = rates(*lines, as_of=4).response
    assert (found.n, found.excluded) == (0, {"not due yet": 2})
    assert rates(*lines, as_of=7).response.bands == {"unanswered": 1, "in time": 1}


def test_later_lines_are_not_read():
    lines = [received("a", 1, 6), answered("a", 8), replied("a", 12, "solved")]
    assert rates(*lines, as_of=7).response.bands == {"unanswered": 1}
    assert rates(*lines, as_of=9).resolution.excluded == {"waiting": 1}
    assert rates(*lines, as_of=12).resolution.part == 1


def test_words_that_come_after_the_period_still_count_for_the_answer_they_speak_of():
    found = rates(received("a", 20, 25), answered("a", 29), replied("a", 33, "solved", True))
    assert (found.resolution.part, found.resolution.n) == (1, 1)
    assert (found.satisfaction.part, found.satisfaction.n) == (1, 1)


def test_an_extension_moves_the_promise():
    line = happened("a", "extended", 5, to=at(12).isoformat(), **{"from": at(6).isoformat()})
    assert rates(received("a", 1, 6), line, answered("a", 11)).response.bands == {"in time": 1}


def test_an_extension_after_the_first_answer_does_not_touch_it():
    line = happened("a", "extended", 9, to=at(40).isoformat())
    found = rates(received("a", 1, 6), answered("a", 7), replied("a", 8, "unsolved"), line)
    assert found.response.bands == {"late": 1}


@pytest.mark.parametrize("verb", ["declined", "withdrawn", "merged"])
def test_what_ended_before_it_fell_due_is_left_out_with_its_reason(verb):
    assert rates(received("a", 1, 6), happened("a", verb, 5)).response.excluded == {verb: 1}
    late = rates(received("a", 1, 6), happened("a", verb, 7)).response
    assert (late.n, late.bands) == (1, {"unanswered": 1})


def test_only_the_first_answer_counts_for_the_response():
    again = [received("a", 1, 6), answered("a", 5), replied("a", 7, "unsolved"), answered("a", 9)]
    found = rates(*again)
    assert found.response.bands == {"in time": 1}
    assert found.answered == 1
    assert (found.resolution.n, found.resolution.part) == (1, 0)
    assert found.resolution.excluded == {"waiting": 1}


def test_silence_is_its_own_band_and_never_satisfied():
    found = rates(received("a", 1, 6), answered("a", 5), happened("a", "silent", 19))
    assert (found.resolution.part, found.resolution.n) == (0, 1)
    assert found.resolution.bands == {"silent": 1}
    assert (found.satisfaction.part, found.satisfaction.n) == (0, 0)


def test_of_three_askers_one_speaks_and_two_are_silent():
    lines = [received("a", 1, 6), answered("a", 5, 3), replied("a", 8, "solved", True)]
    assert rates(*lines).resolution.excluded == {"waiting": 2}
    over = rates(*lines, happened("a", "confirmed", 19))
    assert over.resolution.bands == {"solved": 1, "silent": 2}
    assert over.resolution.n == 3


def test_who_was_cut_short_by_another_askers_no_is_asked_again_and_never_silent():
    lines = [received("a", 1, 6), answered("a", 5, 3), replied("a", 8, "unsolved", False, "1")]
    cut = rates(*lines).resolution
    assert cut.bands == {"unsolved": 1}
    assert cut.excluded == {"asked again": 2}
    assert cut.subjects["excluded: asked again"] == ["a"]
    lines += [answered("a", 10, 3), replied("a", 11, "solved", None, "2")]
    again = rates(*lines, happened("a", "confirmed", 24)).resolution
    assert again.bands == {"unsolved": 1, "solved": 1, "silent": 2}
    assert again.excluded == {"asked again": 2}
    assert (again.part, again.n) == (1, 4)


def test_who_withdraws_instead_of_answering_is_not_waited_for():
    found = rates(received("a", 1, 6), answered("a", 5), happened("a", "withdrawn", 6.5))
    assert found.resolution.excluded == {"withdrawn": 1}
    assert found.resolution.n == 0


def test_imported_matters_were_never_asked():
    found = rates(received("a", 1, 6, asked=False), answered("a", 5))
    assert found.response.n == 1
    assert (found.resolution.n, found.resolution.excluded) == (0, {"not asked": 1})


def test_the_median_is_of_days_from_receipt_to_first_answer():
    lines = [line for n in (1, 2, 9) for line in (received(str(n), 0, 12), answered(str(n), n))]
    assert rates(*lines).median_days == 2.0


def test_nothing_makes_no_rate():
    empty = rates().as_json()
    assert empty["response"] == {"rate": None, "part": 0, "n": 0, "bands": {}, "excluded": {}}
    assert empty["definition"] == DEFINITION
    assert empty["median_days_to_answer"] is None


# ── random histories ────────────────────────────────────────────────────────────────────────


@st.composite
def histories(draw: st.DrawFn) -> list[list[Line]]:
    """Lives of up to eight cases, each as the actions could have written it."""
    return [_life(draw, f"cases.Case:{n}") for n in range(draw(st.integers(0, 8)))]


def _life(draw: st.DrawFn, subject: str) -> list[Line]:
    now = draw(st.integers(-20, 35))
    due = now + draw(st.integers(1, 15))
    lines = [received(subject, now, due, asked=draw(st.booleans()) or draw(st.booleans()))]
    askers = draw(st.integers(1, 3))
    for _round in range(3):
        step = draw(st.sampled_from(["extend", "answer", "end", "stop"]))
        now += draw(st.integers(0, 6))
        if step == "extend" and now < due:
            due += draw(st.integers(1, 10))
            lines.append(happened(subject, "extended", now, to=at(due).isoformat()))
        elif step == "answer":
            lines.append(answered(subject, now, askers))
            if not _words(draw, lines, subject, now, askers):
                break
        elif step == "end":
            verb = draw(st.sampled_from(["declined", "withdrawn", "merged"]))
            lines.append(happened(subject, verb, now))
            break
        elif step == "stop":
            break
    return lines


def _words(draw: st.DrawFn, lines: list[Line], subject: str, now: int, askers: int) -> bool:
    """What the askers say to an answer; True if it goes back to work."""
    for asker in range(draw(st.integers(0, askers))):
        now += draw(st.integers(0, 3))
        word = draw(st.sampled_from(["solved", "unsolved", "unsure"]))
        rating = draw(st.sampled_from([True, False, None]))
        lines.append(replied(subject, now, word, rating, str(asker)))
        if word == "unsolved":
            return True
    if draw(st.booleans()):
        solved = any(line.verb == "case.replied" and line.facts["reply"] == "solved"
                     for line in lines)  # fmt: skip
        lines.append(happened(subject, "confirmed" if solved else "silent", now + 14))
    return False


def naive(lives: list[list[Line]], as_of: datetime) -> dict[str, Any]:
    """The same count told straight down the definition, with nothing of the code under test."""
    response = {"in time": 0, "late": 0, "unanswered": 0}
    words = {"solved": 0, "unsolved": 0, "unsure": 0, "silent": 0}
    content = {True: 0, False: 0}
    out: list[str] = []
    again = 0
    for life in lives:
        seen = [line for line in life if line.when <= as_of]
        if not seen:
            continue
        answers = [i for i, line in enumerate(seen) if line.verb == "case.answered"]
        first = seen[answers[0]].when if answers else None
        due = datetime.fromisoformat(seen[0].facts["due"])
        for line in seen[: answers[0] if answers else None]:
            if line.verb == "case.extended":
                due = datetime.fromisoformat(line.facts["to"])
        ends = [line for line in seen
                if line.verb in {"case.declined", "case.withdrawn", "case.merged"}]  # fmt: skip
        if START <= due < END:
            if first is None and ends and ends[0].when <= due:
                out.append(ends[0].verb)
            elif due > as_of:
                out.append("not due")
            elif first is None:
                response["unanswered"] += 1
            else:
                response["in time" if first <= due else "late"] += 1
        for place, i in enumerate(answers):
            if not START <= seen[i].when < END or not seen[0].facts["asked"]:
                continue
            until = answers[place + 1] if place + 1 < len(answers) else len(seen)
            after = seen[i + 1 : until]
            said = [line for line in after if line.verb == "case.replied"]
            for line in said:
                words[line.facts["reply"]] += 1
                if line.facts["satisfied"] is not None:
                    content[line.facts["satisfied"]] += 1
            quiet = seen[i].facts["askers"] - len(said)
            if any(line.facts["reply"] == "unsolved" for line in said):
                again += quiet
            elif any(line.verb in {"case.confirmed", "case.silent"} for line in after):
                words["silent"] += quiet
    return {"response": response, "words": words, "content": content, "out": len(out),
            "again": again}  # fmt: skip


@given(histories(), st.integers(0, 60), st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_an_independent_count_agrees(lives: list[list[Line]], day: int, chance: random.Random):
    lines = _mixed(lives, chance)
    found = three_rates(lines, START, END, as_of=at(day))
    told = naive(lives, at(day))
    assert dict(found.response.bands) == {k: v for k, v in told["response"].items() if v}
    assert found.response.part == told["response"]["in time"]
    assert found.response.n == sum(told["response"].values())
    assert sum(found.response.excluded.values()) == told["out"]
    assert dict(found.resolution.bands) == {k: v for k, v in told["words"].items() if v}
    assert found.resolution.part == told["words"]["solved"]
    assert found.resolution.excluded["asked again"] == told["again"]
    assert found.resolution.n == sum(told["words"].values())
    assert found.satisfaction.part == told["content"][True]
    assert found.satisfaction.n == sum(told["content"].values())


@given(histories(), st.randoms(use_true_random=False), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_same_lines_same_rates_whatever_the_order_of_unrelated_cases(
    lives: list[list[Line]], one: random.Random, other: random.Random
):
    first = three_rates(_mixed(lives, one), START, END, as_of=END)
    again = three_rates(iter(_mixed(lives, other)), START, END, as_of=END)
    assert first.as_json() == again.as_json()
    assert first.as_json() == three_rates(_mixed(lives, one), START, END, as_of=END).as_json()


@given(histories())
@settings(max_examples=150, deadline=None)
def test_bands_add_up_and_every_counted_word_can_be_opened(lives: list[list[Line]]):
    found = three_rates([line for life in lives for line in life], START, END)
    for rate in (found.response, found.resolution, found.satisfaction):
        assert sum(rate.bands.values()) == rate.n
        assert 0 <= rate.part <= rate.n
        assert set(rate.bands) <= set(rate.subjects)
        assert all(rate.subjects[band] for band in rate.bands)
    assert found.satisfaction.n <= found.resolution.n - found.resolution.bands["silent"]
    assert len(found.subjects.get("received", [])) == found.received


@given(histories())
@settings(max_examples=100, deadline=None)
def test_periods_side_by_side_count_each_case_once(lives: list[list[Line]]):
    lines = [line for life in lives for line in life]
    whole = three_rates(lines, START, END)
    middle = START + timedelta(days=11)
    parts = [three_rates(lines, START, middle), three_rates(lines, middle, END)]
    assert whole.response.n == sum(part.response.n for part in parts)
    assert whole.resolution.n == sum(part.resolution.n for part in parts)
    assert whole.received == sum(part.received for part in parts)


def _mixed(lives: list[list[Line]], chance: random.Random) -> list[Line]:
    """The lives shuffled into one another, each in its own order."""
    turns = [n for n, life in enumerate(lives) for _line in life]
    chance.shuffle(turns)
    queues = [iter(life) for life in lives]
    return [next(queues[n]) for n in turns]


def test_the_verbs_read_are_the_verbs_named():
    """A verb that `_read` matches but `VERBS` forgets would never reach it from the journal."""
    assert set(VERBS) >= {f"case.{v}" for v in ("received", "extended", "answered", "replied",
                          "confirmed", "silent", "declined", "withdrawn", "merged")}  # fmt: skip
