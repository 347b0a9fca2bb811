"""Who comes: the seats of an occurrence and who signed up for them."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.activities.models.occurrence import Occurrence
from linli.lib import clock
from linli.people.models import User
from linli.playbook.schema import ActivityRole

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Seat(models.Model):
    """One role of one occurrence: how many it takes, and how many are taken.

    The counts stand in columns so that the database itself refuses one too many.
    """

    occurrence = models.ForeignKey(Occurrence, models.CASCADE, related_name="seats")
    role = models.CharField(max_length=40)  # of the playbook's kind
    seats = models.PositiveSmallIntegerField()
    standby = models.PositiveSmallIntegerField(default=0)
    taken = models.PositiveSmallIntegerField(default=0)
    waiting = models.PositiveSmallIntegerField(default=0)

    if TYPE_CHECKING:
        sign_ups: RelatedManager["SignUp"]

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["occurrence", "role"], name="act_role_once"),
            models.CheckConstraint(condition=Q(seats__gte=1), name="act_seat_is_one"),
            models.CheckConstraint(condition=Q(taken__lte=F("seats")), name="act_never_overfull"),
            models.CheckConstraint(
                condition=Q(waiting__lte=F("standby")), name="act_standby_never_overfull"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.taken}/{self.seats}"

    @property
    def rule(self) -> ActivityRole:
        """The role in the playbook. Raises KeyError if it was dropped."""
        return self.occurrence.rule.role(self.role)

    @property
    def free(self) -> int:
        """Seats that nobody has."""
        return self.seats - self.taken

    @property
    def free_standby(self) -> int:
        """Places on the waiting list."""
        return self.standby - self.waiting


class Going(models.TextChoices):
    """How somebody stands to an occurrence."""

    GOING = "going", pgettext_lazy("sign-up", "going")
    STANDBY = "standby", pgettext_lazy("sign-up", "on the waiting list")
    WITHDRAWN = "withdrawn", pgettext_lazy("sign-up", "withdrawn")
    IN = "checked_in", pgettext_lazy("sign-up", "checked in")
    OUT = "checked_out", pgettext_lazy("sign-up", "checked out")
    NO_SHOW = "no_show", pgettext_lazy("sign-up", "did not come")


SEATED = (Going.GOING, Going.IN, Going.OUT, Going.NO_SHOW)  # they use up a seat
PRESENT = (Going.IN, Going.OUT)


class SettleAs(models.TextChoices):
    """What a missing check-out is settled as; a number of hours is never typed."""

    END = "end", _("was there until the planned end")
    NONE = "none", _("no hours")


class SignUpQuerySet(models.QuerySet["SignUp"]):
    def of(self, user: User) -> "SignUpQuerySet":
        return self.filter(user=user)

    def seated(self) -> "SignUpQuerySet":
        """Those who have a seat, whether or not they have come."""
        return self.filter(state__in=SEATED)

    def live(self) -> "SignUpQuerySet":
        """Those who still mean to come or came."""
        return self.exclude(state=Going.WITHDRAWN)

    def queue(self) -> "SignUpQuerySet":
        """The waiting list in its order."""
        return self.filter(state=Going.STANDBY).order_by("asked_at", "pk")

    def unsettled(self) -> "SignUpQuerySet":
        """Checked in, the time to check out is over, and nobody has said how it ended."""
        limit = clock.now() - LATEST_OUT
        return self.filter(state=Going.IN, occurrence__ends_at__lt=limit)


EARLIEST_IN = timedelta(hours=1)  # before it begins
LATEST_OUT = timedelta(hours=2)  # after it ends; later a second person is needed


class SignUp(models.Model):
    """One person in one role. The hours are the time between in and out, and nothing else."""

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="sign_ups")
    occurrence = models.ForeignKey(Occurrence, models.CASCADE, related_name="sign_ups")
    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ups")
    state = models.CharField(max_length=11, choices=Going)
    asked_at = models.DateTimeField()
    was_asked = models.BooleanField(default=False)  # the organiser put them in, they may withdraw
    in_at = models.DateTimeField(null=True, blank=True)
    out_at = models.DateTimeField(null=True, blank=True)
    # A check-out that nobody made: how one says it ended, and who; a second one agrees.
    settle_as = models.CharField(max_length=4, choices=SettleAs, blank=True)
    settle_by = models.CharField(max_length=60, blank=True)

    objects = SignUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        indexes: ClassVar = [
            models.Index(fields=["user", "state"], name="act_signup_of"),
            models.Index(fields=["seat", "state", "asked_at"], name="act_signup_queue"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["occurrence", "user"], name="act_one_role_each"),
            models.CheckConstraint(condition=Q(state__in=Going.values), name="act_going_known"),
            models.CheckConstraint(
                condition=Q(state="checked_out", in_at__isnull=False, out_at__isnull=False)
                | Q(state="checked_in", in_at__isnull=False, out_at=None)
                | (~Q(state__in=["checked_in", "checked_out"]) & Q(in_at=None, out_at=None)),
                name="act_in_before_out",
            ),
            models.CheckConstraint(
                condition=Q(out_at=None) | Q(out_at__gte=F("in_at")), name="act_out_after_in"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat.role} {self.state}"

    @property
    def time(self) -> timedelta:
        """From in to out; nothing before both are there."""
        if self.in_at is None or self.out_at is None:
            return timedelta()
        return self.out_at - self.in_at

    @property
    def last_out(self) -> datetime:
        """Until when somebody can be checked out."""
        return self.occurrence.ends_at + LATEST_OUT
