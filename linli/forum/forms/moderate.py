"""Choosing a reason, and where a topic goes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from linli.forum.models import Reason, Verb

# Reasons that can hide or fold a floor; "settled" only closes a topic.
HARD = [choice for choice in Reason.choices if choice[0] != Reason.SETTLED]


class ReportForm(forms.Form):
    """What is wrong with a floor, as a reader sees it."""

    reason = forms.ChoiceField(
        label=gettext_lazy("What is wrong with it?"), choices=HARD, widget=forms.RadioSelect
    )


class FloorVerbForm(forms.Form):
    """Hide, fold or show a floor."""

    verb = forms.ChoiceField(choices=[(v, v) for v in (Verb.HIDE, Verb.FOLD, Verb.SHOW)])
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=HARD, required=False)


class TopicVerbForm(forms.Form):
    """Something for a whole topic; `board` and `into` only where the verb asks for them."""

    verb = forms.ChoiceField(choices=Verb.choices)
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=Reason.choices, required=False)
    board = forms.ChoiceField(label=gettext_lazy("Board"), required=False)
    into = forms.IntegerField(
        label=gettext_lazy("Number of the other topic"), min_value=1, max_value=10**15,
        required=False,
    )  # fmt: skip

    def __init__(self, *args: Any, boards: list[tuple[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["board"].choices = boards  # type: ignore[attr-defined]
