"""Places from files: tried, judged row by row, written once, repeated without harm."""

import csv
import json
from datetime import date

import pytest
import shapely
from click.testing import CliRunner
from django.utils import translation

from linli.journal.models import Entry
from linli.lib import clock
from linli.lib.coordinates import distance_m, wgs84_to_gcj02
from linli.places import tree
from linli.places.commands import places as command
from linli.places.importing import ImportProblem, import_csv, import_file, import_geojson
from linli.places.models import Place
from linli.places.tests.ground import TODAY, ground, square

pytestmark = pytest.mark.django_db

HEAD = "code,kind,name,name_en,parent,gb_code,lon,lat,valid_from\n"
GOOD = HEAD + (
    "77,county,试县,Shi County,,770000,,,\n"
    "7701,town,一镇,Yi Town,77,770001,119.48,31.42,\n"
    "7701201,village,甲村,Jia Village,7701,,119.5,31.4,2020-07-01\n"
    "7701202,village,乙村,,7701,,,,\n"
)


@pytest.fixture(autouse=True)
def _english_today():
    with translation.override("en"), clock.moved_to(TODAY):
        yield


@pytest.fixture
def table(tmp_path):
    def write(text, name="places.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def counts(report):
    return tuple(report.count(one) for one in ("new", "changed", "unchanged", "wrong"))


def reasons(report):
    return {finding.row: finding.reason for finding in report.wrong}


def test_a_dry_run_writes_nothing_and_the_second_run_changes_nothing(table):
    path = table(GOOD)
    tried = import_csv(path, datum="wgs84", dry_run=True)
    assert (counts(tried), tried.written) == ((4, 0, 0, 0), False)
    assert Place.objects.count() == Entry.objects.count() == 0
    assert "trial" in tried.summary()
    done = import_csv(path, datum="wgs84", by="u1")
    assert (counts(done), done.written) == ((4, 0, 0, 0), True)
    before = list(Place.objects.order_by("pk").values())
    again = import_csv(path, datum="wgs84")
    assert (counts(again), again.written) == ((0, 0, 4, 0), False)
    assert list(Place.objects.order_by("pk").values()) == before
    assert tree.flaws() == []
    (line,) = Entry.objects.all()
    assert (line.verb, line.actor) == ("place.imported", "u1")
    assert line.facts["new"] == 4
    village = Place.objects.get(code="7701201")
    assert (village.valid_from, village.lon, village.gb_code) == (date(2020, 7, 1), 119.5, "")


def test_everything_is_said_in_chinese_too(table):
    with translation.override("zh-hans"):
        report = import_csv(table(GOOD + "88,grid,x,,77,,,,\n"), datum="wgs84", dry_run=True)
        assert report.summary().endswith("这次只是试跑，什么也没写入。")
        assert report.lines() == ["第6行：网格不能放在县（市）下面：它的上级是村或社区。"]


def test_children_may_come_before_their_parents(table):
    head, county, town, *villages = GOOD.splitlines()
    mixed = "\n".join([head, *villages, town, county]) + "\n"
    assert counts(import_csv(table(mixed), datum="wgs84")) == (4, 0, 0, 0)
    assert tree.flaws() == []


def test_coordinates_need_their_datum(table):
    with pytest.raises(ImportProblem, match="--datum gcj02"):
        import_csv(table(GOOD))
    assert not Place.objects.exists()
    bare = HEAD + "77,county,试县,,,,,,\n"
    assert counts(import_csv(table(bare))) == (1, 0, 0, 0)


def test_gcj02_is_moved_to_wgs84(table):
    lon, lat = wgs84_to_gcj02(119.48, 31.42)
    text = HEAD + f"77,county,试县,,,,{lon},{lat},\n"
    import_csv(table(text), datum="gcj02")
    place = Place.objects.get()
    assert distance_m(place.lon, place.lat, 119.48, 31.42) < 0.05
    assert distance_m(lon, lat, 119.48, 31.42) > 300
    assert counts(import_csv(table(text), datum="gcj02")) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("88,hamlet,x,,77,,,,", "no kind of place"),
        ("88,,x,,77,,,,", "no kind of place"),
        ("88,town,,,77,,,,", "has no name"),
        (",town,x,,77,,,,", "no code"),
        ("8/8,town,x,,77,,,,", "no code"),
        ("88,village,x,,77,,,,", "cannot lie in a county: it lies in a town"),
        ("88,town,x,,99,,,,", "There is no place 99"),
        ("88,town,x,,,,,,", "names no parent"),
        ("88,county,x,,77,,,,", "A county has no parent"),
        ("7701,town,x,,77,,,,", "Row 3 has the same code"),
        ("88,town,x,,77,,31.42,119.48,", "look swapped"),
        ("88,town,x,,77,,200,31,", "no point on earth"),
        ("88,town,x,,77,,119.4,,", "both longitude and latitude"),
        ("88,town,x,,77,,east,31,", "no number of degrees"),
        ("88,town,x,,77,,nan,31,", "no point on earth"),
        ("88,town,x,,77,12,,,", "statistical code"),
        ("88,town,x,,77,,,,last year", "no date"),
        ("88,town,x,,77,,,,2027-01-01", "in the future"),
        ("88,village,x,,7701201,,,,", "cannot lie in a village"),
    ],
)
def test_every_wrong_row_has_its_sentence(table, row, said):
    report = import_csv(table(GOOD + row + "\n"), datum="wgs84")
    assert list(reasons(report)) == [6]
    assert said in reasons(report)[6]
    assert not report.written
    assert not Place.objects.exists()
    kept = import_csv(table(GOOD + row + "\n"), datum="wgs84", keep_good=True)
    assert (counts(kept), kept.written) == ((4, 0, 0, 1), True)
    assert Place.objects.count() == 4
    assert tree.flaws() == []


