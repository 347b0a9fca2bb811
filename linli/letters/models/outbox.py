"""The outbox: a row is a letter on its way, and the table is the queue."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.lib import clock
from linli.people.models import User


class Channel(models.TextChoices):
    INAPP = "inapp", _("inbox")
    SMS = "sms", _("text message")
    EMAIL = "email", _("e-mail")


class State(models.TextChoices):
    """A letter that a worker holds just now, or that waits for another try, is still waiting."""

    WAITING = "waiting", _("waiting to be sent")
    SENT = "sent", _("handed over")
    DEAD = "dead", _("given up")
    FOLDED = "folded", _("said with another one")


class LetterQuerySet(models.QuerySet["Letter"]):
    def due(self) -> Self:
        """Waiting letters whose time has come and that no worker holds."""
        now = clock.now()
        free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
        return self.filter(free, state=State.WAITING, next_try__lte=now)

    def inbox_of(self, user: User) -> Self:
        """What lies in the inbox of this person."""
        return self.filter(user=user, channel=Channel.INAPP)

    def unread_of(self, user: User) -> Self:
        """The same, not opened yet; counted on an index that holds no others."""
        return self.inbox_of(user).filter(read_at=None)


class Letter(models.Model):
    """One message to one person over one channel; `key` makes it the only one of its kind.

    No address stands here: it is read from the vault when the letter goes out, and forgotten.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=240)
    template = models.CharField(max_length=40)
    channel = models.CharField(max_length=5, choices=Channel)
    language = models.CharField(max_length=10)
    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="letters"
    )
    subject = models.CharField(max_length=64, blank=True)
    about = models.CharField(max_length=120, blank=True)  # as the journal names it
    context = models.JSONField(default=dict)

    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)  # begun, whether or not they ended
    next_try = models.DateTimeField(default=clock.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    folded_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="folded"
    )
    error = models.CharField(max_length=80, blank=True)  # a class: messages hold addresses
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    reply = models.CharField(max_length=8, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "channel"], name="letter_once"),
            models.CheckConstraint(
                name="letter_has_somebody", condition=Q(user__isnull=False) | ~Q(subject="")
            ),
            models.CheckConstraint(
                name="letter_sent_has_time",
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="letter_reply_has_time", condition=Q(reply="") | Q(replied_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["next_try"], condition=Q(state="waiting"), name="letter_waiting"),
            models.Index(fields=["created_at"], condition=Q(state="dead"), name="letter_dead"),
            models.Index(fields=["user", "channel", "-created_at", "-id"], name="letter_inbox"),
            models.Index(
                fields=["user", "channel"], condition=Q(read_at=None), name="letter_unread"
            ),
            models.Index(fields=["subject", "template", "-sent_at"], name="letter_to_subject"),
            models.Index(fields=["sent_at"], name="letter_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.template} over {self.channel}"


class Nudge(models.Model):
    """The one message that left the house for this person on this day, whatever it was about."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="nudges")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="nudge_once_a_day")]

    def __str__(self) -> str:
        return self.day.isoformat()


class Job(models.Model):
    """When a periodic job last ran, and which worker's turn it is until when."""

    name = models.CharField(max_length=60, primary_key=True)
    ran_at = models.DateTimeField(null=True, blank=True)  # when its last good run began
    held_until = models.DateTimeField(null=True, blank=True)
    holder = models.CharField(max_length=32, blank=True)  # names the run that holds it
    failures = models.PositiveIntegerField(default=0)  # since its last good run
    error = models.CharField(max_length=120, blank=True)  # class and place, never the message

    def __str__(self) -> str:
        return self.name
