"""Taking letters out of the outbox: claim with a lease, send, mark; a crash in between re-sends.

The order is claim, send, mark. Marked before sending, a crash would lose a letter; claimed without
a lease, two workers would both send it. A letter that was sent but not marked goes out once more
with the same key, by which the gateway knows it.
"""

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.urls import reverse

from linli.letters import budget, templates
from linli.letters.channels import Undeliverable
from linli.letters.models import Letter, State
from linli.letters.outbox import WAYS, subject_of
from linli.lib import clock
from linli.people.actors import SYSTEM
from linli.vault import sealing

LEASE = timedelta(seconds=60)
STEP = timedelta(seconds=30)
MOST_ATTEMPTS: Final = 8
LATER: Final = "later"
HELD: Final = "held"
NO_ADDRESS: Final = (sealing.Destroyed, sealing.NothingSealed)


def deliver(batch: int = 50, stop: Callable[[], bool] = lambda: False) -> Counter[str]:
    """Send up to `batch` letters that are due; returns how many went which way.

    The ways are "sent", "dead", "later", and "held" by the budget of attention. Between two letters
    it asks whether to `stop`.
    """
    done = Counter[str]()
    for letter in Letter.objects.due().order_by("next_try").select_related("user")[:batch]:
        if stop():
            break
        if letter.attempts >= MOST_ATTEMPTS:
            done[_give_up(letter, "Unfinished")] += 1  # the worker died at it, each time
        elif budget.held(letter):
            done[HELD] += 1
        elif _claim(letter):
            done[_try(letter)] += 1
    return done


def _claim(letter: Letter) -> bool:
    """Take the letter for a minute; one worker wins (D3). The attempt counts before it is made."""
    mine = Letter.objects.due().filter(pk=letter.pk, attempts=letter.attempts)
    letter.attempts += 1
    return bool(mine.update(lease_until=clock.now() + LEASE, attempts=letter.attempts))


def _try(letter: Letter) -> str:
    try:
        _carry(letter)
    except NO_ADDRESS:
        return _give_up(letter, "NoAddress")
    except Undeliverable:
        return _give_up(letter, "Undeliverable")
    except Exception as error:  # a gateway may fail in any way; the letter must outlive it
        return _later(letter, type(error).__name__)
    return _mark_sent(letter)


def _carry(letter: Letter) -> None:
    """Read the address, which the person sees in their file, and hand the letter over."""
    way = WAYS[letter.channel]
    reason = f"letter: {letter.template}"
    address = sealing.reveal(subject_of(letter), way.address_kind, by=SYSTEM, reason=reason)
    context = letter.context
    if budget.speaks_for_more(letter):
        context = {**context, "path": reverse("inbox")}
    text = templates.render(letter.template, letter.channel, letter.language, context)
    way.send(address, text, str(letter.pk))


def _mark_sent(letter: Letter) -> str:
    """Unconditional but for itself: it was sent, whoever holds the letter by now."""
    rows = Letter.objects.filter(pk=letter.pk).exclude(state=State.SENT)
    rows.update(state=State.SENT, sent_at=clock.now(), lease_until=None, error="")
    return State.SENT.value


def _give_up(letter: Letter, error: str) -> str:
    _mine(letter, state=State.DEAD, error=error, lease_until=None)
    budget.unfold(letter)
    return State.DEAD.value


def _later(letter: Letter, error: str) -> str:
    """Try again after 30 s, 1 min, 2 min …; after eight tries somebody must look (dead letter)."""
    if letter.attempts >= MOST_ATTEMPTS:
        return _give_up(letter, error)
    # Spread, so that a gateway that comes back is not met by all of them in one moment.
    pause = STEP * 2 ** (letter.attempts - 1) * random.uniform(0.8, 1.2)
    _mine(letter, lease_until=None, next_try=clock.now() + pause, error=error[:80])
    return LATER


def _mine(letter: Letter, **changes: object) -> None:
    """Change the letter unless another worker took it over when our lease ran out."""
    mine = Letter.objects.filter(pk=letter.pk, state=State.WAITING, attempts=letter.attempts)
    mine.update(**changes)


def retry_dead() -> int:
    """Put every letter that was given up back into the queue; how many."""
    return Letter.objects.filter(state=State.DEAD).update(
        state=State.WAITING, attempts=0, next_try=clock.now(), lease_until=None
    )
