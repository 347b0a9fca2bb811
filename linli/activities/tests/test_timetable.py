"""The times of a vehicle's stops, and the day that a form presets."""

from datetime import time, timedelta

from django.urls import reverse

from linli.activities.actions import planning
from linli.activities.tests.conftest import START


def test_times_of_the_stops_are_typed_beside_them_and_stand_on_the_timetable(field, client_as):
    cast = field.cast
    run = planning.plan_occurrence(
        kind="service-run", organisation=cast.bodies["bus_company"], place=cast.places["line"],
        by=cast.bus_handler, starts_at=START + timedelta(days=1),
        stops=[cast.places["community"], cast.places["other_community"]],
    )  # fmt: skip
    first, second = run.stops.all()
    client, where = client_as(cast.bus_handler), reverse("round-stops", args=[run.uid])

    def keep(one, two):
        said = {"times": "1", f"at-{first.pk}": one, f"at-{second.pk}": two}
        return client.post(where, said, follow=True).content.decode()

    assert f'name="at-{first.pk}" value=""' in client.get(where).content.decode()
    page = keep("09:05", "09:40")
    assert 'value="09:05"' in page
    sheet = client.get(reverse("run-sheet", args=[run.uid])).content.decode()
    assert "09:05" in sheet
    assert "09:40" in sheet
    assert "早于" in keep("10:00", "09:40"), "backwards"
    assert "09:30" in keep("soon", ""), "no time"
    first.refresh_from_db()
    assert first.planned_at == time(9, 5)
    assert 'value="09:40"' not in keep("09:05", "")
    assert client_as(field.host).post(where, {"times": "1"}).status_code in (403, 404)


def test_preset_days_are_there_for_the_browser_in_chinese(field, client_as):
    page = client_as(field.host).get(reverse("plan-activity", args=["square-stall"]))
    words = page.content.decode()
    assert 'lang="zh-Hans"' in words
    assert 'type="date"' in words
    assert 'value="2026-11-05"' in words
