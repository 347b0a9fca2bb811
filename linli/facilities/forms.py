"""What a booking needs, and what the desk writes."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from linli.lib import clock
from linli.web.widgets import DayInput


class BookForm(forms.Form):
    """One time in one room."""

    day = forms.DateField(label=gettext_lazy("On which day?"), widget=DayInput)
    begin = forms.TimeField(
        label=gettext_lazy("From"), widget=forms.TimeInput(attrs={"type": "time", "step": 900})
    )
    end = forms.TimeField(
        label=gettext_lazy("Until"), widget=forms.TimeInput(attrs={"type": "time", "step": 900})
    )
    people = forms.IntegerField(label=gettext_lazy("How many people?"), min_value=1, max_value=5000)
    purpose = forms.CharField(
        label=gettext_lazy("What would you like to learn?"), max_length=80, required=False
    )
    weeks = forms.IntegerField(
        label=gettext_lazy("For how many weeks, at the same hour?"), min_value=1, max_value=26,
        required=False, initial=1,
    )  # fmt: skip

    def __init__(self, *args: Any, purpose: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["purpose"].required = purpose

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("begin") and said.get("end") and said["end"] <= said["begin"]:
            self.add_error("end", gettext_lazy("It must end after it begins."))
        return said

    @property
    def times(self) -> tuple[datetime, datetime]:
        """From when until when; only of a valid form."""
        said = self.cleaned_data
        return _at(said["day"], said["begin"]), _at(said["day"], said["end"])


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, clock.LOCAL)


class ReasonForm(forms.Form):
    """Why somebody else's booking is cancelled; they read it."""

    reason = forms.CharField(label=gettext_lazy("Why?"), max_length=200)


class HoursForm(forms.Form):
    """Opening hours as OpenStreetMap writes them."""

    hours = forms.CharField(
        label=gettext_lazy("Opening hours"), max_length=400,
        help_text=gettext_lazy("For example: Mo-Fr 08:30-17:30; Sa 09:00-12:00; PH off"),
    )  # fmt: skip


class CardForm(forms.Form):
    """Who gets a meal card, by the number they sign in with, and at which price."""

    person = forms.CharField(label=gettext_lazy("Telephone number"), max_length=20)
    price = forms.ChoiceField(label=gettext_lazy("Class of price"))

    def __init__(self, data: Any, prices: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["price"].choices = prices  # type: ignore[attr-defined]
