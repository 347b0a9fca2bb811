"""What a handler may read of a case: at once, after writing down why, or not at all."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases import contacts
from linli.cases.actions.core import tell
from linli.cases.actions.handle import _when
from linli.cases.models import Asker, Case, Words
from linli.cases.policies import tie
from linli.lib import text as texts
from linli.people.actors import Actor
from linli.people.policies import Denied, allowed
from linli.vault import sealing
from linli.web.language import lang

WITH_A_REASON = "asked"  # stands for any reason, to ask whether one would open it


# How an asker stands to the unit, in words for those who handle the matter.
TIES = {
    Asker.Anonymity.NAMED: gettext_lazy("gave their name; the public may see it"),
    Asker.Anonymity.HIDDEN: gettext_lazy("gave their name to the unit, not to the public"),
    Asker.Anonymity.SEALED: gettext_lazy("left a contact under seal"),
    Asker.Anonymity.NOTHING: gettext_lazy(
        "left nothing: only they can come back, with number and word"
    ),
}


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
    more = allowed(check_can_read, case, actor, WITH_A_REASON)
    if case.is_sealed:
        return Shown("", sealed=True, more=more)
    if allowed(check_can_read, case, actor):
        return Shown(case.text, more=bool(case.sealed_subject))
    return Shown(texts.mask(case.text), masked=True, more=True) if more else Shown("")


def sees_photos(case: Case, actor: Actor, *, reason: str = "") -> bool:
    """Photos open with the text: at once for those who act on it, for others with a reason."""
    if case.is_sealed and not reason:
        return False
    return allowed(_check, "case.view_photo", case, actor, reason)


def check_can_read(case: Case, actor: Actor, reason: str = "") -> None:
    """Whether this person may open the whole text; the table says who has to give a reason."""
    _check("case.view_text", case, actor, reason)


def check_can_reach(case: Case, actor: Actor, reason: str) -> None:
    """Whether this person may open an asker's contact, for this reason."""
    _check("case.view_contact", case, actor, reason)


def _check(action: str, case: Case, actor: Actor, reason: str) -> None:
    stand = tie(actor, case)
    actor.check(
        action,
        assigned=stand.assigned_for(action),
        in_scope=stand.in_scope,
        conflict=stand.conflict,
        reason=reason,
    )


@transaction.atomic
def read_words(case: Case, *, by: Actor, reason: str) -> list[Opened]:
    """Everything of the case that does not lie open, for a reason the asker is shown."""
    clean = reason.strip()
    if not clean:
        raise Denied(_("Write down why you need to read it; the asker will see it."))
    check_can_read(case, by, clean)
    found = []
    if not case.is_sealed and by.needs_reason("case.view_text"):
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
    check_can_reach(case, by, reason)
    names = {"phone": _("Phone"), "email": _("E-mail"), "name": _("Name")}
    try:
        found = contacts.reveal(case, asker, by=by, reason=reason)
    except (sealing.Destroyed, sealing.NothingSealed):
        raise Denied(_("Nothing is kept of this person any more.")) from None
    if not found:
        raise Denied(_("This person left nothing of themselves."))
    return [Opened(names[kind], value) for kind, value in found.items()]
