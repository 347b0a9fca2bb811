"""``linli recount BOARD.json``: the separate counter, started as the program of its own that it is."""

import subprocess
import sys
from pathlib import Path

import click

PROGRAM = Path(__file__).with_name("recount.py")


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def recount(words: tuple[str, ...]) -> None:
    """Count a published ballot again: BOARD.json [--head HEX] [--earlier OLD.json] …

    The same file can be downloaded from every board and run with Python alone.
    """
    done = subprocess.run([sys.executable, "-I", str(PROGRAM), *words], check=False)
    raise SystemExit(done.returncode)
