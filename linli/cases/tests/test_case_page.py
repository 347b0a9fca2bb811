"""The public page of a case: made once, given to everybody, never older than the case."""

import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linli.cases.actions.handle import accept, note
from linli.cases.actions.join import join
from linli.cases.models import Case
from linli.people.actors import ANONYMOUS


def statements(client: Client, address: str) -> tuple[int, str]:
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(caught), answer.content.decode()


def test_a_visitor_costs_one_statement_once_somebody_was_there(ground, client):
    address = f"/case/{ground.say().number}/"
    first, page = statements(client, address)
    again, same = statements(client, address)
    assert (first <= 5, again) == (True, 1)
    assert same == page


def test_statements_do_not_grow_with_the_story(ground, client):
    case = ground.say().case
    for n in range(30):
        note(case, f"第{n}次去看过。", by=ground.staff("lamps"))
    assert statements(client, f"/case/{case.number}/")[0] <= 5


def test_somebody_signed_in_shares_the_parts_and_has_a_frame_of_their_own(ground, client_as):
    case = ground.say().case
    handler = client_as(ground.staff("lamps"))
    address = f"/case/{case.number}/"
    handler.get(address)
    count, page = statements(handler, address)
    assert count <= 5
    assert reverse("desk-case", args=[case.number]) in page
    assert "/desk/" not in Client().get(address).content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_happens_is_on_the_page_at_once(ground, client, language):
    case = ground.say().case
    address = f"/case/{case.number}/"
    before = client.get(address, headers={"accept-language": language}).content
    accept(case, by=ground.staff("lamps"))
    after = client.get(address, headers={"accept-language": language}).content
    join(Case.objects.get(pk=case.pk), ground.draft(), by=ANONYMOUS)
    joined = client.get(address, headers={"accept-language": language}).content
    assert len({before, after, joined}) == 3


def test_a_kept_page_goes_when_the_case_is_no_longer_public(ground, client):
    case = ground.say().case
    address = f"/case/{case.number}/"
    assert client.get(address).status_code == 200
    Case.objects.filter(pk=case.pk).update(visibility="office", revision=case.revision + 1)
    assert client.get(address).status_code == 404


def test_languages_and_letter_sizes_do_not_mix(ground, client):
    address = f"/case/{ground.say().number}/"
    chinese = client.get(address, headers={"accept-language": "zh"}).content.decode()
    english = client.get(address, headers={"accept-language": "en"}).content.decode()
    client.cookies["linli_large"] = "1"
    large = client.get(address, headers={"accept-language": "zh"}).content.decode()
    assert 'lang="zh-Hans"' in chinese
    assert 'lang="en"' in english
    assert 'class="large"' in large
    assert 'class="large"' not in chinese


def test_a_browser_that_has_the_page_is_told_so(ground, client):
    address = f"/case/{ground.say().number}/"
    first = client.get(address)
    assert first["Cache-Control"] == "private, no-cache"
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Content-Security-Policy"] == first["Content-Security-Policy"]


def test_a_neighbours_number_leads_to_the_matter_they_joined(ground, client):
    case = ground.say().case
    number = join(case, ground.draft(), by=ANONYMOUS).number
    assert case.pretty_number in client.get(f"/case/{number}/").content.decode()


def test_readers_with_equal_frames_share_a_page_and_nothing_of_their_own(ground, client_as):
    """What is kept for one signed-in reader may be given to another: so it holds neither of them."""
    number = ground.say().case.number
    for address in ("/cases/", f"/case/{number}/"):
        manager, lamps = client_as(ground.staff("manager")), client_as(ground.staff("lamps"))
        one = manager.get(address).content.decode()
        other = lamps.get(address).content.decode()
        assert ground.staff("lamps").label not in one
        assert ground.staff("lamps").label in other
        assert "csrfmiddlewaretoken" not in other
        assert manager.get(address).content.decode() == one
        assert ground.staff("lamps").label not in Client().get(address).content.decode()


def test_a_message_is_shown_once_and_to_its_reader_alone(ground, client_as):
    number = ground.say().case.number
    one, other = (client_as(ground.staff("lamps")) for _n in range(2))
    for address in ("/cases/", f"/case/{number}/"):
        one.get(address)
        waiting, answer = CookieStorage(RequestFactory().get("/")), HttpResponse()
        waiting.add(messages.SUCCESS, "kept-by-nobody")
        waiting.update(answer)
        one.cookies["messages"] = answer.cookies["messages"].value
        seen = [client.get(address).content.decode() for client in (one, other, one)]
        assert ["kept-by-nobody" in html for html in seen] == [True, False, False]
