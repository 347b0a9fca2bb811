"""`linli triage`."""

import click


@click.group()
def triage() -> None:
    """Measure the suggestions that help to sort messages."""
