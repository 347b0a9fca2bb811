"""One attention budget for each person: one message a day over all modules, and none at night.

The inbox has every letter at once. What goes out of the house only says that something is there, so
one message can speak for ten letters. It holds for accounts: a telephone that somebody left with one
matter has no inbox and hears at once. Letters that expect a word back, or that are of use only now
(somebody is asked to come instead today), are outside the budget.
"""

from datetime import datetime, time, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Q

from linli.letters.models import Channel, Letter, Nudge, State
from linli.letters.templates import TEMPLATES
from linli.lib import clock

WAKES: Final = time(8)


def counts(letter: Letter) -> bool:
    """Whether the budget and the quiet hours hold for this letter."""
    one = TEMPLATES[letter.template]
    plain = one.inbox and not one.asks and not one.now
    return plain and letter.user_id is not None and letter.channel != Channel.INAPP


def quiet_hours() -> tuple[int, int] | None:
    """The local hours at which the quiet begins and ends; None if no hour is quiet.

    `LINLI_QUIET_HOURS` is "21-8" or empty.
    """
    if not settings.LINLI_QUIET_HOURS:
        return None
    begins, ends = (int(hour) for hour in settings.LINLI_QUIET_HOURS.split("-"))
    return begins, ends


def quiet_until(now: datetime) -> datetime | None:
    """The morning that ends the quiet hours in which this moment lies; None by day."""
    hours = quiet_hours()
    if hours is None:
        return None
    begins, ends = hours
    local = now.astimezone(clock.LOCAL)
    night = local.hour >= begins or local.hour < ends
    if not night:
        return None
    day = local.date() + timedelta(days=local.hour >= begins)
    return datetime.combine(day, time(ends), clock.LOCAL)


def held(letter: Letter) -> bool:
    """Whether the letter stays here for now: until the morning, or said with another one."""
    if not counts(letter):
        return False
    now = clock.now()
    morning = quiet_until(now)
    if morning is not None:
        return _wait(letter, morning)
    return not _speaks(letter, now) and _with_another(letter, now)


def _speaks(letter: Letter, now: datetime) -> bool:
    """Whether this letter is the message of the day; the unique row decides between two workers."""
    nudge, made = Nudge.objects.get_or_create(
        user=letter.user, day=clock.today(), defaults={"letter": letter}
    )
    if made or nudge.letter_id == letter.pk:
        return True
    if nudge.letter.state != State.DEAD:
        return False
    mine = Nudge.objects.filter(pk=nudge.pk, letter=nudge.letter)  # that one never arrived
    return bool(mine.update(letter=letter))


def _with_another(letter: Letter, now: datetime) -> bool:
    """Said with the message of the day if that had not left when this was written; else tomorrow."""
    other = Letter.objects.get(nudges__user=letter.user, nudges__day=clock.today())
    if other.state == State.WAITING or (other.sent_at and letter.created_at <= other.sent_at):
        return _change(letter, state=State.FOLDED, folded_into=other, sent_at=now)
    tomorrow = now.astimezone(clock.LOCAL).date() + timedelta(days=1)
    return _wait(letter, datetime.combine(tomorrow, WAKES, clock.LOCAL))


def speaks_for_more(letter: Letter) -> bool:
    """Whether the inbox is the better place to lead to: more than this one waits to be said."""
    if not counts(letter):
        return False
    others = Letter.objects.filter(user=letter.user).exclude(pk=letter.pk)
    outside = others.exclude(channel=Channel.INAPP)
    return outside.filter(Q(state=State.WAITING) | Q(folded_into=letter)).exists()


def unfold(letter: Letter) -> int:
    """The message that spoke for others did not arrive: they wait again; how many."""
    rows = Letter.objects.filter(folded_into=letter, state=State.FOLDED)
    return rows.update(state=State.WAITING, folded_into=None, sent_at=None, next_try=clock.now())


def _wait(letter: Letter, until: datetime) -> bool:
    return _change(letter, next_try=until)


def _change(letter: Letter, **changes: object) -> bool:
    """Only while nobody else took it in hand; held is held, by us or by whoever has it now."""
    mine = Letter.objects.due().filter(pk=letter.pk, attempts=letter.attempts)
    mine.update(**changes)
    return True
