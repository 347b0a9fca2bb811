"""What may be noted: the fields of the playbook, checked, and anything personal taken out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.translation import gettext as _

from linli.lib import text
from linli.people.policies import Denied
from linli.playbook.schema import ActivityKind, Field
from linli.web.language import lang

CONSENT: Final = "consent"  # the field that says that somebody agreed
MOST_COUNT: Final = 100_000
MOST_ITEMS: Final = 30


@dataclass
class Noted:
    """What goes into the row, and what goes into the vault, by field."""

    open: dict[str, Any] = field(default_factory=dict)
    sealed: dict[str, str] = field(default_factory=dict)


def take(rule: ActivityKind, outcome: str, given: Mapping[str, Any]) -> Noted:
    """Check what was noted against the kind; keys that the playbook does not know are left out.

    Where nobody was met nothing is kept. Words in which something personal stands are kept in the
    vault, and masked in the row. Raises Denied, naming the field.
    """
    known = {row.id: row for row in rule.outcomes}
    if outcome not in known:
        raise Denied(_("Choose how it went."))
    noted = Noted()
    if not known[outcome].held:
        return noted
    if rule.consent == "required" and given.get(CONSENT) is not True:
        raise Denied(_("Nothing is noted without consent: ask first, and tick that they agree."))
    if rule.consent != "none":
        noted.open[CONSENT] = given.get(CONSENT) is True
    for row in rule.fields:
        _take(row, given.get(row.id), noted)
    return noted


def _take(row: Field, value: Any, noted: Noted) -> None:
    if value is False or value in (None, "", []):  # a count of 0 is an answer
        if row.required:
            raise Denied(_("“%(field)s” is missing.") % {"field": _name(row)})
        return
    if row.type == "photo":
        return  # photos come beside the note, never inside it
    clean: Any = _CLEAN[row.type](row, value)
    if row.private:
        noted.sealed[row.id] = _as_text(clean)
        return
    if row.type in ("text", "items") and text.find_personal(_as_text(clean)):
        noted.sealed[row.id] = _as_text(clean)
        clean = [text.mask(one) for one in clean] if isinstance(clean, list) else text.mask(clean)
    noted.open[row.id] = clean


def _text(row: Field, value: Any) -> str:
    clean = str(value).strip()
    if len(clean) > row.max_length:
        raise Denied(
            _("“%(field)s”: that is %(n)s characters; %(most)s fit.")
            % {"field": _name(row), "n": len(clean), "most": row.max_length}
        )
    return clean


def _items(row: Field, value: Any) -> list[str]:
    rows = value if isinstance(value, list | tuple) else str(value).splitlines()
    return [str(one).strip()[:80] for one in rows if str(one).strip()][:MOST_ITEMS]


def _date(row: Field, value: Any) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise _wrong(row) from error


def _choice(row: Field, value: Any) -> str:
    if value not in {choice.id for choice in row.choices}:
        raise _wrong(row)
    return str(value)


def _count(row: Field, value: Any) -> int:
    if isinstance(value, bool) or not str(value).strip().isdigit():
        raise _wrong(row)
    number = int(str(value))
    if number > MOST_COUNT:
        raise _wrong(row)
    return number


def _money(row: Field, value: Any) -> str:
    try:
        amount = Decimal(str(value))
    except InvalidOperation as error:
        raise _wrong(row) from error
    if not amount.is_finite() or not 0 <= amount < 10**8:
        raise _wrong(row)
    return f"{amount:.2f}"


def _tick(_row: Field, value: Any) -> bool:
    return bool(value)


_CLEAN: Final = {
    "text": _text, "items": _items, "date": _date, "choice": _choice, "count": _count,
    "money": _money, "tick": _tick,
}  # fmt: skip


def _wrong(row: Field) -> Denied:
    return Denied(_("“%(field)s” is not right.") % {"field": _name(row)})


def _name(row: Field) -> str:
    return row.name.text(lang())


def _as_text(value: Any) -> str:
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "\n".join(map(str, value))
    return str(value)
