"""`linli vault`: turn to a new master key, try every seal, sweep up after destroying."""

import json

import click

from linli.vault import keeping, keys


@click.group()
def vault() -> None:
    """What is sealed: keys, and whether everything still opens."""


@vault.command()
@click.option("--go-on", is_flag=True, help="Finish a turn that was interrupted; no new key.")
@click.option("--forget-old", is_flag=True, help="Remove old master keys that nothing needs.")
def rotate(go_on: bool, forget_old: bool) -> None:
    """Turn to a new master key. The old ones stay in the ring until --forget-old."""
    try:
        if forget_old:
            click.echo(f"{keeping.forget_old()} old master keys removed")
            click.echo("Backups made before the turn need them: keep them with those backups.")
            return
        click.echo(f"{keeping.rotate(new_key=not go_on)} keys wrapped anew")
    except RuntimeError as error:
        raise click.ClickException(str(error)) from None
    click.echo("Copy the key file to the key backup now, then run: linli vault rotate --forget-old")


@vault.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check(as_json: bool) -> None:
    """Open everything once without showing it; exit 1 if anything does not open."""
    try:
        found = keeping.check()
    except RuntimeError as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json.dumps(found.summary()))
    else:
        for sentence in found.bad:
            click.echo(sentence)
        click.echo(
            f"{found.subjects} subjects ({found.destroyed} destroyed), {found.values} values, "
            f"{len(found.bad)} do not open"
        )
    raise SystemExit(bool(found.bad))


@vault.command()
def sweep() -> None:
    """Overwrite what the database keeps of deleted rows; for every night."""
    try:
        keeping.sweep()
    except RuntimeError as error:
        raise click.ClickException(str(error)) from None
    click.echo("swept")


@vault.command("new-key")
def new_key() -> None:
    """Print a new master key for LINLI_MASTER_KEY. It is not stored anywhere."""
    click.echo(keys.new_line())
