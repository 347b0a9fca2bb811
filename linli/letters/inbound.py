"""What comes back by text message: 1 solved, 2 not solved, 3 cannot judge."""

import unicodedata
from collections.abc import Callable

from linli.letters.models import Channel, Letter, State
from linli.letters.templates import ASKS_FOR_WORD
from linli.lib import clock
from linli.vault import sealing

# template -> what happens with the reply; filled by site/wiring.py. Returns a sentence to send back.
Handler = Callable[[Letter, str], str]
HANDLERS: dict[str, Handler] = {}
WORDS = {"1": "solved", "2": "unsolved", "3": "unsure"}


def receive(channel: str, sender: str, text: str) -> str | None:
    """Find the newest letter to this sender that waits for a word, and do what the word says.

    Returns the sentence to answer with, or None if nobody of ours wrote to this address.
    """
    kind = "phone" if channel == Channel.SMS else "email"
    subjects = sealing.find(kind, sender)
    waiting = (
        Letter.objects.filter(template__in=ASKS_FOR_WORD, state=State.SENT, replied_at=None)
        .exclude(channel=Channel.INAPP)
        .select_related("user")
        .order_by("-sent_at")
    )
    letter = (
        waiting.filter(subject__in=subjects).first()
        or waiting.filter(user__vault_subject__in=subjects).first()
    )
    if letter is None:
        return None
    word = WORDS.get(unicodedata.normalize("NFKC", text).strip()[:1], "")
    answer = HANDLERS[letter.template](letter, word)
    if word:
        Letter.objects.filter(pk=letter.pk).update(replied_at=clock.now())
    return answer
