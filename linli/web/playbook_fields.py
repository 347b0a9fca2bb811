"""Form fields from the playbook's fields: a new kind or step gets its form without new code."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from linli.playbook.schema import Field
from linli.web.language import lang
from linli.web.widgets import DayInput

PREFIX = "f-"


def form_fields(fields: Iterable[Field]) -> dict[str, forms.Field]:
    """One form field for each playbook field, by its name with `PREFIX`. Photos are not among them."""
    return {PREFIX + f.id: _field(f) for f in fields if f.type != "photo"}


def values_of(fields: Iterable[Field], cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """The cleaned values by playbook id, as plain JSON values."""
    values: dict[str, Any] = {}
    for f in fields:
        value = cleaned.get(PREFIX + f.id)
        if value in (None, "", []):
            continue
        if f.type == "date":
            value = value.isoformat()
        elif f.type == "money":
            value = str(value)
        values[f.id] = value
    return values


class ItemsField(forms.CharField):
    """Several things, one on each line (documents handed over, goods given)."""

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        return [line.strip()[:80] for line in str(value or "").splitlines() if line.strip()][:30]

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        return


def _field(f: Field) -> forms.Field:
    label = f.name.text(lang())
    help_text = f.help.text(lang()) if f.help else ""
    common: dict[str, Any] = {"label": label, "help_text": help_text, "required": f.required}
    match f.type:
        case "date":
            return forms.DateField(widget=DayInput(), **common)
        case "choice":
            choices = [(c.id, c.name.text(lang())) for c in f.choices]
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
        case "items":
            common["help_text"] = help_text or _("One on each line.")
            return ItemsField(widget=forms.Textarea(attrs={"rows": 4}), **common)
        case "tick":
            return forms.BooleanField(**common)
        case "count":
            return forms.IntegerField(
                min_value=0, max_value=100_000,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}), **common,
            )  # fmt: skip
        case "money":
            return forms.DecimalField(min_value=0, max_digits=10, decimal_places=2, **common)
        case _:
            rows = 2 if f.max_length > 120 else 0
            widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
            return forms.CharField(max_length=f.max_length, widget=widget, **common)
