"""The colours as the stylesheet holds them, and the contrast between them, measured."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STYLESHEET = Path(__file__).parent / "static" / "site" / "linli.css"
_COLOUR = re.compile(r"--([a-z-]+):\s*(#[0-9a-f]{6});")

# (letters, ground): every pair that the stylesheet sets upon each other.
TEXT_PAIRS = [
    ("ink", "paper"),
    ("ink", "card"),
    ("ink", "sunk"),
    ("ink", "tint"),
    ("ink", "late-tint"),
    ("ink", "warn-tint"),
    ("soft", "paper"),
    ("soft", "card"),
    ("soft", "sunk"),
    ("accent", "paper"),
    ("accent", "card"),
    ("accent", "sunk"),
    ("accent", "tint"),
    ("on-accent", "accent"),
    ("late", "paper"),
    ("late", "card"),
    ("late", "sunk"),
    ("late", "late-tint"),
    ("warn", "warn-tint"),
    ("on-plate", "plate"),
]
# Borders that say "here is a control", marks in pictures, the ring of the focus: 3 : 1 is asked.
EDGE_PAIRS = [
    ("edge", "paper"),
    ("edge", "card"),
    ("accent", "paper"),
    ("late", "card"),
    ("focus", "paper"),
    ("focus", "card"),
]


@dataclass(frozen=True)
class Swatch:
    name: str
    light: str
    dark: str


@dataclass(frozen=True)
class Pair:
    """Letters on a ground with their contrast, in light and in dark."""

    letters: Swatch
    ground: Swatch
    light: float
    dark: float


@cache
def tokens() -> tuple[dict[str, str], dict[str, str]]:
    """Name to colour, in light and in dark."""
    layer = STYLESHEET.read_text().split("@layer tokens {", 1)[1].split("@layer base {", 1)[0]
    light, dark = layer.split("prefers-color-scheme: dark", 1)
    return dict(_COLOUR.findall(light)), dict(_COLOUR.findall(dark))


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast of two colours written #rrggbb: 1 (the same) to 21 (black on white)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def swatches() -> list[Swatch]:
    light, dark = tokens()
    return [Swatch(name, light[name], dark[name]) for name in light]


def measured(pairs: list[tuple[str, str]]) -> list[Pair]:
    """The pairs with their contrast; a pair that names no token is a KeyError."""
    known = {swatch.name: swatch for swatch in swatches()}
    return [
        Pair(
            a := known[letters],
            b := known[ground],
            light=round(contrast(a.light, b.light), 1),
            dark=round(contrast(a.dark, b.dark), 1),
        )
        for letters, ground in pairs
    ]
