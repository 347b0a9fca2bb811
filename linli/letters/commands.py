"""`linli letters`: what lies in the outbox, and a text message answered without a gateway."""

from collections import Counter

import click

from linli.letters import inbound
from linli.letters.delivery import deliver, retry_dead
from linli.letters.models import Channel, Letter, State


@click.group()
def letters() -> None:
    """The outbox: what waits, what was given up."""


@letters.command()
def status() -> None:
    """How many letters are in which state."""
    counts = Counter(Letter.objects.values_list("state", flat=True))
    for state in State.values:
        click.echo(f"{counts[state]:>7} {state}")


@letters.command("deliver")
def deliver_command() -> None:
    """Send what is due now."""
    click.echo(dict(deliver(batch=1000)))


@letters.command()
def retry() -> None:
    """Put letters that were given up back into the queue."""
    click.echo(f"{retry_dead()} letters are on their way again")


@letters.command("sms-reply")
@click.argument("phone")
@click.argument("text")
def sms_reply(phone: str, text: str) -> None:
    """Answer a text message as the person with PHONE would: 1 solved, 2 not solved, 3 cannot judge."""
    click.echo(
        inbound.receive(Channel.SMS, phone, text) or "no letter to this number waits for a word"
    )
