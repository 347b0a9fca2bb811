"""``linli serve | worker | check``: running an installation, and seeing whether it is sound."""

import os

import click
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError

from linli.letters.worker import work
from linli.site import ground, static_files
from linli.site.processes import (
    NotServing,
    Team,
    address,
    refuse_taken_port,
    server_command,
    wait_for_page,
    worker_command,
)
from linli.site.wiring import FOLLOWERS, JOBS

PORT = 8000


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), envvar="LINLI_PORT", default=PORT,
              show_default=True)  # fmt: skip
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True,
              help="Processes that answer pages.")  # fmt: skip
@click.option("--with-worker", is_flag=True, help="Also start `linli worker` beside it.")
@click.option("--migrate", is_flag=True, help="Bring the database to this version first.")
def serve(host: str, port: int, workers: int, with_worker: bool, migrate: bool) -> None:
    """Serve the site. Prints `ready http://…` once the first page has really answered."""
    team = Team()
    try:
        refuse_taken_port(host, port)
        prepare(migrate=migrate)
        raise SystemExit(run(team, host, port, workers, with_worker=with_worker))
    except (ImproperlyConfigured, NotServing) as error:
        raise click.ClickException(str(error)) from None
    finally:
        team.stop()


def prepare(*, migrate: bool) -> None:
    """Make the data folder fit to serve; raises ImproperlyConfigured where it is not."""
    try:
        if migrate:
            call_command("migrate", verbosity=0, interactive=False)
        missing = ground.pending_migrations()
    except DatabaseError as error:
        words = ground.first_words(error)
        raise ImproperlyConfigured(f"The database does not answer: {words}") from error
    if missing:
        raise ImproperlyConfigured(
            f"The database lacks {len(missing)} migrations ({missing[0]} …). "
            "Make a backup, then start with --migrate."
        )
    if not settings.DEMO:  # a demonstration may run on a database that does not flush
        ground.refuse_unsound()
    static_files.collect_when_stale()


def run(team: Team, host: str, port: int, workers: int, *, with_worker: bool) -> int:
    """Start the processes, say when the first page answers, watch them; the exit code."""
    team.listen()
    url = address(host, port)
    there = {} if os.environ.get("LINLI_URL") else {"LINLI_URL": url}
    server = team.start(server_command(host, port, workers), there)
    if with_worker:
        team.start(worker_command(), there, restart=True)
    wait_for_page(f"{url}/", lambda: server.alive and not team.asked_to_stop)
    click.echo(f"ready {url}")
    return team.watch()


@click.command()
def worker() -> None:
    """Do what follows: letters from the journal, the outbox, and what time does by itself."""
    try:
        missing = ground.pending_migrations()
    except DatabaseError as error:
        words = ground.first_words(error)
        raise click.ClickException(f"The database does not answer: {words}") from None
    if missing:
        raise click.ClickException("The database lacks migrations; see linli serve.")
    work(FOLLOWERS, JOBS)


@click.command()
def check() -> None:
    """Look whether the ground is sound: database, flushing, migrations, keys, playbook, disk."""
    found = ground.findings()
    for finding in found:
        click.echo(str(finding))
    bad = [finding for finding in found if finding.must and not finding.good]
    click.echo(f"{len(bad)} of {len(found)} must be put right" if bad else "sound")
    raise SystemExit(bool(bad))
