"""Forms of the handling page. Each carries the revision that was on the page when it was drawn."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any, Self

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli import playbook
from linli.cases import units
from linli.cases.actions.core import LONGEST
from linli.cases.forms.playbook_fields import form_fields
from linli.cases.models import Case
from linli.lib import clock, ids
from linli.lib.text import find_personal
from linli.people.models import Organisation, User
from linli.playbook.base import Named
from linli.playbook.case import Step
from linli.web.language import lang
from linli.web.widgets import DayInput


def words_field(label: Any, *, rows: int = 3, help_text: Any = "", required: bool = True) -> Any:
    """A box for free words, as long as the actions allow."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": gettext_lazy("Please write a few words.")},
    )


class VerbForm(forms.Form):
    """What every form about a case brings along."""

    revision = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        case: Case,
        initial: Mapping[str, Any] | None = None,
        auto_id: str = "",
    ) -> None:
        # Many forms stand on one page: each gets ids of its own.
        own = auto_id or f"{type(self).__name__.removesuffix('Form').lower()}-%s"
        start = {"revision": case.revision, **(initial or {})}
        super().__init__(data, initial=start, auto_id=own)
        self.case = case

    @property
    def seen(self) -> int:
        """The revision that the writer had before them; the present one if they do not say."""
        said = str(self.data.get("revision", ""))
        return int(said) if said.isascii() and said.isdigit() else self.case.revision

    @property
    def is_behind(self) -> bool:
        """Whether somebody acted after the page was drawn."""
        return self.seen < self.case.revision

    def brought_up_to_date(self) -> Self:
        """The same words with the present revision: sent once more, they are meant."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["revision"] = str(self.case.revision)
        self.data = data
        return self


class AcceptForm(VerbForm):
    pass


class AssignForm(VerbForm):
    to = forms.ModelChoiceField(
        label=gettext_lazy("Who deals with it?"),
        queryset=User.objects.none(),
        empty_label=gettext_lazy("Please choose a colleague."),
        error_messages={
            "required": gettext_lazy("Please choose a colleague."),
            "invalid_choice": gettext_lazy("This person does not work in your unit."),
        },
    )

    def __init__(self, *args: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues  # type: ignore[attr-defined]


class NoteForm(VerbForm):
    words = words_field(gettext_lazy("Note inside the unit"))


class ExtendForm(VerbForm):
    reason = forms.ChoiceField(label=gettext_lazy("Why is more time needed?"))
    words = words_field(
        gettext_lazy("In your own words, for the asker"),
        rows=2,
        help_text=gettext_lazy("The asker is told at once, with the new day."),
    )
    until = forms.DateField(label=gettext_lazy("New day"), widget=DayInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = _named(playbook.current().county.extensions)  # type: ignore[attr-defined]

    @property
    def moment(self) -> datetime:
        """The last second of the new day."""
        day = self.cleaned_data["until"]
        return datetime.combine(day, time(23, 59, 59), clock.LOCAL)

    @property
    def sentence(self) -> str:
        return reason_and_words(self, "reason", "words")


class AnswerForm(VerbForm):
    words = words_field(gettext_lazy("Your answer"), rows=6)
    private = forms.BooleanField(
        label=gettext_lazy("Only for the asker; the public page does not show it"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.personal: list[str] = []
        if self.case.visibility != "public":
            del self.fields["private"]

    def clean(self) -> dict[str, Any]:
        """Warn before anything personal goes to everybody; the words stay as they were typed."""
        said = super().clean() or {}
        for_all = "private" in self.fields and not said.get("private")
        if for_all and said.get("words"):
            self.personal = sorted({hit.text for hit in find_personal(said["words"])})
        if self.personal:
            self.add_error("words", _(
                "Everybody would read this: %(found)s. Take it out, or answer only the asker."
            ) % {"found": "、".join(self.personal)})  # fmt: skip
        return said


class DeclineForm(VerbForm):
    words = words_field(gettext_lazy("Why can it not be done here?"), rows=2)
    address = forms.CharField(
        label=gettext_lazy("Who is the right one to ask, and how to reach them"),
        max_length=300,
        error_messages={"required": gettext_lazy("Nobody is sent away without the right address.")},
    )


class UnitForm(VerbForm):
    """Names another unit: by a name or a part of it, and if several fit, by one of them."""

    unit = forms.CharField(
        required=False,
        max_length=80,
        help_text=gettext_lazy("The name, or a part of it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    chosen = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    must_name = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.matches: list[Organisation] = []
        self.found: Organisation | None = None

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        words = str(said.get("unit", "")).strip()
        if said.get("chosen"):
            self.found = units.fit(self.case).filter(pk=said["chosen"]).first()
        if self.found is None and words:
            self.matches = list(units.search(self.case, words))
            exact = [unit for unit in self.matches if words in {unit.name, unit.name_en}]
            only = exact if len(exact) == 1 else self.matches
            self.found = only[0] if len(only) == 1 else None
        if self.found is None and (words or self.must_name):
            self.add_error("unit", self._which(words))
        return said

    def _which(self, words: str) -> str:
        if self.matches:
            return _("There are several units of that name. Which one?")
        if words:
            return _("No unit has this name. Try a shorter part of it.")
        return _("Please name the unit.")


class RefuseForm(UnitForm):
    reason = forms.ChoiceField(label=gettext_lazy("Why is it not yours?"))
    words = words_field(
        gettext_lazy("In your own words"),
        rows=2,
        help_text=gettext_lazy("This stands in the public ledger of refusals."),
    )
    must_name = False
    field_order = ("reason", "words", "unit")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].label = _("Whose is it, do you think?")
        rows = [*self.case.rule.refuse.reasons, *playbook.current().county.refusals]
        self.fields["reason"].choices = _named(rows)  # type: ignore[attr-defined]

    @property
    def sentence(self) -> str:
        return reason_and_words(self, "reason", "words")


class TransferForm(UnitForm):
    words = words_field(
        gettext_lazy("Why does it go there?"),
        rows=2,
        help_text=gettext_lazy("The asker is told. The promised day stays as it is."),
    )
    field_order = ("unit", "words")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].label = _("To which unit?")
        self.fields["unit"].required = True


class MergeForm(VerbForm):
    number = forms.CharField(
        label=gettext_lazy("Number of the matter that goes on"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=gettext_lazy("Every asker keeps their own number and is answered there."),
    )

    def clean_number(self) -> str:
        try:
            return ids.parse_number(self.cleaned_data["number"])
        except ValueError as wrong:
            raise forms.ValidationError(
                _("That is no number of a matter: ten digits, and the last one checks the others.")
            ) from wrong


class PublishForm(VerbForm):
    words = words_field(
        gettext_lazy("Text that everybody may read"),
        rows=5,
        help_text=gettext_lazy(
            "What looks personal is already taken out. Read it once more: names, rooms, illnesses."
        ),
    )


class ReasonForm(VerbForm):
    """Opening what is sealed: the reason is logged and the asker reads it."""

    reason = forms.CharField(
        label=gettext_lazy("Why do you need to see it?"),
        max_length=300,
        help_text=gettext_lazy("The asker sees who looked, when, and this reason."),
        error_messages={"required": gettext_lazy("Without a reason it stays sealed.")},
    )
    asker = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)


class StepForm(VerbForm):
    """The fields that the playbook gives a step; with `returns`, the things to tick back."""

    def __init__(self, *args: Any, step: Step, items: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"step-{step.id}-%s", **kwargs)
        self.step = step
        self.fields.update(form_fields(step.fields))
        listed = list(items)
        if step.returns and listed:
            self.fields["returned"] = forms.MultipleChoiceField(
                label=_("Tick each thing as it is handed back"),
                choices=[(item, item) for item in listed],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )


def reason_and_words(form: forms.Form, reason: str, words: str) -> str:
    """The chosen reason in the county's words, and the writer's own after it."""
    chosen = form.cleaned_data[reason]
    named = dict(form.fields[reason].choices)[chosen]  # type: ignore[attr-defined]
    return _("%(reason)s: %(words)s") % {
        "reason": str(named).rstrip("：:"),
        "words": form.cleaned_data[words],
    }


def _named(rows: Iterable[Named]) -> list[tuple[str, str]]:
    return [(row.id, row.name.text(lang())) for row in rows]
