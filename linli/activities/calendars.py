"""Calendar feeds (RFC 5545): of a person by a secret address, of a place and of a series."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneStandard, vUri

from linli.activities.models import FeedToken, Occurrence, Series, SignUp
from linli.activities.models.people import Going
from linli.journal.record import record
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.models import User
from linli.people.policies import Denied
from linli.places.models import Place
from linli.web.language import lang

BACK: Final = timedelta(days=31)  # how long what is over stays in a feed
MOST: Final = 500
HOST: Final = "linli"  # of every UID; the uid itself is random and lasts
_STATUS: Final = {"cancelled": "CANCELLED", "not_held": "CANCELLED"}


def of_place(place: Place) -> bytes:
    """What is public at a place and under it."""
    rows = _recent().public().within(place)  # type: ignore[attr-defined]
    return _calendar(place.name_for(lang()), rows)


def of_series(series: Series) -> bytes:
    """What is public of a series."""
    return _calendar(series.name_for(lang()), _recent().filter(series=series, is_public=True))


def of_one(occurrence: Occurrence) -> bytes:
    """One occurrence alone, to be opened by a calendar."""
    return _calendar(occurrence.name_for(lang()), [occurrence])


def of_person(user: User) -> bytes:
    """What this person signed up for, and nothing about anybody else."""
    mine = SignUp.objects.filter(user=user).exclude(state=Going.WITHDRAWN)
    roles = {row.occurrence_id: row for row in mine.select_related("seat")}
    rows = _recent().filter(pk__in=roles)
    with translation.override(user.language):
        return _calendar(_("My service"), rows, roles)


@transaction.atomic
def new_address(user: User, *, by: Actor) -> str:
    """A new secret for the person's own feed; the old address ends in the same moment.

    The secret is shown once and kept as a hash only.
    """
    if by.user is None or by.user.pk != user.pk:
        raise Denied(_("Only the person themselves decides that."))
    secret = secrets.token_urlsafe(24)
    FeedToken.objects.filter(user=user).delete()
    FeedToken.objects.create(digest=_digest(secret), user=user)
    record("activity.feed_made", on=user, by=by)
    return secret


@transaction.atomic
def revoke(user: User, *, by: Actor) -> None:
    """No feed any more: the address finds nothing."""
    if by.user is None or by.user.pk != user.pk:
        raise Denied(_("Only the person themselves decides that."))
    if FeedToken.objects.filter(user=user).delete()[0]:
        record("activity.feed_ended", on=user, by=by)


def owner(secret: str) -> User | None:
    """Whose feed this secret opens, or None."""
    row = FeedToken.objects.filter(digest=_digest(secret), user__is_active=True)
    found = row.select_related("user").first()
    return found.user if found else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _recent() -> QuerySet[Occurrence]:
    rows = Occurrence.objects.filter(starts_at__gte=clock.now() - BACK).with_names()
    return rows.order_by("starts_at", "pk")


def _calendar(
    name: str, rows: Iterable[Occurrence], roles: Mapping[UUID, SignUp] | None = None
) -> bytes:  # fmt: skip
    calendar = Calendar()
    calendar.add("prodid", "-//Linli//Activities//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    calendar.add_component(_shanghai())
    for row in list(rows)[:MOST]:
        calendar.add_component(_event(row, (roles or {}).get(row.pk)))
    return bytes(calendar.to_ical())


def _event(row: Occurrence, mine: SignUp | None) -> Event:
    event = Event()
    event.add("uid", f"{row.uid}@{HOST}")
    event.add("sequence", row.sequence)
    event.add("dtstamp", row.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("last-modified", row.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", _local(row.starts_at))
    event.add("dtend", _local(row.ends_at))
    event.add("summary", _summary(row, mine))
    place = row.place.name_for(lang())
    event.add("location", f"{place} {row.spot}".strip())
    if row.lat is not None and row.lon is not None:
        event.add("geo", (row.lat, row.lon))
    words = [row.note, _("Cancelled: %(reason)s") % {"reason": row.reason}
             if row.is_cancelled else row.reason]  # fmt: skip
    event.add("description", "\n".join(line for line in words if line))
    event.add("organizer", vUri(settings.SITE_URL), parameters={
        "CN": row.organisation.name_for(lang())
    })  # fmt: skip
    event.add("url", settings.SITE_URL.rstrip("/") + reverse("activity", args=[row.uid]))
    waiting = mine is not None and mine.state == Going.STANDBY
    event.add("status", _STATUS.get(row.state, "TENTATIVE" if waiting else "CONFIRMED"))
    return event


def _summary(row: Occurrence, mine: SignUp | None) -> str:
    if mine is None:
        return row.name_for(lang())
    role = next((one.name.text(lang()) for one in row.rule.roles if one.id == mine.seat.role), "")
    return f"{row.name_for(lang())} · {role}"


def _local(moment: datetime) -> datetime:
    return moment.astimezone(clock.LOCAL).replace(microsecond=0)


def _shanghai() -> Timezone:
    """Asia/Shanghai has been eight hours ahead without summer time since 1991-09-15."""
    zone = Timezone()
    zone.add("tzid", "Asia/Shanghai")
    standard = TimezoneStandard()
    standard.add("dtstart", datetime.combine(date(1991, 9, 15), datetime.min.time()))
    standard.add("tzoffsetfrom", timedelta(hours=9))
    standard.add("tzoffsetto", timedelta(hours=8))
    standard.add("tzname", "CST")
    zone.add_component(standard)
    return zone
