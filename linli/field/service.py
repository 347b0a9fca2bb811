"""My service: the hours that come from checking in and out, and nothing that anybody typed."""

from datetime import timedelta
from typing import Any, Final

from linli.activities.models import SignUp
from linli.activities.models.people import Going
from linli.lib import clock
from linli.people.actors import Actor
from linli.web.language import lang

WINDOW: Final = timedelta(days=90)
MOST: Final = 30
REST_HOURS: Final = 11  # between the end of one duty and the start of the next


def of(actor: Actor) -> dict[str, Any]:
    """The stays of the last quarter with their times, their sum, and until when rest is due."""
    if actor.user is None:
        return {"hours": 0, "stays": [], "rest_until": ""}
    now = clock.now()
    rows = (
        SignUp.objects.filter(user=actor.user, state=Going.OUT, out_at__gt=now - WINDOW)
        .select_related("occurrence__place", "seat")
        .order_by("-out_at")
    )
    stays = [row for row in rows if row.seat.rule.gives_time]
    total = sum((row.time for row in stays), timedelta())
    rest = stays[0].out_at + timedelta(hours=REST_HOURS) if stays and stays[0].out_at else None
    return {
        "hours": round(total.total_seconds() / 3600, 1),
        "stays": [_stay(row) for row in stays[:MOST]],
        "rest_until": rest.isoformat() if rest and rest > now else "",
    }


def _stay(row: SignUp) -> dict[str, Any]:
    return {
        "name": row.occurrence.name_for(lang()),
        "place": row.occurrence.place.name_for(lang()),
        "in": row.in_at.isoformat() if row.in_at else "",
        "out": row.out_at.isoformat() if row.out_at else "",
        "minutes": int(row.time.total_seconds() // 60),
    }
