"""What a person leaves of themselves goes to the vault; the case keeps a name for the file only."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from linli.cases.models import Asker, Case
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.vault import sealing

if TYPE_CHECKING:
    from linli.cases.actions.receive import Draft

CONTACT_KINDS = ("phone", "email", "name")


def keep(draft: "Draft") -> str:
    """Seal phone, e-mail and name under one subject; return the subject.

    A signed-in asker's own file already holds their contact, and is used when nothing else is given.
    """
    given = {kind: getattr(draft, kind).strip() for kind in CONTACT_KINDS}
    given = {kind: value for kind, value in given.items() if value}
    if draft.user is not None and not given:
        return str(draft.user.vault_subject)
    return sealing.seal_new(given, purpose="contact for this matter")


def reveal(case: Case, asker: Asker, *, by: Actor, reason: str) -> dict[str, str]:
    """The contact of an asker, for a handler who writes down why; logged and shown to the asker."""
    if not asker.subject:
        raise Denied(_("This person left nothing of themselves."))
    if not reason.strip():
        raise Denied(_("Write down why you need the contact; the asker will see it."))
    found = {}
    for kind in sealing.kinds_of(asker.subject):
        if kind in CONTACT_KINDS:
            found[kind] = sealing.reveal(asker.subject, kind, by=by, reason=reason)
    return found


def words_of(case: Case, *, by: Actor, reason: str) -> str:
    """The text of a sealed case; every reading is logged with its reason."""
    return str(sealing.reveal(case.sealed_subject, "text", by=by, reason=reason))


def opener(case: Case, *, by: Actor, reason: str) -> Callable[[int], str]:
    """A reader of this sealed case's words, line by line, for `timeline.story`."""

    def read(entry: int) -> str:
        return str(sealing.reveal(case.sealed_subject, f"words.{entry}", by=by, reason=reason))

    return read


@cache
def _plants() -> list[str]:
    return (Path(__file__).parent / "aliases.txt").read_text("utf-8").split()


def alias(client_id: UUID) -> str:
    """An invented name for public pages, a plant and a number: stable for one asker, says nothing."""
    draw = hashlib.sha256(client_id.bytes).digest()
    plants = _plants()
    return f"{plants[draw[0] % len(plants)]}-{int.from_bytes(draw[1:3]) % 900 + 100}"
