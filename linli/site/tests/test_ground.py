"""`linli check`: what must be right before anybody is served."""

import contextlib

import pytest
from click.testing import CliRunner
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection

from linli.playbook.loader import load
from linli.site import ground
from linli.site.commands import check

pytestmark = pytest.mark.django_db


def test_the_findings_name_engine_schema_keys_playbook_and_disk():
    found = {finding.name: finding for finding in ground.findings()}
    engine = "SQLite version" if connection.vendor == "sqlite" else "PostgreSQL version"
    for name in (engine, "migrations", "master key of the vault", "playbook", "data folder"):
        assert found[name].good, found[name]


def test_a_database_that_does_not_flush_is_refused():
    """Tests run without flushing; no installation may."""
    bad = [finding for finding in ground.findings() if finding.must and not finding.good]
    if not any("flush" in finding.name or "fsync" in finding.name for finding in bad):
        pytest.skip("this test server flushes")
    with pytest.raises(ImproperlyConfigured, match="wanted"):
        ground.refuse_unsound()
    done = CliRunner().invoke(check)
    assert done.exit_code == 1
    assert "must be put right" in done.output


def test_an_unreadable_playbook_is_said(monkeypatch, tmp_path):
    (tmp_path / "county.toml").write_text("name = 1\n")
    monkeypatch.setattr(ground.playbook, "current", lambda: load(tmp_path))
    (finding,) = ground._playbook()
    assert not finding.good
    assert "county.toml" in finding.words


def test_pending_migrations_are_named(monkeypatch):
    class Executor:
        def __init__(self, connection):
            self.loader = self
            self.graph = self

        def leaf_nodes(self):
            return []

        def migration_plan(self, targets):
            class Step:
                app_label, name = "cases", "0009_more"

            return [(Step, False)]

    monkeypatch.setattr(ground, "MigrationExecutor", Executor)
    assert ground.pending_migrations() == ["cases.0009_more"]
    (finding,) = ground._schema()
    assert not finding.good
    assert "cases.0009_more" in finding.words


class Copy:
    """A connection to a copy that follows, was promoted, or is away."""

    def __init__(self, follows):
        self.follows = follows

    def cursor(self):
        if self.follows is None:
            raise OperationalError("connection refused\nwith the address of the server")
        return contextlib.nullcontext(self)

    def execute(self, statement):
        pass

    def fetchone(self):
        return (self.follows,)


@pytest.mark.parametrize(
    ("follows", "good", "words"),
    [(True, True, "follows"), (False, False, "no standby"), (None, False, "connection refused")],
)
def test_a_copy_is_looked_at_and_never_needed(settings, monkeypatch, follows, good, words):
    settings.LINLI_REPLICAS = ["replica1"]
    monkeypatch.setattr(ground, "connections", {"replica1": Copy(follows)})
    (finding,) = ground._replicas()
    assert (finding.good, finding.must) == (good, False)
    assert words in finding.words
    assert "address" not in finding.words
