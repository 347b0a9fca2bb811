"""What applying needs, and what the desk writes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from linli.web.widgets import DayInput


class ApplyForm(forms.Form):
    """Who wants to come, how many, and for how many desks."""

    name = forms.CharField(label=gettext_lazy("Name of the team or firm"), max_length=60)
    field = forms.CharField(
        label=gettext_lazy("What do you work on, in a few words?"), max_length=60,
        help_text=gettext_lazy("The field only; your plans and numbers stay with you."),
    )  # fmt: skip
    people = forms.IntegerField(label=gettext_lazy("How many people?"), min_value=1, max_value=500)
    desks = forms.IntegerField(label=gettext_lazy("How many desks?"), min_value=1, max_value=500)
    named = forms.BooleanField(
        label=gettext_lazy("The name may stand on the public page"), required=False
    )


class WhyForm(forms.Form):
    """A reason that the team reads."""

    reason = forms.CharField(label=gettext_lazy("Why?"), max_length=300)


class SignForm(forms.Form):
    """A project that was signed."""

    what = forms.CharField(label=gettext_lazy("Which project, in a few words?"), max_length=80)
    day = forms.DateField(label=gettext_lazy("Signed on"), widget=DayInput)


class DayForm(forms.Form):
    """The day on which a project went on."""

    day = forms.DateField(label=gettext_lazy("Since which day?"), widget=DayInput)


class UseForm(forms.Form):
    """How often a service was used in the month of a day."""

    service = forms.ChoiceField(label=gettext_lazy("Service"))
    day = forms.DateField(label=gettext_lazy("A day of the month"), widget=DayInput)
    times = forms.IntegerField(
        label=gettext_lazy("How many times?"), min_value=0, max_value=100_000
    )

    def __init__(self, *args: Any, services: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["service"].choices = services  # type: ignore[attr-defined]
