"""Sessions whose rows do not say when a visitor came.

A matter that somebody brings without a name is kept to the hour (R9). The session of that browser
must not be finer: Django's row ends a month after it was made, to the second, and so tells when.
Of a visitor's session the row ends at a full hour; the browser forgets it after half an hour.
"""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import base as backends
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils.crypto import get_random_string

from linli.web.prepared import Prepared

VISIT: Final = 30 * 60  # seconds for which a visitor's browser keeps its cookie after each use
HOUR: Final = timedelta(hours=1)


def end_of_visit(now: datetime) -> datetime:
    """The full hour at which the server has forgotten a visit of `now`; tells the hour, no more."""
    return now.replace(minute=0, second=0, microsecond=0) + 2 * HOUR


_HELD: Final = Prepared(
    lambda key: Session.objects.filter(session_key=key).values_list("session_data", "expire_date"),
    key=str,
)


class SessionStore(db.SessionStore):
    """Django's sessions in the database, coarse for those who have not signed in."""

    _written: dict[str, Any] | None = None

    def load(self) -> dict[str, Any]:
        """What the session holds; a session that is over or unknown holds nothing."""
        rows = _HELD(key=self.session_key) if self.session_key else []
        if not rows or rows[0][1] <= datetime.now(UTC):
            self._session_key = None
            return {}
        return self.decode(rows[0][0])

    def save(self, must_create: bool = False) -> None:
        """Write the row, unless `save_now()` has written exactly this before."""
        if must_create or self._written != dict(self.items()):
            super().save(must_create=must_create)

    def save_now(self) -> None:
        """Write the row in the transaction of an action, instead of in one more at the end."""
        super().save()
        self._written = deepcopy(dict(self.items()))

    def _get_new_session_key(self) -> str:
        """A random key, not looked up: `create()` draws again if it is taken."""
        return get_random_string(32, backends.VALID_KEY_CHARS)

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
