"""The follower: what the journal tells of earns points, for those who joined and for nobody else."""

from collections.abc import Iterator, Sequence
from typing import Final

from linli import playbook
from linli.journal.models import Entry
from linli.lib import clock
from linli.people.models import User
from linli.playbook.award import KIND_OF, Award
from linli.playbook.award import VERBS as AWARDED
from linli.points import keeping
from linli.points.actions.core import local, post
from linli.points.models import Card, Claim
from linli.points.models.consent import given
from linli.points.standing import standing_of

VERBS: Final = AWARDED


def handle(entries: Sequence[Entry]) -> None:
    """Earn, entry by entry; what a rule wants looked at becomes a claim. Twice changes nothing."""
    for entry in entries:
        person = person_of(entry)
        if not person or not (rules := list(rules_for(entry))):
            continue
        if person not in given({person}, entry.when):
            continue  # not joined, or not yet: there is no account, and none is made
        user = User.objects.filter(pk=person, is_active=True).first()
        if user is None:
            continue
        serves = standing_of(user)
        if keeping.is_folded(local(entry.when).year):
            continue  # an old line that is heard again opens no new card
        for rule in rules:
            if serves & set(rule.for_):
                _apply(rule, entry, user)


def person_of(entry: Entry) -> str:
    """The id of whose work the line tells of; "" if that is nobody's with an account."""
    if entry.verb == "activity.checked_out":
        return str(entry.facts.get("user") or "")
    return "" if entry.actor in ("system", "anonymous") else entry.actor


def rules_for(entry: Entry) -> Iterator[Award]:
    """The rules of the playbook in use that this line fits."""
    for rule in playbook.current().awards.values():
        if fits(rule, entry):
            yield rule


def fits(rule: Award, entry: Entry) -> bool:
    """Whether the line is evidence for the rule and worth something by it."""
    facts = entry.facts
    if entry.verb != rule.verb or facts.get(KIND_OF[rule.verb]) not in rule.kinds:
        return False
    if rule.roles and facts.get("role") not in rule.roles:
        return False
    if rule.steps and facts.get("step") not in rule.steps:
        return False
    return rule.worth(int(facts.get("minutes") or 0)) > 0


def card_of(user: User, year: int) -> Card:
    """The card of this person for a year; only ever asked for somebody who joined."""
    return Card.objects.get_or_create(
        user=user, year=year, defaults={"opened_at": clock.now()}
    )[0]  # fmt: skip


def _apply(rule: Award, entry: Entry, user: User) -> None:
    card = card_of(user, local(entry.when).year)
    if not rule.checked:
        post(card, rule, entry)
        return
    Claim.objects.get_or_create(
        card=card, rule=rule.id, evidence=entry.seq,
        defaults={"place": entry.place, "asked_at": clock.now()},
    )  # fmt: skip
