"""`linli rota`: plans from files, and says in a sentence what is wrong with one."""

import csv
import json

import pytest
from click.testing import CliRunner

from linli.rota.commands import rota

PEOPLE = (
    "id,name,skills,week_hours,off,days\nchen,陈,legal household,6,2026-03-03,mon tue\nwu,吴,,4,,\n"
)
SHIFTS = (
    "id,place,starts,ends,seats,skills\n"
    "a,north,2026-03-02T09:00,2026-03-02T11:00,2,\n"
    "b,south,2026-03-03T09:00,2026-03-03T11:00,1,legal\n"
)


@pytest.fixture
def files(tmp_path):
    people, shifts = tmp_path / "people.csv", tmp_path / "shifts.csv"
    people.write_text(PEOPLE, "utf-8")
    shifts.write_text(SHIFTS, "utf-8")
    return people, shifts


def run(*words) -> tuple[int, str]:
    done = CliRunner().invoke(rota, [str(word) for word in words])
    return done.exit_code, done.output


def test_two_tables_give_a_plan_and_the_reason_of_an_empty_seat(files, tmp_path):
    people, shifts = files
    out = tmp_path / "plan.csv"
    code, told = run("--people", people, "--shifts", shifts, "--out", out)
    assert code == 0
    assert "Cover: 2 of 3 seats (66.7%); no plan fills more." in told
    assert "b: 1 seat empty; 1 off on that date, 1 lacking the skill." in told
    rows = list(csv.DictReader(out.read_text("utf-8-sig").splitlines()))
    assert [(row["shift"], row["person"]) for row in rows] == [
        ("a", "chen"),
        ("a", "wu"),
        ("b", ""),
    ]


def test_json_goes_in_and_out_and_fixed_cells_stay(tmp_path):
    file = tmp_path / "rota.json"
    file.write_text(json.dumps({
        "people": [{"id": "p"}, {"id": "q", "hours_before": 40}],
        "shifts": [{"id": "s", "place": "x", "starts": "2026-03-02T01:00Z",
                    "ends": "2026-03-02T03:00Z"}],
        "rules": {"rest_hours": 8}, "weights": {"fairness": 2}, "fixed": [["q", "s"]],
    }))  # fmt: skip
    code, told = run(file, "--json")
    assert code == 0
    made = json.loads(told)
    assert made["cells"] == [["q", "s"]]
    assert made["cover"] == {"seats": 1, "filled": 1, "share": 1.0, "bound": 1, "proven": True}
    assert made["cost"]["gap"] == 0


@pytest.mark.parametrize(("people", "said"), [
    ("id,weekhours\np,3\n", 'people.csv: nobody reads "weekhours"; there are: id, name'),
    ("id,week_hours\np,three\n", 'people.csv, row 2: week_hours is "three"; it must be a number'),
    ("id,off\np,14.3.2026\n", '"14.3.2026" is no date; write 2026-03-14.'),
    ("id,days\np,Montag\n", '"Montag" is no weekday; use mon tue wed'),
    ("id\n p \np\n", 'The person "p" is there twice.'),
    ("id,name\n,Chen\n", "people.csv, row 2: id is missing."),
    ("id,lon,lat\np,119,\n", "lon and lat must both be degrees"),
    ("id,lon,lat\np,31,119\n", "longitude comes first"),
    ("", "The file is empty"),
])  # fmt: skip
def test_a_wrong_table_of_people_is_refused_with_a_sentence(files, people, said):
    files[0].write_text(people, "utf-8")
    code, told = run("--people", files[0], "--shifts", files[1])
    assert code == 1
    assert said in told


@pytest.mark.parametrize(("given", "said"), [
    ("[1]", "must be an object"),
    ("{", "is not JSON"),
    ('{"people": [], "shifts": [], "rest": 3}', 'nobody reads "rest"'),
    ('{"people": 3, "shifts": []}', '"people" must be a list of objects'),
    ('{"people": [], "shifts": [], "fixed": ["p"]}', "must be a list of pairs"),
    ('{"people": [], "shifts": [{"id": "s", "place": "x", "starts": "soon", "ends": "later"}]}',
     'shifts[0]: starts is "soon"; write 2026-03-14T09:00.'),
    ('{"people": [], "shifts": [{"id": "s", "place": "x", "starts": "2026-03-02T09:00", '
     '"ends": "2026-03-02T10:00", "seats": 1.5}]}', "seats is 1.5; it must be 1, 2, 3"),
    ('{"people": [], "shifts": [], "rules": {"morning_until": "noon"}}', "write 19:00"),
])  # fmt: skip
def test_a_wrong_json_is_refused_with_a_sentence(tmp_path, given, said):
    file = tmp_path / "rota.json"
    file.write_text(given, "utf-8")
    code, told = run(file)
    assert code == 1
    assert said in told


def test_one_form_or_the_other(files):
    code, told = run("--people", files[0])
    assert code == 1
    assert "Give either one FILE.json, or both" in told
    assert run("no-such.json")[0] == 2


def test_measuring_says_size_cover_and_bound():
    code, told = run("measure", "--people", 12, "--shifts", 20, "--json", "--time-limit", 5)
    assert code == 0
    made = json.loads(told)
    assert made["people"] == 12
    assert made["cover"]["filled"] <= made["cover"]["bound"] <= made["cover"]["seats"]
    code, told = run("measure", "--people", 4, "--shifts", 6)
    assert "4 people, 6 shifts" in told
    assert "CPU:" in told
