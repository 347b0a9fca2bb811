import os
import subprocess
import sys
import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from linli.lib import clock

NEW_YEAR = datetime(2027, 1, 1, 0, 30, tzinfo=clock.LOCAL)


def test_now_is_the_real_moment_in_utc():
    before = datetime.now(UTC)
    answer = clock.now()
    assert before <= answer <= datetime.now(UTC)
    assert answer.utcoffset() == timedelta(0)
    assert not clock.is_moved()


def test_moved_to_holds_the_clock_still_and_nests():
    with clock.moved_to(NEW_YEAR):
        assert clock.is_moved()
        assert clock.now() == clock.now() == NEW_YEAR
        assert clock.now().tzinfo is UTC
        with clock.moved_to(NEW_YEAR - timedelta(days=1)):
            assert clock.now() == NEW_YEAR - timedelta(days=1)
        assert clock.now() == NEW_YEAR
    assert not clock.is_moved()


def test_the_clock_goes_back_after_an_error():
    with pytest.raises(RuntimeError), clock.moved_to(NEW_YEAR):
        raise RuntimeError
    assert not clock.is_moved()


def test_today_is_the_date_on_the_wall_not_in_greenwich():
    with clock.moved_to(NEW_YEAR):
        assert clock.now().date() == date(2026, 12, 31)
        assert clock.today() == date(2027, 1, 1)


def test_another_thread_reads_the_real_clock():
    seen = []
    with clock.moved_to(NEW_YEAR):
        other = threading.Thread(target=lambda: seen.append(clock.is_moved()))
        other.start()
        other.join()
    assert seen == [False]


def test_a_moment_without_a_zone_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match="has no time zone"), clock.moved_to(datetime(2027, 1, 1)):
        pass


def test_a_process_may_live_ahead_of_the_calendar():
    clock.go_ahead(timedelta(days=9))
    try:
        assert timedelta(days=9) <= clock.now() - datetime.now(UTC) + timedelta(seconds=5)
        assert clock.is_moved()
    finally:
        clock.go_ahead(timedelta())
    assert not clock.is_moved()


def test_only_a_demonstration_may(tmp_path):
    surroundings = {**os.environ, "LINLI_DAYS_AHEAD": "9", "LINLI_DATA": str(tmp_path)}
    surroundings.pop("LINLI_DEMO", None)
    done = subprocess.run([sys.executable, "-c", "import linli.settings"], env=surroundings,
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode
    assert "LINLI_DAYS_AHEAD" in done.stderr
