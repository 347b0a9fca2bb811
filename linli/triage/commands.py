"""`linli triage`: measure the suggestions on messages of one's own."""

import json
import re
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from linli.lib.tables import Row, TableError, read_rows

DISTRICT = re.compile("[A-Z][0-9]+[区县]")
FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.group()
def triage() -> None:
    """Measure the suggestions that help to sort messages."""


@triage.command()
@click.option("--train", type=FILE, help="CSV with the columns category and text.")
@click.option("--test", type=FILE, help="The same; nothing of it is learned from.")
@click.option("--cv", type=(click.IntRange(2, 50), FILE), help="Folds and a file: cross-validate.")
@click.option("--model", type=click.Choice(["both", "words"]), default="both", show_default=True,
              help="Words and meaning, or words alone as the web processes run it.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def evaluate(
    train: Path | None, test: Path | None, cv: tuple[int, Path] | None, model: str, as_json: bool
) -> None:
    """Accuracy and macro-F1 of the suggested topics, training time and time a message."""
    if (cv is None) == (train is None or test is None) or (cv and (train or test)):
        raise click.UsageError("Give either --train FILE --test FILE, or --cv FOLDS FILE.")
    measure = _learned("linli.triage.measure")
    try:
        if cv:
            score = measure.cross_validate(*_examples(cv[1]), cv[0], model)
        else:
            assert train is not None
            assert test is not None
            score = measure.evaluate(_examples(train), _examples(test), model)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    _print(score.as_json(), as_json)


def _learned(name: str) -> Any:
    """The libraries of learning take a second and 150 MB: only these commands load them."""
    return import_module(name)


def _examples(path: Path) -> tuple[list[str], list[str]]:
    """Topics and texts of a CSV file; rows without either are left out."""
    rows = [
        (row.get("category", "").strip(), row.get("text", "").strip())
        for row in _rows(path, "category", "text")
    ]
    kept = [row for row in rows if all(row)]
    if not kept:
        raise click.ClickException(f"{path}: no row has both a category and a text.")
    return [topic for topic, _text in kept], [text for _topic, text in kept]


def _print(values: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(values, ensure_ascii=False))
        return
    each = values.pop("f1", {})
    for name, value in [*values.items(), *((f"f1 {name}", value) for name, value in each.items())]:
        click.echo(f"{name:20} {value}")


@triage.command()
@click.argument("file", type=FILE)
@click.option("--top", default=15, show_default=True, help="How many groups to print.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a group.")
def groups(file: Path, top: int, as_json: bool) -> None:
    """The hottest problems that several people wrote about, with their messages and shared words.

    FILE has the columns id, user, title, asked_at and text; against, support and place if known.
    """
    grouping = _learned("linli.triage.groups")
    for group in grouping.groups(_items(grouping, file))[:top]:
        if as_json:
            click.echo(json.dumps(_as_json(group), ensure_ascii=False))
            continue
        click.echo(
            f"\n{group.people} people, {len(group.members)} messages, {group.days} days, "
            f"heat {group.heat:.1f}; they share: {'、'.join(group.words)}"
        )
        for item in group.members:
            click.echo(f"  {item.at:%Y-%m-%d}  {item.key}  {item.title}")


def _as_json(group: Any) -> dict[str, Any]:
    return {
        "people": group.people, "days": group.days, "heat": round(group.heat, 2),
        "words": group.words,
        "members": [
            {"id": item.key, "user": item.person, "asked_at": item.at.isoformat(),
             "title": item.title} for item in group.members
        ],
    }  # fmt: skip


def _items(grouping: Any, path: Path) -> list[Any]:
    found = []
    for row in _rows(path, "id", "user", "title", "asked_at", "text"):
        at = moment(row["asked_at"])
        if at is None:
            raise click.ClickException(
                f"{path}, row {row.number}: “{row['asked_at']}” is no time; write 2026-11-04 09:30."
            )
        votes = sum(int(n) for n in (row.get("against"), row.get("support")) if n.isdigit())
        found.append(
            grouping.Item(key=row["id"], person=row["user"], at=at, title=row["title"],
                          text=row["text"], votes=votes, place=row.get("place") or _district(row["title"]))
        )  # fmt: skip
    return found


def _district(title: str) -> str:
    """A district's name as published tables mask it ("A3" and the sign for district), or ""."""
    found = DISTRICT.search(title)
    return found[0] if found else ""


def moment(text: str) -> datetime | None:
    """A day with or without a time, as tables hold it: 2019/2/28 11:25:05 or 2019-02-28."""
    day, _space, time = text.strip().replace("/", "-").partition(" ")
    numbers = [*day.split("-"), *(time.split(":") if time else [])]
    try:
        year, month, date, hour, minute, second = (
            int(number) for number in [*numbers, "0", "0", "0"][:6]
        )
        return datetime(year, month, date, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def _rows(path: Path, *columns: str) -> list[Row]:
    """The rows of a table; says which of the columns it should have is missing."""
    try:
        rows = list(read_rows(path))
        for row in rows[:1]:
            for column in columns:
                _ = row[column]
    except TableError as error:
        raise click.ClickException(f"{path}: {error}") from None
    return rows
