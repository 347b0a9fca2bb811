"""Standing ties: a role claimed for a whole series, registering with a host, a calendar's key."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.activities.models.occurrence import Series
from linli.lib import clock
from linli.people.models import Organisation, User


class Standing(models.Model):
    """Somebody has a role each time: new occurrences of the series put them in by themselves."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="standing")
    role = models.CharField(max_length=40)
    user = models.ForeignKey(User, models.CASCADE, related_name="standing")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)  # the first day on which it no longer holds
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("standing role")
        verbose_name_plural = _("standing roles")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["series", "user"], condition=Q(until=None), name="act_standing_once"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="act_standing_lasts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.role}"


class Enrolment(models.Model):
    """Somebody registered with a host, and may say from which employer they come."""

    kind = models.CharField(max_length=40)  # of the playbook, one with `enrol`
    user = models.ForeignKey(User, models.CASCADE, related_name="enrolments")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    tell_unit = models.BooleanField(default=False)  # the hours of a quarter, nothing else
    asked_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("registration with a host")
        verbose_name_plural = _("registrations with a host")
        indexes: ClassVar = [
            models.Index(fields=["organisation", "ended_at"], name="act_enrolled_at"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "user", "organisation"],
                condition=Q(ended_at=None),
                name="act_enrolled_once",
            ),
            models.CheckConstraint(
                condition=Q(tell_unit=False) | Q(unit__isnull=False), name="act_told_has_unit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.organisation}"


class FeedToken(models.Model):
    """The key in the address of somebody's own calendar; only its hash is kept."""

    digest = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="feed_tokens")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user"], name="act_one_feed_each"),
        ]

    def __str__(self) -> str:
        return str(self.made_at)
