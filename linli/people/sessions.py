"""Sessions whose rows do not say when a visitor came.

A matter that somebody brings without a name is kept to the hour (R9). The session of that browser
must not be finer: Django's row ends a month after it was made, to the second, and so tells when.
Of a visitor's session the row ends at a full hour; the browser forgets it after half an hour.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

VISIT: Final = 30 * 60  # seconds for which a visitor's browser keeps its cookie after each use
HOUR: Final = timedelta(hours=1)


def end_of_visit(now: datetime) -> datetime:
    """The full hour at which the server has forgotten a visit of `now`; tells the hour, no more."""
    return now.replace(minute=0, second=0, microsecond=0) + 2 * HOUR


class SessionStore(db.SessionStore):
    """Django's sessions in the database, coarse for those who have not signed in."""

    def get_expiry_age(self, **kwargs: Any) -> int:
        """Seconds for which the browser keeps the cookie."""
        return VISIT if self._of_a_visitor() else super().get_expiry_age(**kwargs)

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """When the row ends."""
        if self._of_a_visitor():
            # The machine's clock and not ours, which tests move: Django reads rows by it.
            return end_of_visit(datetime.now(UTC))
        return super().get_expiry_date(**kwargs)

    def _of_a_visitor(self) -> bool:
        return SESSION_KEY not in self and "_session_expiry" not in self
