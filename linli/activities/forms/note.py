"""How it went, what was said, and a matter that came of it."""

import uuid
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli import playbook
from linli.activities.notes import CONSENT
from linli.people.contact import normal_phone
from linli.playbook.schema import ActivityKind, CaseKind
from linli.web.language import lang
from linli.web.playbook_fields import PREFIX, form_fields, values_of
from linli.web.widgets import DayInput


class NoteForm(forms.Form):
    """The outcome and the fields of the kind; what is required is asked only where it was held."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label=gettext_lazy("How did it go?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, rule: ActivityKind, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"client_id": uuid.uuid4()})
        super().__init__(*args, **kwargs)
        self.rule = rule
        outcome = self.fields["outcome"]
        assert isinstance(outcome, forms.ChoiceField)
        outcome.choices = [(row.id, row.name.text(lang())) for row in rule.outcomes]
        if rule.consent != "none" and rule.consent_text:
            self.fields[PREFIX + CONSENT] = forms.BooleanField(
                label=rule.consent_text.text(lang()), required=False
            )
        for name, field in form_fields(rule.fields).items():
            field.required = False
            self.fields[name] = field

    @property
    def noted(self) -> dict[str, Any]:
        """The values by field, once the form is valid."""
        values = values_of(self.rule.fields, self.cleaned_data)
        if self.cleaned_data.get(PREFIX + CONSENT):
            values[CONSENT] = True
        return values


class MatterForm(forms.Form):
    """What somebody said, as it becomes a case; who says it may leave a name and a number."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    category = forms.ChoiceField(label=gettext_lazy("Which of these fits best?"))
    consent = forms.BooleanField(required=False)
    name = forms.CharField(
        label=gettext_lazy("What they want to be called"), required=False, max_length=40
    )
    phone = forms.CharField(
        label=gettext_lazy("A phone number, if they want an answer by message"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )

    def __init__(self, *args: Any, rule: CaseKind, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"client_id": uuid.uuid4()})
        super().__init__(*args, **kwargs)
        self.rule = rule
        self.fields["text"].label = rule.prompt.text(lang())
        category = self.fields["category"]
        assert isinstance(category, forms.ChoiceField)
        category.choices = [("", _("choose")), *topics(rule)]
        if rule.consent:
            self.fields["consent"].label = rule.consent.text(lang())
            self.fields["consent"].required = True
        else:
            del self.fields["consent"]
        if rule.identity == "none":
            del self.fields["name"], self.fields["phone"]
        self.fields.update(form_fields(rule.fields))

    def clean_phone(self) -> str:
        words = self.cleaned_data["phone"].strip()
        if not words:
            return ""
        number = normal_phone(words)
        if not number:
            raise forms.ValidationError(_("That is no telephone number."))
        return str(number)


def topics(rule: CaseKind) -> list[tuple[str, str]]:
    """The topics that a kind of case may have, by id and name."""
    rows = playbook.current().county.categories
    return [(row.id, row.name.text(lang())) for row in rows if rule.takes(row.id)]


class HomeForm(forms.Form):
    """A household agrees to be visited."""

    label = forms.CharField(
        label=gettext_lazy("What the household wants to be called"), max_length=12,
        help_text=gettext_lazy("A surname is enough. It is sealed; only who visits reads it."),
    )  # fmt: skip
    way = forms.CharField(
        label=gettext_lazy("How to find it"), max_length=60, required=False,
        help_text=gettext_lazy("For example: the third house after the bridge. No door number."),
    )  # fmt: skip
    consent = forms.BooleanField()

    def __init__(self, *args: Any, rule: ActivityKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = rule.consent_text
        self.fields["consent"].label = words.text(lang()) if words else _("They agree.")


class SheetForm(forms.Form):
    """One page that came in."""

    number = forms.IntegerField(
        label=gettext_lazy("Number of the page"), min_value=1, max_value=9999
    )
    week = forms.DateField(
        label=gettext_lazy("Week in which it was written"),
        help_text=gettext_lazy("Any day of that week; nothing nearer is kept."),
        widget=DayInput(),
    )
    place = forms.ChoiceField(label=gettext_lazy("Where is it from?"))
    photo = forms.FileField(label=gettext_lazy("A photo of the page"), required=False)

    def clean_week(self) -> date:
        week: date = self.cleaned_data["week"]
        return week


class LinesForm(forms.Form):
    lines = forms.CharField(
        label=gettext_lazy("What stands on the page"), required=False, max_length=20_000,
        help_text=gettext_lazy("One line for each line of the page. Leave out names and numbers of people."),
        widget=forms.Textarea(attrs={"rows": 10}),
    )  # fmt: skip

    @property
    def said(self) -> list[str]:
        """The lines, once the form is valid."""
        return str(self.cleaned_data["lines"]).splitlines()
