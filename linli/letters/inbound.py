"""What comes back by text message: 1 solved, 2 not solved, 3 cannot judge.

Nothing of what a person wrote is kept but the digit. They are answered with quiet texts, each at
most once for a letter, so that two machines that answer each other soon fall silent.
"""

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from linli.letters.models import Letter, State
from linli.letters.outbox import WAYS, Recipient, send
from linli.letters.templates import ASKS_FOR_WORD
from linli.lib import clock
from linli.vault import sealing

# template -> what happens with the word; filled by site/wiring.py. Called once for a letter, in a
# transaction; the sentence it returns is for the person's page or the operator, never for a message.
Handler = Callable[[Letter, str], str]
HANDLERS: Final[dict[str, Handler]] = {}

WORDS: Final = {"1": "solved", "2": "unsolved", "3": "unsure"}
_DIGITS: Final = {"一": "1", "二": "2", "三": "3"}
_ONE_SIGN: Final = re.compile(r"[\W_]*([123一二三])[\W_]*")
# Two replies so close together mean the same letter: a gateway that repeats itself, or a person who
# has second thoughts. The second must not be taken for a word about an older letter.
SETTLING: Final = timedelta(minutes=10)


class Result(StrEnum):
    TAKEN = "taken"
    REPEATED = "repeated"  # the same word about the same letter once more
    WHICH = "which"  # another word just after the first: changed nothing, the page is offered
    UNCLEAR = "unclear"
    NOBODY = "nobody"  # no letter to this address waits for a word


@dataclass(frozen=True)
class Outcome:
    """What became of a reply; `words` is the handler's sentence."""

    result: Result
    words: str = ""


def receive(channel: str, sender: str, text: str) -> Outcome:
    """Find the newest letter to this sender that waits for a word, and do what the word says."""
    asked = _asked(channel, sender)
    word = _word(text)
    # In this order: if a twin takes the newest letter before the first look, the second look sees it.
    letter = asked.filter(replied_at=None).order_by("-sent_at").first()
    settling = asked.filter(replied_at__gt=clock.now() - SETTLING).order_by("-replied_at").first()
    if settling is not None and word:
        return _again(settling, word)
    if letter is None:
        return Outcome(Result.NOBODY)
    if not word:
        _answer(letter, "reply.unclear")
        return Outcome(Result.UNCLEAR)
    return _take(letter, word)


def _asked(channel: str, sender: str) -> QuerySet[Letter]:
    """The letters that went to this address over this channel and ask for a word."""
    subjects = sealing.find(WAYS[channel].address_kind, sender)
    return Letter.objects.filter(
        _to(subjects), template__in=ASKS_FOR_WORD, channel=channel, state=State.SENT
    ).select_related("user")


def _to(subjects: Collection[str]) -> Q:
    """As in `outbox.subject_of`: a letter's own subject goes before the account's."""
    return Q(subject__in=subjects) | Q(subject="", user__vault_subject__in=subjects)


def _word(text: str) -> str:
    """The word that a reply stands for, or "": one digit, full-width and Chinese ones too.

    Only a digit by itself counts: a text that begins with the number of a house is no answer.
    """
    found = _ONE_SIGN.fullmatch(unicodedata.normalize("NFKC", text))
    return WORDS[_DIGITS.get(found[1], found[1])] if found else ""


@transaction.atomic
def _take(letter: Letter, word: str) -> Outcome:
    """The guarded update decides which of two that came at once is heard."""
    mine = Letter.objects.filter(pk=letter.pk, replied_at=None)
    if not mine.update(replied_at=clock.now(), reply=word):
        return Outcome(Result.REPEATED)
    words = HANDLERS[letter.template](letter, word)
    _answer(letter, "reply.taken")
    return Outcome(Result.TAKEN, words)


def _again(letter: Letter, word: str) -> Outcome:
    if letter.reply == word:
        return Outcome(Result.REPEATED)
    _answer(letter, "reply.which")
    return Outcome(Result.WHICH)


@transaction.atomic
def _answer(letter: Letter, template: str) -> None:
    to = Recipient(letter.user, letter.subject or None, (letter.channel,), letter.language)
    # Its own words may be erased by now; then the link leads to the front page.
    path = letter.context.get("path", "/")
    send(to, template, {"path": path}, key=str(letter.pk), about=letter.about)
