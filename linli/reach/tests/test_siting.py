"""Sites with proof: by hand, against every combination, against HiGHS, against OR-Library."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse.csgraph import shortest_path

from linli.reach.errors import ReachError
from linli.reach.siting import costs, lagrange, models, problem, residue, search
from linli.reach.siting.models import objective, solve
from linli.reach.siting.problem import Problem

LINE = np.abs(np.arange(7.0)[:, None] - np.arange(7.0)[None])  # seven houses a minute apart


def table(times, weight=None):
    rows, sites = times.shape
    weight = np.ones(rows) if weight is None else np.asarray(weight, float)
    return Problem([f"d{i}" for i in range(rows)], [f"s{j}" for j in range(sites)], times, weight)


def random_table(seed, rows=40, sites=12):
    draw = np.random.default_rng(seed)
    points, places = draw.uniform(0, 60, (rows, 2)), draw.uniform(0, 60, (sites, 2))
    gaps = points[:, None] - places[None]
    return table(np.rint(np.hypot(*gaps.transpose(2, 0, 1))), draw.integers(0, 9, rows))


def test_seven_houses_by_hand():
    row = table(LINE)
    assert solve("pmedian", row, p=1).chosen == [3]
    two = solve("pmedian", row, p=2)
    assert (two.objective, two.bound, two.proven) == (6, 6, True)
    assert solve("pcenter", row, p=1).chosen == [3]
    assert solve("pcenter", row, p=2).objective == 2
    assert solve("lscp", row, limit=1).objective == 3
    assert solve("mclp", row, p=2, limit=1).objective == 6
    assert solve("mclp", row, p=7, limit=0).objective == 7


@pytest.mark.parametrize("seed", range(6))
def test_no_combination_is_better(seed):
    row = random_table(seed)
    for model, limit in (("mclp", 15.0), ("pmedian", None), ("pcenter", None)):
        for p in (1, 3):
            every = [objective(model, row, c, limit) for c in combinations(range(12), p)]
            best = max(every) if model == "mclp" else min(every)
            answer = solve(model, row, p=p, limit=limit)
            assert answer.objective == best == answer.bound
            assert len(set(answer.chosen)) == p
            assert answer.proven


def _highs(row, p):
    """p-median as the textbook writes it: a variable for every pair."""
    rows, sites = row.times.shape
    pairs = rows * sites
    cost = np.concatenate([(row.weight[:, None] * row.times).ravel(), np.zeros(sites)])
    once = np.hstack([np.kron(np.eye(rows), np.ones(sites)), np.zeros((rows, sites))])
    only = np.hstack([-np.eye(pairs), np.tile(np.eye(sites), (rows, 1))])
    many = np.concatenate([np.zeros(pairs), np.ones(sites)])[None]
    whole = np.concatenate([np.zeros(pairs), np.ones(sites)])
    return milp(cost, integrality=whole, bounds=Bounds(0, 1), constraints=[
        LinearConstraint(once, 1, 1), LinearConstraint(only, 0), LinearConstraint(many, p, p)
    ]).fun  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_highs_finds_the_same(seed):
    row = random_table(seed + 50, 50, 20)
    answer = solve("pmedian", row, p=4)
    assert answer.proven
    assert answer.objective == pytest.approx(_highs(row, 4), rel=1e-9)


def test_the_first_instance_of_or_library():
    """pmed1 of J. E. Beasley's OR-Library; its optimum is 5819."""
    text = (Path(__file__).parent / "pmed1.txt").read_text().split()
    numbers = np.array(text, int)
    size, _edges, p = numbers[:3]
    lengths = np.zeros((size, size))
    for a, b, length in numbers[3:].reshape(-1, 3):
        lengths[a - 1, b - 1] = lengths[b - 1, a - 1] = length  # the last of several counts
    answer = solve("pmedian", table(shortest_path(lengths, directed=False)), p=int(p))
    assert (answer.objective, answer.bound) == (5819, 5819)


def test_what_is_left_over_is_the_same_problem():
    row = random_table(7)
    whole = costs.Dense.of(row.weight, row.times)
    forced = np.zeros(12, bool)
    forced[[2, 5]] = True
    rest = residue.covering(whole, forced, np.full(40, np.inf), 1e9)
    for chosen in combinations(range(10), 2):
        opened = np.concatenate([[2, 5], np.flatnonzero(~forced)[list(chosen)]])
        missed = ~rest.within[:, list(chosen)].any(axis=1)
        assert rest.fixed + rest.weight[missed].sum() == pytest.approx(whole.value(opened))


def test_branch_and_bound_and_highs_agree_on_what_is_left(monkeypatch):
    draw = np.random.default_rng(3)
    times = draw.integers(1, 100, (40, 16)).astype(float)  # no geography: the bound is weak
    alone = solve("pmedian", table(times), p=5)
    monkeypatch.setattr(lagrange, "PATIENCE", 2)
    monkeypatch.setattr(lagrange, "ENTRIES", 10**9)
    handed = solve("pmedian", table(times), p=5)
    assert alone.proven
    assert handed.proven
    assert alone.objective == handed.objective


