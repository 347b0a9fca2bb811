"""The stylesheet: colours are named once, legible by day and by night, and it stays small."""

import re

import pytest

from linli.site import palette

TEXT = palette.STYLESHEET.read_text()


@pytest.mark.parametrize("pair", palette.measured(palette.TEXT_PAIRS), ids=str)
def test_letters_have_a_contrast_of_4_5(pair):
    assert min(pair.light, pair.dark) >= 4.5


@pytest.mark.parametrize("pair", palette.measured(palette.EDGE_PAIRS), ids=str)
def test_borders_and_marks_have_a_contrast_of_3(pair):
    assert min(pair.light, pair.dark) >= 3


def test_contrast_is_measured_as_wcag_says():
    assert palette.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert palette.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert palette.contrast("#123456", "#123456") == 1


def test_day_and_night_have_the_same_colours():
    light, dark = palette.tokens()
    assert light.keys() == dark.keys()
    assert len(light) >= 15


def test_no_colour_outside_the_tokens():
    tokens = TEXT.split("@layer tokens {", 1)[1].split("@layer base {", 1)[0]
    paper = TEXT.split("@media print {", 1)[1]  # ink on white, whatever the screen shows
    rest = TEXT.replace(tokens, "").replace(paper, "")
    named = r"(?<![-\w])(?:white|black|red|green|blue|gr[ae]y|orange|yellow)(?![-\w])"
    assert not re.findall(rf"#[0-9a-f]{{3,8}}\b|rgba?\(|hsla?\(|oklch\(|{named}", rest, re.I)


def test_every_variable_that_is_used_is_defined_and_every_one_defined_is_used():
    used = set(re.findall(r"var\((--[a-z0-9-]+)", TEXT))
    defined = set(re.findall(r"(--[a-z0-9-]+):", TEXT))
    shown = {f"--t-{name}" for name in ("lead",)}  # also set by the page of the look itself
    assert used <= defined
    assert defined - used <= shown


def test_it_is_small_and_has_its_five_layers():
    assert len(TEXT.encode()) <= 30_000
    assert len(TEXT.splitlines()) <= 400
    assert "@layer reset, tokens, base, components, utilities;" in TEXT
    for layer in ("reset", "tokens", "base", "components", "utilities"):
        assert TEXT.count(f"@layer {layer} {{") == 1


def test_it_loads_nothing():
    assert "url(" not in TEXT
    assert "@import" not in TEXT
