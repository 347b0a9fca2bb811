"""The gazetteer that ships: 12 towns, 173 villages, 69 communities, beside the list of codes."""

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest
import shapely
from click.testing import CliRunner

from linli.lib.coordinates import gcj02_to_wgs84
from linli.places import tree
from linli.places.commands import places as command
from linli.places.importing import GAZETTEER
from linli.places.models import Place

SOURCE = Path(__file__).parents[4] / "shared" / "data" / "liyang"
with_source = pytest.mark.skipif(not SOURCE.exists(), reason="the shared data is not here")


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.django_db
def test_it_loads_once_and_again():
    run = CliRunner().invoke
    assert run(command, ["gazetteer"]).exit_code == 0
    kinds = Counter(Place.objects.current().values_list("kind", flat=True))
    assert kinds == {"county": 1, "town": 12, "village": 173, "community": 69}
    before = list(Place.objects.order_by("pk").values())
    assert run(command, ["gazetteer"]).exit_code == 0
    assert list(Place.objects.order_by("pk").values()) == before
    assert tree.flaws() == []
    assert not Place.objects.filter(generated=True).exists()


def test_names_and_codes_are_whole():
    rows = table(GAZETTEER)
    assert len({row["code"] for row in rows}) == len(rows) == 255
    ending = {"county": "City", "village": "Village", "community": "Community"}
    for row in rows:
        english = row["name_en"]
        assert re.fullmatch(
            r"[A-Z][a-z']*( [A-Z][a-z']*)* (City|Town|Subdistrict|Village|Community)", english
        )
        assert english.endswith(ending.get(row["kind"], ("Town", "Subdistrict")))
        assert row["gb_code"] == row["code"]
        assert row["code"].startswith(row["parent"])
        assert not row["name"].endswith(("居委会", "村委会"))
        if row["kind"] in {"village", "community"}:
            assert row["name"].endswith({"village": "村", "community": "社区"}[row["kind"]])
            assert (row["lon"], row["lat"]) == ("", "")  # no source gives them


@with_source
def test_it_says_what_the_list_of_codes_says():
    ours = {row["code"]: row for row in table(GAZETTEER)}
    towns = [row for row in table(SOURCE / "streets_320481.csv") if "监狱" not in row["name"]]
    committees = [row for row in table(SOURCE / "villages_320481.csv") if "监狱" not in row["name"]]
    assert set(ours) == {"320481"} | {row["code"] for row in [*towns, *committees]}
    for row in towns:
        assert ours[row["code"]]["name"] == row["name"]
    for row in committees:
        mine = ours[row["code"]]
        assert mine["parent"] == row["streetCode"]
        stem = re.sub("(社区)?居委会$|村委会$", "", row["name"])
        assert mine["name"].startswith(stem)
        assert mine["kind"] == ("village" if row["name"].endswith("村委会") else "community")


@with_source
def test_seats_are_those_of_geonames_and_lie_in_the_county():
    known = {(row["lon_wgs84"], row["lat_wgs84"]): row["name_zh"]
             for row in table(SOURCE / "geonames_towns_around_liyang.csv")}  # fmt: skip
    seats = [row for row in table(GAZETTEER) if row["lon"]]
    assert len(seats) == 10
    data = json.loads((SOURCE / "datav_320481_county_gcj02.json").read_text())
    shape = shapely.from_geojson(json.dumps(data[0]["geometry"]))
    county = shapely.transform(shape, lambda at: [gcj02_to_wgs84(*one) for one in at])
    for row in seats:
        stem = re.sub("街道$|镇$", "", row["name"])
        # GeoNames writes 凓城 for 溧城.
        assert stem.replace("溧", "凓") in known[row["lon"], row["lat"]].replace("溧", "凓")
        assert county.contains(shapely.Point(float(row["lon"]), float(row["lat"])))
