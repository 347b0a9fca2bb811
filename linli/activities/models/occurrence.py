"""What takes place: a series with its rule, and each time that it does."""

import uuid
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli import playbook
from linli.lib import clock, ids
from linli.people.models import Organisation, User
from linli.places.models import Place, path_range
from linli.playbook.schema import ActivityKind

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from linli.activities.models.people import Seat, SignUp
    from linli.activities.models.record import Opened, Record, Stop


class Series(models.Model):
    """Something that comes back: a rule of dates, a place or several in turn, and who hosts it."""

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    kind = models.CharField(max_length=40)  # of the playbook
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    place_path = models.CharField(max_length=200)
    title = models.CharField(max_length=80, blank=True)
    spot = models.CharField(max_length=120, blank=True)  # "in front of the village hall"
    note = models.CharField(max_length=400, blank=True)  # for everybody to read
    rrule = models.CharField(max_length=200)  # RFC 5545, without DTSTART
    days = models.CharField(max_length=12, default="any")  # what becomes of days of rest
    first_on = models.DateField()
    last_on = models.DateField(null=True, blank=True)
    begins = models.TimeField()
    minutes = models.PositiveSmallIntegerField()
    # Role id -> {"seats": n, "standby": n}, where it differs from the playbook.
    seats = models.JSONField(default=dict, blank=True)
    organiser = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    made_until = models.DateField(null=True, blank=True)  # occurrences are there up to this day
    ended_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(default=clock.now)

    if TYPE_CHECKING:
        turns: RelatedManager["SeriesPlace"]
        occurrences: RelatedManager["Occurrence"]

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        indexes: ClassVar = [
            models.Index(
                fields=["made_until"], condition=Q(ended_at=None), name="act_series_running"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(minutes__gte=5), name="act_series_lasts"),
            models.CheckConstraint(
                condition=Q(last_on__isnull=True) | Q(last_on__gte=F("first_on")),
                name="act_series_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.kind

    @property
    def rule(self) -> ActivityKind:
        """Its kind in the playbook. Raises KeyError if the playbook dropped it."""
        return playbook.current().activities[self.kind]

    def name_for(self, lang: str) -> str:
        """Its own title, or what the playbook calls its kind."""
        return self.title or _kind_name(self.kind, lang)


class SeriesPlace(models.Model):
    """One of the places that a series visits in turn."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="turns")
    order = models.PositiveSmallIntegerField()
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    spot = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "order"], name="act_turn_once"),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.order}"


class State(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("activity", "planned")
    HELD = "held", pgettext_lazy("activity", "held")
    NOT_HELD = "not_held", pgettext_lazy("activity", "did not take place")
    CANCELLED = "cancelled", pgettext_lazy("activity", "cancelled")


class OccurrenceQuerySet(models.QuerySet["Occurrence"]):
    def within(self, place: Place | str) -> "OccurrenceQuerySet":
        """At a place or anything under it."""
        return self.filter(path_range(place, "place_path"))

    def public(self) -> "OccurrenceQuerySet":
        """What everybody may see, the cancelled ones among them."""
        return self.filter(is_public=True)

    def between(self, start: datetime, end: datetime) -> "OccurrenceQuerySet":
        """Those that begin in [start, end)."""
        return self.filter(starts_at__gte=start, starts_at__lt=end)

    def on(self, day: date) -> "OccurrenceQuerySet":
        """Those that begin on that day, local time."""
        start = datetime.combine(day, time(), clock.LOCAL)
        return self.between(start, start + timedelta(days=1))

    def with_names(self) -> "OccurrenceQuerySet":
        """With what a list prints, in one query."""
        return self.select_related("place", "organisation").defer("place__boundary")


class Occurrence(models.Model):
    """One time and place. It keeps its uid for life, moved or cancelled."""

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.ForeignKey(
        Series, models.PROTECT, null=True, blank=True, related_name="occurrences"
    )
    # The day that the series' rule gave, whatever it was moved to: generating again finds it.
    slot = models.DateField(null=True, blank=True)
    kind = models.CharField(max_length=40)
    playbook = models.CharField(max_length=12)
    title = models.CharField(max_length=80, blank=True)
    spot = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=400, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    place_path = models.CharField(max_length=200)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.PLANNED)
    sequence = models.PositiveIntegerField(default=0)  # RFC 5545: counts what was changed
    reason = models.CharField(max_length=200, blank=True)  # of the last move or cancelling; public
    outcome = models.CharField(max_length=40, blank=True)  # of the playbook
    is_public = models.BooleanField(default=True)
    organiser = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    case_number = models.CharField(max_length=10, blank=True, db_index=True)  # what it answers
    made_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)  # held, not held or cancelled

    objects = OccurrenceQuerySet.as_manager()

    if TYPE_CHECKING:
        seats: RelatedManager["Seat"]
        sign_ups: RelatedManager["SignUp"]
        stops: RelatedManager["Stop"]
        records: RelatedManager["Record"]
        opened: RelatedManager["Opened"]

    class Meta:
        verbose_name = _("occurrence")
        verbose_name_plural = _("occurrences")
        indexes: ClassVar = [
            models.Index(fields=["starts_at", "place_path"], name="act_when_where"),
            models.Index(fields=["place_path", "starts_at"], name="act_where_when"),
            models.Index(fields=["organisation", "starts_at"], name="act_host_when"),
            models.Index(fields=["kind", "starts_at"], name="act_kind_when"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="act_lasts"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="act_state_known"),
            models.CheckConstraint(
                condition=Q(state="planned", closed_at=None)
                | (~Q(state="planned") & Q(closed_at__isnull=False)),
                name="act_closed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(reason=""), name="act_cancelled_says_why"
            ),
            models.CheckConstraint(
                condition=Q(series__isnull=True) | Q(slot__isnull=False), name="act_slot_of_series"
            ),
            models.UniqueConstraint(fields=["series", "slot"], name="act_once_in_series"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def rule(self) -> ActivityKind:
        """Its kind in the playbook. Raises KeyError if the playbook dropped it."""
        return playbook.current().activities[self.kind]

    def name_for(self, lang: str) -> str:
        """Its own title, or what the playbook calls its kind."""
        return self.title or _kind_name(self.kind, lang)

    @property
    def is_open(self) -> bool:
        """Planned: it can be signed up for, moved, cancelled and held."""
        return self.state == State.PLANNED

    @property
    def is_cancelled(self) -> bool:
        return self.state == State.CANCELLED

    @property
    def day(self) -> date:
        """The local date on which it begins."""
        return self.starts_at.astimezone(clock.LOCAL).date()


def _kind_name(kind: str, lang: str) -> str:
    rule = playbook.current().activities.get(kind)
    return rule.name.text(lang) if rule else kind
