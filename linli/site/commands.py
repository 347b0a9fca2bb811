"""``linli worker | check``: what follows by itself, and whether an installation is sound."""

import json

import click
from django.db import DatabaseError

from linli.letters.worker import work
from linli.site import ground, retention
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


@click.command("retention")
@click.option("--dry-run", "dry", is_flag=True, help="Count what would go; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: clock -> number.")
def retain(dry: bool, as_json: bool) -> None:
    """Erase what has been kept as long as promised. The worker does it every night."""
    total, said = 0, {}
    for rule, count in retention.strike_all(dry=dry):
        total, said[rule.id] = total + count, count
        if not as_json:
            click.echo(f"{rule.id:<5} {count:>7}  {rule.what} ({rule.after})")
    if as_json:
        click.echo(json.dumps(said))
        return
    click.echo(f"{total} would go; nothing was changed" if dry else f"{total} gone")