def test_a_wrong_parent_takes_its_children_with_it(table):
    text = HEAD + (
        "77,county,试县,,,,,,\n"
        "7701,twon,一镇,,77,,,,\n"
        "7701201,village,甲村,,7701,,,,\n"
        "g1,grid,一格,,7701201,,,,\n"
    )
    report = import_csv(table(text), keep_good=True)
    assert counts(report) == (1, 0, 0, 3)
    assert reasons(report)[4] == "Its parent 7701 in row 3 is wrong."
    assert reasons(report)[5] == "Its parent 7701201 in row 4 is wrong."


def test_wrong_rows_are_kept_in_a_file_with_their_reason(table, tmp_path):
    report = import_csv(table(GOOD + "88,hamlet,=1+1,,77,,,,\n"), datum="wgs84")
    out = tmp_path / "errors.csv"
    assert report.write_errors(out) == 1
    with out.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["row"] == "6"
    assert "no kind of place" in row["reason"]
    assert (row["code"], row["kind"]) == ("88", "hamlet")
    assert row["name"] == "'=1+1"  # a spreadsheet must not run it


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("code,name\n1,x\n", "lacks the columns kind"),
        (HEAD, "holds no rows"),
        ("", "empty"),
        ("a;b;c\n1;2;3\n", "semicolons"),
    ],
)
def test_files_that_are_no_table_of_places(table, text, said):
    with pytest.raises(ImportProblem, match=said):
        import_csv(table(text))
    with pytest.raises(ImportProblem):
        import_csv(table("").with_name("missing.csv"))


def test_gb18030_is_read_too(tmp_path):
    path = tmp_path / "office.csv"
    path.write_bytes((HEAD + "77,county,溧阳试县,,,,,,\n").encode("gb18030"))
    import_csv(path)
    assert Place.objects.get().name == "溧阳试县"


def test_changes_are_found_dated_and_kept(table):
    import_csv(table(GOOD), datum="wgs84")
    other = GOOD + "7702,town,二镇,,77,,,,\n"
    other = other.replace(
        "7701202,village,乙村,,7701,,,,", "7701202,village,乙新村,,7702,,,,2026-02-01"
    )
    other = other.replace(
        "7701201,village,甲村,Jia Village,7701,,119.5", "7701201,community,甲社区,,,,119.51"
    )
    report = import_csv(table(other), datum="wgs84", dry_run=True)
    assert counts(report) == (1, 2, 2, 0)
    assert {f.code: f.reason for f in report.findings if f.outcome == "changed"} == {
        "7701202": "name, parent", "7701201": "name, kind, lon, lat"}  # fmt: skip
    assert Place.objects.get(code="7701202").name == "乙村"
    assert counts(import_csv(table(other), datum="wgs84")) == (1, 2, 2, 0)
    moved = Place.objects.current().get(code="7701202")
    assert (moved.name, moved.path, moved.valid_from) == (
        "乙新村", "77/7702/7701202/", date(2026, 2, 1))  # fmt: skip
    before = Place.objects.at(date(2026, 1, 31)).get(code="7701202")
    assert (before.name, before.path) == ("乙村", "77/7701/7701202/")
    first = Place.objects.current().get(code="7701201")
    assert (first.kind, first.name, first.name_en, first.lon) == ("community", "甲社区", "", 119.51)
    assert counts(import_csv(table(other), datum="wgs84")) == (0, 0, 5, 0)
    assert tree.flaws() == []


