"""What activities hold about a person: to show and export to them, and to erase at their wish."""

from typing import Any, Final

from django.db import transaction
from django.db.models import Model

from linli.activities.actions import seats
from linli.activities.models import (
    Enrolment,
    FeedToken,
    Occurrence,
    Record,
    Series,
    Sheet,
    SignUp,
    Standing,
)
from linli.activities.models.people import Going
from linli.activities.planner.models import Cell, DayOff, Limits, Offer, Plan
from linli.people.actors import Actor
from linli.people.models import User
from linli.people.policies import allowed

# What stays without the one who ran, wrote or copied it.
NAMED: Final[tuple[tuple[type[Model], str], ...]] = (
    (Series, "organiser"), (Occurrence, "organiser"), (Record, "user"), (Plan, "made_by"),
    (Sheet, "copier"), (Sheet, "reader"),
)  # fmt: skip


def held(user: User) -> dict[str, Any]:
    """Sign-ups, hours, registrations and roles as plain values."""
    rows = SignUp.objects.filter(user=user).select_related("seat", "occurrence__organisation")
    return {
        "service": [
            {
                "what": row.occurrence.kind,
                "role": row.seat.role,
                "host": row.occurrence.organisation.name,
                "starts": row.occurrence.starts_at.isoformat(),
                "state": row.state,
                "in": row.in_at.isoformat() if row.in_at else None,
                "out": row.out_at.isoformat() if row.out_at else None,
            }
            for row in rows.order_by("occurrence__starts_at")
        ],
        "registrations": [
            {
                "host": row.organisation.name,
                "unit": row.unit.name if row.unit else None,
                "unit_is_told": row.tell_unit,
                "since": row.asked_at.isoformat(),
                "ended": row.ended_at.isoformat() if row.ended_at else None,
            }
            for row in Enrolment.objects.filter(user=user).select_related("organisation", "unit")
        ],
        "roles": [
            {"series": str(row.series_id), "role": row.role, "since": row.since.isoformat()}
            for row in Standing.objects.filter(user=user)
        ],
        "notes_written": Record.objects.filter(user=user).count(),
        "limits": list(Limits.objects.filter(user=user).values(
            "week_hours", "month_hours", "rest_hours", "max_km", "weekdays", "likes", "skills",
        )),
        "days_off": [row.day.isoformat() for row in DayOff.objects.filter(user=user)],
        "offers_time_to": [
            row.organisation.name
            for row in Offer.objects.filter(user=user, ended_at=None).select_related("organisation")
        ],
    }  # fmt: skip


@transaction.atomic
def erase(user: User, *, by: Actor) -> None:
    """Give free seats back to those who wait, then remove every row about this person.

    The journal keeps counts and an id that leads nowhere any more.
    """
    coming = SignUp.objects.filter(user=user, state__in=[Going.GOING, Going.STANDBY])
    for row in coming.select_related("seat", "occurrence__organisation"):
        allowed(_withdraw, row, by)
    for model in (SignUp, Enrolment, Standing, FeedToken, Limits, DayOff, Offer, Cell):
        model._default_manager.filter(user=user).delete()
    for named, field in NAMED:
        named._default_manager.filter(**{field: user}).update(**{field: None})


def _withdraw(row: SignUp, by: Actor) -> None:
    with transaction.atomic():
        seats.withdraw(row, by=by)
