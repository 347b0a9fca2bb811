"""What a guardian writes, what the desk writes, and what is chosen at the door."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.clubs.models import PickUp
from linli.lib import clock
from linli.web.widgets import DayInput


class ApplyForm(forms.Form):
    """A guardian asks for a place; nothing is asked that the door does not need."""

    name = forms.CharField(
        label=gettext_lazy("The child's name"), max_length=60,
        help_text=gettext_lazy("It is encrypted. On lists the child is a number."),
    )  # fmt: skip
    age = forms.IntegerField(
        label=gettext_lazy("How old is the child?"), min_value=0, max_value=17,
        help_text=gettext_lazy("It is looked at now and not kept."),
    )  # fmt: skip
    notes = forms.CharField(
        label=gettext_lazy("What should be looked out for? (an allergy, for example)"),
        max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    own_name = forms.CharField(
        label=gettext_lazy("Your own name, as the first who may fetch the child"), max_length=60
    )
    consent = forms.BooleanField(
        label=gettext_lazy("I have read this and agree to it."),
        error_messages={"required": gettext_lazy("Without your consent no child can come.")},
    )
    version = forms.CharField(widget=forms.HiddenInput, max_length=10)


class PickUpForm(forms.Form):
    """One more adult who may fetch the child."""

    relation = forms.ChoiceField(
        label=gettext_lazy("Who is it to the child?"), choices=PickUp.Relation.choices
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60,
                           help_text=gettext_lazy("It is encrypted."))  # fmt: skip


class ReasonForm(forms.Form):
    """Why; whom it concerns reads it."""

    reason = forms.CharField(label=gettext_lazy("Why?"), max_length=300)


class OpenForm(forms.Form):
    """The door opens: who is there, and until when."""

    helpers = forms.MultipleChoiceField(
        label=gettext_lazy("Which adults are there?"), widget=forms.CheckboxSelectMultiple
    )
    until = forms.TimeField(
        label=gettext_lazy("Until when, today?"), widget=forms.TimeInput(attrs={"type": "time"})
    )

    def __init__(self, data: Any, adults: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["helpers"].choices = adults  # type: ignore[attr-defined]

    @property
    def ends_at(self) -> datetime:
        """Until when; only of a valid form."""
        hour: time = self.cleaned_data["until"]
        return datetime.combine(clock.today(), hour, clock.LOCAL)


class HandOverForm(forms.Form):
    """The adult at the door, chosen from the child's own list."""

    adult = forms.ChoiceField(
        label=gettext_lazy("Who fetches the child?"), widget=forms.RadioSelect
    )

    def __init__(self, data: Any, adults: list[tuple[str, str]]) -> None:
        super().__init__(data)
        field = self.fields["adult"]
        field.choices = adults  # type: ignore[attr-defined]
        field.error_messages["required"] = _("Choose the adult who stands before you.")


class IncidentForm(forms.Form):
    """What happened, for the guardian."""

    text = forms.CharField(
        label=gettext_lazy("What happened, and what was done?"), max_length=2000,
        help_text=gettext_lazy("It is encrypted, and the guardian is told to read it."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip


class HelperForm(forms.Form):
    """An adult with a checked record, by the number they sign in with."""

    person = forms.CharField(label=gettext_lazy("Telephone number"), max_length=20)
    checked_on = forms.DateField(
        label=gettext_lazy("On which day was their record asked for?"), widget=DayInput,
        help_text=gettext_lazy("The law asks for it before they begin, and every year."),
    )  # fmt: skip


class ClubForm(forms.Form):
    """A new club at one of the body's own facilities."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of club"))
    facility = forms.ChoiceField(label=gettext_lazy("At which place?"))
    name = forms.CharField(label=gettext_lazy("Name of the club"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("English name"), max_length=120, required=False)
    places = forms.IntegerField(label=gettext_lazy("How many places?"), min_value=1, max_value=500)

    def __init__(
        self, data: Any, kinds: list[tuple[str, str]], facilities: list[tuple[str, str]]
    ) -> None:  # fmt: skip
        super().__init__(data)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["facility"].choices = facilities  # type: ignore[attr-defined]


class PlacesForm(forms.Form):
    """More places, or fewer."""

    places = forms.IntegerField(label=gettext_lazy("How many places?"), min_value=1, max_value=500)
