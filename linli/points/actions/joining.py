"""Joining and leaving: a yes of one's own, taken back as easily."""

from django.db import IntegrityError, transaction

from linli.journal.record import record
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.models import User
from linli.points.models import Consent
from linli.points.policies import check_can_join


def joined(user: User) -> Consent | None:
    """The yes that stands, if there is one."""
    return Consent.objects.filter(user=user, until=None).first()


@transaction.atomic
def join(*, by: Actor) -> Consent:
    """Begin to collect; asking twice gives the same answer. Raises Denied for who does not serve."""
    check_can_join(by)
    assert by.user is not None  # check_can_join has asked
    there = joined(by.user)
    if there is not None:
        return there
    try:
        with transaction.atomic():
            row = Consent.objects.create(user=by.user, since=clock.now())
    except IntegrityError:  # the other tab was quicker
        return Consent.objects.get(user=by.user, until=None)
    record("points.joined", on=f"people.User:{by.user.pk}", by=by)
    return row


@transaction.atomic
def leave(*, by: Actor) -> None:
    """Collect no more; what was earned stays readable for its owner until it ends."""
    rows = Consent.objects.filter(user=by.user, until=None)
    if by.user is not None and rows.update(until=clock.now()):
        record("points.left", on=f"people.User:{by.user.pk}", by=by)
