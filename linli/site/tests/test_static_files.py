"""Static files are collected when they changed, and only then."""

import pytest

from linli.site import static_files


@pytest.fixture
def collected(settings, tmp_path, monkeypatch):
    settings.STATIC_ROOT = tmp_path
    calls = []
    monkeypatch.setattr(static_files, "call_command", lambda *a, **k: calls.append(a))
    return calls


def test_once_is_enough(collected):
    assert static_files.collect_when_stale()
    assert not static_files.collect_when_stale()
    assert len(collected) == 1


def test_a_change_is_noticed(collected, monkeypatch):
    static_files.collect_when_stale()
    monkeypatch.setattr(static_files, "fingerprint", lambda: "other")
    assert static_files.collect_when_stale()


def test_a_collection_cut_off_half_way_begins_again(collected, monkeypatch):
    def die(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(static_files, "call_command", die)
    with pytest.raises(KeyboardInterrupt):
        static_files.collect_when_stale()
    monkeypatch.setattr(static_files, "call_command", lambda *a, **k: None)
    assert static_files.collect_when_stale()
