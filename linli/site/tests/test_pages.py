"""Pages about Linli, the switches, and what is said when something goes wrong."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory, override_settings
from django.utils import translation
from django.utils.html import escape

from linli import playbook
from linli.cases.models import Asker
from linli.people.actors import ANONYMOUS
from linli.places import tree
from linli.site import errors

PAGES = ["/design/", "/about/", "/privacy/"]
LANGUAGES = ["zh-hans", "en"]


def _read(client, path, language, **extra):
    client.cookies["django_language"] = language
    response = client.get(path, **extra)
    return response, response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_for_strangers_asks_the_database_nothing(
    client, path, language, django_assert_num_queries
):
    with django_assert_num_queries(0):
        response, html = _read(client, path, language)
    assert response.status_code == 200
    assert f'<html lang="{"en" if language == "en" else "zh-Hans"}">' in html
    assert html.count("<h1") == 1
    assert "sessionid" not in response.cookies
    assert "csrftoken" not in response.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_both_languages_show_the_same_parts(client, path):
    """Same tags in the same order, apart from attributes and words."""
    shapes = []
    for language in LANGUAGES:
        _, html = _read(client, path, language)
        shapes.append(re.findall(r"<(/?[a-z][a-z0-9]*)", html))
    assert shapes[0] == shapes[1]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_each_language_is_complete(client, path):
    _, chinese = _read(client, path, "zh-hans")
    _, english = _read(client, path, "en")
    assert chinese != english
    visible = re.sub(r"<[^>]*>", " ", english.split("</header>", 1)[1])
    assert not re.search(r"[\u4e00-\u9fff]", visible)


@pytest.mark.django_db
def test_the_look_shows_every_component(client):
    _, html = _read(client, "/design/", "en")
    for part in ("plate", "stand", "road", "way first", "button quiet", "button danger", "tabs",
                 "pager", "choice", "photo-pick", "notice late", "badge ok", "said", "empty",
                 "case-row", "facts", "stat", "bar", "spark", "table", "map-board"):  # fmt: skip
        assert re.search(rf'class="{part}[" ]', html), part


@pytest.mark.django_db
def test_a_field_is_tied_to_its_label_hint_and_error(client):
    _, html = _read(client, "/design/", "en")
    box = re.search(r'<textarea[^>]*id="wrong_text"[^>]*>', html).group()
    assert 'aria-invalid="true"' in box
    assert 'aria-describedby="wrong_text_hint wrong_text_error"' in box
    assert 'id="wrong_text_hint"' in html
    assert 'id="wrong_text_error"' in html
    assert '<label for="wrong_text">' in html
    assert re.search(r'<fieldset[^>]*id="wrong_sees" aria-describedby="wrong_sees_error"', html)


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_privacy_says_what_the_playbook_and_the_forms_say(client, language):
    _, html = _read(client, "/privacy/", language)
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</th><td.*?>(.*?)</td><td.*?>(.*?)</td>", html)
    said = {
        name: (contact, text) for names, contact, text in rows for name in re.split("; |；", names)
    }
    for kind in playbook.current().kinds.values():
        contact, text = said[kind.name.text(language[:2])]
        assert contact.split()[0] == str(kind.keep.contact_days)
        years, rest = divmod(kind.keep.text_days, 365)
        assert text.split()[0] == str(kind.keep.text_days if rest else years)
    with translation.override(language):
        for level in Asker.Anonymity:
            assert f"<dd>{escape(level.label)}</dd>" in html


@pytest.mark.django_db
class TestSwitches:
    def test_language_is_remembered_and_leads_back(self, client):
        response = client.post("/language/", {"language": "en", "next": "/about/?a=1"})
        assert response.headers["Location"] == "/about/?a=1"
        assert response.cookies["django_language"].value == "en"
        assert "About Linli" in client.get("/about/").content.decode()

    def test_a_language_we_do_not_speak_changes_nothing(self, client):
        response = client.post("/language/", {"language": "xx", "next": "/about/"})
        assert response.status_code == 302
        assert "django_language" not in response.cookies

    def test_large_letters_are_the_same_page(self, client):
        _, small = _read(client, "/about/", "en")
        assert client.post("/letters/", {"large": "1", "next": "/about/"}).status_code == 302
        _, large = _read(client, "/about/", "en")
        assert '<html lang="en" class="large">' in large
        assert re.findall(r"<h2>.*?</h2>", small) == re.findall(r"<h2>.*?</h2>", large)
        client.post("/letters/", {"large": "0", "next": "/about/"})
        assert 'class="large"' not in _read(client, "/about/", "en")[1]

    @pytest.mark.parametrize("path", ["/language/", "/letters/"])
    @pytest.mark.parametrize("away", ["https://example.org/", "//example.org", "javascript:x", ""])
    def test_nobody_is_sent_elsewhere(self, client, path, away):
        response = client.post(path, {"next": away, "language": "en", "large": "1"})
        assert response.headers["Location"] == "/"

    @pytest.mark.parametrize("path", ["/language/", "/letters/"])
    def test_a_link_cannot_switch(self, client, path):
        assert client.get(path).status_code == 405


@pytest.mark.django_db
class TestErrors:
    @pytest.fixture
    def request_(self, rf):
        request = rf.get("/somewhere/")
        request.actor, request.htmx = ANONYMOUS, False
        return request

    def test_missing_page_says_where_to_go(self, client):
        response = client.get("/there/is/nothing/")
        assert response.status_code == 404
        assert 'href="/where/"' in response.content.decode()

    def test_refusal_shows_the_sentence_of_the_rule(self, request_):
        response = errors.refused(request_, PermissionDenied("Only the <unit> may do this."))
        assert response.status_code == 403
        assert "Only the &lt;unit&gt; may do this." in response.content.decode()

    def test_a_broken_page_asks_the_database_nothing(self, django_assert_num_queries):
        request = RequestFactory().get("/x/")  # no actor, no session: the middleware may be broken
        with django_assert_num_queries(0):
            response = errors.broken(request)
        assert response.status_code == 500
        assert "tel:12345" in response.content.decode()

    @override_settings(DEBUG=False)
    def test_what_was_typed_comes_back_when_the_form_was_too_late(self):
        words = "The lamp at the corner has been dark since <Sunday>."
        client = Client(enforce_csrf_checks=True)
        response = client.post("/tell/", {"text": words, "csrfmiddlewaretoken": "x" * 64})
        html = response.content.decode()
        assert response.status_code == 403
        assert "since &lt;Sunday&gt;." in html
        assert "x" * 64 not in html


@pytest.mark.django_db
class TestForMachines:
    def test_robots_leave_alone_what_belongs_to_one_person(self, client):
        lines = client.get("/robots.txt").content.decode().splitlines()
        assert lines[0] == "User-agent: *"
        assert {"Disallow: /receipt/", "Disallow: /mine/", "Disallow: /r/"} <= set(lines)

    def test_security_txt_has_what_rfc_9116_requires(self, client):
        response = client.get("/.well-known/security.txt")
        assert response.headers["Content-Type"].startswith("text/plain")
        text = response.content.decode()
        assert re.search(r"^Contact: (https?://|mailto:)", text, re.M)
        assert re.search(r"^Expires: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", text, re.M)


@pytest.mark.django_db
class TestPlaceUnderAPin:
    @pytest.fixture
    def county(self):
        square = '{"type":"Polygon","coordinates":[[[119,31],[120,31],[120,32],[119,32],[119,31]]]}'
        return tree.add(kind="county", code="990000", name="示例市", boundary=square)

    def test_a_spot_inside_has_a_name(self, client, county):
        answer = client.get("/places/locate", {"lon": "119.5", "lat": "31.5"})
        assert answer.status_code == 200
        assert answer.json()["code"] == county.code

    def test_a_spot_outside_is_told_so(self, client, county):
        answer = client.get("/places/locate", {"lon": "10", "lat": "50"})
        assert answer.status_code == 404
        assert answer.json()["error"]

    @pytest.mark.parametrize(
        "spot",
        [
            {},
            {"lon": "x", "lat": "1"},
            {"lon": "nan", "lat": "31"},
            {"lon": "119.5", "lat": "inf"},
            {"lon": "500", "lat": "1"},
        ],
    )
    def test_what_is_no_spot_is_refused(self, client, spot):
        assert client.get("/places/locate", spot).status_code == 400
