"""Who has a room when. Two bookings of one room never overlap: the database refuses (exclusion.py)."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.facilities.models.facility import Room
from linli.lib import clock, ids
from linli.people.models import User


class State(models.TextChoices):
    HELD = "held", pgettext_lazy("booking", "booked")
    USED = "used", pgettext_lazy("booking", "was used")
    NO_SHOW = "no_show", pgettext_lazy("booking", "nobody came")
    CANCELLED = "cancelled", pgettext_lazy("booking", "cancelled")


class Repeat(models.Model):
    """The same hour in several weeks, booked as one: all of it or none."""

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    weeks = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return str(self.pk)


class BookingQuerySet(models.QuerySet["Booking"]):
    def live(self) -> "BookingQuerySet":
        """Those that keep the room."""
        return self.exclude(state=State.CANCELLED)

    def between(self, start: datetime, end: datetime) -> "BookingQuerySet":
        """Those that touch this time."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)


class Booking(models.Model):
    """One room from one time to another, for one person. Others see that it is taken, never by whom."""

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    room = models.ForeignKey(Room, models.PROTECT, related_name="bookings")
    # Emptied when the record is forgotten; the hours stay for the use record.
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    people = models.PositiveSmallIntegerField(_("how many people"))
    purpose = models.CharField(_("what for"), max_length=80, blank=True)  # of a group's visit
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.HELD)
    repeat = models.ForeignKey(Repeat, models.CASCADE, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)  # of a cancellation by the office
    made_at = models.DateTimeField(default=clock.now)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        indexes: ClassVar = [
            models.Index(fields=["room", "starts_at"], name="fac_booking_when"),
            models.Index(fields=["user", "starts_at"], name="fac_booking_whose"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="fac_booking_lasts"
            ),
            models.CheckConstraint(condition=Q(people__gte=1), name="fac_booking_for_somebody"),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="fac_booking_state_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_held(self) -> bool:
        return self.state == State.HELD


class Waiting(models.Model):
    """Somebody who wants a taken hour; the first is given it when it becomes free."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="waiting")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    people = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    asked_at = models.DateTimeField(default=clock.now)

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager["Waiting"]]

    class Meta:
        verbose_name = _("waiting for a room")
        verbose_name_plural = _("waiting for rooms")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["room", "user", "starts_at"], name="fac_waits_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="fac_wait_lasts"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
