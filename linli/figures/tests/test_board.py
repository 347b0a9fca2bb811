"""From the journal to the board: the lines picked are the lines needed, and parts add up."""

import json
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner

from linli.cases.models import Case
from linli.figures import periods, queries
from linli.figures.commands import rates as command
from linli.figures.periods import Period
from linli.figures.rates import VERBS, three_rates
from linli.figures.tests.conftest import live
from linli.journal.models import Entry
from linli.lib import clock

PERIODS = [
    Period(date(2026, 10, 5), date(2026, 10, 11)),
    Period(date(2026, 10, 1), date(2026, 10, 31)),
    Period(date(2026, 11, 2), date(2026, 11, 8), "week"),
    Period(date(2026, 8, 1), date(2026, 9, 30)),
]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_lines_picked_give_the_same_rates_as_all_lines(ground, seed):
    live(ground, 40, seed)
    every = list(Entry.objects.order_by("seq"))
    for period in PERIODS:
        for place in (ground.county, ground.town, ground.village):
            here = [line for line in every if line.place.startswith(place.path)]
            picked = queries.lines(period.start, period.end, place.path)
            now = clock.now()
            assert (
                three_rates(picked, period.start, period.end, as_of=now).as_json()
                == three_rates(here, period.start, period.end, as_of=now).as_json()
            )
        assert len(queries.lines(period.start, period.end)) <= len(every)


def test_only_lines_of_cases_that_matter_are_read(ground):
    with clock.moved_to(datetime(2026, 3, 2, 4, tzinfo=UTC)):
        ground.say()
    ground.say()
    period = PERIODS[2]
    picked = queries.lines(period.start, period.end)
    assert {line.verb for line in picked} <= set(VERBS)
    assert len({line.subject for line in picked}) == 1


def test_the_board_takes_three_statements_and_its_parts_add_up(ground, django_assert_num_queries):
    live(ground, 40, 3)
    period = periods.this_month(clock.today())
    with django_assert_num_queries(3):
        board = queries.board(ground.county.path, period)
    for parts in (board.places, board.kinds, board.channels):
        for name in ("response", "resolution", "satisfaction"):
            whole = getattr(board.now, name)
            assert whole.n == sum(getattr(part.rates, name).n for part in parts)
            assert whole.part == sum(getattr(part.rates, name).part for part in parts)
        assert board.now.received == sum(part.rates.received for part in parts)
    assert board.owed.late == sum(part.owed.late for part in board.places)
    assert board.owed.late == Case.objects.late(clock.now()).count()
    assert {part.key for part in board.places} <= {"320481103", "320481109", ""}
    assert sum(week.received for week in board.weeks) == Case.objects.count()


@pytest.mark.parametrize("key", ["week", "month", "quarter"])
def test_the_board_counts_what_all_lines_count(ground, key):
    live(ground, 40, 8)
    today = clock.today()
    period = {"week": periods.this_week, "month": periods.this_month,
              "quarter": periods.this_quarter}[key](today)  # fmt: skip
    board = queries.board(ground.county.path, period)
    every = list(Entry.objects.order_by("seq"))
    for days, found in ((board.period, board.now), (board.earlier, board.then)):
        told = three_rates(every, days.start, days.end, as_of=board.as_of)
        assert found.as_json() == told.as_json()


def test_weeks_count_what_their_own_period_counts(ground):
    live(ground, 30, 4)
    board = queries.board(ground.county.path, periods.this_month(clock.today()))
    every = list(Entry.objects.order_by("seq"))
    for week in board.weeks:
        told = three_rates(every, week.period.start, week.period.end, as_of=board.as_of)
        assert (week.received, week.response) == (told.received, told.response)


def test_late_and_taken_on_by_nobody_are_counted_where_they_lie(ground):
    case = ground.say().case
    with clock.moved_to(case.due_at + timedelta(days=1)):
        owed = queries.owed_below(ground.county.path, clock.now())
        assert owed == {"320481103": queries.Owed(late=1, untaken=1)}
        assert queries.owed_below(ground.building.path, clock.now()) == {"": queries.Owed(1, 1)}
        assert [row.pk for row in queries.owed(ground.county.path, clock.now(), "late")] == [
            case.pk
        ]


