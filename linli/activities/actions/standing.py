"""A role claimed for a whole series: who holds it is put into each new occurrence by itself."""

from contextlib import suppress
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.activities.actions import seats
from linli.activities.models import Occurrence, Series, SignUp, Standing
from linli.activities.models.people import Going
from linli.activities.policies import check_can_sign_up
from linli.journal.record import record
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.policies import Denied


@transaction.atomic
def claim(series: Series, role: str, *, by: Actor) -> Standing:
    """Take the role each time from now on; those already planned are signed up for as well.

    Raises Denied if the role is held by as many as it has seats, or is not for this person.
    """
    if by.user is None:
        raise Denied(_("Please sign in first."))
    locked = Series.objects.select_for_update().filter(pk=series.pk, ended_at=None).first()
    if locked is None:
        raise Denied(_("This series has ended already."))
    if role not in {one.id for one in locked.rule.roles}:
        raise Denied(_("There is no role “%(role)s” here.") % {"role": role[:40]})
    today = clock.today()
    mine = Standing.objects.filter(series=locked, user=by.user, until=None).first()
    if mine is not None:
        if mine.role != role:
            raise Denied(_("You hold another role here already. Give it back first."))
        return mine
    if _held(locked, role, today) >= _seats(locked, role):
        raise Denied(_("This role is held by as many people as it takes."))
    coming = list(_coming(locked))
    if coming:
        check_can_sign_up(coming[0].seats.select_related("occurrence").get(role=role), by)
    row = Standing.objects.create(series=locked, role=role, user=by.user, since=today)
    record("activity.role_claimed", on=locked, by=by, place=locked.place_path,
           org=str(locked.organisation_id), method=locked.kind, facts={"role": role})  # fmt: skip
    for occurrence in coming:
        _put(row, occurrence)
    return row


@transaction.atomic
def give_back(row: Standing, *, by: Actor) -> None:
    """No longer: the role is free, and the person is off those still to come."""
    if by.user is None or by.user.pk != row.user_id:
        raise Denied(_("Only who holds a role gives it back."))
    if not Standing.objects.filter(pk=row.pk, until=None).update(until=clock.today()):
        raise Denied(_("You gave it back already."))
    record("activity.role_given_back", on=row.series, by=by, place=row.series.place_path,
           org=str(row.series.organisation_id), method=row.series.kind,
           facts={"role": row.role})  # fmt: skip
    mine = SignUp.objects.filter(
        user=row.user, state__in=[Going.GOING, Going.STANDBY], seat__role=row.role,
        occurrence__in=_coming(row.series),
    ).select_related("occurrence__organisation", "seat")  # fmt: skip
    for sign_up in mine:
        seats.withdraw(sign_up, by=by)


def fill(occurrence: Occurrence) -> None:
    """Put those who hold a role of the series into a new occurrence."""
    rows = Standing.objects.filter(_on(occurrence.day), series=occurrence.series)
    for row in rows.select_related("user").order_by("made_at", "pk"):
        _put(row, occurrence)


def _put(row: Standing, occurrence: Occurrence) -> None:
    """Quietly skip where somebody else was first: a refusal must not undo what is around it."""
    with suppress(Denied), transaction.atomic():
        seats.enter_standing(occurrence, row.role, row.user)


def _coming(series: Series) -> QuerySet[Occurrence]:
    rows = series.occurrences.filter(state="planned", starts_at__gt=clock.now())
    return rows.select_related("organisation").order_by("starts_at")


def _on(day: date) -> Q:
    return Q(since__lte=day) & (Q(until=None) | Q(until__gt=day))


def _held(series: Series, role: str, day: date) -> int:
    return Standing.objects.filter(_on(day), series=series, role=role).count()


def _seats(series: Series, role: str) -> int:
    given = series.seats.get(role, {}).get("seats")
    return int(given or series.rule.role(role).seats)
