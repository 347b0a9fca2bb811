"""Writing letters into the outbox, in the transaction of what they tell; delivering comes after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linli.letters import templates
from linli.letters.channels import Way, email, inapp, sms
from linli.letters.models import Channel, Letter, Nudge, State
from linli.letters.templates import TEMPLATES
from linli.lib import clock
from linli.people.models import User
from linli.people.policies import Denied
from linli.vault import sealing

KEEP_WORDS: Final = timedelta(days=7)  # R29: what was said, after it left
KEEP_ROWS: Final = timedelta(days=365)  # R29: that it was said
LONGEST_KEY: Final = 240

WAYS: Final[Mapping[str, Way]] = {Channel.INAPP: inapp, Channel.SMS: sms, Channel.EMAIL: email}


@dataclass(frozen=True)
class Recipient:
    """Somebody to tell: an account, a file in the vault, or both; channels in order of preference.

    With `subject` the address comes from that file, else from the account's own.
    """

    user: User | None = None
    subject: str | None = None
    channels: tuple[str, ...] = (Channel.INAPP, Channel.SMS, Channel.EMAIL)
    language: str = "zh-hans"


class CodeNotSent(Denied):
    """The gateway did not take the code; the sentence is for the person who waits for it."""


def send(
    to: Recipient, template: str, context: Mapping[str, Any], *, key: str, about: str = ""
) -> Letter | None:
    """Write the letters of one message: the inbox of an account, and one way out of the house.

    Exactly one message for each template, key and recipient: a second call gives the first letter
    of the first. None if there is no way to reach this person. Raises RuntimeError outside a
    transaction, KeyError or ValueError for a context that is not the template's.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A letter is written in the transaction of what it tells.")
    templates.check(template, context)
    name = _key_of(to, template, key)
    known = {letter.channel: letter for letter in Letter.objects.filter(key=name)}
    if known:  # since then the person may have gained another address: still one message
        return known.get(Channel.INAPP) or next(iter(known.values()))
    letters = [
        _write(to, channel, template, context, name, about) for channel in _ways(to, template)
    ]
    return letters[0] if letters else None


def _key_of(to: Recipient, template: str, key: str) -> str:
    """The caller's key stays at the end, where a reply's handler finds it."""
    name = f"{template}:{to.user.pk if to.user else to.subject}:{key}"
    if len(name) > LONGEST_KEY or not key:
        raise ValueError(f"{template}: a key has between 1 and about 150 characters")
    return name


def _write(
    to: Recipient, channel: str, template: str, context: Mapping[str, Any], name: str, about: str
) -> Letter:
    now = clock.now()
    # An inbox needs no postman: the letter is there as soon as it is written.
    there = {"state": State.SENT, "sent_at": now} if channel == Channel.INAPP else {}
    values = {
        "template": template,
        "language": to.language,
        "user": to.user,
        "subject": to.subject or "",
        "about": about,
        "context": dict(context),
        "created_at": now,
        "next_try": now,
        **there,
    }
    # The unique key decides between two that are in this very line at once.
    return Letter.objects.get_or_create(key=name, channel=channel, defaults=values)[0]


def _ways(to: Recipient, template: str) -> list[str]:
    """The inbox for an account, and the first way outside for which the vault has an address."""
    ways: list[str] = []
    if to.user is not None and Channel.INAPP in to.channels and TEMPLATES[template].inbox:
        ways.append(Channel.INAPP)
    outside = [name for name in to.channels if name != Channel.INAPP]
    subject = subject_of(to)
    if subject and outside:
        kinds = set(sealing.kinds_of(subject))
        ways += [name for name in outside if WAYS[name].address_kind in kinds][:1]
    return ways


def subject_of(to: Recipient | Letter) -> str:
    """Whose file holds the address: the one named, or the account's own."""
    return to.subject or (to.user.vault_subject if to.user else "")


def send_code(channel: str, address: str, code: str) -> None:
    """A sign-in code ("phone" or "email") goes out at once and is kept nowhere.

    Raises CodeNotSent if the gateway fails.
    """
    text = templates.code(code, get_language() or settings.LANGUAGE_CODE)
    carry = email.send if channel == email.address_kind else sms.send
    try:
        carry(address, text, f"code:{uuid4()}")
    except Exception:  # its message may hold the address: it goes no further than here
        sentence = _("The code could not be sent just now. Please try again in a few minutes.")
        raise CodeNotSent(sentence) from None


def forget_sent() -> int:
    """Erase what letters said seven days after they left, and the rows after a year (R29).

    What was not delivered stays, and so does an inbox letter that nobody has opened (R30); the
    words of an inbox stay as long as its rows. Returns how many letters lost their words.
    """
    gone = Letter.objects.filter(state__in=[State.SENT, State.FOLDED])
    read = ~Q(channel=Channel.INAPP) | Q(read_at__isnull=False)
    gone.filter(read, sent_at__lt=clock.now() - KEEP_ROWS).delete()
    Nudge.objects.filter(day__lt=clock.today() - KEEP_WORDS).delete()
    old = gone.filter(sent_at__lt=clock.now() - KEEP_WORDS).exclude(channel=Channel.INAPP)
    return old.exclude(context={}).update(context={})
