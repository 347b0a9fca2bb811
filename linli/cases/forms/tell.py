"""What somebody writes when they tell us something: two short pages, one form."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli import playbook
from linli.cases.actions.core import LONGEST
from linli.cases.forms.playbook_fields import form_fields
from linli.cases.models import Visibility
from linli.cases.suggest import likely
from linli.people.contact import normal_phone
from linli.places import locate
from linli.places.models import Place
from linli.places.search import search
from linli.playbook.schema import CaseKind
from linli.web.language import lang
from linli.web.prepared import PreparedObjects

_PLACE = PreparedObjects(
    Place, lambda code: Place.objects.current().filter(code=code), without={"boundary"}, code=str
)


class WordsForm(forms.Form):
    """Page one: the words, and where it is."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("What is it about?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Please write in a few words what it is about.")},
    )
    where = forms.CharField(
        label=gettext_lazy("Where is it?"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("The village or community, or the code on the door card."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-place-names": "1"}),
    )
    place = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-180, max_value=180)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-90, max_value=90)
    spot = forms.CharField(
        label=gettext_lazy("Where exactly?"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("For example: in the stairwell, in the yard, on the road."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, rule: CaseKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule = rule
        self.matches: list[Place] = []
        self.fields["text"].label = rule.prompt.text(lang())
        said = self.data or self.initial
        where = self.fields["where"]
        where.required = not (said.get("place") or said.get("lon"))
        where.error_messages["required"] = _(
            "Please say where it is: the name of the village is enough."
        )

    @staticmethod
    def fresh() -> dict[str, Any]:
        """The first values of an empty form: the name of this intention is made here (O1)."""
        return {"client_id": uuid.uuid4()}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["place_found"] = self._place(data)
        return data

    def _place(self, data: dict[str, Any]) -> Place | None:
        """What somebody says goes before the place of the door card they came by."""
        if data.get("where"):
            return self._by_words(data["where"], data.get("place", ""))
        return self._by_pin(data) or self._by_code(data)

    @staticmethod
    def _by_code(data: dict[str, Any]) -> Place | None:
        return _PLACE.first(code=str(data.get("place") or ""))

    def _by_pin(self, data: dict[str, Any]) -> Place | None:
        if data.get("lon") is not None and data.get("lat") is not None:
            pinned = locate.locate(data["lon"], data["lat"])
            if pinned is None:
                self.add_error("where", _("The pin is outside %(county)s.") % {
                    "county": playbook.current().county.name.text(lang())})  # fmt: skip
            return pinned
        return None

    def _by_words(self, words: str, chosen: str) -> Place | None:
        self.matches = list(search(words, 6))
        for place in self.matches:
            if place.code == chosen:
                return place
        if len(self.matches) == 1 or (self.matches and self.matches[0].name == words.strip()):
            return self.matches[0]
        if self.matches:
            self.add_error("where", _("There is more than one such place. Which one?"))
        else:
            self.add_error(
                "where", _("We know no place of that name. Try the village, or the town.")
            )
        return None


class DetailsForm(WordsForm):
    """Page two: topic, who may see it, how to reach you; then it is sent."""

    category = forms.ChoiceField(label=gettext_lazy("Which of these fits best?"))
    visibility = forms.ChoiceField(label=gettext_lazy("Who may see it?"), widget=forms.RadioSelect)
    phone = forms.CharField(
        label=gettext_lazy("Your phone number, if you want an answer by message"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Or an e-mail address"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    about_unit = forms.BooleanField(
        label=gettext_lazy("It is about the office itself or somebody who works there"),
        required=False,
        help_text=gettext_lazy(
            "Then that office neither gets it nor reads it; the one above does."
        ),
    )
    without_account = forms.BooleanField(
        label=gettext_lazy("Leave my account out of this"), required=False
    )
    consent = forms.BooleanField(required=False)

    def _place(self, data: dict[str, Any]) -> Place | None:
        """Page one has found the place; a pin only says where in it."""
        return self._by_code(data) or super()._place(data)

    def __init__(self, *args: Any, signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule = self.rule
        self.fields["category"] = self._topics()
        offered = [(v.value, v.label) for v in Visibility if v.value in rule.visibilities]
        self.fields["visibility"].choices = offered  # type: ignore[attr-defined]
        self.fields["visibility"].initial = rule.visibility
        if len(offered) < 2:
            del self.fields["visibility"]
        if rule.identity == "none":
            for name in ("phone", "email", "name"):
                del self.fields[name]
        elif rule.identity == "optional":
            del self.fields["name"]
        else:
            self.fields["name"].required = not signed_in
        if not signed_in or rule.identity == "required":
            del self.fields["without_account"]
        if rule.conflict == "never":
            del self.fields["about_unit"]
        if rule.consent:
            self.fields["consent"].label = rule.consent.text(lang())
            self.fields["consent"].required = True
            self.fields["consent"].error_messages["required"] = _(
                "We need your agreement for this."
            )
        else:
            del self.fields["consent"]
        self.fields.update(form_fields(rule.fields))
        self.own_fields = list(form_fields(rule.fields))

    def _topics(self) -> forms.ChoiceField:
        """Three likely topics first, none of them ticked: the choice is the person's."""
        county = playbook.current().county
        rows = likely(str(self.data.get("text", "")), self.rule)
        first = [row.category for row in rows]
        rest = [c for c in county.categories if self.rule.takes(c.id) and c not in first]
        self.likely = [c.id for c in first]
        self.reasons = {row.category.id: row.words for row in rows}
        choices = [(c.id, c.name.text(lang())) for c in [*first, *rest]]
        return forms.ChoiceField(
            label=_("Which of these fits best?"),
            choices=choices,
            initial=choices[0][0] if len(choices) == 1 else None,
            widget=forms.RadioSelect,
            error_messages={"required": _("Please choose a topic; “other” is fine.")},
        )

    def clean_phone(self) -> str:
        words = str(self.cleaned_data["phone"]).strip()
        if not words:
            return ""
        phone = normal_phone(words)
        if not phone:
            raise forms.ValidationError(_("This does not look like a phone number."))
        return phone
