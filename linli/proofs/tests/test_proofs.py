"""Every proof holds, and finds the variant that breaks its promise: on the engine under test."""

import json
import os
import subprocess
import sys

import pytest

from linli.proofs.browser_chromium import CHROMIUM
from linli.proofs.commands import PROOFS
from linli.proofs.ground import fresh_ground, ready_ground

SMALL = {"twins": 12, "two-handlers": 16, "owner": 150, "scale": 4, "copies": 2,
         "phone": 12, "browser": 2, "ballots": 6, "recount": 20, "secrecy": 2, "points": 150,
         "bookings": 24, "letters": 40}  # fmt: skip
TEETH = {"twins": 4, "two-handlers": 6, "owner": 60, "receipts": 2, "scale": 1, "copies": 1,
         "phone": 4, "browser": 1, "ballots": 3, "recount": 5, "secrecy": 2, "points": 80,
         "bookings": 4, "letters": 20}  # fmt: skip
# Found by the tests of jobs as well, which take no servers to start (letters/tests/test_worker.py).
BY_HAND = {("scale", "own-clocks")}
OWN = {"receipts", "scale", "copies"}  # may kill or copy the server, so it is one of their own
SEVERAL = {"scale", "copies"}  # what they prove is there on PostgreSQL only
KEYS = {"promise", "n", "faults", "lost", "duplicated", "violations", "p99_ms", "seed", "commit",
        "engine", "ok"}  # fmt: skip


# On PostgreSQL every second kill takes the database too, whose recovery costs seconds.
KILLS = 6 if os.environ.get("LINLI_DATABASE_URL") else 10


@pytest.fixture(scope="module", autouse=True)
def ready():
    """Tables and static files, made once for all of these proofs."""
    with ready_ground() as told, pytest.MonkeyPatch.context() as patch:
        for name, value in told.items():
            patch.setenv(name, value)
        yield


def prove(name: str, n: int, broken: str = "", seed: int = 7) -> tuple[int, dict]:
    """Run a proof as `linli prove` runs it."""
    if name in SEVERAL and not os.environ.get("LINLI_DATABASE_URL"):
        pytest.skip("Several machines share a PostgreSQL, never a SQLite file.")
    if name == "browser" and not CHROMIUM.exists():
        words = f"NO BROWSER: {CHROMIUM} is missing, so none was killed (apt install chromium)"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(words)
    own = name in OWN and bool(os.environ.get("LINLI_DATABASE_URL"))
    words = ["prove", name, "--n", str(n), "--seed", str(seed), "--json"]
    words += ["--broken", broken] if broken else []
    with fresh_ground(postgres=own, copy=PROOFS[name].copy) as surroundings:
        done = subprocess.run(
            [sys.executable, "-c", "from linli.cli import main; main()", *words],
            env=surroundings, capture_output=True, text=True, timeout=400, check=False,
        )  # fmt: skip
    lines = done.stdout.strip().splitlines()
    assert lines, done.stderr[-2000:]
    return done.returncode, json.loads(lines[-1])


def _case(name, *more):
    """A browser is killed on one engine: what it keeps has nothing to do with the other."""
    marks = [pytest.mark.browser] if name == "browser" else []
    return pytest.param(name, *more, marks=marks)


@pytest.mark.parametrize("name", [_case(name) for name in sorted(PROOFS)])
def test_the_promise_is_kept(name):
    n = SMALL.get(name, KILLS)
    code, said = prove(name, n)
    assert said["ok"], said
    assert code == 0
    assert set(said) >= KEYS
    assert said["n"] == n


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        _case(n, b)
        for n, proof in sorted(PROOFS.items())
        for b in proof.broken
        if (n, b) not in BY_HAND
    ],
)
def test_the_proof_has_teeth(name, broken):
    # What shows itself by chance (a kill between two commits) gets three chances on a busy machine.
    for seed in (7, 8, 9):
        code, said = prove(name, TEETH[name], broken, seed)
        if not said["ok"]:
            break
    assert not said["ok"], said
    assert code == 1
    assert said["lost"] or said["duplicated"] or said["violations"]


def test_a_variant_that_nobody_knows_is_refused():
    done = subprocess.run(
        [sys.executable, "-c", "from linli.cli import main; main()", "prove", "twins", "--broken", "x"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "no-constraint" in done.stderr
