"""The commands from end to end: what they print, and what they say of bad input."""

import json

import pytest
from click.testing import CliRunner

from linli.reach import measuring
from linli.reach.commands import reach
from linli.reach.tests import toys
from linli.reach.tests.feeds import calls, feed, stops

SIDE = toys.SQUARE


@pytest.fixture
def run():
    def go(*words):
        return CliRunner().invoke(reach, [str(word) for word in words])

    return go


@pytest.fixture
def village(tmp_path, run):
    """A ladder of streets as a graph, three homes and two halls."""
    lines = [({"highway": "residential"}, [[x * SIDE, y * SIDE] for y in range(4)]) for x in (0, 1)]
    lines += [
        ({"highway": "residential"}, [[0, y * SIDE], [SIDE, y * SIDE]]) for y in range(4)
    ]  # fmt: skip
    roads = toys.geojson_file(tmp_path, lines)
    graph = tmp_path / "village.graph"
    made = run("build", roads, "-o", graph, "--json")
    assert made.exit_code == 0, made.output
    assert json.loads(made.output)["kilometres"] == pytest.approx(1.1)
    (tmp_path / "homes.csv").write_text(
        f"id,lon,lat,people\nnear,0,{SIDE},3\nfar,{SIDE},{3 * SIDE},5\nhill,0.1,0.1,2\n"
    )
    (tmp_path / "halls.csv").write_text(
        f"id,lon,lat,open,room\nday,0,0,Mo-Fr 08:00-17:00,\nfull,0,{SIDE},,0\n"
    )
    (tmp_path / "sites.csv").write_text(f"id,lon,lat\ns1,{SIDE},{2 * SIDE}\ns2,0,0\n")
    return tmp_path, graph


def test_nearest(village, run):
    folder, graph = village
    asked = ("nearest", graph, "--from", folder / "homes.csv", "--to", folder / "halls.csv")
    told = json.loads(run(*asked, "--at", "2026-11-24T10:00", "--json").output)
    assert told["left_out"] == {"full": "full"}
    assert [row["state"] for row in told["points"]] == ["reached", "reached", "unknown"]
    assert told["points"][0]["minutes"] == pytest.approx(111.195 / 80, abs=0.01)
    assert told["points"][1]["facility"] == "day"
    told = json.loads(run(*asked, "--at", "2026-11-28T19:00", "--json").output)
    assert [row["state"] for row in told["points"]] == ["unreached", "unreached", "unknown"]
    assert "near\treached" in run(*asked, "--at", "2026-11-24T10:00").output


def test_by_bus(village, run):
    folder, graph = village
    bus = feed(folder, stops=stops(far=(SIDE, 3 * SIDE), day=(0, 0)), stop_times=calls(
        "a far 09:50:00 09:50:00", "a day 09:51:00 09:51:00"
    ))  # fmt: skip
    asked = ("nearest", graph, "--from", folder / "homes.csv", "--to", folder / "halls.csv",
             "--mode", "bus", "--json")  # fmt: skip
    told = json.loads(run(*asked, "--timetable", bus, "--at", "2026-11-24T10:00").output)
    assert told["mode"] == "bus"
    assert told["points"][1]["minutes"] == pytest.approx(2, abs=0.02)  # four blocks on foot: 5.6
    assert run(*asked, "--at", "2026-11-24T10:00").exit_code == 2
    assert "needs a --timetable and an hour" in run(*asked, "--timetable", bus).output
    assert "A timetable is for --mode bus" in run(*asked[:6], "--timetable", bus).output
    area = run("isochrone", graph, "--to", folder / "halls.csv", "--mode", "bus", "--minutes", 3,
               "--timetable", bus, "--at", "2026-11-24T10:00")  # fmt: skip
    assert json.loads(area.output)["features"][0]["properties"]["mode"] == "bus"


def test_coverage_and_gain(village, run):
    folder, graph = village
    asked = (graph, "--from", folder / "homes.csv", "--to", folder / "halls.csv", "--minutes", 3)
    told = json.loads(run("coverage", *asked, "--json").output)
    assert [told[name] for name in ("covered", "uncovered", "unknown", "population")] == [
        3,
        5,
        2,
        10,
    ]
    assert told["unknown_points"] == ["hill"]
    gained = json.loads(
        run("gain", *asked, "--candidates", folder / "sites.csv", "--next", 1, "--json").output
    )
    assert gained["next"] == ["s1"]
    assert (gained["covered_now"], gained["covered_then"], gained["bound"]) == (3, [8], 8)


def test_isochrone(village, run):
    folder, graph = village
    asked = ("isochrone", graph, "--to", folder / "halls.csv", "--minutes", "2,4", "--cell", 20)
    told = json.loads(run(*asked).output)
    assert [one["properties"]["minutes"] for one in told["features"]] == [4, 2]
    assert run(*asked, "-o", folder / "area.geojson").exit_code == 0
    assert json.loads((folder / "area.geojson").read_text()) == told
    assert "numbers from 0 to 600" in run(*asked[:-3], "x").output


def test_siting(tmp_path, run):
    (tmp_path / "t.csv").write_text("point,s1,s2,s3\na,1,5,9\nb,5,1,5\nc,9,5,1\n")
    (tmp_path / "d.csv").write_text("id,demand\na,10\nb,1\nc,10\n")
    asked = ("siting", "--times", tmp_path / "t.csv", "--demand", tmp_path / "d.csv", "--json")
    told = json.loads(run(*asked, "--model", "pmedian", "--p", 2).output)
    assert (told["objective"], told["bound"], told["sites"]) == (25, 25, ["s1", "s3"])
    told = json.loads(run(*asked, "--model", "mclp", "--p", 1, "--limit", 5).output)
    assert (told["objective"], told["sites"], told["proven"]) == (21, ["s2"], True)
    told = json.loads(run(*asked, "--model", "lscp", "--limit", 1).output)
    assert told["objective"] == 3
    assert "mclp needs a limit" in run(*asked, "--model", "mclp", "--p", 1).output


def test_bad_input_is_one_sentence(village, run):
    folder, graph = village
    (folder / "bad.csv").write_text("id,lon,lat\na,119,x\n")
    answer = run("nearest", graph, "--from", folder / "bad.csv", "--to", folder / "halls.csv")
    assert answer.exit_code == 1
    assert answer.output == 'Error: bad.csv:2: lat is "x"; it must be a number from -90 to 90.\n'
    answer = run("build", folder / "bad.csv", "-o", folder / "x.graph")
    assert "roads are read from files that end in" in answer.output
    wrong = (
        "nearest",
        folder / "bad.csv",
        "--from",
        folder / "bad.csv",
        "--to",
        folder / "bad.csv",
    )
    assert "this is not a road graph" in run(*wrong).output


def test_what_is_measured_is_also_right():
    assert measuring.nearest(30, 0.42)["same"]
    table = measuring.table(30, 0.42)
    assert table["same"]
    assert table["reached"] > 0.5
    assert measuring.locate(30, 2000)["differ"] == 0
    assert measuring.siting("mclp", 200, 30, 3, 150.0)["proven"]
    assert next(measuring.or_library(1, 1))["proven"]
