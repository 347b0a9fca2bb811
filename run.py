#!/usr/bin/env python3
"""Set Linli up and start it, with nothing but Python 3.11 or newer.

python3 run.py demo     install, build an invented county, start it, print its address
python3 run.py test     install, run every test on SQLite and on PostgreSQL
python3 run.py check    install, run lint, types, import contracts and catalogues
python3 run.py bench    install, measure pages beside their floor
python3 run.py setup    install only
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
NEWEST = ["python3.14", "python3.13", "python3.12", "python3.11", "/usr/bin/python3"]


def say(text):
    print("linli: " + text, flush=True)


def find_python():
    """The first Python >= 3.11 that really runs; shims that point nowhere are passed over."""
    pyenv = sorted(Path.home().glob(".pyenv/versions/*/bin/python3"), reverse=True)
    for name in [sys.executable, *NEWEST, *map(str, pyenv)]:
        try:
            out = subprocess.run(
                [name, "-c", "import sys; print(sys.version_info >= (3, 11))"],
                capture_output=True, text=True, timeout=20,
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError):
            continue
        if out.stdout.strip() == "True":
            return name
    raise SystemExit("linli: Python 3.11 or newer is needed and none was found on this machine.")


def setup(lock):
    """Make .venv and install what `lock` pins, once; then only when the lock changes."""
    path = ROOT / "requirements" / (lock + ".lock")
    want = hashlib.sha256(path.read_bytes()).hexdigest()
    stamps = VENV / ".linli"
    done = (stamps / lock).exists() and (stamps / lock).read_text() == want
    python = BIN / "python"
    if not done:
        if not python.exists():
            chosen = find_python()
            say("making .venv with " + chosen)
            made = subprocess.run([chosen, "-m", "venv", str(VENV)])
            if made.returncode:
                raise SystemExit(
                    "linli: could not make .venv (on Debian: apt install python3-venv)"
                )
        say("installing " + lock + " packages (once, about a minute)")
        uv = shutil.which("uv")
        tool = (
            [uv, "pip", "install", "--python", str(python)]
            if uv
            else [
                str(python),
                "-m",
                "pip",
                "install",
                "--disable-pip-version-check",
                "--progress-bar",
                "off",
                "-qq",
            ]
        )
        patiently([*tool, "--require-hashes", "-r", str(path)], "installing")
        install_itself(python)
        patiently([str(BIN / "linli"), "reach", "warm"], "compiling")
        stamps.mkdir(exist_ok=True)
        (stamps / lock).write_text(want)
        if lock == "dev":  # dev holds base
            base = ROOT / "requirements" / "base.lock"
            (stamps / "base").write_text(hashlib.sha256(base.read_bytes()).hexdigest())
    subprocess.run([str(BIN / "linli"), "i18n", "compile"], check=True, stdout=subprocess.DEVNULL)


def patiently(command, doing):
    """Run a long command, and say every ten seconds that it still runs."""
    began = time.monotonic()
    with subprocess.Popen(command) as process:
        while True:
            try:
                code = process.wait(10)
                break
            except subprocess.TimeoutExpired:
                say(f"still {doing}, {time.monotonic() - began:.0f} s")
    if code:
        raise SystemExit(f"linli: {doing} failed")


def install_itself(python):
    subprocess.run(
        [str(python), "-m", "pip", "install", "--disable-pip-version-check", "-qq", "--no-deps",
         "--no-build-isolation", "--editable", str(ROOT)],
        check=True,
    )  # fmt: skip


def main():
    verb = sys.argv[1] if len(sys.argv) > 1 else "help"
    rest = sys.argv[2:]
    os.chdir(ROOT)
    if verb == "setup":
        setup("base")
        say("ready: .venv/bin/linli")
    elif verb == "demo":
        setup("base")
        run([str(BIN / "linli"), "demo", *rest])
    elif verb == "test":
        setup("dev")
        run([str(BIN / "python"), "-m", "linli.testing", *rest])
    elif verb == "check":
        setup("dev")
        run([str(BIN / "python"), "-m", "linli.testing", "--checks", *rest])
    elif verb == "bench":
        setup("base")
        run([str(BIN / "linli"), "bench", *(rest or ["all"])])
    else:
        print(__doc__)
        raise SystemExit(0 if verb in {"help", "-h", "--help"} else 2)


def run(command):
    if os.name == "posix":  # it takes our place: Ctrl-C reaches it alone, and it ends in order
        sys.stdout.flush()
        os.execv(command[0], command)
    try:
        raise SystemExit(subprocess.run(command).returncode)
    except KeyboardInterrupt:
        raise SystemExit(0) from None


if __name__ == "__main__":
    main()
