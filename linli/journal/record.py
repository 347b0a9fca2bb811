"""Writing the journal: one line per action, inside the action's transaction."""

import json
import math
import re
from datetime import UTC, datetime
from typing import Any, Final

from django.db import models, router, transaction
from django.db.models.functions import Now, TruncHour

from linli.journal.models import Entry
from linli.lib import clock
from linli.lib.text import find_personal

MOST_FACTS: Final = 16_000  # characters of facts as JSON: a line says what, it is no archive
_VERB: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
# Identifiers are random: some of them look like a telephone number by chance, and must pass.
_OPAQUE: Final = re.compile(
    r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|\b(?=[0-9]*[a-f])[0-9a-f]{12,}\b",
    re.IGNORECASE,
)
# Keys and ids of the playbook: nothing personal is spelt like that, and most facts are.
_PLAIN_ID: Final = re.compile(r"[a-z_]*(?:[-.][a-z_]+)*")


class NotRecordable(ValueError):
    """The line cannot be written as asked for; the message says which part and why."""


def record(
    verb: str,
    *,
    on: models.Model | str,
    by: object,
    place: str = "",
    org: str = "",
    facts: dict[str, Any] | None = None,
    when: datetime | None = None,
    method: str = "",
    coarse: bool = False,
) -> Entry:
    """Write that `by` did `verb` to `on`; only inside a transaction, so that no line is a lie.

    `by` is an actor (anything with an `id`) or a text such as "system". `when` is when it counts
    as happened: now, unless given. `coarse` keeps only the hour of both times, for lines whose
    exact time could give an anonymous person away. Raises RuntimeError outside a transaction,
    NotRecordable for facts that are not plain JSON or that hold personal data in clear.
    """
    if not transaction.get_connection(router.db_for_write(Entry)).in_atomic_block:
        raise RuntimeError(f"{verb}: the journal is written inside the action's transaction only.")
    if not _VERB.fullmatch(verb):
        raise NotRecordable(f"{verb!r} is no verb; write it like case.answered.")
    said = dict(facts or {})
    _check_plain(said, "facts")
    if len(json.dumps(said, ensure_ascii=False)) > MOST_FACTS:
        raise NotRecordable(f"{verb}: facts are longer than {MOST_FACTS} characters.")
    entry = Entry(
        verb=verb,
        subject=subject_of(on),
        place=place,
        org=str(org),
        actor=str(getattr(by, "id", by)),
        method=method,
        facts=said,
        **_times(when, coarse),
    )
    for name in ("verb", "subject", "place", "org", "actor", "method"):
        _check_length(entry, name)
    entry.save(force_insert=True)
    return entry


def subject_of(thing: models.Model | str) -> str:
    """How the journal names a row: "cases.Case:<primary key>"; a text stays as it is."""
    if isinstance(thing, str):
        return thing
    if thing.pk is None:
        raise NotRecordable(f"A {type(thing).__name__} must be saved before the journal names it.")
    return f"{thing._meta.app_label}.{thing._meta.object_name}:{thing.pk}"


def _times(when: datetime | None, coarse: bool) -> dict[str, Any]:
    """`at` and `when` where they differ from the database's default, its own clock."""
    if when is None and clock.is_moved():
        when = clock.now()
    if when is not None:
        when = clock.in_utc(when)
    if not coarse:
        return {} if when is None else {"when": when}
    hour = TruncHour(Now(), tzinfo=UTC)
    return {
        "at": hour,
        "when": hour if when is None else when.replace(minute=0, second=0, microsecond=0),
    }


def _check_length(entry: Entry, name: str) -> None:
    value, most = getattr(entry, name), getattr(Entry._meta.get_field(name), "max_length", None)
    if most is not None and len(value) > most:
        raise NotRecordable(f"{entry.verb}: {name} has {len(value)} characters, {most} fit.")
    if not value and name in {"subject", "actor"}:
        raise NotRecordable(f"{entry.verb}: a line needs its {name}.")


def _check_plain(value: object, path: str) -> None:
    """Refuse what JSON does not keep as it is, and personal data in clear; fails closed."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise NotRecordable(f"{path}: the key {key!r} is no text.")
            _check_text(key, path)
            _check_plain(inner, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            _check_plain(inner, f"{path}[{place}]")
    elif isinstance(value, str):
        _check_text(str(value), path)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise NotRecordable(f"{path}: {value} is no number that JSON knows.")
    elif isinstance(value, int):
        _check_text(str(int(value)), path)
    elif value is not None:
        raise NotRecordable(
            f"{path}: a {type(value).__name__} is not plain JSON; write it as text."
        )


def _check_text(text: str, path: str) -> None:
    if _PLAIN_ID.fullmatch(text):
        return
    if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise NotRecordable(f"{path}: holds a sign that no database keeps.")
    hits = find_personal(_OPAQUE.sub("-", text))
    if hits:  # names the kind, never the find: this message may land in a log
        raise NotRecordable(f"{path}: holds personal data in clear ({hits[0].kind}).")
