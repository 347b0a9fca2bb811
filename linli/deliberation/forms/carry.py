"""What staff write while a motion goes through its stages."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from linli.deliberation.forms.fields import TIME, MoneyField, NumbersField, PairsField, words
from linli.deliberation.models import Motion, Objection
from linli.deliberation.words import SECRECIES
from linli.lib import clock
from linli.people.models import Organisation
from linli.playbook.procedure import Stage
from linli.web.language import lang
from linli.web.widgets import DayInput


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=DayInput())


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why, and who it could be brought to? Everybody reads this."),
        max_length=400, widget=words(2),
    )  # fmt: skip


class DraftForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("The draft, as it will be voted on"), max_length=8000, widget=words(8)
    )
    cost = MoneyField(label=gettext_lazy("What it costs, in yuan"), required=False)


class PublishForm(forms.Form):
    spot = forms.CharField(label=gettext_lazy("Where is the board?"), max_length=80, required=False)


class ProofForm(forms.Form):
    photo = forms.FileField(label=gettext_lazy("Photo of the board with the notice on it"))
    day = _day(gettext_lazy("On which day was it taken?"))


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(
        label=pgettext_lazy("item", "What comes of it?"), widget=forms.RadioSelect,
        choices=[(row.value, row.label) for row in (Objection.Outcome.KEPT,
                                                    Objection.Outcome.CHANGED)],
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("The answer; everybody reads it"), max_length=1000, widget=words(2)
    )


class CallForm(forms.Form):
    """Calling a meeting: who sits, how it votes, when and where."""

    body = forms.ChoiceField(label=gettext_lazy("Who decides?"), widget=forms.RadioSelect)
    secrecy = forms.ChoiceField(label=gettext_lazy("How is it voted?"), widget=forms.RadioSelect)
    day = _day(gettext_lazy("Which day?"))
    begins = forms.TimeField(label=gettext_lazy("It begins at"), widget=forms.TimeInput(attrs=TIME))
    last_day = _day(gettext_lazy("Votes are taken until the evening of"), required=False)
    spot = forms.CharField(label=gettext_lazy("Where?"), max_length=120)
    merged = forms.BooleanField(required=False)

    def __init__(self, *args: Any, motion: Motion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stage = motion.at
        for name, choices in (
            ("body", [(body.id, body.name.text(lang())) for body in stage.bodies]),
            ("secrecy", [(way, str(SECRECIES[way])) for way in stage.votes]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
            field.initial = choices[0][0] if choices else None
        if stage.votes == ["hands"]:
            del self.fields["last_day"]
        after = _after(motion, stage)
        if after is None or after.merge is None:
            del self.fields["merged"]
        else:
            self.fields["merged"].label = _("Together with “%(stage)s”: %(when)s") % {
                "stage": after.name.text(lang()), "when": after.merge.when.text(lang())
            }  # fmt: skip

    @property
    def begins_at(self) -> datetime:
        said = self.cleaned_data
        return datetime.combine(said["day"], said["begins"], clock.LOCAL)

    @property
    def ends_at(self) -> datetime | None:
        last = self.cleaned_data.get("last_day")
        evening = datetime.strptime("20:00", "%H:%M").time()
        return datetime.combine(last, evening, clock.LOCAL) if last else None


def _after(motion: Motion, stage: Stage) -> Stage | None:
    stages = motion.rule.stages
    position = [row.id for row in stages].index(stage.id) + 1
    return stages[position] if position < len(stages) else None


class PresenceForm(forms.Form):
    present = NumbersField(
        label=gettext_lazy("Who is there? The numbers of the roll"), max_length=20000,
        widget=words(2),
        help_text=gettext_lazy(
            "For example 1-12, 15, 20. Said again, it replaces what was said."
        ),
    )  # fmt: skip
    spoken_for = PairsField(
        label=gettext_lazy("Who speaks for whom?"), max_length=4000, required=False,
        help_text=gettext_lazy("For example 7=3: number 3 speaks for number 7, who is away."),
    )  # fmt: skip


class AsideForm(forms.Form):
    numbers = NumbersField(
        label=gettext_lazy("Who stands aside, because it is about themselves? Their numbers"),
        max_length=2000,
    )


class HandsForm(forms.Form):
    """What one person counted; the second person does not see it."""

    abstained = forms.IntegerField(label=gettext_lazy("Abstained"), min_value=0, initial=0)

    def __init__(self, *args: Any, motion: Motion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [(str(o["id"]), str(o["text"])) for o in motion.options] or [
            ("yes", _("For it")), ("no", _("Against it"))
        ]  # fmt: skip
        rest = self.fields.pop("abstained")
        for name, label in options:
            self.fields[f"v-{name}"] = forms.IntegerField(label=label, min_value=0)
        self.fields["abstained"] = rest
        for field in self.fields.values():
            field.widget.attrs.update({"inputmode": "numeric", "class": "short"})

    @property
    def votes(self) -> dict[str, int]:
        return {k[2:]: v for k, v in self.cleaned_data.items() if k.startswith("v-")}


class MinutesForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("The minutes"), max_length=8000, widget=words(6),
        help_text=gettext_lazy("They are public: name offices, never residents."),
    )  # fmt: skip


class TaskForm(forms.Form):
    what = forms.CharField(label=gettext_lazy("What has to be done?"), max_length=200)
    doer = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Which body does it?"), empty_label=None
    )
    due = _day(pgettext_lazy("task", "Until when?"))
    money = MoneyField(label=gettext_lazy("For how many yuan?"), required=False)

    def __init__(self, *args: Any, motion: Motion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["doer"]
        assert isinstance(field, forms.ModelChoiceField)
        codes = motion.place.codes
        field.queryset = Organisation.objects.filter(place__code__in=codes, valid_to=None).order_by(
            "-place__path", "name"
        )
        field.initial = motion.organisation_id
        field.label_from_instance = _unit_name  # type: ignore[assignment,method-assign]


def _unit_name(unit: Organisation) -> str:
    return unit.name_for(lang())


class DoneForm(forms.Form):
    evidence = forms.CharField(
        label=gettext_lazy("What shows that it is done?"), max_length=400, widget=words(2)
    )
    spent = MoneyField(label=gettext_lazy("What it cost, in yuan"), required=False)
    photo = forms.FileField(label=gettext_lazy("Photo"), required=False)


class OpinionForm(forms.Form):
    good = forms.ChoiceField(
        label=gettext_lazy("Is it done as decided?"), widget=forms.RadioSelect,
        choices=[("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))],
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("What the supervisors found; everybody reads it"), max_length=1000,
        widget=words(3),
    )  # fmt: skip
    heard = forms.IntegerField(
        label=gettext_lazy("How many residents were asked"), min_value=0, initial=0
    )
    content = forms.IntegerField(
        label=gettext_lazy("How many of them are content"), min_value=0, initial=0
    )


class ConcernForm(forms.Form):
    where = forms.ChoiceField(label=gettext_lazy("Where does it come from?"))
    group = forms.CharField(
        label=gettext_lazy("Which villagers' group?"), max_length=20, required=False
    )
    topic = forms.CharField(
        label=gettext_lazy("What is it about? Without names"), max_length=200, widget=words(2)
    )


class SortForm(forms.Form):
    route = forms.ChoiceField(label=gettext_lazy("How to go about it"))
    answer = forms.CharField(
        label=gettext_lazy("Where to go, or what the rules are"), max_length=400, required=False,
        widget=words(2),
    )  # fmt: skip


class ListForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("The whole list, as CSV or Excel"),
        help_text=gettext_lazy(
            "Columns: name; group; tags; phone. A telephone only ties the entry to an account, and "
            "is not kept."
        ),
    )
