"""Controls that differ from Django's own."""

from typing import Any

from django import forms


class DayInput(forms.DateInput):
    """A browser's own field for a day.

    Such a field takes a preset day only as 2026-11-29, whatever the language writes in its texts.
    """

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")
