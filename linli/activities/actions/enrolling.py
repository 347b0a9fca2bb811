"""Registering with a host: a person asks, the host confirms, both may end it."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.activities.actions.planning import rule_of
from linli.activities.models import Enrolment
from linli.journal.record import record
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.models import Organisation
from linli.people.policies import Denied


@transaction.atomic
def enrol(
    *, kind: str, organisation: Organisation, by: Actor, unit: Organisation | None = None,
    tell_unit: bool = False,
) -> Enrolment:  # fmt: skip
    """Register with a host; asking twice gives the same row. `tell_unit` needs a unit to tell."""
    rule = rule_of(kind)
    if by.user is None:
        raise Denied(_("Please sign in first."))
    if rule.enrol is None or organisation.kind not in rule.host:
        raise Denied(_("Nobody registers there for this."))
    if tell_unit and unit is None:
        raise Denied(_("Say which unit may be told."))
    if tell_unit and rule.enrol.unit_told == "nothing":
        raise Denied(_("Units are told nothing here."))
    known = Enrolment.objects.filter(kind=kind, user=by.user, organisation=organisation,
                                     ended_at=None).first()  # fmt: skip
    if known is not None:
        return known
    try:
        with transaction.atomic():
            row = Enrolment.objects.create(kind=kind, user=by.user, organisation=organisation,
                                           unit=unit, tell_unit=tell_unit)  # fmt: skip
    except IntegrityError:
        return Enrolment.objects.get(kind=kind, user=by.user, organisation=organisation,
                                     ended_at=None)  # fmt: skip
    _tell(row, "activity.enrolled", by, {"told": tell_unit})
    return row


@transaction.atomic
def confirm(row: Enrolment, *, by: Actor) -> None:
    """The host says: welcome."""
    host = by.organisation is not None and by.organisation.pk == row.organisation_id
    by.check("enrolment.confirm", in_scope=host)
    rows = Enrolment.objects.filter(pk=row.pk, confirmed_at=None, ended_at=None)
    if rows.update(confirmed_at=clock.now()):
        _tell(row, "activity.enrolment_confirmed", by, {})


@transaction.atomic
def choose_telling(row: Enrolment, tell_unit: bool, *, by: Actor) -> None:
    """Say yes or no to telling the unit the hours; as easy one way as the other."""
    _check_own(row, by)
    if tell_unit and (row.unit_id is None or (rule_of(row.kind).enrol or None) is None):
        raise Denied(_("Say which unit may be told."))
    Enrolment.objects.filter(pk=row.pk).update(tell_unit=tell_unit)
    _tell(row, "activity.telling_chosen", by, {"told": tell_unit})


@transaction.atomic
def leave(row: Enrolment, *, by: Actor) -> None:
    """No longer. Hours already given stay the person's own."""
    _check_own(row, by)
    rows = Enrolment.objects.filter(pk=row.pk, ended_at=None)
    if rows.update(ended_at=clock.now(), tell_unit=False):
        _tell(row, "activity.enrolment_ended", by, {})


def _check_own(row: Enrolment, by: Actor) -> None:
    if by.user is None or by.user.pk != row.user_id:
        raise Denied(_("Only the person themselves decides that."))


def _tell(row: Enrolment, verb: str, by: Actor, facts: dict[str, object]) -> None:
    unit = row.organisation
    record(verb, on=row, by=by, place=unit.place.path, org=str(unit.pk), method=row.kind,
           facts={"kind": row.kind, **facts})  # fmt: skip
