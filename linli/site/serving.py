"""``linli serve``: start the processes, say when the first page answers, watch them.

Nothing of Django is loaded here: the server process looks itself whether the ground is sound, so
that an installation starts once and not twice, and the one that watches stays small.
"""

import os

import click

from linli.site.processes import (
    NotServing,
    Team,
    address,
    refuse_taken_port,
    server_command,
    wait_for_page,
    worker_command,
)

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
        raise SystemExit(run(team, host, port, workers, with_worker=with_worker, migrate=migrate))
    except NotServing as error:
        raise click.ClickException(str(error)) from None
    finally:
        team.stop()


def run(team: Team, host: str, port: int, workers: int, *, with_worker: bool, migrate: bool) -> int:
    """Start the processes, say when the first page answers, watch them; the exit code."""
    team.listen()
    url = address(host, port)
    there = {} if os.environ.get("LINLI_URL") else {"LINLI_URL": url}
    before = "migrate" if migrate else "check"
    server = team.start(server_command(host, port, workers, before=before), there)
    wait_for_page(f"{url}/", lambda: server.alive and not team.asked_to_stop)
    if with_worker:  # not earlier: it refuses a database that has yet to be migrated
        team.start(worker_command(), there, restart=True)
    click.echo(f"ready {url}")
    return team.watch()
