"""What incubators hold about a person: their applications and tenancies; and cutting the tie."""

from typing import Any

from linli.incubators.actions import end
from linli.incubators.models import OVER, Tenancy
from linli.people.actors import as_resident
from linli.people.models import User


def held(user: User) -> dict[str, Any]:
    """Every tenancy of this person, as plain values."""
    rows = Tenancy.objects.filter(user=user).select_related("site__facility")
    return {
        "tenancies": [
            {"where": str(row.site), "name": row.name, "field": row.field, "people": row.people,
             "desks": row.desks, "state": row.state, "applied": row.applied_at.isoformat(),
             "ended": row.ended_on.isoformat() if row.ended_on else None, "reason": row.reason}
            for row in rows.order_by("applied_at")
        ]
    }  # fmt: skip


def erase(user: User) -> None:
    """Give the desks back; what stays says that a team was there, not whose it was."""
    rows = Tenancy.objects.filter(user=user)
    for row in rows.exclude(state__in=OVER).select_related("site__facility"):
        end(row, graduated=False, reason="—", by=as_resident(user))
    rows.update(user=None, name="—", named=False, reason="")
