"""The words of human languages that this floor needs, read once from ``words.toml``."""

import tomllib
from importlib.resources import files
from typing import Any, Final

WORDS: Final[dict[str, Any]] = tomllib.loads(
    files("linli.lib").joinpath("words.toml").read_text(encoding="utf-8")
)
