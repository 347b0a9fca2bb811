"""Work that goes from hand to hand: handing over a post's open things, standing in for a day."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.lib import clock, ids
from linli.people.models.appointment import Appointment
from linli.people.models.user import User


class Handover(models.Model):
    """The open things of one appointment go to another, for some days or for good.

    Nothing moves before the receiver's yes; what is still open after a holiday comes back.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waiting for their yes")
        AGREED = "agreed", _("agreed, begins on its day")
        MOVED = "moved", _("has moved to them")
        BACK = "back", _("back again")
        DECLINED = "declined", _("they said no")
        WITHDRAWN = "withdrawn", _("taken back")
        LAPSED = "lapsed", _("no answer in time")

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    giver = models.ForeignKey(Appointment, models.CASCADE, related_name="handovers")
    receiver = models.ForeignKey(Appointment, models.CASCADE, related_name="received")
    starts_on = models.DateField()
    ends_on = models.DateField()  # the first day on which the giver is back
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED)
    asked_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="people_handover_lasts"
            ),
            models.CheckConstraint(
                condition=~Q(giver=F("receiver")), name="people_handover_to_another"
            ),
            models.UniqueConstraint(
                fields=["giver"],
                condition=Q(state__in=["proposed", "agreed", "moved"]),
                name="people_one_handover_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver_id} > {self.receiver_id} ({self.state})"


class Handed(models.Model):
    """One thing that moved with a handover; the floor it belongs to knows what `key` names."""

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="handed")
    holder = models.CharField(max_length=20)
    key = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["handover", "holder", "key"], name="people_handed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder} {self.key}"


class StandIn(models.Model):
    """Somebody cannot come. No reason is asked for; others are asked one after the other."""

    class State(models.TextChoices):
        ASKING = "asking", _("somebody else is being asked")
        TAKEN = "taken", _("somebody stands in")
        NOBODY = "nobody", _("nobody could; the host has been told")

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    holder = models.CharField(max_length=20)
    key = models.CharField(max_length=80)
    starts_at = models.DateTimeField()
    place_path = models.CharField(max_length=200, blank=True)
    org = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=6, choices=State, default=State.ASKING)
    said_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("standing in")
        verbose_name_plural = _("standing in")
        indexes: ClassVar = [models.Index(fields=["user", "starts_at"], name="people_cannot_come")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "holder", "key"],
                condition=Q(state="asking"),
                name="people_cannot_come_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder} {self.key} {self.state}"


class Ask(models.Model):
    """The question to one person, in turn: one at a time, each with an end."""

    class State(models.TextChoices):
        QUEUED = "queued", _("not asked yet")
        ASKED = "asked", _("asked")
        YES = "yes", _("comes")
        NO = "no", _("cannot either")
        LAPSED = "lapsed", _("no answer in time")
        OVER = "over", _("no longer needed")

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    stand_in = models.ForeignKey(StandIn, models.CASCADE, related_name="asks")
    user = models.ForeignKey(User, models.CASCADE, related_name="asks")
    turn = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=6, choices=State, default=State.QUEUED)
    asked_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stand_in", "user"], name="people_asked_once"),
            models.UniqueConstraint(fields=["stand_in", "turn"], name="people_ask_in_turn"),
            # One message at a time: the next is asked when this one said no or time ran out.
            models.UniqueConstraint(
                fields=["stand_in"], condition=Q(state="asked"), name="people_one_ask_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state="queued", asked_at=None)
                | Q(state="over")
                | Q(asked_at__isnull=False, expires_at__isnull=False),
                name="people_ask_has_an_end",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["expires_at"], condition=Q(state="asked"), name="people_ask_expires"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.turn} {self.state}"