def test_an_empty_cell_takes_nothing_away(table):
    import_csv(table(GOOD), datum="wgs84")
    bare = HEAD + "7701,town,一镇,,,,,,\n"
    assert counts(import_csv(table(bare))) == (0, 0, 1, 0)
    assert Place.objects.get(code="7701").name_en == "Yi Town"


def test_a_change_that_the_tree_refuses_is_a_wrong_row(table):
    import_csv(table(GOOD), datum="wgs84")
    early = HEAD + "7701201,village,丙村,,7701,,,,2019-01-01\n7701202,village,丁村,,7701,,,,\n"
    report = import_csv(table(early))
    assert "would come before it" in reasons(report)[2]
    assert not report.written
    assert Place.objects.current().get(code="7701202").name == "乙村"
    assert counts(import_csv(table(early), keep_good=True)) == (0, 1, 0, 1)
    kind = HEAD + "7701201,grid,丙,,7701,,,,\n"
    assert "cannot become" in reasons(import_csv(table(kind)))[2]
    early = HEAD + "g1,grid,一格,,7701201,,,,2019-01-01\n"
    assert "stands since 2020-07-01" in reasons(import_csv(table(early)))[2]


def feature(code, kind, parent, geometry, **more):
    properties = {"code": code, "kind": kind, "name": code, "parent": parent, **more}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features, **more):
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more})


def test_geojson_brings_boundaries_points_and_datum(table):
    corner = wgs84_to_gcj02(119.0, 31.0)
    gcj = shapely.transform(
        shapely.from_geojson(square(119, 31, 0.1)),
        lambda corners: [wgs84_to_gcj02(*one) for one in corners],
    )
    text = collection(
        feature("77", "county", None, json.loads(shapely.to_geojson(gcj)), name_en=None),
        feature("7701", "town", "77", {"type": "Point", "coordinates": list(corner)}),
        feature("7702", "town", "77", None),
    )
    path = table(text, "places.geojson")
    assert counts(import_file(path, datum="gcj02")) == (3, 0, 0, 0)
    county = shapely.from_geojson(Place.objects.get(code="77").boundary)
    assert county.symmetric_difference(shapely.from_geojson(square(119, 31, 0.1))).area < 1e-8
    town = Place.objects.get(code="7701")
    assert distance_m(town.lon, town.lat, 119.0, 31.0) < 0.05
    assert Place.objects.get(code="7702").lon is None
    assert counts(import_geojson(path, datum="gcj02")) == (0, 0, 3, 0)


