"""The best next sites: one after the other, and the best of all choices with a proof."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import numpy as np
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from linli.journal.record import record
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.reach.errors import ReachError
from linli.reach.gains import best_next
from linli.reach.network import FAR
from linli.reach.siting.models import solve
from linli.reach.siting.problem import Problem
from linli.reach.table import Table
from linli.travel import answers, people, roads
from linli.travel.answers import NEW, Answer, Change
from linli.travel.models import State, Study
from linli.travel.questions import BUS, Question

MOST_SITES: Final = 5
SMALL: Final = 400_000  # pairs of a place and a candidate that are worked out while one waits
AT_ONCE: Final = 2.0  # seconds of proving while one waits
BY_WORKER: Final = 60.0
MOST_CANDIDATES: Final = 2_000
FORGOTTEN: Final = timedelta(minutes=5)  # a worker that took a study and died
Floats = answers.Floats


def begin(
    question: Question, *, sites: int, proposed: Change | None, by: Actor
) -> Study:  # fmt: skip
    """Ask for the best next sites; a small study is worked out at once. Raises Denied."""
    study = _ask(question, sites=sites, proposed=proposed, by=by)
    graph = roads.current()
    quick = question.mode != BUS  # by bus every candidate is a search of its own
    if graph and quick and len(people.of(question.what)) ** 2 <= SMALL:
        work_out(study, AT_ONCE)
    return study


@transaction.atomic
def _ask(question: Question, *, sites: int, proposed: Change | None, by: Actor) -> Study:
    by.check("reach.plan", in_scope=True)
    if by.organisation is None:
        raise Denied(_("Only a post of a unit asks for the best sites."))
    asked = question.as_json() | {"sites": min(max(sites, 1), MOST_SITES)}
    if proposed:
        asked["proposed"] = {
            "lon": proposed.lon, "lat": proposed.lat, "label": proposed.label
        }  # fmt: skip
    study = Study.objects.create(organisation=by.organisation, asked=asked, made_by=by.user)
    record("travel.study_asked", on=study, by=by, org=str(by.organisation.pk),
           facts={"kind": question.kind, "mode": question.mode, "sites": asked["sites"]})  # fmt: skip
    return study


def work_out_waiting() -> int:
    """Work out the oldest study that waits; how many were. A worker's task."""
    now = clock.now()
    idle = Q(taken_at=None) | Q(taken_at__lt=now - FORGOTTEN)
    waiting = Study.objects.filter(idle, state=State.WAITING)
    study = waiting.order_by("made_at").first()
    if study is None or not waiting.filter(pk=study.pk).update(taken_at=now):
        return 0
    work_out(study, BY_WORKER)
    return 1


def work_out(study: Study, seconds: float) -> None:
    """Answer a study and keep the answer; whatever fails is said on its page."""
    graph = roads.current()
    try:
        if graph is None:
            raise ReachError(_("No roads were taken in yet."))
        found = answers.answer(Question.from_json(study.asked), graph)
        study.answer = worked_out(found, study.asked, seconds)
        study.state = State.DONE
    except ReachError as error:
        study.state, study.answer = State.FAILED, {"error": str(error)}
    Study.objects.filter(pk=study.pk, state=State.WAITING).update(
        state=study.state, answer=study.answer
    )


