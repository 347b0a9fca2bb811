"""What a branch secretary and a member write."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.lib import clock
from linli.members.actions.core import LONGEST_NAME
from linli.people.models import Organisation, User
from linli.playbook.membership import Membership, Tier
from linli.vault.accounts import account_of
from linli.web.language import lang
from linli.web.widgets import DayInput


def day_field(label: Any) -> forms.DateField:
    """A day up to today, today by itself."""
    return forms.DateField(label=label, widget=DayInput(), initial=lambda: clock.today())


class EnterForm(forms.Form):
    """Somebody new on the roll."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_NAME)
    stage = forms.ChoiceField(label=gettext_lazy("Where do they begin?"))
    on = day_field(gettext_lazy("Since when?"))
    phone = forms.CharField(
        label=gettext_lazy("Telephone of their account"), max_length=30, required=False,
        help_text=gettext_lazy(
            "If they have one: they then see their own page. The number is not kept."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, rule: Membership, **given: Any) -> None:
        super().__init__(*args, **given)
        self.user: User | None = None
        field = self.fields["stage"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (row.id, row.name.text(lang()))
            for row in rule.stages
            if row == rule.first or row.enters
        ]

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"])
        try:
            self.user = account_of(phone)
        except ValueError as error:
            raise forms.ValidationError(_("That is no telephone number.")) from error
        if phone.strip() and self.user is None:
            raise forms.ValidationError(_("Nobody has an account with this number."))
        return phone


class PaperForm(forms.Form):
    """A paper with its day."""

    kind = forms.ChoiceField(label=gettext_lazy("Which paper?"))
    dated = day_field(gettext_lazy("Which day stands on it?"))

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = kinds


class StepForm(forms.Form):
    """A step on a day."""

    step = forms.CharField(max_length=40, widget=forms.HiddenInput)
    on = day_field(gettext_lazy("On which day?"))


class ReasonForm(forms.Form):
    """Why a name is opened."""

    reason = forms.CharField(
        label=gettext_lazy("Why do you need the names?"), max_length=200,
        help_text=gettext_lazy("Each of them sees that you looked, and why."),
    )  # fmt: skip


class WordsForm(forms.Form):
    """A reply, an appeal, or the reasons for a decision."""

    words = forms.CharField(
        label=gettext_lazy("In your own words"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip


class NoticeForm(forms.Form):
    """The notice of a step against somebody."""

    step = forms.ChoiceField(label=gettext_lazy("Which step?"), widget=forms.RadioSelect)
    ground = forms.ChoiceField(label=gettext_lazy("On which ground of the rules?"),
                               widget=forms.RadioSelect)  # fmt: skip
    evidence = forms.CharField(
        label=gettext_lazy("The evidence: what happened, when, and how it is known"),
        max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip

    def __init__(self, *args: Any, rule: Membership, steps: list[tuple[str, str]],
                 **given: Any) -> None:  # fmt: skip
        super().__init__(*args, **given)
        grounds = [(row.id, row.name.text(lang())) for row in rule.grounds]
        for name, choices in (("step", steps), ("ground", grounds)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        if len(steps) == 1:
            self.fields["step"].initial = steps[0][0]


class DecisionForm(forms.Form):
    """Yes or no to a step against somebody, with the reason."""

    upheld = forms.ChoiceField(
        label=gettext_lazy("What is decided?"), widget=forms.RadioSelect,
        choices=[("yes", gettext_lazy("The step is right")), ("no", gettext_lazy("It is dropped"))],
    )  # fmt: skip
    why = forms.CharField(
        label=gettext_lazy("Why? The person reads this"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    @property
    def is_upheld(self) -> bool:
        return bool(self.cleaned_data["upheld"] == "yes")


class CountForm(forms.Form):
    """A head count: from the roll, or a number that the body declares."""

    declared = forms.IntegerField(
        label=gettext_lazy("Full members, if the roll is not kept here"), min_value=0,
        required=False,
        help_text=gettext_lazy("Left empty, the roll is counted. A typed number is marked so."),
    )  # fmt: skip
    on = day_field(gettext_lazy("As of which day?"))


class TierForm(forms.Form):
    """The form of a body, with the reason where its size asks for another."""

    tier = forms.ChoiceField(label=gettext_lazy("Which form?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Why another than the size asks for? Everybody reads this"),
        max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    until = forms.DateField(
        label=gettext_lazy("Until when does the exception hold?"), required=False, widget=DayInput()
    )

    def __init__(self, *args: Any, rule: Membership, right: Tier | None, **given: Any) -> None:
        super().__init__(*args, **given)
        field = self.fields["tier"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(tier.id, tier.name.text(lang())) for tier in rule.tiers]
        field.initial = right.id if right else None


class ListForm(forms.Form):
    """A list of people as a file."""

    file = forms.FileField(
        label=gettext_lazy("The list: Excel or CSV"),
        help_text=gettext_lazy(
            "Columns: 姓名 (name), 阶段 (stage), 日期 (since), 手机 (phone of their account). "
            "Identity numbers are refused."
        ),
    )  # fmt: skip


class RegroupForm(forms.Form):
    """Bodies that end, and what comes after them."""

    before = forms.MultipleChoiceField(
        label=gettext_lazy("Which bodies end?"), widget=forms.CheckboxSelectMultiple
    )
    after = forms.MultipleChoiceField(
        label=gettext_lazy("Which of those that are there come after them?"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    names = forms.CharField(
        label=gettext_lazy("New bodies, one a line"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    on = day_field(gettext_lazy("From which day?"))

    def __init__(self, *args: Any, bodies: list[Organisation], **given: Any) -> None:
        super().__init__(*args, **given)
        choices = [(str(row.pk), row.name_for(lang())) for row in bodies]
        for name in ("before", "after"):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = choices
