"""The frozen bytes read as a note. What nobody knows yet stays in the bytes and is passed over."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from linli.field.envelope import is_sha

MOST_PHOTOS: Final = 12
MOST_DEPTH: Final = 2  # a value is plain, or a list of plain ones


class NotUnderstood(ValueError):
    """Received, but nobody can say what it means; the message says which part."""


@dataclass(frozen=True)
class Note:
    """What somebody wrote down: of which kind, about which task and place, with which pictures."""

    kind: str
    form: str
    task: str
    stop: int | None
    place: str
    outcome: str
    values: dict[str, Any]
    photos: tuple[str, ...]
    acting: str
    language: str
    captured_at: datetime | None
    replaces: UUID | None

    @property
    def name(self) -> str:
        """The part of the kind after its first word: "request" of "case:request"."""
        return self.kind.partition(":")[2]

    def text(self, key: str) -> str:
        """A value as text, "" where there is none."""
        value = self.values.get(key)
        return value.strip() if isinstance(value, str) else ""


def read(body: bytes) -> Note:
    """Raises NotUnderstood with a sentence."""
    try:
        said = json.loads(body)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise NotUnderstood(_("The record cannot be read as JSON.")) from error
    if not isinstance(said, dict):
        raise NotUnderstood(_("The record is no list of named values."))
    values = said.get("values", {})
    if not isinstance(values, dict) or not all(map(_plain, values.values())):
        raise NotUnderstood(_("The values of the record are not plain ones."))
    photos = said.get("photos", [])
    if not isinstance(photos, list) or len(photos) > MOST_PHOTOS or not all(map(is_sha, photos)):
        raise NotUnderstood(_("The list of pictures cannot be read."))
    kind = _word(said, "kind")
    if not kind:
        raise NotUnderstood(_("The record does not say what it is."))
    captured = said.get("captured")
    return Note(
        kind=kind,
        form=_word(said, "form"),
        task=_word(said, "task"),
        stop=_count(said.get("stop")),
        place=_word(said, "place"),
        outcome=_word(said, "outcome"),
        values=values,
        photos=tuple(dict.fromkeys(photos)),
        acting=_word(said, "acting"),
        language=_word(said, "language") or "zh-hans",
        captured_at=_moment(captured.get("at") if isinstance(captured, dict) else None),
        replaces=_name(said.get("replaces")),
    )


def replacing(note: Note, earlier: UUID) -> Note:
    """The same note as a correction of an earlier one."""
    return replace(note, replaces=earlier)


def _word(said: dict[str, Any], key: str) -> str:
    value = said.get(key)
    return value.strip()[:80] if isinstance(value, str) else ""


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _plain(value: object, depth: int = 1) -> bool:
    if isinstance(value, list):
        return depth < MOST_DEPTH and len(value) <= 100 and all(_plain(v, depth + 1) for v in value)
    return value is None or isinstance(value, str | int | float | bool)


def _moment(text: object) -> datetime | None:
    """The telephone's own time, if it says one; nothing is counted from it (O14)."""
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def _name(text: object) -> UUID | None:
    try:
        return UUID(text) if isinstance(text, str) and text else None
    except ValueError:
        return None
