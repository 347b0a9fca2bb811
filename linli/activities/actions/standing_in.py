"""Another comes instead: the seat changes hands without being free in between."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from linli.activities.actions.core import tell
from linli.activities.models import Seat, SignUp
from linli.activities.models.people import Going
from linli.activities.policies import check_is_open
from linli.lib import clock
from linli.people.actors import SYSTEM
from linli.people.models import User
from linli.people.policies import Denied


@transaction.atomic
def swap(sign_up: SignUp, to: User) -> SignUp:
    """`to` has the seat of this sign-up. Raises Denied if it has begun or they are in already."""
    occurrence = sign_up.occurrence
    check_is_open(occurrence)
    # Who signs up, withdraws or swaps takes turns at this row.
    seat = Seat.objects.select_for_update().get(pk=sign_up.seat_id)
    sign_up.refresh_from_db()
    if sign_up.state != Going.GOING or occurrence.starts_at <= clock.now():
        raise Denied(_("It has begun, or the seat is no longer theirs to give."))
    theirs = SignUp.objects.filter(occurrence=occurrence, user=to).first()
    if theirs is not None and theirs.state not in (Going.STANDBY, Going.WITHDRAWN):
        raise Denied(_("They are coming already."))
    if theirs is not None and theirs.state == Going.STANDBY:
        Seat.objects.filter(pk=theirs.seat_id).update(waiting=F("waiting") - 1)
    SignUp.objects.filter(pk=sign_up.pk).update(state=Going.WITHDRAWN)
    row, _made = SignUp.objects.update_or_create(
        occurrence=occurrence, user=to,
        defaults={"seat": seat, "state": Going.GOING, "asked_at": clock.now(), "was_asked": True},
    )  # fmt: skip
    tell(occurrence, "activity.swapped", by=SYSTEM,
         facts={"role": seat.role, "from": str(sign_up.user_id), "user": str(to.pk)})  # fmt: skip
    return row
