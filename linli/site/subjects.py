"""What the forum can talk about: cases and activities, as far as everybody may see them."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from linli import playbook
from linli.activities.models import Occurrence
from linli.cases.models import Case
from linli.forum.subjects import Subject
from linli.web.language import lang

TONES = {"confirmed": "ok", "answered": "ok", "held": "ok", "cancelled": "late"}


def cases(names: Collection[str]) -> dict[str, Subject]:
    """Cases that stand on public lists; one statement."""
    rows = Case.objects.listed().with_names().filter(pk__in=_keys(names))
    return {
        name: Subject(
            name, f"{_topic(row.category)} · {row.pretty_number}", row.get_state_display(),
            reverse("case", args=[row.number]), row.place, TONES.get(row.state, ""),
            row.owner_id,
        )
        for row in rows
        for name in (f"cases.Case:{row.pk}",)
    }  # fmt: skip


def activities(names: Collection[str]) -> dict[str, Subject]:
    """Occurrences that everybody may see; one statement."""
    rows = Occurrence.objects.with_names().filter(Q(pk__in=_keys(names)), is_public=True)
    return {
        name: Subject(
            name, row.name_for(lang()), row.get_state_display(),
            reverse("activity", args=[row.uid]), row.place, TONES.get(row.state, ""),
            row.organisation_id,
        )
        for row in rows
        for name in (f"activities.Occurrence:{row.pk}",)
    }  # fmt: skip


def _keys(names: Collection[str]) -> list[UUID]:
    """The keys in these names; what is none is left out."""
    found = []
    for name in names:
        try:
            found.append(UUID(name.partition(":")[2]))
        except ValueError:
            continue
    return found


def _topic(category: str) -> str:
    rows = playbook.current().county.categories
    return next((row.name.text(lang()) for row in rows if row.id == category), category)
