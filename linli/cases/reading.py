"""What a handler may read of a case: at once, after writing down why, or not at all."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases import contacts
from linli.cases.actions.core import tell
from linli.cases.actions.handle import _when
from linli.cases.models import Asker, Case, Words
from linli.cases.policies import check_can_handle, may
from linli.lib import text as texts
from linli.people.actors import Actor
from linli.people.policies import Denied, allowed
from linli.people.roles import grant
from linli.vault import sealing
from linli.web.language import lang

NEED_TO_KNOW = "N"


@dataclass(frozen=True)
class Shown:
    """The words as this reader sees them, and whether more opens with a reason."""

    text: str
    masked: bool = False
    sealed: bool = False
    more: bool = False


@dataclass(frozen=True)
class Opened:
    """Something that was under seal, with the name it goes by on the page."""

    name: str
    value: str


def words_for(case: Case, actor: Actor) -> Shown:
    """The text for this reader: whole, without what looks personal, or under seal."""
    if case.is_sealed:
        return Shown("", sealed=True, more=allowed(check_can_read, case, actor))
    more = bool(case.sealed_subject)
    letter = grant("case.view_text", actor.role)
    if not allowed(check_can_read, case, actor):
        return Shown("")
    if letter == NEED_TO_KNOW:
        return Shown(texts.mask(case.text), masked=True, more=True)
    return Shown(case.text, more=more)


def sees_photos(case: Case, actor: Actor, *, reason_given: bool) -> bool:
    """Photos open with the text: at once for those who act on it, for others with a reason."""
    asks = case.is_sealed or grant("case.view_photo", actor.role) == NEED_TO_KNOW
    if asks and not reason_given:
        return False
    return allowed(check_can_handle, case, actor, "case.view_photo")


def check_can_read(case: Case, actor: Actor) -> None:
    """Whether this person may open the whole text, with a reason where the table asks for one."""
    if not may("case.view_text", actor, case):
        raise Denied(_("Only the people named for this matter read its words."))


def check_can_reach(case: Case, actor: Actor) -> None:
    """Whether this person may open an asker's contact, with a reason."""
    if not may("case.view_contact", actor, case):
        raise Denied(_("Only the unit that has this matter may see how to reach the asker."))


@transaction.atomic
def read_words(case: Case, *, by: Actor, reason: str) -> list[Opened]:
    """Everything of the case that does not lie open, for a reason the asker is shown."""
    check_can_read(case, by)
    clean = reason.strip()
    if not clean:
        raise Denied(_("Write down why you need to read it; the asker will see it."))
    found = []
    if not case.is_sealed and grant("case.view_text", by.role) == NEED_TO_KNOW:
        tell(case, "case.text_read", by=by, words=clean, purpose=Words.Purpose.REASON, when=_when())
        found.append(Opened(_("What was said"), case.text))
    if case.sealed_subject:
        found += _unsealed(case, by, clean)
    return found


def _unsealed(case: Case, by: Actor, reason: str) -> list[Opened]:
    found = []
    for kind in sorted(sealing.kinds_of(case.sealed_subject), key=_text_first):
        try:
            value = sealing.reveal(case.sealed_subject, kind, by=by, reason=reason)
        except sealing.Destroyed:
            raise Denied(_("What was sealed here has been destroyed for good.")) from None
        found.append(Opened(_name_of(case, kind), value))
    return found


def _text_first(kind: str) -> tuple[bool, str]:
    return kind != "text", kind


def _name_of(case: Case, kind: str) -> str:
    """How the page calls a sealed value: "text", "field.other-party", "session.minutes", …"""
    part, _dot, name = kind.partition(".")
    if kind == "text":
        return _("What was said")
    if part == "message":
        return _("The asker added")
    rule = case.rule
    fields = rule.fields if part == "field" else [
        field for step in rule.steps if step.id == part for field in step.fields
    ]  # fmt: skip
    return next((field.name.text(lang()) for field in fields if field.id == name), name)


def read_contact(case: Case, asker: Asker, *, by: Actor, reason: str) -> list[Opened]:
    """How to reach an asker; logged with its reason and shown to them."""
    check_can_reach(case, by)
    names = {"phone": _("Phone"), "email": _("E-mail"), "name": _("Name")}
    try:
        found = contacts.reveal(case, asker, by=by, reason=reason)
    except (sealing.Destroyed, sealing.NothingSealed):
        raise Denied(_("Nothing is kept of this person any more.")) from None
    if not found:
        raise Denied(_("This person left nothing of themselves."))
    return [Opened(names[kind], value) for kind, value in found.items()]