def worked_out(now: Answer, asked: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Numbers of the study: what is, what the best choice adds, step by step, and the proof."""
    limit = now.question.minutes * 600
    candidates = _candidates(now)
    if not len(candidates):
        return {"now": _total(now), "as_of": now.people.as_of.isoformat(), "chosen": [],
                "error": "no candidates"}  # fmt: skip
    table = _table(now, candidates, limit)
    count = min(int(asked["sites"]), len(candidates))
    exact = solve("mclp", _problem(now, table, limit), p=count, limit=float(limit), seconds=seconds)
    step = best_next(table, now.nearest.time, now.people.number, count)
    chosen = _useful(exact.chosen, table, now, limit)
    best = _after(now, table, chosen)
    answer: dict[str, Any] = {
        "now": _total(now), "as_of": now.people.as_of.isoformat(), "roads": now.way.roads.source,
        "timetable": now.way.timetable.source if now.way.timetable else None,
        "roads_sha256": now.way.roads.sha256, "candidates": len(candidates),
        "at": now.question.when.isoformat(timespec="minutes") if now.question.when else None,
        "chosen": [_site(now, int(candidates[j]), table.column(j), limit) for j in chosen],
        "one_by_one": [_code(now, int(candidates[j])) for j in step.chosen],
        "gain": float(now.people.number[(best <= limit) & (now.nearest.time > limit)].sum()),
        "gain_one_by_one": step.covered[-1] - now.total.covered,
        "bound": exact.bound, "proven": exact.proven, "seconds": round(exact.seconds, 2),
        "rows": _rows(now, best),
    }  # fmt: skip
    if "proposed" in asked:
        answer["proposed"] = _proposed(now, asked["proposed"])
    return answer


def _candidates(now: Answer) -> np.ndarray[Any, Any]:
    """Places where people live and a road leads, those with most people if there are very many."""
    there = np.flatnonzero(now.nearest.snapped.found)
    most = np.argsort(-now.people.number[there], kind="stable")[:MOST_CANDIDATES]
    return np.sort(there[most])


def _table(now: Answer, candidates: np.ndarray[Any, Any], limit: int) -> Table:
    starts = now.nearest.snapped
    return now.way.streets.table(starts, starts.only([int(i) for i in candidates]), limit)


def _problem(now: Answer, table: Table, limit: int) -> Problem:
    """Only those count who are not yet within the limit: the optimum is of what is added."""
    dense = table.dense()
    times = np.where(dense < FAR, dense, np.inf).astype(float)
    weight = np.where(now.nearest.time > limit, now.people.number, 0.0)
    return Problem(
        [place.code for place in now.people.places], [str(j) for j in range(table.sites)],
        times, weight,
    )  # fmt: skip


def _useful(chosen: Sequence[int], table: Table, now: Answer, limit: int) -> list[int]:
    """The sites in the order of what each adds; those that add nobody are left out."""
    left, order, time = set(chosen), list[int](), now.nearest.time.copy()
    while left:
        gain = {
            j: float(now.people.number[(table.column(j) <= limit) & (time > limit)].sum())
            for j in sorted(left)
        }
        best = max(gain, key=lambda j: gain[j])
        if not gain[best]:
            break
        order.append(best)
        left.discard(best)
        time = np.minimum(time, table.column(best))
    return order


def _after(now: Answer, table: Table, chosen: Sequence[int]) -> np.ndarray[Any, Any]:
    time = now.nearest.time
    for j in chosen:
        time = np.minimum(time, table.column(j))
    return time


def _total(found: Answer) -> dict[str, float]:
    total = found.total
    return {
        "all": total.population, "covered": total.covered,
        "uncovered": total.uncovered, "unknown": total.unknown,
    }  # fmt: skip


def _code(now: Answer, number: int) -> str:
    return now.people.places[number].code


def _site(now: Answer, number: int, times: np.ndarray[Any, Any], limit: int) -> dict[str, Any]:
    gained = (times <= limit) & (now.nearest.time > limit)
    return {
        "code": _code(now, number), "lon": float(now.people.lon[number]),
        "lat": float(now.people.lat[number]), "gain": float(now.people.number[gained].sum()),
    }  # fmt: skip


def _rows(now: Answer, best: np.ndarray[Any, Any]) -> list[dict[str, Any]]:
    """Who gains: places a minute nearer or newly within the limit; minutes before and after.

    Before is None where no facility was reached at all.
    """
    before = now.nearest.time
    limit = now.question.minutes * 600
    gained = np.flatnonzero((best <= before - 600) | ((best <= limit) & (before > limit)))
    order = gained[np.argsort(-now.people.number[gained], kind="stable")]
    return [
        {
            "code": _code(now, i), "people": float(now.people.number[i]),
            "before": before[i] / 600 if before[i] < FAR else None, "after": best[i] / 600,
        }
        for i in map(int, order)
    ]  # fmt: skip


def _proposed(now: Answer, said: dict[str, Any]) -> dict[str, Any]:
    change = Change(NEW, said["lon"], said["lat"], said["label"])
    then = answers.answer(now.question, now.way.roads, change)
    return said | {"gain": then.total.covered - now.total.covered}