# ── linli rates ─────────────────────────────────────────────────────────────────────────────


def run(*words: str):
    return CliRunner().invoke(command, words)


def test_the_command_says_the_rates_of_local_days(ground):
    live(ground, 30, 5)
    done = run("--from", "2026-10-01", "--to", "2026-10-31", "--json")
    told = json.loads(done.output)
    period = Period(date(2026, 10, 1), date(2026, 10, 31))
    found = three_rates(Entry.objects.order_by("seq"), period.start, period.end, as_of=clock.now())
    assert {key: told[key] for key in found.as_json()} == found.as_json()
    assert (told["from"], told["to"], told["definition"]) == ("2026-10-01", "2026-10-31", 2)
    assert found.response.n > 5
    assert sum(told["response"]["bands"].values()) == told["response"]["n"]


def test_the_first_and_the_last_day_belong_to_it(ground):
    """Due at 23:59:59 on the last local day, which in UTC is the afternoon before midnight."""
    case = ground.say().case
    day = case.due_at.astimezone(clock.LOCAL).date()
    with clock.moved_to(case.due_at + timedelta(days=9)):
        for first, last, n in ((day, day, 1), (day - timedelta(days=3), day - timedelta(days=1), 0),
                               (day + timedelta(days=1), day + timedelta(days=3), 0)):  # fmt: skip
            told = json.loads(run("--from", str(first), "--to", str(last), "--json").output)
            assert told["response"]["n"] == n


def test_the_command_counts_one_place(ground):
    live(ground, 30, 6)
    asked = ["--from", "2026-09-01", "--to", "2026-11-04", "--json"]
    counts = [
        json.loads(run(*asked, *more).output)["received"]
        for more in (["--place", "320481103"], ["--place", "320481109"], ["--place", "320481"], [])
    ]
    assert counts[0] + counts[1] <= counts[2] == counts[3] == 30
    assert counts[0] > 0


def test_the_table_for_people_names_every_band(ground):
    live(ground, 30, 7)
    table = run("--from", "2026-10-01", "--to", "2026-10-31").output
    for words in ("response", "resolution", "satisfaction", "in time", "definition 2", "95 %"):
        assert words in table


@pytest.mark.parametrize(
    "words",
    [
        ["--from", "2026-10-02", "--to", "2026-10-01"],
        ["--from", "yesterday", "--to", "2026-10-01"],
        ["--from", "2000-01-01", "--to", "2026-10-01"],
        ["--from", "2026-10-01", "--to", "2026-10-02", "--place", "nowhere"],
        ["--from", "2026-10-01"],
    ],
)
def test_a_wrong_question_is_answered_with_a_sentence(db, words):
    done = run(*words)
    assert done.exit_code == 2
    assert "Error: " in done.output
    assert "Traceback" not in done.output


def test_the_time_it_takes_grows_with_the_cases_and_no_faster(ground):
    """4,000 cases take a fifth of a second; a plan that walks the journal for each takes minutes."""
    first, made = clock.now() - timedelta(days=90), []
    for n in range(4_000):
        at = first + timedelta(minutes=n * 30)
        due = (at + timedelta(days=7)).isoformat()
        subject, place = f"cases.Case:{n:08d}-0000-4000-8000-000000000000", ground.village.path
        facts = {"kind": "request", "channel": "web", "due": due}
        made += [
            Entry(verb=verb, subject=subject, place=place, actor="system", when=at + later, facts=what)
            for verb, later, what in (
                ("case.received", timedelta(0), facts),
                ("case.routed", timedelta(0), {}),
                ("case.accepted", timedelta(hours=20), {}),
                ("case.answered", timedelta(days=3 + n % 6), {"askers": 1}),
                ("case.replied", timedelta(days=9), {"asker": "a", "reply": "solved", "satisfied": True}),
                ("case.confirmed", timedelta(days=9), {}),
            )
        ]  # fmt: skip
    Entry.objects.bulk_create(made, batch_size=2_000)
    began = time.perf_counter()
    board = queries.board(ground.county.path, periods.this_month(clock.today()))
    took = time.perf_counter() - began
    assert sum(week.received for week in board.weeks) > 3_800
    assert took < 5, f"{took:.1f} s"
