"""Foreign cases come in with their own dates, once, and give rates a reader can check."""

import csv
import json
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

import pytest
from click.testing import CliRunner

from linli.cases.models import Asker, Case, State
from linli.cases.tests.conftest import build
from linli.figures.commands import rates
from linli.intake.cases import columns_of
from linli.intake.commands import import_
from linli.lib import clock, workdays

SHARED = Path(__file__).parents[4] / "shared" / "data" / "messages" / "answered.csv"
MAP = "source=id,title=title,text=text,received=asked_at,answer=answer,answered=answered_at"
HEADER = ["id", "title", "text", "asked_at", "answer", "answered_at"]
GOOD = ["1", "路灯", "路灯不亮", "2026/3/2 9:05:00", "已修好", "2026/3/5 10:00:00"]


@pytest.fixture
def ground(db):
    return build()


def write(path, *rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return path


def run(file, *more):
    return CliRunner().invoke(
        import_, ["cases", str(file), "--kind", "letter", "--map", MAP, *more]
    )


def test_a_row_becomes_a_case_with_its_real_dates(ground, tmp_path):
    result = run(write(tmp_path / "a.csv", GOOD))
    assert result.exit_code == 0, result.output
    case = Case.objects.get()
    assert case.received_at == datetime(2026, 3, 2, 9, 5, tzinfo=clock.LOCAL)
    assert case.answered_at == datetime(2026, 3, 5, 10, 0, tzinfo=clock.LOCAL)
    assert case.state == State.SILENT
    assert case.visibility == "office"
    assert Asker.objects.get().anonymity == "L3"


def test_repeating_changes_nothing(ground, tmp_path):
    file = write(tmp_path / "a.csv", GOOD)
    run(file)
    again = run(file)
    assert "1 there already" in again.output
    assert Case.objects.count() == 1


def test_a_trial_writes_nothing(ground, tmp_path):
    result = run(write(tmp_path / "a.csv", GOOD), "--dry-run")
    assert "1 would be new" in result.output
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    ("column", "value"),
    [(0, ""), (3, "gestern"), (3, "2099/1/1 0:00:00"), (5, "2026/3/1 0:00:00"), (5, "")],
)
def test_a_wrong_row_is_kept_apart_with_its_reason(ground, tmp_path, column, value):
    bad = list(GOOD)
    bad[column] = value
    good = ["2", *GOOD[1:]]
    result = run(write(tmp_path / "a.csv", bad, good))
    assert result.exit_code == 0
    assert Case.objects.count() == 1
    with (tmp_path / "a.errors.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[1][0] == "2"
    assert rows[1][1]


def test_a_column_of_identity_numbers_is_refused_whole(ground, tmp_path):
    rows = [[*GOOD[:1], "11010519491231002X", *GOOD[2:]]]
    result = run(write(tmp_path / "a.csv", *rows))
    assert result.exit_code != 0
    assert "identity" in result.output
    assert Case.objects.count() == 0


def test_a_map_that_names_nothing_is_explained():
    with pytest.raises(ValueError, match="received"):
        columns_of("source=id,text=text")
    with pytest.raises(ValueError, match="FIELD=COLUMN"):
        columns_of("colour=red")


@pytest.mark.skipif(not SHARED.exists(), reason="the shared real messages are not on this machine")
def test_real_messages_give_rates_that_the_file_itself_gives(ground, tmp_path):
    result = run(SHARED, "--within", "15 workdays", "--errors", str(tmp_path / "wrong.csv"))
    assert result.exit_code == 0, result.output
    with SHARED.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    spans = [(_read(row["asked_at"]), _read(row["answered_at"])) for row in rows]
    right = [(a, b) for a, b in spans if a and b and b >= a]
    span = workdays.Span.parse("15 workdays")
    in_time = sum(b <= workdays.add(a, span) for a, b in right)
    said = CliRunner().invoke(rates, ["--from", "2010-01-01", "--to", "2026-11-22", "--json"])
    figures = json.loads(said.output)
    assert Case.objects.count() == len(right)
    assert figures["response"]["n"] == len(right)
    assert figures["response"]["part"] == in_time
    days = median((b - a) / timedelta(days=1) for a, b in right)
    assert figures["median_days_to_answer"] == pytest.approx(days, abs=0.01)
    assert figures["resolution"]["n"] == 0
    assert figures["resolution"]["excluded"] == {"not asked": len(right)}


def _read(text):
    for form in ("%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=clock.LOCAL)
        except ValueError:
            continue
    return None
