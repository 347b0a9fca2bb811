"""Planning something, moving it, cancelling it."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.activities.actions.planning import length_of
from linli.lib import clock, ids
from linli.people.models import Organisation
from linli.places.models import Place, PlaceQuerySet
from linli.places.search import search
from linli.playbook.base import LEVEL_OF_PLACE
from linli.playbook.schema import ActivityKind
from linli.web.language import lang
from linli.web.widgets import DayInput

FEW: Final = 80  # places that still fit a list to choose from
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
REPEATS: Final = {
    "": gettext_lazy("once"),
    "week": gettext_lazy("every week"),
    "fortnight": gettext_lazy("every two weeks"),
    "month": gettext_lazy("every month, on the same weekday"),
    "quarter": gettext_lazy("every three months, on the same weekday"),
}
DAYS: Final = {
    "any": gettext_lazy("as it falls"),
    "workday": gettext_lazy("only on working days; on holidays it is left out"),
    "next-workday": gettext_lazy("on a holiday it moves to the next working day"),
    "restday": gettext_lazy("only on days of rest; on make-up working days it is left out"),
    "next-restday": gettext_lazy("on a make-up working day it moves to the next day of rest"),
}


class WhenForm(forms.Form):
    """A day and a time."""

    day = forms.DateField(
        label=gettext_lazy("Which day?"),
        widget=DayInput(),
    )
    begins = forms.TimeField(
        label=gettext_lazy("It begins at"), widget=forms.TimeInput(attrs={"type": "time"})
    )

    @property
    def starts_at(self) -> datetime:
        """The moment, once the form is valid."""
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["begins"], clock.LOCAL)


class MoveForm(WhenForm):
    reason = forms.CharField(
        label=gettext_lazy("Why is it moved? Everybody reads this."), max_length=200
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why is it cancelled? Everybody reads this."), max_length=200
    )


class PlanForm(WhenForm):
    """One occurrence, or a series of them, of one kind for one body."""

    where = forms.CharField(label=gettext_lazy("Where?"), max_length=80)
    spot = forms.CharField(
        label=gettext_lazy("Where exactly?"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("For example: the square in front of the village hall."),
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("How many minutes?"), min_value=10, max_value=1440
    )
    title = forms.CharField(label=gettext_lazy("A title of its own"), required=False, max_length=80)
    note = forms.CharField(
        label=gettext_lazy("What people should know"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    repeat = forms.ChoiceField(
        label=gettext_lazy("How often?"), choices=list(REPEATS.items()), required=False
    )
    days = forms.ChoiceField(
        label=gettext_lazy("And holidays?"), choices=list(DAYS.items()), required=False
    )
    last_on = forms.DateField(
        label=gettext_lazy("Until when?"),
        required=False,
        widget=DayInput(),
    )
    turns = forms.CharField(
        label=gettext_lazy("Places in turn"),
        required=False,
        help_text=gettext_lazy("One on each line: it goes to the next one each time."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    case_number = forms.CharField(
        label=gettext_lazy("For which matter?"), required=False, max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip

    def __init__(
        self, *args: Any, rule: ActivityKind, organisation: Organisation, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rule, self.organisation = rule, organisation
        self.places = list(_places(rule, organisation)[: FEW + 1])
        if len(self.places) <= FEW:
            options = [(place.code, place.name_for(lang())) for place in self.places]
            self.fields["where"] = forms.ChoiceField(
                label=_("Where?"), choices=[("", "—"), *options] if len(options) > 1 else options
            )
        for role in rule.roles:
            self.fields[f"seats-{role.id}"] = forms.IntegerField(
                label=_("%(role)s: how many?") % {"role": role.name.text(lang())},
                min_value=1, max_value=500, initial=role.seats,
            )  # fmt: skip
        self.fields["minutes"].initial = int(length_of(rule.lasts).total_seconds() // 60)
        self.fields["days"].initial = rule.days
        self.fields["begins"].initial = time(9, 0)
        if not rule.answers:
            del self.fields["case_number"]
        if rule.stops == "homes":
            for name in ("repeat", "days", "last_on", "turns"):
                del self.fields[name]

    def clean_where(self) -> Place:
        return self._find(self.cleaned_data["where"])

    def clean_turns(self) -> list[Place]:
        return [
            self._find(line) for line in self.cleaned_data["turns"].splitlines() if line.strip()
        ]

    def clean_case_number(self) -> str:
        words = self.cleaned_data["case_number"]
        if not words:
            return ""
        try:
            return ids.parse_number(words)
        except ValueError:
            raise forms.ValidationError(
                _("A digit is wrong or missing in that number. Please look again.")
            ) from None

    def _find(self, words: str) -> Place:
        """The place meant, of the right level and within the body's own ground."""
        words = words.strip()
        own = _places(self.rule, self.organisation)
        exact = own.filter(code=words).first() or own.filter(name=words).first()
        if exact is not None:
            return exact
        root = self.organisation.place.path
        found = [
            place for place in search(words, 20)
            if LEVEL_OF_PLACE[place.kind] == self.rule.at and place.path.startswith(root)
        ]  # fmt: skip
        if len(found) == 1:
            return found[0]
        if found:
            raise forms.ValidationError(
                _("There is more than one: %(names)s. Write its code.")
                % {"names": "、".join(f"{p.name} {p.code}" for p in found[:5])}
            )
        raise forms.ValidationError(_("We know no place “%(words)s” here.") % {"words": words[:40]})

    @property
    def rrule(self) -> str:
        """The rule of dates, or "" for once."""
        repeat, first = self.cleaned_data.get("repeat") or "", self.cleaned_data["day"]
        weekday = _WEEKDAYS[first.weekday()]
        nth = min((first.day - 1) // 7 + 1, 4)
        return {
            "week": f"FREQ=WEEKLY;BYDAY={weekday}",
            "fortnight": f"FREQ=WEEKLY;INTERVAL=2;BYDAY={weekday}",
            "month": f"FREQ=MONTHLY;BYDAY={nth}{weekday}",
            "quarter": f"FREQ=MONTHLY;INTERVAL=3;BYDAY={nth}{weekday}",
        }.get(repeat, "")

    @property
    def seats(self) -> dict[str, dict[str, int]]:
        """The seats of each role, once the form is valid."""
        return {
            role.id: {"seats": self.cleaned_data[f"seats-{role.id}"]} for role in self.rule.roles
        }

    @staticmethod
    def fresh() -> dict[str, Any]:
        return {"day": first_day()}


def first_day() -> date:
    """Tomorrow: what is planned needs a night."""
    return clock.today() + timedelta(days=1)


def _places(rule: ActivityKind, organisation: Organisation) -> PlaceQuerySet:
    kinds = [kind for kind, level in LEVEL_OF_PLACE.items() if level == rule.at]
    rows = Place.objects.current().within(organisation.place).filter(kind__in=kinds).light()
    return rows.order_by("path")
