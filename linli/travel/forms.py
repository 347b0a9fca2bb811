"""What one may ask: who goes where, how and when."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.places.models import Place
from linli.travel import buses, people, sites
from linli.travel.questions import BUS, HOURS, MINUTES, MODES, Question
from linli.travel.studies import MOST_SITES
from linli.web.language import lang

USUAL_MINUTES = 30
USUAL_SITES = 2


class AskForm(forms.Form):
    """One question; what is left out or wrong in the address is as usual."""

    kind = forms.ChoiceField(label=gettext_lazy("Where to?"))
    mode = forms.ChoiceField(label=gettext_lazy("How?"), choices=list(MODES.items()))
    hour = forms.ChoiceField(label=gettext_lazy("When?"), choices=list(HOURS.items()))
    minutes = forms.TypedChoiceField(
        label=gettext_lazy("Within how many minutes?"), coerce=int,
        choices=[(n, str(n)) for n in MINUTES],
    )  # fmt: skip
    what = forms.ChoiceField(label=gettext_lazy("Who is counted?"))

    def __init__(self, data: Any, **more: Any) -> None:
        kinds = sites.kinds()
        counted = people.kinds()
        usual = {
            "kind": kinds[0][0] if kinds else "", "mode": "walk", "hour": "tuesday",
            "minutes": str(USUAL_MINUTES), "what": counted[0].value if counted else "",
        }  # fmt: skip
        said = {name: data.get(name) or value for name, value in usual.items()}
        super().__init__({**data.dict(), **said}, **more)
        self._choose("kind", kinds)
        if buses.current() is None:
            self._choose("mode", [one for one in MODES.items() if one[0] != BUS])
        self._choose("what", [(what.value, what.label) for what in counted])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("mode") == BUS and said.get("hour") == "any":
            self.add_error("hour", _("Buses go at certain hours: choose one."))
        return said

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def question(self) -> Question:
        """What was asked; only of a valid form."""
        said = self.cleaned_data
        return Question(said["kind"], said["mode"], said["hour"], said["minutes"], said["what"])


class SpotForm(AskForm):
    """With one spot: a village by its name or code, or a point on the map."""

    at = forms.CharField(
        label=gettext_lazy("To which village or community?"), required=False, max_length=60,
        help_text=gettext_lazy("Write its name or code, or press on the map."),
    )  # fmt: skip
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        self.spot: tuple[float, float, str] | None = None
        lon, lat = said.get("lon"), said.get("lat")
        if said.get("at"):
            self.spot = self._place(said["at"])
        elif lon is not None and lat is not None:
            self.spot = (lon, lat, "")
        return said

    def _place(self, text: str) -> tuple[float, float, str] | None:
        rows = Place.objects.current().light().exclude(lon=None)
        found = list(rows.filter(code=text)[:1]) or list(rows.filter(name=text)[:2])
        found = found or list(rows.filter(name__startswith=text)[:2])
        if len(found) == 1:
            place = found[0]
            assert place.lon is not None and place.lat is not None  # noqa: PT018
            return place.lon, place.lat, place.name_for(lang())
        said = (
            _('Several places are called "%(name)s". Write the code instead.')
            if found
            else _('There is no place called "%(name)s".')
        )
        self.add_error("at", said % {"name": text})
        return None


class WhatIfForm(SpotForm):
    """Which site moves, or that one is added."""

    site = forms.ChoiceField(label=gettext_lazy("Which one?"), required=False)

    def __init__(self, data: Any, there: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(data, **more)
        self._choose("site", there)


class StudyForm(SpotForm):
    """How many sites, and a proposal to compare with."""

    sites = forms.IntegerField(
        label=gettext_lazy("How many new sites?"), min_value=1, max_value=MOST_SITES
    )

    def __init__(self, data: Any, **more: Any) -> None:
        said = data.copy()
        said.setdefault("sites", USUAL_SITES)
        super().__init__(said, **more)
