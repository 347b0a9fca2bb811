"""The three lists: writing a line, matching them, both saying yes, and delivery."""

from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from linli import playbook
from linli.journal.record import record
from linli.lib import clock, text
from linli.pairings.actions.tying import raced
from linli.pairings.models import Listing, Match
from linli.pairings.policies import check_lists, side_of_match
from linli.people.actors import Actor
from linli.people.models import Organisation
from linli.people.policies import Denied
from linli.playbook.pairing import Pairing

LONGEST: Final = 160
MOST_DAYS: Final = timedelta(days=366)


def rule_of(kind: str) -> Pairing:
    """The pairing with lists. Raises Denied."""
    rule = playbook.current().pairings.get(kind)
    if rule is None or rule.lists is None:
        raise Denied(_("There are no such lists."))
    return rule


def tell_line(row: Listing, verb: str, by: Actor, **facts: object) -> None:
    record(verb, on=row, by=by, place=row.organisation.place.path, org=str(row.organisation_id),
           method=rule_of(row.kind).method_id,
           facts={"pairing": row.kind, "list": row.which, "topic": row.topic, **facts})  # fmt: skip


@transaction.atomic
def add(
    kind: str, which: str, *, topic: str, words: str, until: date, by: Actor,
    since: date | None = None,
) -> Listing:  # fmt: skip
    """Write a line for one's own body. Everybody reads it. Raises Denied."""
    rule, body = rule_of(kind), by.organisation
    if body is None:
        raise Denied(_("In your present role you cannot do this."))
    check_lists(by, body)
    _check_side(rule, which, body)
    if rule.lists is None or topic not in {row.id for row in rule.lists.topics}:
        raise Denied(_("Choose one of the topics."))
    clean, begin = words.strip(), since or clock.today()
    if not clean or len(clean) > LONGEST:
        raise Denied(_("Say in a sentence what it is."))
    if hits := text.find_personal(clean):
        raise Denied(
            _("Everybody will read this, and it holds something personal: %(found)s.")
            % {"found": "、".join(hit.text for hit in hits)}
        )
    if not clock.today() <= until <= clock.today() + MOST_DAYS or begin > until:
        raise Denied(_("Say until when: at most a year from now."))
    row = Listing.objects.create(kind=kind, which=which, organisation=body, topic=topic,
                                 words=clean, since=begin, until=until, listed_by=by.id)  # fmt: skip
    tell_line(row, "listing.added", by)
    return row


def _check_side(rule: Pairing, which: str, body: Organisation) -> None:
    """Units give, communities need; a project can be anybody's of the two."""
    sides = {"need": rule.b.bodies, "resource": rule.a.bodies,
             "project": [*rule.a.bodies, *rule.b.bodies]}  # fmt: skip
    if body.kind not in sides.get(which, []):
        raise Denied(_("Your body does not stand on this list."))


@transaction.atomic
def take_back(row: Listing, *, by: Actor) -> None:
    """The line is taken off; a proposed match with it."""
    check_lists(by, row.organisation)
    rows = Listing.objects.filter(pk=row.pk, state=Listing.State.OPEN)
    if not rows.update(state=Listing.State.WITHDRAWN):
        raise Denied(_("This has been agreed with somebody already."))
    for match in (row.as_need.all() | row.as_offer.all()).filter(state=Match.State.PROPOSED):
        _set(match, Match.State.PROPOSED, {"state": Match.State.DECLINED})
    tell_line(row, "listing.taken_back", by)


def _set(match: Match, state: str, values: dict[str, object]) -> None:
    if not Match.objects.filter(pk=match.pk, state=state).update(**values):
        raise raced()
    match.refresh_from_db()


@transaction.atomic
def say_yes(match: Match, *, by: Actor) -> None:
    """One body says yes; with the other's it is agreed."""
    side = _my_side(match, by)
    _set(match, Match.State.PROPOSED, {f"{side}_yes": by.id})
    if match.need_yes and match.offer_yes:
        _set(match, Match.State.PROPOSED,
             {"state": Match.State.AGREED, "decided_at": clock.now()})  # fmt: skip
        for row in (match.need, match.offer):
            Listing.objects.filter(pk=row.pk).update(state=Listing.State.MATCHED)
        tell_line(match.need, "listing.agreed", by)


@transaction.atomic
def say_no(match: Match, *, by: Actor) -> None:
    """One body says no: both look on, and are not brought together again."""
    _my_side(match, by)
    _set(match, Match.State.PROPOSED, {"state": Match.State.DECLINED, "decided_at": clock.now()})
    tell_line(match.need, "listing.declined", by)


@transaction.atomic
def delivered(match: Match, *, by: Actor) -> None:
    """Whoever needed it says that it came."""
    check_lists(by, match.need.organisation)
    _set(match, Match.State.AGREED, {"state": Match.State.DELIVERED, "decided_at": clock.now()})
    for row in (match.need, match.offer):
        Listing.objects.filter(pk=row.pk).update(state=Listing.State.DONE)
    tell_line(match.need, "listing.delivered", by)


def _my_side(match: Match, by: Actor) -> str:
    side = side_of_match(by, match)
    if not side:
        raise Denied(_("You are no side of this."))
    return side
