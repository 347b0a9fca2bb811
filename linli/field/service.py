"""My service, for the telephone: hours that come from in and out, and until when rest is due."""

from datetime import datetime, timedelta
from typing import Any, Final

from linli.activities import service
from linli.activities.models import SignUp
from linli.lib import clock
from linli.people.actors import Actor
from linli.web.language import lang

MOST: Final = 30
REST: Final = timedelta(hours=11)  # between the end of one duty and the start of the next


def of(actor: Actor) -> dict[str, Any]:
    """The last stays with their times, this year's sum, what is not settled, and the rest due."""
    if actor.user is None:
        return {"hours": 0, "times": 0, "unsettled": 0, "stays": [], "rest_until": ""}
    given = service.of(actor.user)
    last = given.rows[0].out_at if given.rows else None
    rest = last + REST if last else None
    return {
        "hours": round(given.this_year.total_seconds() / 3600, 1),
        "times": given.times,
        "unsettled": given.unsettled,
        "stays": [_stay(row) for row in given.rows[:MOST]],
        "rest_until": rest.isoformat() if rest and rest > clock.now() else "",
    }


def moment(text: str) -> datetime:
    """A time of `of` as a time again."""
    return datetime.fromisoformat(text)


def _stay(row: SignUp) -> dict[str, Any]:
    return {
        "name": row.occurrence.name_for(lang()),
        "place": row.occurrence.place.name_for(lang()),
        "in": row.in_at.isoformat() if row.in_at else "",
        "out": row.out_at.isoformat() if row.out_at else "",
        "minutes": int(row.time.total_seconds() // 60),
    }
