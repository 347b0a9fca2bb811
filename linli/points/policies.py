"""Who may look at, count, take back and review points; never one's own."""

from contextlib import suppress

from django.utils.translation import gettext as _

from linli.journal.models import Entry
from linli.people.actors import Actor
from linli.people.policies import Denied, NeedsSecond
from linli.points.models import Card, Objection, Transfer
from linli.points.standing import standing_of


def check_can_join(actor: Actor) -> None:
    """Raise Denied unless this person serves; whoever only asks for things never has points."""
    actor.check("points.read_own", own=True)
    if actor.user is None:
        raise Denied(_("Please sign in first."))
    if not standing_of(actor.user):
        raise Denied(
            _("Points are for volunteers and for people who hold a post. Nobody else has any.")
        )


def in_scope(actor: Actor, place: str) -> bool:
    """Whether it lies in the actor's area; a line without a place is the county's."""
    return bool(actor.place_path) and place.startswith(actor.place_path)


def check_not_own(actor: Actor, card: Card) -> None:
    """Raise Denied if it is about the actor."""
    if actor.user is not None and card.user_id == actor.user.pk:
        raise Denied(_("This is about yourself; somebody else decides it."))


def check_counts(actor: Actor, card: Card, place: str) -> None:
    """Raise Denied unless the actor may be the one of two who has points counted."""
    check_not_own(actor, card)
    _check_two("points.manual_entry", actor, place)


def check_takes_back(actor: Actor, transfer: Transfer) -> None:
    """Raise Denied unless the actor may be one of the two who take a line back."""
    check_not_own(actor, transfer.card)
    _check_two("points.reverse", actor, transfer.place)


def check_reviews(actor: Actor, objection: Objection) -> None:
    """Raise Denied unless the actor had nothing to do with what is objected to."""
    actor.check("points.decide_appeal", in_scope=in_scope(actor, objection.place))
    check_not_own(actor, objection.card)
    if actor.id in concerned(objection):
        raise Denied(_("You had a hand in this line; somebody else looks at the objection."))


def concerned(objection: Objection) -> set[str]:
    """Everybody who had a hand in the line or its evidence."""
    found = set(Entry.objects.filter(seq=objection.evidence).values_list("actor", flat=True))
    row = objection.transfer
    if row is not None:
        found |= {row.by, row.second}
        asked = getattr(row, "asked_back", None)
        found |= {asked.asked_by} if asked is not None else set()
    return found - {"", "system"}


def _check_two(action: str, actor: Actor, place: str) -> None:
    with suppress(NeedsSecond):
        actor.check(action)
    if not in_scope(actor, place):
        raise Denied(_("This is not in your area."))
