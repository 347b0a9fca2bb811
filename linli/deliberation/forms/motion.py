"""Bringing a motion, supporting it, objecting, rating."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli import playbook
from linli.deliberation.forms.fields import MoneyField, words
from linli.deliberation.models import Choice
from linli.places.models import Place
from linli.places.search import search
from linli.playbook.base import LEVEL_OF_PLACE
from linli.playbook.procedure import Procedure
from linli.web.language import lang


class ProposeForm(forms.Form):
    """What somebody proposes, where, and by which procedure."""

    procedure = forms.ChoiceField(
        label=gettext_lazy("How should it be decided?"), widget=forms.RadioSelect
    )
    where = forms.CharField(
        label=gettext_lazy("Which village or community?"), max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    title = forms.CharField(label=gettext_lazy("In a few words"), max_length=80)
    text = forms.CharField(
        label=gettext_lazy("What do you propose, and why?"), max_length=4000, widget=words(6),
        help_text=gettext_lazy("Everybody reads this: no names and no telephone numbers."),
    )  # fmt: skip
    cost = MoneyField(label=gettext_lazy("About how many yuan would it cost?"), required=False)
    options = forms.CharField(
        label=gettext_lazy("If there are several ways, one on each line"), required=False,
        max_length=1500, widget=words(3),
        help_text=gettext_lazy("Leave it empty for a yes or no."),
    )  # fmt: skip
    persons = forms.BooleanField(
        label=gettext_lazy("It decides about named people, so hands must not be shown"),
        required=False,
    )

    def __init__(self, *args: Any, rules: list[Procedure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["procedure"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(rule.id, rule.name.text(lang())) for rule in rules]
        self.rules = {rule.id: rule for rule in rules}

    @property
    def notes(self) -> dict[str, str]:
        """What each procedure is for."""
        return {rule.id: rule.summary.text(lang()) for rule in self.rules.values()}

    def clean_where(self) -> Place:
        """The place: by code where a page led here, else the likeliest of that name."""
        typed = self.cleaned_data["where"].strip()
        exact = Place.objects.current().light().filter(code=typed).first()
        place = exact or next(iter(search(typed, 1, smaller=False)), None)
        if place is None:
            raise forms.ValidationError(_("We know no place of that name."))
        return place

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        place, rule = said.get("where"), self.rules.get(said.get("procedure", ""))
        if place and rule and LEVEL_OF_PLACE.get(place.kind) != rule.at:
            self.add_error(
                "where", _("“%(name)s” is not for such a place.") % {"name": rule.name.text(lang())}
            )
        lines = [line.strip() for line in said.get("options", "").splitlines() if line.strip()]
        said["options"] = lines
        said["choice"] = Choice.SINGLE if lines else Choice.YES_NO
        return said


def rules_for(*, staff: bool) -> list[Procedure]:
    """The procedures in which a resident, or a body, can propose."""
    every = playbook.current().procedures.values()
    return [rule for rule in every if staff or "resident" in rule.proposes]


class WordsForm(forms.Form):
    """One box of words; the label says what for."""

    words = forms.CharField(max_length=1000, widget=words(3))

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["words"].label = label
