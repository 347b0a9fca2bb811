"""Forms of the polling desk: how many are printed, who is given one, what was counted, opening."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.ballots import words
from linli.ballots.actions.open import OptionSpec, Voter
from linli.ballots.actions.tally import Figures
from linli.ballots.counting.choices import APPROVAL, BUDGET, RANKED, YES_NO
from linli.ballots.models import Ballot, Rule, Secrecy
from linli.lib import clock
from linli.web.widgets import DayInput

MOST_LINES = 24


class PrintForm(forms.Form):
    n = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=5000)


class HandOutForm(forms.Form):
    number = forms.IntegerField(
        label=gettext_lazy("Number on the roll"),
        min_value=1,
        widget=forms.NumberInput(attrs={"class": "short", "autocomplete": "off"}),
    )
    what = forms.ChoiceField(
        label=gettext_lazy("Given out"),
        choices=[
            ("paper", gettext_lazy("a voting paper")),
            ("code", gettext_lazy("a one-time code")),
        ],
    )


class CountForm(forms.Form):
    """Figures of one counter. A ranking or several ticks are counted line by line."""

    spoilt = forms.IntegerField(label=gettext_lazy("Spoilt"), min_value=0, initial=0)
    unused = forms.IntegerField(label=gettext_lazy("Unused"), min_value=0, initial=0)
    note = forms.CharField(
        label=gettext_lazy("Where a difference comes from"),
        help_text=gettext_lazy("Only if printed is not valid + spoilt + unused. It is published."),
        max_length=300,
        required=False,
    )

    def __init__(self, *args: Any, ballot: Ballot, what: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ballot, self.by_line = ballot, ballot.rule in (APPROVAL, RANKED, BUDGET)
        if what == "hands":
            for name in ("spoilt", "unused", "note"):
                del self.fields[name]
        if self.by_line:
            self.fields["lines"] = forms.CharField(
                label=_("Papers"), widget=forms.Textarea(attrs={"rows": 8}), required=False,
                help_text=_("A line for each kind of paper: how many, then the numbers of the "
                            "options as they are marked, e.g. “12: 2 1”. Nothing marked: “3:”."),
            )  # fmt: skip
        else:
            for one in [*ballot.options, None]:
                self.fields[f"n-{one['id'] if one else ''}"] = forms.IntegerField(
                    label=words.option(ballot, one["id"]) if one else _("Abstentions"),
                    min_value=0, initial=0,
                )  # fmt: skip
        self.order_fields([name for name in self.fields if name.startswith(("n-", "lines"))])

    def clean_lines(self) -> dict[tuple[str, ...], int]:
        found: dict[tuple[str, ...], int] = {}
        for row in self.cleaned_data["lines"].splitlines():
            if not row.strip():
                continue
            n, _colon, marks = row.replace("：", ":").partition(":")
            try:
                chosen = tuple(self.ballot.options[int(m) - 1]["id"] for m in marks.split())
                if any(int(m) < 1 for m in marks.split()):
                    raise IndexError
                found[chosen] = found.get(chosen, 0) + int(n)
            except (ValueError, IndexError):
                said = _("“%(line)s” is not understood. Write it like “12: 2 1”.")
                raise forms.ValidationError(said % {"line": row[:40]}) from None
        return found

    @property
    def figures(self) -> Figures:
        """What was counted; only after is_valid."""
        said = self.cleaned_data
        if self.by_line:
            votes = said["lines"]
        else:
            votes = {
                (name.removeprefix("n-"),) if name != "n-" else (): n
                for name, n in said.items() if name.startswith("n-") and n
            }  # fmt: skip
        return Figures(votes, said.get("spoilt") or 0, said.get("unused") or 0)


class OpenForm(forms.Form):
    """A ballot of one's own body, on paper, with codes or by hands. Motions open theirs themselves."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    question = forms.CharField(
        label=gettext_lazy("Question"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    rule = forms.ChoiceField(label=gettext_lazy("How people choose"), choices=Rule.choices)
    options = forms.CharField(
        label=gettext_lazy("Options"),
        help_text=gettext_lazy(
            "One a line; for a budget with its cost in yuan behind a bar: “Lamps | 30000”. "
            "Leave it empty for “for or against”."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    budget = forms.IntegerField(
        label=gettext_lazy("Money to share out, in yuan"), min_value=1, required=False
    )
    secrecy = forms.ChoiceField(
        label=gettext_lazy("Secret, or by hands"),
        choices=[(one.value, one.label) for one in (Secrecy.SECRET, Secrecy.HANDS)],
    )
    closes_on = forms.DateField(
        label=gettext_lazy("Last day, until 18:00"),
        widget=DayInput(),
    )
    roll = forms.CharField(
        label=gettext_lazy("Roll"),
        help_text=gettext_lazy(
            "One voter a line, as your list calls them. It is frozen with the ballot, shown to "
            "nobody in public, and deleted 30 days after the count."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        self.roll_lines = [row.strip() for row in said.get("roll", "").splitlines() if row.strip()]
        self.specs = []
        for number, row in enumerate(said.get("options", "").splitlines(), start=1):
            text, bar, cost = row.replace("｜", "|").partition("|")
            if not text.strip():
                continue
            if bar and not cost.strip().isdecimal():
                raise forms.ValidationError(_("The cost of “%(name)s” is no whole number.")
                                            % {"name": text.strip()[:40]})  # fmt: skip
            self.specs.append(OptionSpec(f"o{number}", text.strip(), int(cost) if bar else None))
        if said.get("rule") != YES_NO and len(self.specs) > MOST_LINES:
            raise forms.ValidationError(_("These are too many options for one paper."))
        return said

    @property
    def wanted(self) -> dict[str, Any]:
        """What open_ballot takes; only after is_valid."""
        said = self.cleaned_data
        hands = said["secrecy"] == Secrecy.HANDS
        closes = datetime.combine(said["closes_on"], time(18), clock.LOCAL)
        return {
            "title": said["title"], "question": said["question"], "rule": said["rule"],
            "options": [] if said["rule"] == YES_NO else self.specs, "budget": said["budget"],
            "secrecy": said["secrecy"], "channels": {"meeting"} if hands else {"kiosk", "paper"},
            "opens_at": clock.now(), "closes_at": closes,
            "roll": [Voter(row[:80]) for row in self.roll_lines],
        }  # fmt: skip
