"""`linli reach warm`."""

import time

import click

from linli.reach.warming import warm as compile_all


@click.command()
def warm() -> None:
    """Compile what is compiled, once after an installation; later questions are quick."""
    began = time.perf_counter()
    count = compile_all()
    click.echo(f"{count} kernels ready, {time.perf_counter() - began:.1f} s")