def test_a_bound_is_never_above_what_is_possible_however_early_it_stops():
    row = random_table(11, 200, 60)
    best = solve("pmedian", row, p=6)
    dense = costs.Dense.of(row.weight, row.times)
    for steps in (0, 3, 20):
        proof = lagrange.Proof(dense, 6, search.greedy(dense, 6), 1e18, True)
        root = lagrange.Node(dense, np.arange(60), np.zeros(60, bool), proof._first(), 0.0)
        proof._ascend(root, steps)
        assert root.bound <= best.objective + 1e-6


def test_one_more_site_never_covers_less():
    row = random_table(21, 80, 15)
    covered = [solve("mclp", row, p=p, limit=14).objective for p in range(1, 8)]
    assert covered == sorted(covered)
    fewer = table(row.times[:, :-3], row.weight)
    assert solve("mclp", fewer, p=3, limit=14).objective <= covered[2]


def test_exchanges_say_what_an_exchange_saves():
    row = random_table(5)
    for kind in (
        costs.Dense.of(row.weight, row.times), costs.Cover.of(row.weight, row.times <= 15)
    ):  # fmt: skip
        for chosen in (np.array([3]), np.array([1, 4, 8])):
            saved = kind.exchanges(chosen)
            for k in range(len(chosen)):
                for into in {0, 2, 9}:
                    after = chosen.copy()
                    after[k] = into
                    assert saved[k, into] == pytest.approx(kind.value(chosen) - kind.value(after))


def test_set_cover_leaves_out_only_what_nobody_covers():
    times = np.array([[1, 9, np.inf], [9, 1, 9], [np.inf] * 3])
    answer = solve("lscp", table(times, [1, 1, 4]), limit=5)
    assert (answer.objective, answer.chosen, answer.unreached) == (2, [0, 1], 4)


def test_questions_without_an_answer_say_so():
    stranded = table(np.array([[1.0, 2], [np.inf, np.inf]]))
    with pytest.raises(ReachError, match='1 points have no way to any site, the first is "d1"'):
        solve("pmedian", stranded, p=1)
    apart = table(np.array([[1.0, np.inf], [np.inf, 1]]))
    for model in ("pmedian", "pcenter"):
        with pytest.raises(ReachError, match="no 1 sites were found"):
            solve(model, apart, p=1)
    with pytest.raises(ReachError, match="p must be from 1 to 2"):
        solve("pmedian", apart, p=3)
    with pytest.raises(ReachError, match="mclp needs a limit"):
        solve("mclp", apart, p=1)


def test_both_shapes_of_a_table_are_the_same(tmp_path):
    wide, long, demand = (tmp_path / name for name in ("w.csv", "l.csv", "d.csv"))
    wide.write_text("point,s1,s2\na,1,2.5\nb,,4\n")
    long.write_text("from,to,time\na,s1,1\na,s2,2.5\nb,s2,4\n")
    demand.write_text("id,demand\nb,3\na,2\n")
    for path in (wide, long):
        read = problem.read(path, demand)
        assert (list(read.points), list(read.sites)) == (["a", "b"], ["s1", "s2"])
        assert read.times.tolist() == [[1, 2.5], [np.inf, 4]]
        assert read.weight.tolist() == [2, 3]


@pytest.mark.parametrize(
    ("times", "demand", "said"),
    [
        ("p,s\na,1\nb,x\n", None, 'times.csv:3: "x" is not a time'),
        ("p,s\na,1,2\n", None, "times.csv:2: there are 3 cells for 2 columns"),
        ("p,s\na,1\na,1\n", None, 'times.csv:3: the point "a" is there already (line 2)'),
        ("p,s,s\na,1,1\n", None, "times.csv:1: every site needs a name"),
        ("p,s\n", None, "times.csv: there is no row"),
        ("p,s\na,1\n", "id,demand\nb,1\n", 'demand.csv:2: the point "b" is not in times.csv'),
        ("p,s\na,1\nb,1\n", "id,demand\na,1\n", 'demand.csv: the point "b" of times.csv'),
        ("p,s\na,1\n", "id,demand\na,-1\n", 'demand.csv:2: "-1" is not a demand'),
        ("p,s\na,1\n", "id,size\na,1\n", "demand.csv:1: the columns must be id and one of"),
        ("p,s\na,-1\n", None, 'times.csv:2: "-1" is not a time'),
    ],
)
def test_wrong_tables_are_named_with_their_line(tmp_path, times, demand, said):
    (tmp_path / "times.csv").write_text(times)
    (tmp_path / "demand.csv").write_text(demand or "")
    with pytest.raises(ReachError) as error:
        problem.read(tmp_path / "times.csv", tmp_path / "demand.csv" if demand else None)
    assert said in str(error.value)


def test_in_time_or_not_there_is_an_answer():
    draw = np.random.default_rng(9)
    hard = table(draw.integers(1, 1000, (300, 120)).astype(float))
    answer = models.solve("pmedian", hard, p=12, seconds=0.5)
    assert answer.bound <= answer.objective
    assert answer.seconds < 20
