"""Names that the playbook's words have on a page."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

BASES: Final = {
    "members": _("party members"),
    "branch": _("branch committee members"),
    "adults": _("adult residents"),
    "households": _("households"),
    "representatives": _("representatives"),
    "committee": _("committee members"),
    "councillors": _("councillors"),
    "cooperators": _("members of the cooperative"),
    "parties": _("member bodies"),
}
WHOLES: Final = {
    "all": _("all on the roll"),
    "due": _("those due"),
    "present": _("those present"),
    "cast": _("those voting"),
}
SECRECIES: Final = {
    "hands": _("show of hands"),
    "open": _("open vote by name"),
    "secret": _("secret vote"),
}
ROUTES: Final = {
    "deliberate": _("talk it over together"),
    "mediate": _("mediate between the two sides"),
    "refer": _("name the right body"),
    "explain": _("explain the rules"),
}
PUBLISHED: Final = {
    "draft": _("the draft"),
    "call": _("the call to the meeting"),
    "decision": _("the decision"),
    "result": _("the result"),
}
DOES: Final = {
    "propose": pgettext_lazy("stage", "propose"),
    "draft": pgettext_lazy("stage", "write the draft"),
    "publish": pgettext_lazy("stage", "publish"),
    "meet": pgettext_lazy("stage", "meet and vote"),
    "do": pgettext_lazy("stage", "carry it out"),
    "rate": pgettext_lazy("stage", "rate it"),
}


def base_name(base: str) -> str:
    """Whom a roll lists, in words."""
    return str(BASES.get(base, base))
