"""``linli prove NAME``: try to break a promise, in a database made for it and thrown away."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

import click

from linli.proofs import (
    ballots,
    bookings,
    browser,
    copies,
    letters,
    owner,
    phone,
    points,
    receipts,
    recount,
    scale,
    secrecy,
    twins,
    two_handlers,
)
from linli.proofs.ground import INSIDE, fresh_ground
from linli.proofs.result import Result


@dataclass(frozen=True)
class Proof:
    """A function of n, seed and broken variant; the variants it must find; n if not said."""

    prove: Callable[[int, int, str], Result]
    broken: tuple[str, ...]
    n: int
    copy: bool = False  # needs a PostgreSQL of its own with a standby


PROOFS = {
    "ballots": Proof(ballots.prove, ballots.BROKEN, 100),
    "bookings": Proof(bookings.prove, bookings.BROKEN, 1_000),
    "browser": Proof(browser.prove, browser.BROKEN, 20),
    "copies": Proof(copies.prove, copies.BROKEN, 10, copy=True),
    "letters": Proof(letters.prove, letters.BROKEN, 200),
    "phone": Proof(phone.prove, phone.BROKEN, 200),
    "points": Proof(points.prove, points.BROKEN, 2000),
    "receipts": Proof(receipts.prove, receipts.BROKEN, 10),
    "recount": Proof(recount.prove, recount.BROKEN, 300),
    "scale": Proof(scale.prove, scale.BROKEN, 20),
    "secrecy": Proof(secrecy.prove, secrecy.BROKEN, 50),
    "twins": Proof(twins.prove, twins.BROKEN, 100),
    "two-handlers": Proof(two_handlers.prove, two_handlers.BROKEN, 100),
    "owner": Proof(owner.prove, owner.BROKEN, 500),
}


@click.command()
@click.argument("name", type=click.Choice(sorted(PROOFS)))
@click.option("--n", "--kills", "n", type=click.IntRange(1), help="How often it is tried.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--broken", default="", help="A variant that keeps the promise not: must be found.")
@click.option("--json", "as_json", is_flag=True, help="Print the one JSON line only.")
@click.option("--postgres", is_flag=True, help="On a PostgreSQL started for this proof.")
def prove(name: str, n: int | None, seed: int, broken: str, as_json: bool, postgres: bool) -> None:
    """Try to break the promise NAME; exit 1 if it broke.

    Runs on a fresh SQLite file, or on a fresh database of the server that LINLI_DATABASE_URL names.
    """
    proof = PROOFS[name]
    if broken and broken not in proof.broken:
        raise click.BadParameter(f"{name} has: {', '.join(proof.broken)}", param_hint="--broken")
    if os.environ.get(INSIDE):
        result = proof.prove(n or proof.n, seed, broken)
        show(result, as_json)
        raise SystemExit(not result.ok)
    words = [sys.executable, "-c", "from linli.cli import main; main()", *sys.argv[1:]]
    with fresh_ground(postgres=postgres or proof.copy, copy=proof.copy) as surroundings:
        raise SystemExit(subprocess.run(words, env=surroundings, check=False).returncode)


def show(result: Result, as_json: bool) -> None:
    if not as_json:
        for words in result.notes:
            click.echo(words, err=True)
        click.echo(f"{result.promise}: {'kept' if result.ok else 'BROKEN'}", err=True)
    click.echo(result.line())
