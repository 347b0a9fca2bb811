"""Who fits the rule of a letter: people with an account, by where the rule says they are known."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.db.models import Q

from linli.journal.models import Entry
from linli.letters.models import Campaign, OptOut
from linli.lib import clock
from linli.people.models import Appointment, User
from linli.playbook.letter import Audience

# (rule, path of the area) -> ids of accounts, and how many fit but have no account here.
Answer = tuple[set[UUID], int]
Source = Callable[[Audience, str], Answer]


def holders(rule: Audience, place: str) -> Answer:
    """Everybody who holds such a post in the area today."""
    fits = Q()
    if rule.kinds:
        fits &= Q(post__kind__in=rule.kinds)
    if rule.roles:
        fits &= Q(post__role__in=rule.roles)
    here = Q(post__place__path__startswith=place) | Q(
        post__place=None, post__organisation__place__path__startswith=place
    )
    rows = Appointment.objects.in_force(clock.today()).filter(fits, here)
    return set(rows.values_list("user_id", flat=True)), 0


# Where people are known from; and whom a line of the journal is about. Both are completed by
# site/wiring.py with what higher floors know.
SOURCES: Final[dict[str, Source]] = {"posts": holders}
CONCERNED: Final[dict[str, Callable[[Entry], UUID | None]]] = {}


def of(campaign: Campaign) -> Answer:
    """Who would get it now, opted out or not."""
    rule = campaign.rule.audience
    found, beyond = SOURCES[rule.of](rule, campaign.place)
    active = User.objects.filter(pk__in=found, is_active=True)
    return set(active.values_list("pk", flat=True)), beyond


def without(kind: str, people: set[UUID]) -> set[UUID]:
    """Those of these people who do not want this kind of letter."""
    rows = OptOut.objects.filter(kind=kind, user__in=people)
    return set(rows.values_list("user_id", flat=True))
