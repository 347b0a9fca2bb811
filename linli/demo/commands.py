"""``linli demo``: an invented Liyang, built once, then served with its worker until Ctrl-C."""

import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import click
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import translation

from linli.demo import build
from linli.demo.society import phone_of
from linli.lib import clock
from linli.people import demo_cast
from linli.site.preparing import prepare
from linli.site.processes import NotServing, Team, refuse_taken_port
from linli.site.serving import PORT, run

FOLDER = "data/demo"  # below the folder one stands in, unless LINLI_DATA says otherwise
LEAST_DAYS = 30  # the walk-throughs look back a month
COLLECT = (
    "import django; django.setup(); "
    "from linli.site.static_files import collect_when_stale; collect_when_stale()"
)


@click.command()
@click.option("--build-only", is_flag=True, help="Build it and end.")
@click.option("--fresh", is_flag=True, help="Build it anew for today.")
@click.option("--days", type=click.IntRange(LEAST_DAYS, 365), default=LEAST_DAYS,
              show_default=True, help="How many days of life to invent.")  # fmt: skip
@click.option(
    "--seed", type=int, default=7, show_default=True, help="The same seed, the same life."
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), envvar="LINLI_PORT", default=PORT,
              show_default=True)  # fmt: skip
def demo(build_only: bool, fresh: bool, days: int, seed: int, host: str, port: int) -> None:
    """Build an invented county with a month of life, print the logins, and serve it."""
    in_its_own_folder()
    team = Team()
    try:
        if not build_only:
            refuse_taken_port(host, port)
        made = make(days, seed, fresh=fresh)
        if build_only:
            return
        prepare(migrate=True)
        introduce(made, host, port)
        raise SystemExit(run(team, host, port, 2, with_worker=True, migrate=False))
    except (ImproperlyConfigured, NotServing, build.NotEmpty) as error:
        raise click.ClickException(str(error)) from None
    finally:
        team.stop()


def in_its_own_folder() -> None:
    """Start again with the demonstration's settings, which are read when Python starts."""
    if settings.DEMO:
        return
    folder = os.environ.get("LINLI_DATA") or str(Path.cwd() / FOLDER)
    words = [sys.executable, "-c", "from linli.cli import main; main()", *sys.argv[1:]]
    surroundings = {**os.environ, "LINLI_DEMO": "1", "LINLI_DATA": folder}
    sys.stdout.flush()
    if os.name == "posix":
        os.execve(sys.executable, words, surroundings)
    raise SystemExit(subprocess.run(words, env=surroundings, check=False).returncode)


def make(days: int, seed: int, *, fresh: bool) -> build.Built:
    """The demonstration of this folder: the one that is there, or a new one."""
    if fresh:
        build.clear()
    made = build.built()
    if made is not None:
        age = (clock.today() - date.fromisoformat(made.day)).days
        old = f"{age} days ago; --fresh builds it for today" if age else "today"
        click.echo(f"Built {old}: {settings.DATA}")
        return made
    began = time.monotonic()

    def say(words: str) -> None:
        click.echo(f"{time.monotonic() - began:5.1f} s  {words}")

    say(f"building an invented Liyang in {settings.DATA}")
    surroundings = {**os.environ, "DJANGO_SETTINGS_MODULE": "linli.settings"}
    # The second core squeezes the static files meanwhile.
    helper = subprocess.Popen([sys.executable, "-c", COLLECT], env=surroundings)
    try:
        made = build.build(days, seed, say)
    finally:
        helper.wait()
    say(
        f"{made.cases} matters, {made.lines} lines of journal, {made.letters} letters: all invented"
    )
    return made


def introduce(made: build.Built, host: str, port: int) -> None:
    """Who can sign in, and where the walk-throughs begin."""
    click.echo("\nEverything in it is invented: people, words, outlines. Names of places are real.")
    click.echo(f"The card at the door of Building 7, Peach Garden: /at/{made.door}/")
    click.echo("Sign in with the buttons on the sign-in page, or with a number and the code "
               f"{settings.LINLI_DEMO_CODE}:\n")  # fmt: skip
    for member in demo_cast.members():
        with translation.override("en"):
            part = str(demo_cast.NAMES[member.name])
        click.echo(f"  {phone_of(member.name)}  {part} ({member.display_name})")
    click.echo("")
