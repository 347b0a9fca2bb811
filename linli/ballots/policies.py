"""Who may do what to a ballot. The button on the page asks the same rule as the action."""

from contextlib import suppress

from django.utils.translation import gettext as _

from linli import playbook
from linli.ballots.models import Ballot, RollEntry
from linli.ballots.models.ballot import KIOSK, PAPER, WEB
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.policies import Denied, NeedsSecond
from linli.people.roles import Role

FEWEST = 10  # results of fewer voters are not broken down


def in_scope(actor: Actor, ballot: Ballot) -> bool:
    """Whether it is of the actor's own body, or at a place their office serves."""
    own = actor.organisation
    if own is None:
        return False
    if ballot.organisation_id == own.pk:
        return True
    office = playbook.current().county.organisation(own.kind).territorial
    return office and bool(actor.place_path) and ballot.place_path.startswith(actor.place_path)


def check(action: str, actor: Actor, ballot: Ballot, *, reason: str = "") -> None:
    """Raise Denied unless the permission table opens `action` on this ballot.

    Who works for the body that holds it counts as asked to help at the desk of the poll.
    """
    scope = in_scope(actor, ballot)
    actor.check(action, in_scope=scope, assigned=scope, reason=reason)


def may(action: str, actor: Actor, ballot: Ballot) -> bool:
    """Whether `check` would pass."""
    scope = in_scope(actor, ballot)
    return actor.may(action, in_scope=scope, assigned=scope)


def check_runs(ballot: Ballot, channel: str = "") -> None:
    """Whether votes are taken now, and this way."""
    now = clock.now()
    if ballot.is_open and now < ballot.opens_at:
        raise Denied(_("Voting has not begun yet."))
    if not ballot.runs(now):
        raise Denied(_("Voting is over. Nothing can be cast or changed any more."))
    if channel and channel not in ballot.channels:
        raise Denied(_("This ballot is not held in this way."))


def entry_of(ballot: Ballot, actor: Actor) -> RollEntry | None:
    """The actor's own line on the roll, if they are on it."""
    if actor.user is None:
        return None
    return RollEntry.objects.filter(ballot=ballot, user=actor.user).first()


def check_can_vote(ballot: Ballot, actor: Actor) -> RollEntry:
    """One's own vote on one's own device: on the roll, signed in, while it runs."""
    check_runs(ballot, WEB)
    entry = entry_of(ballot, actor)
    if entry is None:
        raise Denied(_("You are not on the roll of this ballot."))
    actor.check("ballot.cast", own=True)
    return entry


def check_serves(ballot: Ballot, actor: Actor, channel: str) -> None:
    """Handing out papers or codes: by the office, while it runs."""
    check("ballot.serve", actor, ballot)
    if channel not in (PAPER, KIOSK) or channel not in ballot.channels:
        raise Denied(_("This ballot is not held in this way."))


def check_counts(ballot: Ballot, actor: Actor) -> None:
    """Counting by hand begins when voting is over; hands are counted while they are up."""
    check("ballot.count", actor, ballot)
    if not ballot.is_open:
        raise Denied(_("This ballot is closed and counted."))
    if PAPER in ballot.channels and clock.now() < ballot.closes_at:
        raise Denied(_("Papers are counted when voting is over."))


def check_can_close(ballot: Ballot, actor: Actor) -> None:
    """One of the two who close: an office in scope, or an auditor. The other comes besides."""
    with suppress(NeedsSecond):
        actor.check("tally.close_and_run")
    if actor.user is None or (actor.role is not Role.AUD and not in_scope(actor, ballot)):
        raise Denied(_("In your present role you cannot do this."))
    if not ballot.is_open:
        raise Denied(_("This ballot is closed and counted."))


def check_pair(first: Actor, second: Actor) -> None:
    """Two different people, and one of them an auditor: not two of the same office."""
    if first.id == second.id:
        raise NeedsSecond(_("The second person must be somebody else."))
    if [first.role, second.role].count(Role.AUD) != 1:
        raise NeedsSecond(_("Closing takes a manager and an auditor."))
