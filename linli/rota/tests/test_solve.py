"""The planner against brute force on tiny rotas, and what holds for every rota."""

import itertools
from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.rota import exact
from linli.rota import solve as solving
from linli.rota.grid import Grid, grid
from linli.rota.model import Person, Problem, RotaError, Rules, Shift
from linli.rota.rules import Bar, clash, conflicts, unfit
from linli.rota.sample import sample
from linli.rota.solve import again, solve
from linli.rota.state import State, cost

MONDAY = datetime(2026, 3, 2)
HERE = (119.48, 31.42)


def shift(name, day=0, hour=9, hours=3.0, **more) -> Shift:
    start = MONDAY + timedelta(days=day, hours=hour)
    return Shift(name, more.pop("place", "square"), start, start + timedelta(hours=hours), **more)


def cells_of(rota) -> dict[str, list[Shift]]:
    shifts = rota.problem.shift
    done: dict[str, list[Shift]] = {person.id: [] for person in rota.problem.people}
    for who, what in rota.cells:
        done[who].append(shifts[what])
    return done


def broken(rota) -> list:
    """Every rule that a cell breaks which was not fixed beforehand."""
    people, shifts = rota.problem.person, rota.problem.shift
    done = cells_of(rota)
    return [
        (who, what, found)
        for who, what in rota.cells - rota.problem.fixed
        if (found := conflicts(rota.problem, people[who], shifts[what], done[who]))
    ]


def brute_force(problem: Problem) -> tuple[int, float]:
    """The most seats, and the least cost with as many, by trying every plan."""
    arrays = grid(problem)
    best = (-1, 0.0)
    people, shifts = problem.people, problem.shifts
    ways = [
        [
            taken
            for size in range(one.seats + 1)
            for taken in itertools.combinations(range(len(people)), size)
        ]
        for one in shifts
    ]
    for choice in itertools.product(*ways):
        plan = np.zeros(arrays.shape, dtype=bool)
        for s, taken in enumerate(choice):
            plan[list(taken), s] = True
        if (arrays.fixed & ~plan).any() or plan.sum() < best[0]:
            continue
        if not _allowed(problem, arrays, plan):
            continue
        key = (int(plan.sum()), -cost(arrays, plan))
        best = max(best, key)
    return best[0], -best[1]


def _allowed(problem: Problem, arrays: Grid, plan) -> bool:
    for p, person in enumerate(problem.people):
        done = [problem.shifts[s] for s in np.nonzero(plan[p])[0]]
        for s in np.nonzero(plan[p] & ~arrays.fixed[p])[0]:
            if conflicts(problem, person, problem.shifts[s], done):
                return False
    return True


HOURS = st.sampled_from([2.0, 3.0, 4.0])
people = st.builds(
    Person,
    id=st.just(""),
    point=st.sampled_from([None, HERE]),
    max_km=st.sampled_from([None, 3.0]),
    skills=st.sampled_from([frozenset(), frozenset({"legal"})]),
    week_hours=st.sampled_from([None, 4.0, 6.0]),
    month_hours=st.sampled_from([None, 7.0]),
    rest_hours=st.sampled_from([0.0, 24.0]),
    off=st.sampled_from([frozenset(), frozenset({date(2026, 3, 2)})]),
    days=st.sampled_from([frozenset(), frozenset({"mon", "wed"})]),
    avoids=st.sampled_from([frozenset(), frozenset({"tue"})]),
    prefers=st.sampled_from([frozenset(), frozenset({"morning"})]),
    hours_before=st.sampled_from([0.0, 3.0]),
)
shifts = st.builds(
    shift,
    name=st.just(""),
    day=st.integers(0, 3),
    hour=st.sampled_from([8, 14, 18]),
    hours=HOURS,
    place=st.sampled_from(["north", "south"]),
    seats=st.integers(1, 2),
    skills=st.sampled_from([frozenset(), frozenset({"legal"})]),
    point=st.sampled_from([None, HERE, (119.6, 31.42)]),
)
RULES = st.sampled_from(
    [Rules(), Rules(rest_hours=1.0), Rules(rest_hours=0, evenings_apart_days=1)]
)


