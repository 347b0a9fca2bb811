"""By bus: a timetable is taken in, and answers say which one they stand on."""

import pytest
from click.testing import CliRunner

from linli.journal.models import Entry
from linli.reach.tests.feeds import calls, feed, stops
from linli.travel import answers, buses, roads, studies
from linli.travel.commands import travel
from linli.travel.models import Study, Timetable
from linli.travel.questions import Question
from linli.travel.tests.conftest import KILOMETRE, LAT, LON

TUESDAY = "2026-11-24T10:00"


def valley_bus(folder, leaves="09:40:00", arrives="09:48:00"):
    """From F to A, five kilometres."""
    return feed(folder, stops=stops(f=(LON, LAT + 5 * KILOMETRE), a=(LON, LAT)),
                stop_times=calls(f"a f {leaves} {leaves}", f"a a {arrives} {arrives}"))  # fmt: skip


def ask(mode="bus", hour=TUESDAY, minutes=15):
    return answers.answer(Question("hall", mode, hour, minutes, "people"), roads.current())


@pytest.mark.django_db
def test_the_bus_brings_those_near_its_stop(valley, tmp_path):
    row = buses.take(valley_bus(tmp_path), "the bus company, November")
    assert (row.stops, row.runs, str(row.first_on)) == (2, 1, "2026-01-01")
    assert Entry.objects.filter(verb="travel.timetable_taken").count() == 1
    on_foot, by_bus = ask("walk"), ask()
    assert on_foot.total.covered == 200 + 100  # A and B, a kilometre off
    assert by_bus.total.covered == 200 + 100 + 600  # and F, eight minutes and one to wait
    assert by_bus.total.unknown == on_foot.total.unknown
    assert by_bus.minutes[5] == pytest.approx(9, abs=0.1)
    assert by_bus.minutes[4] == pytest.approx(21.5, abs=0.1)  # E walks to F first
    about = answers.area(by_bus)["features"][0]["properties"]
    assert (about["mode"], about["timetable"]) == ("bus", "the bus company, November")
    assert ask(hour="2026-11-28T10:00").total == on_foot.total  # no bus on a Saturday


@pytest.mark.django_db
def test_a_new_timetable_takes_the_place_of_the_old(valley, tmp_path):
    buses.take(valley_bus(tmp_path), "old")
    assert ask().minutes[5] == pytest.approx(9, abs=0.1)
    buses.take(valley_bus(tmp_path, arrives="09:52:00"), "new")
    assert ask().minutes[5] == pytest.approx(13, abs=0.1)
    assert buses.current().source == "new"
    assert Timetable.objects.count() == 2


@pytest.mark.django_db
def test_the_page_offers_buses_where_there_is_a_timetable(valley, tmp_path, client):
    here = "/travel/?kind=hall&mode=bus&minutes=15&what=people&hour="
    assert client.get(here + "tuesday").status_code == 422
    assert 'value="bus"' not in client.get("/travel/").content.decode()
    buses.take(valley_bus(tmp_path), "the bus company, November")
    page = client.get(here + "tuesday").content.decode()
    assert "the bus company, November" in page
    assert 'value="bus" selected' in page
    some_time = client.get(here + "any", headers={"accept-language": "en"})
    assert some_time.status_code == 422
    assert "Buses go at certain hours: choose one." in some_time.content.decode()


@pytest.mark.django_db
def test_the_best_sites_by_bus_are_the_workers_task(valley, tmp_path):
    buses.take(valley_bus(tmp_path), "the bus company, November")
    question = Question("hall", "bus", TUESDAY, 15, "people")
    study = studies.begin(question, sites=1, proposed=None, by=valley.cast.coordinator)
    assert study.state == "waiting"
    assert studies.work_out_waiting() == 1
    study = Study.objects.get()
    assert study.state == "done", study.answer
    assert study.answer["timetable"] == "the bus company, November"
    assert study.answer["proven"]


@pytest.mark.django_db
def test_the_command_says_what_it_took_and_what_is_wrong(tmp_path, settings):
    settings.DATA = tmp_path
    done = CliRunner().invoke(travel, ["timetable", str(valley_bus(tmp_path)), "--source", "us"])
    assert done.output == "2 stops, 1 runs, 2026-01-01 to 2026-12-31, are in use.\n"
    wrong = feed(tmp_path, stops=stops(f=(0, 0)))
    done = CliRunner().invoke(travel, ["timetable", str(wrong), "--source", "us"])
    assert done.exit_code == 1
    assert "there is no stop_times.txt in it" in done.output
