"""``linli worker | check``: what follows by itself, and whether an installation is sound."""

import click
from django.db import DatabaseError

from linli.letters.worker import work
from linli.site import ground
from linli.site.wiring import FOLLOWERS, JOBS


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
