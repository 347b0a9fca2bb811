"""A browser shows the day that a form presets, whatever the language."""

from datetime import date

import pytest
from django import forms
from django.utils import translation

from linli.web.widgets import DayInput


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_preset_day_is_written_as_browsers_read_it(language):
    class Visit(forms.Form):
        day = forms.DateField(widget=DayInput(attrs={"class": "short"}))

    with translation.override(language):
        shown = str(Visit(initial={"day": date(2026, 11, 9)}))
        assert 'value="2026-11-09"' in shown
        assert 'type="date"' in shown
        assert 'class="short"' in shown
        said = Visit({"day": "2026-11-09"})
        assert said.is_valid()
        assert said.cleaned_data["day"] == date(2026, 11, 9)
