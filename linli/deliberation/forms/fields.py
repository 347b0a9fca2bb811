"""Fields that several forms share: money in yuan, numbers of a roll, a day, words."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from linli.deliberation import money

TIME = {"type": "time"}
_PART = re.compile(r"(\d{1,6})(?:\s*[-–~—～]\s*(\d{1,6}))?")
_SPLIT = re.compile(r"[,，、;；\s]+")
MOST = 5000


class MoneyField(forms.CharField):
    """A sum typed in yuan, kept as whole fen."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        try:
            return money.parse(text)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class NumbersField(forms.CharField):
    """Numbers of a roll, as one writes them: "1-12, 15, 20"."""

    def clean(self, value: Any) -> list[int]:
        return parse_numbers(super().clean(value))


def parse_numbers(words: str) -> list[int]:
    """The numbers, each once and in order. Raises ValidationError."""
    found: set[int] = set()
    tidy = re.sub(r"\s*[-–~—～]\s*", "-", words.strip())
    for part in filter(None, _SPLIT.split(tidy)):
        match = _PART.fullmatch(part)
        if match is None:
            raise forms.ValidationError(
                _("“%(part)s” is no number. Write for example 1-12, 15, 20.") % {"part": part[:20]}
            )
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first or last - first > MOST:
            raise forms.ValidationError(_("“%(part)s” does not go upwards.") % {"part": part[:20]})
        found.update(range(first, last + 1))
    return sorted(found)


def parse_pairs(words: str) -> dict[int, int]:
    """ "7=3, 9=3": number 3 speaks for 7 and 9. Raises ValidationError."""
    found: dict[int, int] = {}
    tidy = re.sub(r"\s*[=＝:：]\s*", "=", words.strip())
    for part in filter(None, _SPLIT.split(tidy)):
        absent, sign, carrier = part.partition("=")
        if not (sign and absent.isdigit() and carrier.isdigit()) or int(absent) in found:
            raise forms.ValidationError(
                _("“%(part)s” is not clear. Write for example 7=3 when number 3 speaks for 7.")
                % {"part": part[:20]}
            )
        found[int(absent)] = int(carrier)
    return found


class PairsField(forms.CharField):
    """Who speaks for whom, by the numbers of the roll."""

    def clean(self, value: Any) -> dict[int, int]:
        return parse_pairs(super().clean(value))


def words(rows: int = 4) -> forms.Textarea:
    """A box for several lines."""
    return forms.Textarea(attrs={"rows": rows})
