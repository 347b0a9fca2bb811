"""How often somebody may do something: counted in the database, forgotten with the window.

One row for an action, a subject and a window; one conditional UPDATE decides, so that two parallel
calls cannot both be the last allowed one. A signed-in person is counted under their id. Strangers
are counted by the prefix of their network under a salt of the day; the salt is thrown away after
the day, and then nobody can say which network a count was about (promises D17).
"""

import hashlib
import hmac
import ipaddress
import secrets
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext as _

from linli.lib import clock
from linli.people.actors import Actor, actor_of
from linli.people.models import DailySalt, RateCount
from linli.people.policies import Denied
from linli.web import shelf

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)

# action -> how often, in what time. Generous: a whole stairwell may share one network.
LIMITS: Final[dict[str, tuple[int, timedelta]]] = {
    "case.submit": (60, HOUR),
    "case.look_up": (60, HOUR),
    "forum.topic": (10, HOUR),
    "forum.floor": (60, HOUR),
    "forum.link": (3, DAY),  # the same host by the same person; then a moderator looks first
    "forum.report": (30, HOUR),
    "sign_in.ask": (60, HOUR),
    "sign_in.address": (6, HOUR),
    "sign_in.address_day": (15, DAY),
    "sign_in.confirm": (120, HOUR),
}

# One statement makes the row or counts in it; it changes nothing where the limit is reached.
COUNT_ONE: Final = (
    'INSERT INTO people_ratecount (action, subject, "window", count) VALUES (%s, %s, %s, 1) '
    'ON CONFLICT (action, subject, "window") DO UPDATE SET count = people_ratecount.count + 1 '
    "WHERE people_ratecount.count < %s"
)


class TooMany(Denied):
    """The limit is reached; `retry_after` seconds later it goes on."""

    def __init__(self, retry_after: int) -> None:
        minutes = max(1, -(-retry_after // 60))
        super().__init__(
            _("That was very often in a short time. Please try again in %(n)s minutes.")
            % {"n": minutes}
        )
        self.retry_after = retry_after


def hit(
    action: str,
    who: HttpRequest | str,
    *,
    limit: int | None = None,
    per: timedelta | None = None,
) -> None:
    """Count one more; raise TooMany when `limit` in `per` was reached before.

    `who` is a request (its person, or its network) or a text that names a subject. Without `limit`
    and `per` the table LIMITS says; KeyError for an action that is not in it.
    """
    most, span = (limit, per) if limit is not None and per is not None else LIMITS[action]
    now = clock.now()
    window = _window_end(now, span)
    subject = _subject_of(who)
    with connection.cursor() as cursor:
        at = connection.ops.adapt_datetimefield_value(window)
        cursor.execute(COUNT_ONE, (action, subject, at, most))
        counted = cursor.rowcount
    if most < 1 or counted < 1:
        raise TooMany(int((window - now).total_seconds()) + 1)


def forget() -> int:
    """Delete the counts of windows that are over and the salts of days past; how many counts."""
    now = clock.now()
    DailySalt.objects.filter(day__lt=now.date()).delete()
    return RateCount.objects.filter(window__lte=now).delete()[0]


def _window_end(now: datetime, span: timedelta) -> datetime:
    seconds = int(span.total_seconds())
    return datetime.fromtimestamp((int(now.timestamp()) // seconds + 1) * seconds, UTC)


def _subject_of(who: HttpRequest | str) -> str:
    if isinstance(who, str):
        return hashlib.sha256(who.encode()).hexdigest()
    actor: Actor = actor_of(who)
    if actor.user is not None:
        return hashlib.sha256(str(actor.user.pk).encode()).hexdigest()
    network = _network(_address(who))
    return hmac.new(_salt(), network.encode(), hashlib.sha256).hexdigest()


def _address(request: HttpRequest) -> str:
    """Whence the request came; behind proxies of ours what the outermost of them saw.

    Anything further left in X-Forwarded-For was written by the caller and may be a lie.
    """
    passed = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    n = settings.LINLI_PROXIES
    if n and len(passed) >= n and passed[-n].strip():
        return str(passed[-n].strip())
    return str(request.META.get("REMOTE_ADDR", ""))


def _network(address: str) -> str:
    """The /24 or /56 that an address is in: a household or a street, not a device."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    bits = 24 if found.version == 4 else 56
    return str(ipaddress.ip_network(f"{found}/{bits}", strict=False))


def _salt() -> bytes:
    today = clock.now().date()
    salt: bytes = shelf.remember(("salt", today), lambda: (_salt_of(today), 100))
    return salt


def _salt_of(today: date) -> bytes:
    row = DailySalt.objects.filter(day=today).first()
    if row is None:
        new = DailySalt(day=today, salt=secrets.token_hex(32))
        DailySalt.objects.bulk_create([new], ignore_conflicts=True)  # the first of two stays
        DailySalt.objects.filter(day__lt=today).delete()
        row = DailySalt.objects.get(day=today)
    return bytes.fromhex(row.salt)
