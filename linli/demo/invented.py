"""The demonstration's own data files, read once."""

import csv
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@cache
def table(name: str) -> dict[str, Any]:
    """A TOML file of `linli/demo/data`."""
    return tomllib.loads((DATA / f"{name}.toml").read_text("utf-8"))


@cache
def rows(name: str) -> list[dict[str, str]]:
    """A CSV file of `linli/demo/data`."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def both(pattern: list[str], zh: dict[str, str], en: dict[str, str]) -> tuple[str, str]:
    """A name in both languages from its pattern in invented.toml."""
    return pattern[0].format(**zh), pattern[1].format(**en)
