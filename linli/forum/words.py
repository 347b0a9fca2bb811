"""What somebody wrote, made ready: clean signs, limits, and the look for personal details."""

import re
import unicodedata
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.forum.models.floor import LONGEST_TEXT
from linli.forum.models.topic import LONGEST_TITLE
from linli.lib.text import Hit, find_personal, mask
from linli.people.policies import Denied

# Neither databases nor feeds take these; none of them is writing.
_UNWRITABLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\ue000-\uf8ff]"
)
_BLANK: Final = re.compile(r"\s+")
PUBLIC: Final = frozenset({"landline"})  # an office's telephone may be said


class Personal(Denied):
    """Everybody would read something personal; `found` are the words, `masked` the text without."""

    def __init__(self, hits: list[Hit]) -> None:
        self.found = tuple(dict.fromkeys(hit.text for hit in hits))
        super().__init__(
            ngettext(
                "Everybody will read this, and it holds something personal: %(found)s.",
                "Everybody will read this, and it holds something personal: %(found)s.",
                len(self.found),
            )
            % {"found": _("; ").join(self.found)}
        )


def clean_text(said: str, *, blank_out: bool = False) -> str:
    """The words of a floor. Denied if empty or too long; Personal if something personal is in it.

    With `blank_out` the author has agreed that what was found is put out of sight.
    """
    text = _UNWRITABLE.sub("", said.replace("\r\n", "\n").replace("\r", "\n"))
    text = unicodedata.normalize("NFC", text).strip()
    if not text:
        raise Denied(_("Please write something first."))
    if len(text) > LONGEST_TEXT:
        raise Denied(
            _("That is %(n)s characters; %(most)s fit.") % {"n": len(text), "most": LONGEST_TEXT}
        )
    return _screened(text, blank_out)


def clean_title(said: str, *, blank_out: bool = False) -> str:
    """The title of a topic, in one line; refused as the text is."""
    title = _BLANK.sub(" ", _UNWRITABLE.sub("", unicodedata.normalize("NFC", said))).strip()
    if not title:
        raise Denied(_("A topic needs a title, so that others find it."))
    if len(title) > LONGEST_TITLE:
        raise Denied(
            _("A title has at most %(most)s characters; this one has %(n)s.")
            % {"most": LONGEST_TITLE, "n": len(title)}
        )
    return _screened(title, blank_out)[:LONGEST_TITLE]


def _screened(text: str, blank_out: bool) -> str:
    hits = [hit for hit in find_personal(text) if hit.kind not in PUBLIC]
    if not hits:
        return text
    if not blank_out:
        raise Personal(hits)
    return mask(text)


def quoted(name: str, number: int, text: str, most: int = 400) -> str:
    """A floor as a quotation to answer: its first words, each line behind an angle."""
    said = text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
    own = [line for line in said.split("\n") if not line.lstrip().startswith(">")]
    lines = [_("%(who)s said in %(n)s#:") % {"who": name, "n": number}, *own]
    return "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n"
