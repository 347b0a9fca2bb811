"""Narrowing a list of the desk."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli import playbook
from linli.cases.models import OPEN, State
from linli.places.models import Place
from linli.web.language import lang


class FilterForm(forms.Form):
    """Kind, state, topic and place; read by `desk.asked`, drawn here."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("Topic"), required=False)
    place = forms.ChoiceField(label=gettext_lazy("Place"), required=False)

    def __init__(self, chosen: Mapping[str, str], *, under: Place | None) -> None:
        super().__init__(chosen, auto_id="filter-%s")
        book, tongue = playbook.current(), lang()
        self._offer("kind", [(k.id, k.name.text(tongue)) for k in book.kinds.values()])
        self._offer("state", [(s.value, s.label) for s in map(State, OPEN)])
        self._offer("category", [(c.id, c.name.text(tongue)) for c in book.county.categories])
        parts = Place.objects.current().filter(parent=under).order_by("code") if under else []
        self._offer("place", [(p.code, p.name_for(tongue)) for p in parts])

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        if choices:
            self.fields[name].choices = [("", _("all")), *choices]  # type: ignore[attr-defined]
        else:
            del self.fields[name]
