"""Asking for a stay to be looked at again. Hours stay what checking in and out gave; it is answered."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.activities.models import SignUp
from linli.journal.record import record
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.points.models import Correction
from linli.points.policies import in_scope
from linli.web.language import lang


@transaction.atomic
def ask(row: SignUp, words: str, *, by: Actor) -> Correction:
    """Say what is noted wrongly about a stay of one's own. Raises Denied."""
    by.check("service.own", own=by.user is not None and row.user_id == by.user.pk)
    said = words.strip()
    if not said:
        raise Denied(_("Say in a few words what is wrong."))
    try:
        with transaction.atomic():
            made = Correction.objects.create(
                user=row.user, occurrence=row.occurrence.uid,
                title=row.occurrence.name_for(lang())[:200], place=row.occurrence.place_path,
                words=said[:600], asked_at=clock.now(),
            )  # fmt: skip
    except IntegrityError as error:
        raise Denied(_("You have asked for this already; it is being looked at.")) from error
    record("service.correction_asked", on=made, by=by, place=made.place)
    return made


@transaction.atomic
def answer(row: Correction, words: str, *, by: Actor) -> None:
    """Answer it, by somebody of that area and never by the person. Raises Denied."""
    by.check("points.decide_appeal", in_scope=in_scope(by, row.place))
    if by.user is not None and by.user.pk == row.user_id:
        raise Denied(_("This is about yourself; somebody else decides it."))
    said = words.strip()
    if not said:
        raise Denied(_("Write an answer; the person concerned reads it."))
    rows = Correction.objects.filter(pk=row.pk, answered_at=None)
    if not rows.update(answer=said[:600], answered_by=by.id, answered_at=clock.now()):
        raise Denied(_("Someone else has just changed this. Look at it again before you go on."))
    record("service.correction_answered", on=row, by=by, place=row.place)