def made(people: list[Person], shifts: list[Shift], rules: Rules = Rules()) -> Problem:
    return Problem(
        tuple(replace(one, id=f"p{n}") for n, one in enumerate(people)),
        tuple(replace(one, id=f"s{n}") for n, one in enumerate(shifts)),
        rules,
    )


problems = st.builds(
    made, st.lists(people, min_size=1, max_size=3), st.lists(shifts, min_size=1, max_size=4), RULES
)
larger = st.builds(
    made, st.lists(people, min_size=1, max_size=6), st.lists(shifts, min_size=1, max_size=9), RULES
)
few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@few
@given(problems)
def test_brute_force_finds_no_better_plan(problem):
    rota = solve(problem)
    most, least = brute_force(problem)
    assert rota.report.filled == most
    assert rota.report.cost == pytest.approx(least, abs=1e-4)
    assert rota.report.cover_proven
    assert rota.report.gap == pytest.approx(0, abs=1e-6)
    assert not broken(rota)


@few
@given(larger)
def test_blocks_and_chains_alone_keep_every_rule_and_stay_within_the_bounds(problem):
    arrays = grid(problem)
    state = State(arrays)
    solving._search(state, solving.Clock(10))
    again_counted = State(arrays, state.plan)
    for sums in ("filled", "minutes", "weeks", "months", "places", "blocked"):
        assert (getattr(state, sums) == getattr(again_counted, sums)).all(), sums
    assert _allowed(problem, arrays, state.plan)
    filled = int(state.filled.sum())
    most = exact.cover_bound(arrays, 10)
    best = solve(problem).report
    assert filled <= best.filled <= most <= exact.trivial_cover(arrays)
    least = exact.cost_bound(arrays, best.filled, 10)
    assert least <= best.cost + 1e-4


@few
@given(larger, people)
def test_one_person_more_never_lowers_the_cover(problem, person):
    more = replace(problem, people=(*problem.people, replace(person, id="newcomer")))
    assert solve(more).report.filled >= solve(problem).report.filled


@few
@given(larger, st.data())
def test_fixed_cells_stay_whatever_they_break(problem, data):
    every = [(person.id, one.id) for person in problem.people for one in problem.shifts]
    chosen = data.draw(st.lists(st.sampled_from(every), max_size=3, unique=True))
    taken: dict[str, int] = {}
    fixed = []
    for who, what in chosen:
        taken[what] = taken.get(what, 0) + 1
        if taken[what] <= problem.shift[what].seats:
            fixed.append((who, what))
    rota = solve(replace(problem, fixed=frozenset(fixed)))
    assert frozenset(fixed) <= rota.cells
    for who, what in rota.cells - frozenset(fixed):
        done = cells_of(rota)[who]
        person = problem.person[who]
        kept = [one for one in done if (who, one.id) not in fixed or one.id == what]
        assert not conflicts(problem, person, problem.shift[what], kept)


@few
@given(larger)
def test_the_arrays_say_what_the_rules_say(problem):
    arrays = grid(problem)
    for p, person in enumerate(problem.people):
        clashes = arrays.clashes[arrays.rest_class[p]]
        for s, one in enumerate(problem.shifts):
            assert arrays.fit[p, s] == (unfit(person, one) is None)
            for t, two in enumerate(problem.shifts):
                met = clash(one, two, problem.rules, person.rest_hours)
                assert s == t or clashes[s, t] == (met is not None)
        cliques = arrays.cliques[arrays.rest_class[p]]
        for clique in cliques:
            assert all(clashes[a, b] for a, b in itertools.combinations(clique, 2))
        pairs = {pair for clique in cliques for pair in itertools.combinations(clique, 2)}
        assert {(a, b) for a, b in zip(*np.nonzero(np.triu(clashes)), strict=True)} <= pairs


