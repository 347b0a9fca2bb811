"""What a page weighs on the line, everything that it can ever ask for included."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command

from linli.site import hashed_files

MOST = 100_000  # bytes, without photos
MODULES = Path(hashed_files.__file__).parent / "static" / "site" / "js"


def _weight(path):
    """A static file as it is sent to the oldest browser: with gzip."""
    return len(gzip.compress(Path(finders.find(path)).read_bytes()))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/design/", "/about/", "/privacy/"])
def test_a_page_weighs_at_most_100_kilobytes_with_its_map_and_every_module(client, path):
    sent = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert sent.headers["Content-Encoding"] == "gzip"
    files = set(re.findall(r'"/static/([^"]+)"', gzip.decompress(sent.content).decode()))
    assert {"site/linli.css", "site/js/behaviours.js", "django_htmx/htmx-2.min.js"} <= files
    files |= {f"site/js/{module.name}" for module in MODULES.glob("*.js")}
    assert len(sent.content) + sum(map(_weight, files)) <= MOST


@pytest.mark.django_db
def test_a_page_without_a_map_asks_for_26_kilobytes_at_most(client):
    html = client.get("/about/").content.decode()
    files = set(re.findall(r'"/static/([^"]+)"', html))
    assert not any("leaflet" in file for file in files)
    assert sum(map(_weight, files)) <= 26_000


def test_in_production_modules_are_asked_for_under_their_hashed_names(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "linli.site.hashed_files.HashedFilesStorage"},
    }
    ours_only = ["admin", "js_lib_leaflet", "django_htmx"]
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=ours_only)
    (loader,) = (tmp_path / "site" / "js").glob("behaviours.????????????.js")
    asked = re.findall(r'import\("\./([^"]+)"\)', loader.read_text())
    assert {name.partition(".")[0] for name in asked} == {"map", "photo"}
    for name in asked:
        assert re.fullmatch(r"\w+\.[0-9a-f]{12}\.js", name)
        assert (tmp_path / "site" / "js" / name).exists()
