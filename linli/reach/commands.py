"""`linli reach`."""

import click


@click.group()
def reach() -> None:
    """Travel times, isochrones and siting."""