@few
@given(larger)
def test_every_empty_seat_names_what_bars_everybody(problem):
    rota = solve(problem)
    done = cells_of(rota)
    assert sum(one.seats for one in rota.report.empty) == rota.report.seats - rota.report.filled
    for one in rota.report.empty:
        named = {who for who, _met in one.why}
        for person in problem.people:
            found = conflicts(problem, person, problem.shift[one.shift], done[person.id])
            seated = (person.id, one.shift) in rota.cells
            assert (person.id in named) == (bool(found) and not seated)
            assert found or seated, "somebody could take the seat"


def test_after_an_absence_every_other_cell_stays():
    problem = sample(30, 60, seed=3)
    rota = solve(problem)
    who, what = min(rota.cells)
    day = problem.shift[what].day
    after = again(problem, rota.cells, away=[(who, day)])
    gone = {cell for cell in rota.cells if cell[0] == who and problem.shift[cell[1]].day == day}
    assert gone
    assert rota.cells - gone <= after.cells
    assert not gone & after.cells
    assert len(after.cells - rota.cells) <= len(gone)
    assert not broken(after)


def test_a_chain_fills_a_seat_that_only_passing_on_can_fill():
    # Only Legal can take the second shift; the first block gives them the first as well as anybody.
    lawyer = Person("lawyer", skills=frozenset({"legal"}), week_hours=3)
    helper = Person("helper", week_hours=3, hours_before=9)
    problem = Problem((lawyer, helper), (
        shift("open"), shift("legal", day=1, skills=frozenset({"legal"})),
    ))  # fmt: skip
    state = State(grid(problem))
    state.add(0, 0)
    assert solving.augment(state, lambda: False) == 1
    assert grid(problem).cells(state.plan) == {("helper", "open"), ("lawyer", "legal")}


def test_an_evening_duty_frees_the_next_morning_and_the_next_evening():
    rules = Rules()
    evening = shift("evening", hour=19, hours=2)
    assert clash(shift("morning", day=1, hour=11), evening, rules).bar is Bar.REST
    assert clash(shift("noon", day=1, hour=12), evening, rules) is None
    met = clash(shift("next", day=1, hour=19, hours=2), evening, rules)
    assert (met.bar, met.again) == (Bar.EVENINGS, MONDAY + timedelta(days=2, hours=19))
    assert clash(shift("later", day=2, hour=19, hours=2), evening, rules) is None


def test_a_month_is_filled_evenly_and_says_how_far_from_the_best_it_is():
    rota = solve(sample(60, 150, seed=5), time_limit=8)
    told = rota.report
    assert not broken(rota)
    assert told.filled <= told.cover_bound
    assert told.cover_bound - told.filled <= 0.03 * told.seats
    assert told.gap is not None
    assert told.gap < 0.08
    assert told.fairness.gini < 0.3


@pytest.mark.parametrize(("given", "said"), [
    ({"people": (Person("a"), Person("a"))}, 'The person "a" is there twice.'),
    ({"shifts": (shift("x", hours=-1),)}, 'Shift "x" ends before it starts.'),
    ({"shifts": (shift("x", seats=0),)}, 'Shift "x" has no seat.'),
    ({"fixed": frozenset({("b", "x")})}, 'names "b", who is none of the people'),
    ({"people": (Person("a", days=frozenset({"Mo"})),)}, '"Mo" is no weekday'),
    ({"people": (Person("a", week_hours=-1),)}, "must not be negative"),
])  # fmt: skip
def test_what_cannot_be_is_refused_with_a_sentence(given, said):
    usual = {"people": (Person("a"),), "shifts": (shift("x"),)}
    with pytest.raises(RotaError, match=said):
        Problem(**{**usual, **given})


def test_nobody_and_nothing_are_rotas_too():
    assert solve(Problem((), ())).report.cover == 1.0
    assert solve(Problem((), (shift("x"),))).report.filled == 0
    assert solve(Problem((Person("a"),), ())).cells == frozenset()
