"""A record as people read it: the labels of the form under which it was written, and what was said."""

import json
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.activities.models import Record
from linli.field import keeping
from linli.field.models import FormVersion, Item, Rival
from linli.people.actors import SYSTEM_ID, Actor
from linli.places.models import Place
from linli.web.language import lang

Pairs = list[tuple[str, str]]
OWN = "f-"


def of_bytes(body: bytes | None, version: str) -> Pairs:
    """Label and value of everything in the bytes, as far as they can be read."""
    if body is None:
        return [(_("Content"), _("no longer kept"))]
    try:
        said = json.loads(body)
        values: dict[str, Any] = dict(said["values"])
    except (ValueError, KeyError, TypeError):
        return [(_("Content"), body[:2000].decode("utf-8", "replace"))]
    form = FormVersion.objects.filter(version=version).values_list("form", flat=True).first() or {}
    labels = {field["id"]: field for field in form.get("fields", [])}
    outcomes = {one["id"]: one["name"] for one in form.get("outcomes", [])}
    rows = []
    if said.get("outcome"):
        rows.append((_("How did it go?"), str(outcomes.get(said["outcome"], said["outcome"]))))
    if said.get("place"):
        place = Place.objects.current().filter(code=str(said["place"])).first()
        rows.append((_("Where"), place.name_for(lang()) if place else str(said["place"])))
    for key, value in values.items():
        rows.append((labels.get(key, {}).get("label", key), _value(labels.get(key, {}), value)))
    if said.get("photos"):
        rows.append((_("Pictures"), str(len(said["photos"]))))
    return rows


def of_record(subject: str) -> Pairs:
    """A colleague's note, without what lies in the vault."""
    try:
        name = UUID(subject.rpartition(":")[2])
        row = Record.objects.filter(pk=name).first()
    except ValueError:
        row = None
    if row is None:
        return [(_("Content"), _("no longer kept"))]
    labels = {field.id: field.name.text(lang()) for field in row.rule.fields}
    outcome = row.rule.outcome(row.outcome).name.text(lang())
    said = [(labels.get(key, key), _plain(value)) for key, value in row.fields.items()]
    return [(_("How did it go?"), outcome), *said]


def both(rival: Rival) -> tuple[Pairs, Pairs]:
    """What was here first, and what came second, for their writer's own eyes."""
    second = of_bytes(keeping.body_of(rival), rival.form_version)
    if rival.beside:
        return of_record(rival.beside), second
    return of_bytes(keeping.body_of(rival.item), rival.item.form_version), second


def opened(row: Item | Rival, *, by: Actor, reason: str) -> Pairs:
    """A record for somebody else's eyes; the reading is logged with its reason."""
    if by.id == SYSTEM_ID or not row.subject:
        return of_bytes(keeping.body_of(row), row.form_version)
    return of_bytes(keeping.read_by(row, by=by, reason=reason), row.form_version)


def _value(field: dict[str, Any], value: Any) -> str:
    names = {choice["id"]: choice["name"] for choice in field.get("choices", [])}
    return str(names[value]) if isinstance(value, str) and value in names else _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
