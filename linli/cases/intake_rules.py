"""What the kind's rule asks of a new case, said in sentences before anything is written."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from linli.cases.actions.core import LONGEST
from linli.people.policies import Denied
from linli.playbook.base import LEVEL_OF_PLACE, LEVELS_ABOVE
from linli.playbook.schema import CaseKind, Field
from linli.web.language import lang

if TYPE_CHECKING:
    from linli.cases.actions.receive import Draft


def check_draft(draft: "Draft", rule: CaseKind) -> None:
    """Raise Denied with the first thing that is missing or not allowed for this kind."""
    if not draft.text.strip():
        raise Denied(_("Please write in a few words what it is about."))
    if len(draft.text) > LONGEST:
        raise Denied(
            _("That is %(n)s characters; %(most)s fit.") % {"n": len(draft.text), "most": LONGEST}
        )
    if draft.channel not in rule.channels:
        raise Denied(_("This kind of matter is not taken in this way."))
    if not rule.takes(draft.category):
        raise Denied(_("Please choose one of the topics offered."))
    if draft.visibility not in rule.visibilities:
        raise Denied(_("Please choose who may see it."))
    _check_place(draft, rule)
    _check_identity(draft, rule)
    if rule.consent and not draft.consent:
        raise Denied(
            _("This needs your agreement: %(words)s") % {"words": rule.consent.text(lang())}
        )
    for field in rule.fields:
        check_field(field, draft.fields.get(field.id))


def _check_place(draft: "Draft", rule: CaseKind) -> None:
    level = LEVEL_OF_PLACE.get(draft.place.kind, draft.place.kind)
    if rule.place != "any" and rule.place not in LEVELS_ABOVE.get(level, (level,)):
        raise Denied(_("Please say more exactly where it is."))


def _check_identity(draft: "Draft", rule: CaseKind) -> None:
    left = draft.user or draft.phone or draft.email or draft.name
    if rule.identity == "none" and left:
        raise Denied(_("This way of speaking keeps no names: leave out who you are."))
    if rule.identity == "required" and not (draft.user or draft.phone or draft.email):
        raise Denied(
            _("Please leave a phone number or an e-mail address, so that we can reach you.")
        )
    if rule.identity == "required" and not (draft.name.strip() or draft.user):
        raise Denied(_("Please say who you are; it is sealed and every look at it is logged."))


def check_field(field: Field, value: Any) -> None:
    """Whether `value` fits a field of the playbook; Denied says what is wrong with it."""
    name = {"field": field.name.text(lang())}
    if value in (None, "", [], False):
        if field.required:
            raise Denied(_("“%(field)s” is still empty.") % name)
        return
    if field.type == "choice" and value not in {choice.id for choice in field.choices}:
        raise Denied(_("“%(field)s”: choose one of the options.") % name)
    if field.type == "text" and len(str(value)) > field.max_length:
        raise Denied(_("“%(field)s” is too long.") % name)
