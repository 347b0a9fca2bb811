"""A session: who is there, and that it ends with nobody left.

The counts of a session are one row, so that the database itself keeps the promises: no more
children than the adults may have, never fewer adults than agreed, no end with a child inside.
"""

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.clubs.models.child import Child, PickUp
from linli.clubs.models.club import Club
from linli.lib import clock, ids
from linli.people.models import User


class Session(models.Model):
    """One afternoon. `ratio` and `least` are those of the playbook on that day."""

    club = models.ForeignKey(Club, models.PROTECT, related_name="sessions")
    ratio = models.PositiveSmallIntegerField()
    least = models.PositiveSmallIntegerField()
    present = models.PositiveSmallIntegerField()  # adults
    inside = models.PositiveSmallIntegerField(default=0)  # children, now
    came = models.PositiveSmallIntegerField(default=0)  # children, in all
    densest = models.PositiveSmallIntegerField(default=0)  # children to an adult, at the worst
    opened_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager["Session"]]

    class Meta:
        verbose_name = pgettext_lazy("club", "session")
        verbose_name_plural = pgettext_lazy("club", "sessions")
        indexes: ClassVar = [models.Index(fields=["club", "-opened_at"], name="club_sessions")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["club"], condition=Q(ended_at=None), name="club_one_session"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(inside=0), name="club_ends_with_nobody_inside"
            ),
            models.CheckConstraint(
                condition=Q(inside__lte=F("present") * F("ratio")), name="club_ratio_kept"
            ),
            models.CheckConstraint(condition=Q(present__gte=F("least")), name="club_enough_adults"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("opened_at")), name="club_session_lasts"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_over_time(self) -> bool:
        """Whether it should have ended and somebody is still inside."""
        return self.ended_at is None and self.inside > 0 and self.ends_at < clock.now()


class Shift(models.Model):
    """An adult with the children, from when until when; nobody is at two clubs at once."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="shifts")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    came_at = models.DateTimeField(default=clock.now)
    left_at = models.DateTimeField(null=True, blank=True)

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager["Shift"]]

    class Meta:
        verbose_name = _("adult at a session")
        verbose_name_plural = _("adults at sessions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(left_at=None), name="club_adult_at_one_place"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Presence(models.Model):
    """A child inside, from when until it was handed to whom (guard.py: an adult on its own list)."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="presences")
    child = models.ForeignKey(Child, models.PROTECT, related_name="presences")
    came_at = models.DateTimeField(default=clock.now)
    left_at = models.DateTimeField(null=True, blank=True)
    handed_to = models.ForeignKey(PickUp, models.PROTECT, null=True, related_name="+")
    told_at = models.DateTimeField(null=True, blank=True)  # the guardian, that it waits

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager["Presence"]]

    class Meta:
        verbose_name = _("child at a session")
        verbose_name_plural = _("children at sessions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["child"], condition=Q(left_at=None), name="club_child_at_one_place"
            ),
            models.CheckConstraint(
                condition=Q(left_at=None, handed_to=None)
                | Q(left_at__isnull=False, handed_to__isnull=False),
                name="club_leaves_with_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Incident(models.Model):
    """That something happened; what it was is sealed under a subject of its own."""

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    session = models.ForeignKey(Session, models.PROTECT, related_name="incidents")
    child = models.ForeignKey(Child, models.PROTECT, related_name="incidents")
    subject = models.CharField(max_length=60)
    at = models.DateTimeField(default=clock.now)

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager["Incident"]]

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")

    def __str__(self) -> str:
        return str(self.pk)
