"""`linli rota`."""

import click


@click.group()
def rota() -> None:
    """Plan who goes where."""
