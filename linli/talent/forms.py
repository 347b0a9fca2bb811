"""What people, bodies and offices write about a pool or a cohort."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.facilities.models import Facility
from linli.playbook.talent import CohortKind, Pool
from linli.talent.actions.cohorts import LONGEST_TOPIC, MOST_CAME
from linli.talent.actions.nominating import LONGEST as LONGEST_WORDS
from linli.talent.actions.reviewing import LONGEST, LONGEST_EVIDENCE
from linli.talent.models import Candidate
from linli.talent.models.pool import IN_POOL, REFUSED
from linli.vault.accounts import account_of
from linli.web.language import lang
from linli.web.widgets import DayInput

MOST_PLACES = 300
NO_FIGURES = gettext_lazy("No sums, sales, profit or tax: business data is not kept.")


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class PersonForm(forms.Form):
    """Somebody by the telephone of their account; the number is not kept."""

    person = forms.CharField(
        label=gettext_lazy("The telephone of their account"), max_length=30,
        help_text=gettext_lazy("The number is not kept. They say yes or no themselves."),
    )  # fmt: skip

    def clean_person(self) -> Any:
        try:
            user = account_of(self.cleaned_data["person"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        if user is None:
            raise forms.ValidationError(_("Nobody signs in with this number yet."))
        return user


class WordsForm(forms.Form):
    """Why somebody belongs in the pool."""

    words = forms.CharField(
        label=gettext_lazy("What speaks for it, by the criteria above?"), max_length=LONGEST_WORDS,
        widget=_area(), help_text=NO_FIGURES,
    )  # fmt: skip


class NominateForm(PersonForm, WordsForm):
    """A body proposes somebody."""

    field_order = ("person", "words")


class ReviewForm(forms.Form):
    """Each criterion, met or not, with what was seen."""

    free = forms.BooleanField(
        label=gettext_lazy("No kinship, debt or business ties me to this person"), required=False
    )

    def __init__(self, *args: Any, rule: Pool, **given: Any) -> None:
        super().__init__(*args, **given)
        self.rule = rule
        for one in rule.criteria:
            self.fields[f"{one.id}-met"] = forms.ChoiceField(
                label=one.name.text(lang()), widget=forms.RadioSelect,
                choices=[("yes", _("met")), ("no", _("not met"))],
            )  # fmt: skip
            self.fields[f"{one.id}-evidence"] = forms.CharField(
                label=_("What did you see? (%(name)s)") % {"name": one.name.text(lang())},
                help_text=one.evidence.text(lang()), max_length=LONGEST_EVIDENCE, widget=_area(2),
            )  # fmt: skip
        self.order_fields([*(name for name in self.fields if name != "free"), "free"])

    def answers(self) -> dict[str, tuple[bool, str]]:
        """criterion -> (met, evidence); only of a valid form."""
        said = self.cleaned_data
        return {
            one.id: (said[f"{one.id}-met"] == "yes", said[f"{one.id}-evidence"])
            for one in self.rule.criteria
        }


class DecideForm(forms.Form):
    """What is decided and why; the person reads it."""

    outcome = forms.ChoiceField(label=gettext_lazy("What is decided?"), widget=forms.RadioSelect)
    reasons = forms.CharField(
        label=gettext_lazy("Why? The person reads this"), max_length=LONGEST, widget=_area()
    )

    def __init__(self, *args: Any, candidate: Candidate, **given: Any) -> None:
        super().__init__(*args, **given)
        field = self.fields["outcome"]
        assert isinstance(field, forms.ChoiceField)
        tiers = [(tier.id, tier.name.text(lang())) for tier in candidate.rule.tiers]
        field.choices = [*tiers, (IN_POOL, _("in the pool, without a tier yet"))]
        if candidate.state != Candidate.State.POOL:
            field.choices = [*field.choices, (REFUSED, _("not taken in"))]


class AppealForm(forms.Form):
    """What the person does not agree with."""

    words = forms.CharField(
        label=gettext_lazy("What do you not agree with, and why?"), max_length=LONGEST,
        widget=_area(),
    )  # fmt: skip


class NameForm(forms.Form):
    """The name under which somebody wants to be seen."""

    name = forms.CharField(
        label=gettext_lazy("The name that everybody sees; empty for none"), max_length=40,
        required=False,
    )  # fmt: skip


class CohortForm(forms.Form):
    """A new cohort; size, length and stages are the playbook's."""

    kind = forms.ChoiceField(label=gettext_lazy("Which cohort?"))
    name = forms.CharField(label=gettext_lazy("Name of this cohort"), max_length=60)
    name_en = forms.CharField(label=gettext_lazy("English name"), max_length=80, required=False)
    apply_until = forms.DateField(label=gettext_lazy("People apply until"), widget=DayInput)
    starts_on = forms.DateField(label=gettext_lazy("It starts on"), widget=DayInput)

    def __init__(self, *args: Any, kinds: list[CohortKind], **given: Any) -> None:
        super().__init__(*args, **given)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind.id, kind.name.text(lang())) for kind in kinds]


class SessionForm(forms.Form):
    """A session: where, when, about what."""

    place = forms.ChoiceField(label=gettext_lazy("Where?"))
    on = forms.DateField(label=gettext_lazy("On which day?"), widget=DayInput)
    topic = forms.CharField(label=gettext_lazy("About what?"), max_length=LONGEST_TOPIC)

    def __init__(self, *args: Any, rule: CohortKind, **given: Any) -> None:
        super().__init__(*args, **given)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        rows = Facility.objects.running().filter(kind__in=rule.places).order_by("name")
        field.choices = [(row.code, row.name_for(lang())) for row in rows[:MOST_PLACES]]


class CountForm(forms.Form):
    """How many came to a session."""

    came = forms.IntegerField(
        label=gettext_lazy("How many came?"), min_value=0, max_value=MOST_CAME
    )
