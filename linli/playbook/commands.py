"""``linli playbook check | show | schema``."""

import json
from pathlib import Path

import click

from linli.playbook.describe import describe
from linli.playbook.loader import DEFAULT, Playbook, current, load
from linli.playbook.problems import PlaybookErrors
from linli.playbook.published import json_schema


@click.group()
def playbook() -> None:
    """Work methods as files: check them, read them, complete them in an editor."""


@playbook.command()
@click.argument("directory", type=click.Path(path_type=Path), default=DEFAULT)
def check(directory: Path) -> None:
    """Read every file of DIRECTORY and say what is wrong, one line for each problem."""
    try:
        book = load(directory)
    except PlaybookErrors as errors:
        for problem in errors.problems:
            click.echo(str(problem))
        raise SystemExit(1) from None
    click.echo(f"{directory}: {_counts(book)}, nothing wrong (version {book.version})")


@playbook.command()
@click.argument("method")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--dir", "directory", type=click.Path(path_type=Path), help="Another playbook.")
def show(method: str, lang: str, directory: Path | None) -> None:
    """Say what METHOD gives a county: pages, clocks, steps, who opens, sees and owns."""
    try:
        click.echo(describe(method, lang, load(directory) if directory else current()))
    except PlaybookErrors as errors:
        raise click.ClickException(f"The playbook cannot be read.\n{errors}") from None
    except KeyError as error:
        raise click.ClickException(error.args[0]) from None


@playbook.command()
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write it to a file.")
def schema(out: Path | None) -> None:
    """Print the JSON Schema of a method file and of county.toml."""
    text = json.dumps(json_schema(), ensure_ascii=False, indent=2)
    if out is None:
        click.echo(text)
        return
    try:
        out.write_text(text + "\n", "utf-8")
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}.") from None
    click.echo(f"{out}: written")


def _counts(book: Playbook) -> str:
    numbers = {
        "methods": len(book.methods),
        "kinds of case": len(book.kinds),
        "kinds of activity": len(book.activities),
        "procedures": len(book.procedures),
        "kinds of facility": len(book.facilities),
        "kinds of club": len(book.clubs),
        "memberships": len(book.memberships),
        "pairings": len(book.pairings),
        "posts": len(book.posts),
        "categories": len(book.county.categories),
        "duties": len(book.county.duties),
    }
    return ", ".join(f"{number} {what}" for what, number in numbers.items())
