"""What sealed values are called, in the reader's language."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KINDS = {
    "phone": _("telephone number"),
    "email": _("e-mail address"),
    "name": pgettext_lazy("person", "name"),
    "address": _("address"),
    "text": _("the words of a sealed matter"),
}
OTHER = _("an answer to a private question")


def kind_name(kind: str) -> str:
    """A kind of sealed value in words; fields of a playbook are answers to private questions."""
    return str(KINDS["text"] if kind.startswith("words.") else KINDS.get(kind, OTHER))
