"""Erased means gone: the busiest people of the county leave, and nothing names them any more."""

import json
import os
import shutil
import subprocess
import sys

PEOPLE = 40


def test_nothing_names_who_was_erased(built, tmp_path):
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "linli.walks.erased", str(PEOPLE)],
        env={**os.environ, "LINLI_DATA": str(tmp_path), "LINLI_DATABASE_URL": "",
             "DJANGO_SETTINGS_MODULE": "linli.settings"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["people"] >= PEOPLE // 2
    assert len(said["before"]) >= 25, sorted(said["before"])
    assert said["after"] == {}
    assert said["journal"]
    assert said["sums"] == []
    assert (said["keys"], said["names"]) == (0, 0)
