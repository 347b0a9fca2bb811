"""What /design/ shows: one invented specimen of everything. Nothing here is real."""

import json
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.lib import clock
from linli.web.widgets import DayInput

TYPE = [
    ("t-figure", gettext_lazy("Figures"), "figure"),
    ("t-1", gettext_lazy("Title of a page"), "one"),
    ("t-2", gettext_lazy("Title of a part"), "two"),
    ("t-lead", gettext_lazy("First sentence"), "lead"),
    ("t-body", gettext_lazy("Text"), "body"),
    ("t-small", gettext_lazy("Notes"), "small"),
]
SPACES = [("s1", 4), ("s2", 8), ("s3", 12), ("s4", 16), ("s5", 24), ("s6", 36), ("s7", 56)]
# Corners of an invented shore with three villages, degrees.
CORNERS = [
    [(119.40, 31.30), (119.46, 31.29), (119.47, 31.34), (119.42, 31.36)],
    [(119.46, 31.29), (119.54, 31.30), (119.53, 31.35), (119.47, 31.34)],
    [(119.42, 31.36), (119.47, 31.34), (119.53, 31.35), (119.50, 31.40), (119.44, 31.41)],
]


class SpecimenForm(forms.Form):
    """One of every kind of field."""

    text = forms.CharField(
        label=gettext_lazy("What is it about?"),
        help_text=gettext_lazy("One sentence is enough."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    photo = forms.ImageField(label=gettext_lazy("A photo"), required=False)
    where = forms.CharField(label=gettext_lazy("Where is it?"))
    day = forms.DateField(
        label=gettext_lazy("Since when?"),
        required=False,
        widget=DayInput(attrs={"class": "short"}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("lamp", gettext_lazy("Street lamp")), ("water", gettext_lazy("Water"))],
    )
    sees = forms.ChoiceField(
        label=gettext_lazy("Who may see it?"),
        widget=forms.RadioSelect,
        choices=[
            ("public", gettext_lazy("Everybody")),
            ("office", gettext_lazy("The office only")),
        ],
    )
    tick = forms.BooleanField(label=gettext_lazy("Tell me when it is answered"), required=False)


def _square(corners: list[tuple[float, float]]) -> str:
    return json.dumps({"type": "Polygon", "coordinates": [[*corners, corners[0]]]})


def _rows() -> list[dict[str, Any]]:
    lamp, water = _("Street lamp is dark"), _("Brown water in the morning")
    place = _("Peach Garden, building 7")
    return [
        {"href": "#lists", "title": lamp, "number": "26 3842 0567", "place": place,
         "state": _("being worked on"), "due": _("2 days left")},
        {"href": "#lists", "title": water, "number": "26 1175 9030", "place": place,
         "state": _("late"), "tone": "late", "due": _("3 days late"), "late": True},
        {"href": "#lists", "title": _("Bench for the bus stop"), "number": "26 7720 1484",
         "place": _("Lakeside village"), "state": _("solved, says the asker"), "tone": "ok"},
        {"href": "#lists", "title": _("Path floods after rain"), "number": "26 0914 6625",
         "place": _("Lakeside village"), "state": _("answered, your word is wanted"),
         "tone": "warn"},
    ]  # fmt: skip


def _story() -> list[dict[str, Any]]:
    now = clock.now()
    return [
        {"title": _("Received"), "when": now - timedelta(days=3, hours=2), "icon": "speak"},
        {"title": _("Passed to street lighting"), "when": now - timedelta(days=3), "icon": "arrow"},
        {"title": _("The promised time is over; the office above knows"), "tone": "late",
         "when": now - timedelta(days=1), "icon": "late"},
        {"title": _("Answered"), "when": now - timedelta(hours=3), "icon": "say",
         "words": _("The lamp was changed this morning. The cable was wet.")},
        {"title": _("You say whether it is solved"), "when": _("within 14 days"), "next": True},
        {"title": _("Closed"), "when": _("only by your word, or by silence, counted apart"),
         "next": True},
    ]  # fmt: skip


def specimens() -> dict[str, Any]:
    """The context of /design/, apart from the colours."""
    wrong = SpecimenForm({"where": _("Peach Garden"), "kind": "lamp"}, auto_id="wrong_%s")
    names = [_("Shore village"), _("Lakeside village"), _("Tea hill")]
    areas = [
        {"boundary": _square(corners), "label": name, "href": "#map", "active": not at}
        for at, (corners, name) in enumerate(zip(CORNERS, names, strict=True))
    ]
    spots = [(119.44, 31.33, "late"), (119.50, 31.32, ""), (119.47, 31.38, "")]
    points = [
        {"lon": lon, "lat": lat, "label": row["title"], "href": "#map", "tone": tone}
        for (lon, lat, tone), row in zip(spots, _rows(), strict=False)
    ]
    return {
        "form": SpecimenForm(), "wrong": wrong, "rows": _rows(), "story": _story(),
        "areas": areas, "points": points, "type": TYPE, "spaces": SPACES,
        "week": [12, 18, 9, 22, 17, 6, 14],
    }  # fmt: skip
