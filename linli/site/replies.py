"""A text message that comes back: 1 solved, 2 not solved, 3 cannot judge."""

from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from linli.cases.actions.asker import reply
from linli.cases.models import Asker, Case, Reply
from linli.letters.models import Letter
from linli.people.actors import ANONYMOUS, as_resident
from linli.people.policies import Denied


def on_answer(letter: Letter, word: str) -> str:
    """What the asker says about an answer, by message; returns the sentence to send back.

    Whoever holds the telephone holds the word: the message went to the sealed number, nobody else.
    """
    with translation.override(letter.language):
        asker = _asker(letter)
        if asker is None:
            return _("This matter is no longer kept here.")
        if not word:
            return _("Please answer with one digit: 1 solved, 2 not solved, 3 cannot judge.")
        try:
            reply(asker, word, by=as_resident(asker.user) if asker.user else ANONYMOUS)
        except Denied as denied:
            return str(denied)
        return _thanks(asker, word)


def _asker(letter: Letter) -> Asker | None:
    """The person of this letter among those who asked; the letter's key ends with their id."""
    try:
        key = UUID(letter.key.rpartition(":")[2])
    except ValueError:
        return None
    return Asker.objects.select_related("user").filter(pk=key).first()


def _thanks(asker: Asker, word: str) -> str:
    number = {"number": asker.pretty_number}
    if word != Reply.UNSOLVED:
        return _("Thank you. We have noted it for number %(number)s.") % number
    case = Case.objects.select_related("owner").get(pk=asker.case_id)
    if case.is_sealed:  # a message may be read over somebody's shoulder
        return _("Thank you. Number %(number)s is open again.") % number
    unit = case.owner.name_for(translation.get_language() or "")
    return _("Thank you. Number %(number)s is open again and goes to %(unit)s.") % {
        **number, "unit": unit,
    }  # fmt: skip