def test_a_boundary_that_crosses_itself_is_repaired_with_a_warning(table):
    bow = {"type": "Polygon", "coordinates": [[[119, 31], [119.1, 31.1], [119.1, 31], [119, 31.1],
                                               [119, 31]]]}  # fmt: skip
    path = table(collection(feature("77", "county", "", bow)), "p.json")
    report = import_geojson(path, datum="wgs84")
    (found,) = report.findings
    assert "repaired" in found.warnings[0]
    assert any("Row 1, to look at" in line for line in report.lines())
    assert shapely.from_geojson(Place.objects.get().boundary).is_valid
    assert counts(import_geojson(path, datum="wgs84")) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("geometry", "said"),
    [
        ({"type": "Polygon", "coordinates": [[[31, 119], [31.1, 119], [31.1, 119.1], [31, 119]]]},
         "look swapped"),
        ({"type": "Polygon", "coordinates": [[[190, 31], [191, 31], [191, 32], [190, 31]]]},
         "leaves the earth"),
        ({"type": "Polygon", "coordinates": []}, "with corners"),
        ({"type": "Polygon", "coordinates": [[[1, 1], [2, 2], [1, 1]]]}, "encloses nothing"),
        ({"type": "Polygon", "coordinates": [[[1, 1], [2, 2], [3, 3], [1, 1]]]}, "encloses nothing"),
        ({"type": "LineString", "coordinates": [[1, 1], [2, 2]]}, "Polygon or MultiPolygon"),
        ({"type": "Nonsense"}, "GeoJSON"),
        ({"type": "Point", "coordinates": [31.4, 119.4]}, "look swapped"),
    ],
)  # fmt: skip
def test_wrong_geometries_have_their_sentence(table, geometry, said):
    path = table(collection(feature("77", "county", "", geometry)), "p.geojson")
    assert said in reasons(import_geojson(path, datum="wgs84"))[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no JSON"),
        ("{}", "no list"),
        ("3", "no list"),
        ('{"features": []}', "no rows"),
        (collection(feature("77", "county", "", None),
                    crs={"properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}), "3857"),
    ],
)  # fmt: skip
def test_files_that_are_no_geojson(table, text, said):
    with pytest.raises(ImportProblem, match=said):
        import_geojson(table(text, "p.geojson"))


def test_features_without_properties_are_wrong_rows(table):
    report = import_geojson(table('[{"type":"Feature"}, 3]', "p.geojson"))
    assert counts(report) == (0, 0, 0, 2)


def test_a_point_outside_its_parent_and_parts_that_overlap_are_warned_of(table):
    text = collection(
        feature("77", "county", "", json.loads(square(119, 31, 0.4))),
        feature("7701", "town", "77", json.loads(square(119, 31, 0.2))),
        feature("7702", "town", "77", json.loads(square(119.1, 31, 0.2))),
        feature("7703", "town", "77", {"type": "Point", "coordinates": [120, 31]}),
    )
    report = import_geojson(table(text, "p.geojson"), datum="wgs84", dry_run=True)
    assert counts(report) == (4, 0, 0, 0)
    assert "7703 lies outside" in report.findings[3].warnings[0]
    said = " ".join(report.warnings)
    assert "7701 and 7702" in said
    assert "in none of its parts" in said
    assert not Place.objects.exists()


def test_the_progress_ends_where_it_should(table):
    steps = []
    import_csv(table(GOOD), datum="wgs84", progress=lambda done, total: steps.append((done, total)))
    assert steps[-1] == (8, 8)
    assert steps == sorted(steps)


def test_the_command(table, tmp_path):
    run = CliRunner().invoke
    good, bad = table(GOOD), table(GOOD + "88,hamlet,x,,77,,,,\n", "bad.csv")
    errors = tmp_path / "errors.csv"
    asked = run(command, ["import", str(good)])
    assert (asked.exit_code, "--datum gcj02" in asked.output) == (1, True)
    tried = run(command, ["import", str(good), "--datum", "wgs84", "--dry-run"])
    assert (tried.exit_code, "new 4" in tried.output) == (0, True)
    failed = run(command, ["import", str(bad), "--datum", "wgs84", "--errors", str(errors)])
    assert failed.exit_code == 1
    assert "Row 6" in failed.output
    assert "kept in" in failed.output
    assert errors.exists()
    assert not Place.objects.exists()
    done = run(command, ["import", str(good), "--datum", "wgs84"])
    assert (done.exit_code, "Written" in done.output) == (0, True)
    near = run(command, ["locate", "119.5", "31.41"])
    assert (near.exit_code, "7701201" in near.output) == (1, True)
    tree.redraw(Place.objects.get(code="7701202"), square(119, 31, 0.3))
    here = run(command, ["locate", "119.1", "31.1"])
    assert (here.exit_code, here.output) == (0, "7701202  乙村, Yi Town\n")
    checked = run(command, ["check"])
    assert (checked.exit_code, "0 flaws" in checked.output) == (0, True)
    Place.objects.filter(code="7701").update(path="x/")
    assert run(command, ["check"]).exit_code == 1


def test_door_codes_for_a_file_of_buildings(table):
    ground()
    rows = "".join(f"b{n},building,{n}号楼,,9901201-g1,,,,\n" for n in range(30))
    import_csv(table(HEAD + rows), door_codes=True)
    made = Place.objects.filter(code__startswith="b")
    assert len({place.door_code for place in made}) == 30
    assert all(place.generated is False for place in made)
