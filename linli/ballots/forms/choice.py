"""The voting paper as a form: radio buttons, ticks, or a number for each option."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.ballots import words
from linli.ballots.counting.choices import APPROVAL, BUDGET, RANKED
from linli.ballots.models import Ballot
from linli.ballots.receipts import LONGEST_WORD

ABSTAIN = "-"


class ChoiceForm(forms.Form):
    """After is_valid, `chosen` is the choice and `own_word` the voter's word."""

    own_word = forms.CharField(
        label=gettext_lazy("Your own word"),
        help_text=gettext_lazy(
            "Any letters or digits. It makes your receipt different from everybody else's, "
            "and the server does not choose it."
        ),
        max_length=LONGEST_WORD,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-own-word": ""}),
    )

    def __init__(self, *args: Any, ballot: Ballot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ballot = ballot
        names = [(one["id"], _named(ballot, one)) for one in ballot.options]
        if ballot.rule == RANKED:
            self._add_places(names)
        elif ballot.rule in (APPROVAL, BUDGET):
            self.fields["choice"] = forms.MultipleChoiceField(
                label=_("Your choice"), choices=names, required=False,
                widget=forms.CheckboxSelectMultiple, help_text=words.how(ballot),
            )  # fmt: skip
        else:
            self.fields["choice"] = forms.ChoiceField(
                label=_("Your choice"), choices=[*names, (ABSTAIN, _("I abstain"))],
                widget=forms.RadioSelect, help_text=words.how(ballot),
                error_messages={"required": _("Choose one, or abstain.")},
            )  # fmt: skip

    def _add_places(self, names: list[tuple[str, str]]) -> None:
        places = [("", _("no number"))] + [(str(n), str(n)) for n in range(1, len(names) + 1)]
        for name, text in names:
            self.fields[f"place-{name}"] = forms.ChoiceField(
                label=text, choices=places, required=False
            )

    @property
    def places(self) -> list[forms.BoundField]:
        """The numbers of a ranking, in the order of the paper."""
        return [self[name] for name in self.fields if name.startswith("place-")]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.ballot.rule != RANKED:
            marked = said.get("choice")
            marks = [marked] if isinstance(marked, str) else list(marked or [])
            self.chosen = [one for one in marks if one != ABSTAIN]
            return said
        numbered = [
            (int(said[f"place-{one['id']}"]), one["id"])
            for one in self.ballot.options
            if said.get(f"place-{one['id']}")
        ]
        if len({number for number, _name in numbered}) < len(numbered):
            raise forms.ValidationError(_("Two options have the same number. Give each its own."))
        self.chosen = [name for _number, name in sorted(numbered)]
        return said


def _named(ballot: Ballot, one: dict[str, Any]) -> str:
    text = words.option(ballot, one["id"])
    if one["cost"] is None:
        return text
    return _("%(name)s · %(cost)s yuan") % {"name": text, "cost": f"{one['cost']:,}"}
