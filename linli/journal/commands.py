"""`linli journal`: seal the days, verify them, look at lines that followers could not digest."""

import json
from typing import Any, TextIO

import click

from linli.journal import check, followers
from linli.journal import seal as sealing
from linli.journal.keyfiles import UnsafeKeyFile


@click.group()
def journal() -> None:
    """What happened: verify that nobody changed it."""


@journal.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--witness", type=click.File(encoding="utf-8"), help="Heads kept elsewhere: heads.json."
)
def verify(as_json: bool, witness: TextIO | None) -> None:
    """Recompute the chain from the rows and compare it with every seal; exit 1 if it differs."""
    try:
        report = check.verify(_read(witness) if witness else None)
    except (check.NoWitness, UnsafeKeyFile) as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json.dumps(report.summary(), ensure_ascii=False))
    else:
        for sentence in report.bad:
            click.echo(sentence)
        verdict = "as they were sealed" if report.ok else "NOT as they were sealed"
        counts = f"{report.entries} lines, {report.seals} seals, {report.unsealed} not sealed yet"
        click.echo(f"{counts}: {verdict}")
        if witness is None and report.ok:
            click.echo("No witness was asked: compare with heads kept elsewhere (--witness FILE).")
    raise SystemExit(not report.ok)


@journal.command()
@click.option("--now", is_flag=True, help="Seal today so far, too.")
def seal(now: bool) -> None:
    """Seal every day that is over and not sealed yet."""
    try:
        made = sealing.seal_up_to_yesterday()
        today = sealing.seal_now() if now else None
    except (sealing.NotSettled, UnsafeKeyFile) as error:
        raise click.ClickException(str(error)) from None
    for row in [*made, *([today] if today else [])]:
        click.echo(f"{row.day} seal {row.number}: {row.count} lines, head {row.head}")
    if not made and not today:
        click.echo("nothing to seal")


@journal.command()
def heads() -> None:
    """Print the published heads, as /journal/heads.json does: the file for a witness."""
    click.echo(json.dumps(sealing.document(), ensure_ascii=False, indent=1))


@journal.command()
@click.option("--retry", multiple=True, type=int, metavar="ID", help="Try this line once more.")
def stuck(retry: tuple[int, ...]) -> None:
    """List the lines that followers set aside; --retry has one tried again at the next run."""
    rows = {row.pk: row for row in followers.stuck()}
    unknown = [pk for pk in retry if pk not in rows]
    if unknown:
        raise click.ClickException(f"No stuck line has the id {unknown[0]}.")
    if retry:
        click.echo(f"{followers.try_again(retry)} to be tried again at the follower's next run")
        return
    for row in rows.values():
        when = row.set_aside_at.isoformat(timespec="seconds")
        click.echo(f"{row.pk}: {row.follower} at line {row.seq}, {row.error}, {when}")
    click.echo(f"{len(rows)} stuck")


def _read(file: TextIO) -> Any:
    try:
        return json.load(file)
    except ValueError:
        raise check.NoWitness(f"{file.name}: this is no JSON file.") from None
