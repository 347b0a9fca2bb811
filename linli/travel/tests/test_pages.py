"""The pages: what they say, who gets in, and that wrong addresses get a sentence."""

import json

import pytest
from django.urls import reverse

from linli.travel.models import RoadGraph, Study
from linli.travel.tests.conftest import KILOMETRE, LAT, LON

MOST_QUERIES = 16  # twelve, and the request's own four


@pytest.fixture
def county(valley, client_as):
    client = client_as(valley.cast.coordinator)
    client.cookies["django_language"] = "en"
    client.get("/")
    return client


def test_anybody_reads_it_and_small_numbers_are_not_shown(
    valley, client, django_assert_max_num_queries
):
    with django_assert_max_num_queries(MOST_QUERIES):
        page = client.get(reverse("travel"), {"band": "unknown"}).content.decode()
    assert "28.6" in page  # 600 of 2,100
    assert "G村" in page
    assert "H村" in page
    assert "不到10" in page
    assert "drawn for the test" in page
    assert "What if?" not in page


def test_the_same_as_files(valley, client):
    table = client.get(reverse("travel-table")).content.decode()
    assert "v-B,B村,320481901,200,12.5,covered,The hall of A" in table
    area = json.loads(client.get(reverse("travel-area"), {"mode": "ebike"}).content)
    assert area["features"][0]["properties"]["mode"] == "ebike"


@pytest.mark.parametrize(
    "asked", [{"mode": "fly"}, {"minutes": "31"}, {"kind": "moon"}, {"hour": "x"}, {"what": "x"}]
)
def test_a_wrong_address_gets_a_sentence(valley, client, asked):
    assert client.get(reverse("travel"), asked).status_code == 422
    assert client.get(reverse("travel-table"), asked).status_code == 404


def test_without_roads_it_says_what_is_missing(valley, client):
    RoadGraph.objects.all().delete()
    answer = client.get(reverse("travel"))
    assert answer.status_code == 503
    assert "linli travel roads" in answer.content.decode()


def test_what_if_is_for_those_who_plan(valley, client, county):
    assert client.get(reverse("what-if")).status_code == 302
    page = county.get(reverse("what-if"), {"at": "v-F"}).content.decode()
    assert "600 → 2,100" in page
    assert "F Village" in page
    moved = county.get(
        reverse("what-if"), {"site": "one", "lon": LON, "lat": LAT + 5 * KILOMETRE}
    ).content.decode()
    assert "600 → 1,500" in moved
    assert "Has it further" in moved
    wrong = county.get(reverse("what-if"), {"at": "Nowhere"})
    assert wrong.status_code == 422
    assert "There is no place called" in wrong.content.decode()
    assert 'value="Nowhere"' in wrong.content.decode()


def test_a_study_from_the_question_to_its_files(valley, county, client_as):
    asked = {"kind": "hall", "mode": "walk", "hour": "any", "minutes": 30, "what": "people",
             "sites": 1, "at": "v-C"}  # fmt: skip
    answer = county.post(reverse("studies"), asked)
    study = Study.objects.get()
    assert answer["Location"] == reverse("study", args=[study.pk])
    page = county.get(answer["Location"]).content.decode()
    assert "proven: no choice brings more" in page
    assert "C Village" in page
    table = county.get(reverse("study-table", args=[study.pk])).content.decode()
    assert "v-F,F Village,600,62.5," in table
    points = json.loads(county.get(reverse("study-points", args=[study.pk])).content)
    assert points["features"][0]["properties"]["gain"] == 1500
    other = client_as(valley.cast.manager)
    assert other.get(answer["Location"]).status_code == 404
    refused = county.post(reverse("studies"), {**asked, "sites": 9})
    assert refused.status_code == 422
    assert Study.objects.count() == 1
