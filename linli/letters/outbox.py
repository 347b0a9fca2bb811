"""Writing letters into the outbox, in the transaction of what they tell; delivering comes after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction

from linli.letters import templates
from linli.letters.channels import email, sms
from linli.letters.models import Channel, Letter, State
from linli.lib import clock
from linli.people.models import User
from linli.vault import sealing

KEEP_SENT = timedelta(days=7)  # R29
OUTSIDE = {Channel.SMS: "phone", Channel.EMAIL: "email"}


@dataclass(frozen=True)
class Recipient:
    """Somebody to tell: an account, a file in the vault, or both; channels in order of preference."""

    user: User | None = None
    subject: str | None = None
    language: str = "zh-hans"
    channels: tuple[str, ...] = (Channel.INAPP, Channel.SMS, Channel.EMAIL)


def send(
    to: Recipient, template: str, context: Mapping[str, Any], *, key: str, about: str = ""
) -> Letter | None:
    """Write the letters of one message: the inbox of an account, and one way out of the house.

    Exactly one for each key and channel, however often it is called. Returns the first letter, or
    None if there is no way to reach this person. Must run inside the transaction it belongs to.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A letter is written in the transaction of what it tells.")
    templates.check(template, context)
    letters = []
    for channel in _ways(to):
        row, _made = Letter.objects.get_or_create(
            key=f"{template}:{key}",
            channel=channel,
            defaults={
                "template": template,
                "language": to.language,
                "user": to.user,
                "subject": to.subject or "",
                "about": about,
                "context": dict(context),
                # An inbox needs no postman: it is there as soon as it is written.
                **(
                    {"state": State.SENT, "sent_at": clock.now()}
                    if channel == Channel.INAPP
                    else {}
                ),
            },
        )
        letters.append(row)
    return letters[0] if letters else None


def _ways(to: Recipient) -> list[str]:
    """The inbox for an account, and the first outside channel for which the vault has an address."""
    ways: list[str] = []
    if to.user is not None and Channel.INAPP in to.channels:
        ways.append(Channel.INAPP)
    subject = subject_of(to)
    kinds = set(sealing.kinds_of(subject)) if subject else set()
    for channel in to.channels:
        if OUTSIDE.get(Channel(channel)) in kinds:
            ways.append(channel)
            break
    return ways


def subject_of(to: Recipient | Letter) -> str:
    """Whose file holds the address: the one named, or the account's own."""
    return to.subject or (to.user.vault_subject if to.user else "")


def send_code(channel: str, address: str, code: str) -> None:
    """A sign-in code goes out at once and is kept nowhere."""
    with_words = templates.engines["jinja2"].get_template("letters/code.txt").render({"code": code})
    subject, _rule, body = str(with_words).strip().partition("\n")
    post = sms if channel in {"phone", Channel.SMS} else email
    post.send(
        address, templates.Text(subject.strip(), body.strip()), f"code:{clock.now().timestamp()}"
    )


def forget_sent() -> int:
    """Erase what letters said seven days after they left (R29); those not delivered stay."""
    old = Letter.objects.filter(state=State.SENT, sent_at__lt=clock.now() - KEEP_SENT)
    outside = old.exclude(channel=Channel.INAPP).exclude(context={})
    return outside.update(context={})
