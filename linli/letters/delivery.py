"""Taking letters out of the outbox: claim with a lease, send, mark; a crash in between re-sends.

The order is claim, send, mark. Marked before sending, a crash would lose a letter; claimed without
a lease, two workers would both send it. A letter that was sent but not marked goes out once more
with the same key, by which the gateway knows it.
"""

import random
from collections import Counter
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from linli.letters import templates
from linli.letters.channels import email, sms
from linli.letters.models import Channel, Letter, State
from linli.letters.outbox import OUTSIDE, subject_of
from linli.lib import clock
from linli.people.actors import SYSTEM
from linli.vault import sealing

LEASE = timedelta(seconds=60)
STEP = timedelta(seconds=30)
MOST_ATTEMPTS = 8


def deliver(batch: int = 50) -> Counter[str]:
    """Send up to `batch` letters that are due; returns how many went which way."""
    done = Counter[str]()
    for letter in Letter.objects.due().order_by("next_try").select_related("user")[:batch]:
        if _claim(letter):
            done[_send(letter)] += 1
    return done


def _claim(letter: Letter) -> bool:
    """Take the letter for a minute; one worker wins (D3)."""
    mine = Letter.objects.due().filter(pk=letter.pk)
    return bool(mine.update(lease_until=clock.now() + LEASE, attempts=F("attempts") + 1))


def _send(letter: Letter) -> str:
    channel = Channel(letter.channel)
    try:
        with transaction.atomic():
            reason = f"letter {letter.template}"
            address = sealing.reveal(subject_of(letter), OUTSIDE[channel], by=SYSTEM, reason=reason)
        text = templates.render(letter.template, channel, letter.language, letter.context)
        (sms if channel == Channel.SMS else email).send(address, text, str(letter.pk))
    except (sealing.Destroyed, sealing.NothingSealed):
        return _finish(letter, State.DEAD, "no address any more")
    except Exception as error:  # a gateway may fail in any way; the letter must outlive it
        return _later(letter, type(error).__name__)
    return _finish(letter, State.SENT, "")


def _finish(letter: Letter, state: State, error: str) -> str:
    Letter.objects.filter(pk=letter.pk).update(
        state=state, error=error, lease_until=None,
        sent_at=clock.now() if state == State.SENT else None,
    )  # fmt: skip
    return state.value


def _later(letter: Letter, error: str) -> str:
    """Try again after 30 s, 1 min, 2 min …; after eight tries somebody must look (dead letter)."""
    tries = letter.attempts + 1
    if tries >= MOST_ATTEMPTS:
        return _finish(letter, State.DEAD, error)
    pause = STEP * 2**letter.attempts * random.uniform(0.8, 1.2)
    Letter.objects.filter(pk=letter.pk).update(
        lease_until=None, next_try=clock.now() + pause, error=error
    )
    return "later"


def retry_dead() -> int:
    """Put every letter that was given up back into the queue."""
    return Letter.objects.filter(state=State.DEAD).update(
        state=State.WAITING, attempts=0, next_try=clock.now(), lease_until=None
    )
