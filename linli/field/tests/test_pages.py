"""Pages, forms from the playbook, the bundle, and what a browser needs to keep them."""

import json
import re

import pytest

from linli import playbook
from linli.field import bundle, forms, shell, words
from linli.field.models import FormVersion

PAGES = ["/field/", "/field/form/", "/field/queue/", "/field/service/"]


@pytest.mark.parametrize("path", [*PAGES, "/field/conflicts/", "/field/phones/"])
def test_pages_are_for_people_with_a_session(path, client, phone):
    assert client.get(path).status_code == 302
    assert phone.client.get(path).status_code == 200
    assert phone.client.post(path).status_code in (403, 405)


@pytest.mark.parametrize("path", PAGES)
def test_what_is_kept_on_the_phone_holds_nobodys_content(path, phone):
    whole, kept = phone.client.get(path), phone.client.get(f"{path}?shell=1")
    assert whole.headers["X-Linli-Field"] == kept.headers["X-Linli-Field"] == "1"
    assert "/tell/" not in re.sub(r'<nav aria-label="[^"]*"><ul class="paths">.*?</nav>', "",
                                  kept.content.decode(), flags=re.S)  # fmt: skip
    assert "data-words" in kept.content.decode()


def test_without_javascript_the_same_forms_are_links(phone):
    text = phone.client.get("/field/").content.decode()
    assert "/tell/grid-event/" in text


def test_the_worker_names_every_file_and_changes_with_the_language(phone):
    first = phone.client.get("/field/sw.js")
    said = json.loads(first.content.decode().split("\n", 1)[0].split(" = ", 1)[1].rstrip(";"))
    assert first.headers["Service-Worker-Allowed"] == "/field/"
    assert len(said["assets"]) == len(shell.FILES) + len(shell.scripts())
    assert set(said["pages"]) == set(PAGES)
    phone.client.cookies["django_language"] = "en"
    assert phone.client.get("/field/sw.js").content != first.content


def test_the_manifest_lets_it_stand_on_the_home_screen(client, db):
    said = client.get("/field/manifest.webmanifest").json()
    assert said["start_url"] == said["scope"] == "/field/"
    assert said["display"] == "standalone"
    assert {icon["purpose"] for icon in said["icons"]} == {"any", "maskable"}


def test_the_bundle_is_small_and_the_same_until_something_changes(phone, worker):
    first = phone.client.get("/sync/bundle")
    assert len(first.content) < 1_000_000
    etag = first.headers["ETag"]
    again = phone.client.get("/sync/bundle", headers={"If-None-Match": etag})
    assert again.status_code == 304
    assert not again.content
    said = first.json()
    assert said["person"] == worker.id
    assert {place["code"] for place in said["places"]} >= {"320481901001-7"}
    assert "case:grid-event" in {form["id"] for form in said["forms"]}


def test_every_kind_of_the_playbook_gives_a_form(db):
    known = playbook.current()
    made = [*map(forms.form_of_case, known.kinds.values()),
            *map(forms.form_of_activity, known.activities.values())]  # fmt: skip
    types = {field["type"] for form in made for field in form["fields"]}
    assert types <= {"text", "long", "tel", "items", "date", "count", "money", "tick", "place",
                     "choice"}  # fmt: skip
    for form in made:
        ids = [field["id"] for field in form["fields"]]
        assert len(ids) == len(set(ids))
        assert len(form["version"]) <= 80


def test_a_form_keeps_its_version_until_its_words_change(db):
    rule = playbook.current().kinds["grid-event"]
    first = forms.form_of_case(rule)
    assert first == forms.form_of_case(rule)
    changed = forms.signed({k: v for k, v in first.items() if k != "version"} | {"name": "X"})
    assert changed["version"] != first["version"]


def test_forms_that_were_handed_out_are_kept(db, worker):
    bundle.of(worker)
    known = FormVersion.objects.count()
    bundle.of(worker)
    assert FormVersion.objects.count() == known > 0


def test_no_sentence_is_missing_and_none_is_left_over():
    """Every key that a script says is there; every sentence is said by somebody."""
    said = set(words.sentences())
    code = "".join((shell.HERE / "static" / name).read_text() for name in shell.scripts())
    asked = set(re.findall(r'(?:say|tell)\("(\w+)"', code))
    assert asked <= said
    spoken = asked | {key for key in said if f'"{key}"' in code}
    loose = {key for key in said - spoken if not key.startswith(("why_", "state_", "not_ready_"))}
    assert loose == set()


def test_a_stranger_finds_no_way_in(client, db):
    for path in ("/sync/hello", "/sync/bundle", f"/sync/blob/{'a' * 64}"):
        answer = client.get(path)
        assert answer.status_code == 401
        assert answer.json()["code"] == "signed_out"


def test_a_request_without_its_token_is_refused(phone):
    phone.client.handler.enforce_csrf_checks = True
    assert phone.send(phone.freeze()).status_code == 403
