"""`linli letters`: what lies in the outbox, and a text message answered without a gateway."""

import click
from django.db.models import Count

from linli.letters import dead, inbound
from linli.letters.delivery import deliver, retry_dead
from linli.letters.inbound import Result
from linli.letters.models import Channel, Letter, State

WORDS = {
    Result.TAKEN: "taken",
    Result.REPEATED: "the same word came just now; nothing changed",
    Result.WHICH: "another word came just now; nothing changed, the person was sent the link",
    Result.UNCLEAR: "not understood; the person was asked to reply with one digit",
    Result.NOBODY: "no letter to this number waits for a word",
}


@click.group()
def letters() -> None:
    """The outbox: what waits, what was sent, what was given up."""


@letters.command()
def status() -> None:
    """How many letters are in which state."""
    rows = Letter.objects.order_by().values_list("state").annotate(n=Count("pk"))
    counts = dict(rows)
    for state in State:
        click.echo(f"{counts.get(state, 0):>7} {state.value}")


@letters.command("deliver")
@click.option("--batch", type=click.IntRange(1), default=1000, show_default=True)
def deliver_command(batch: int) -> None:
    """Send what is due now, as the worker does."""
    counts = deliver(batch)
    for way in sorted(counts):
        click.echo(f"{counts[way]:>7} {way}")
    if not counts:
        click.echo("nothing is due")


@letters.command("dead")
def dead_command() -> None:
    """List the letters that were given up; exit 1 if there are any."""
    piles = dead.piles()
    for pile in piles:
        since = pile.oldest.isoformat(timespec="minutes")
        click.echo(
            f"{pile.count:>7} {pile.template} {pile.channel.value} {pile.error} since {since}"
        )
    click.echo(f"{sum(pile.count for pile in piles)} letters were given up")
    raise SystemExit(bool(piles))


@letters.command()
def retry() -> None:
    """Put letters that were given up back into the queue."""
    click.echo(f"{retry_dead()} letters are on their way again")


@letters.command("sms-reply")
@click.argument("phone")
@click.argument("text")
def sms_reply(phone: str, text: str) -> None:
    """Answer a text message as the owner of PHONE would: 1 solved, 2 not solved, 3 cannot judge."""
    outcome = inbound.receive(Channel.SMS, phone, text)
    click.echo(outcome.words or WORDS[outcome.result])
    raise SystemExit(outcome.result is Result.NOBODY)
