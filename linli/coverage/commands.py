"""`linli coverage`."""

import click


@click.group()
def coverage() -> None:
    """For all of SET at DATE there is THING: count it, and name the gaps."""
