"""A letter to an audience: prepared, agreed, frozen, and one row for each person it goes to."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli import playbook
from linli.lib import clock, ids
from linli.people.models import User
from linli.playbook.letter import LetterKind


class Campaign(models.Model):
    """One letter of the playbook, one occasion, one area. Its words are kept as they were sent."""

    class State(models.TextChoices):
        READY = "ready", _("prepared")
        ASKED = "asked", _("waits for a second person")
        FROZEN = "frozen", _("leaves soon")
        DONE = "done", _("sent")
        CANCELLED = "cancelled", _("not sent")

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    kind = models.CharField(max_length=40)  # of the playbook
    occasion = models.CharField(max_length=40)  # "2027", or the line of the journal
    place = models.CharField(max_length=200)  # the path of the area
    state = models.CharField(max_length=9, choices=State, default=State.READY)
    prepared_at = models.DateTimeField(default=clock.now)
    by = models.CharField(max_length=40, blank=True)
    second = models.CharField(max_length=40, blank=True)
    words = models.JSONField(default=dict)  # language -> [subject, text]; empty until frozen
    playbook = models.CharField(max_length=12, blank=True)  # its version when frozen
    size = models.PositiveIntegerField(null=True, blank=True)  # the audience, frozen
    leaves_at = models.DateTimeField(null=True, blank=True)  # until then it can be called back
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("letter to an audience")
        verbose_name_plural = _("letters to an audience")
        indexes: ClassVar = [
            models.Index(fields=["-prepared_at", "-id"], name="campaign_newest"),
            models.Index(
                fields=["leaves_at"], condition=Q(state="frozen"), name="campaign_leaving"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "occasion", "place"],
                condition=~Q(state="cancelled"),
                name="campaign_once",
            ),
            models.CheckConstraint(
                condition=Q(second="") | ~Q(second=F("by")), name="campaign_two_people"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ready", "asked", "cancelled"])
                | Q(size__isnull=False, leaves_at__isnull=False),
                name="campaign_frozen_has_size",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.occasion} {self.place}"

    @property
    def rule(self) -> LetterKind:
        """Its letter in the playbook. KeyError: the playbook in use does not have it."""
        return playbook.current().letters[self.kind]

    def said(self, language: str) -> tuple[str, str]:
        """Subject and text: as frozen, before that as the playbook has them."""
        tongue = "zh" if language.startswith("zh") else "en"
        if self.words:
            subject, text = self.words[tongue]
            return subject, text
        return self.rule.subject.text(tongue), self.rule.text.text(tongue)


class Addressee(models.Model):
    """One person of a frozen audience; the key makes the letter the only one on its occasion."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits")
        SENT = "sent", _("sent")
        OPTED_OUT = "out", _("does not want it")

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="addressees")
    kind = models.CharField(max_length=40)
    occasion = models.CharField(max_length=40)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    sent_at = models.DateTimeField(null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)  # went on to write back

    class Meta:
        verbose_name = _("person a letter goes to")
        verbose_name_plural = _("people a letter goes to")
        indexes: ClassVar = [
            models.Index(fields=["campaign", "state"], name="addressee_state"),
        ]
        constraints: ClassVar = [
            # Two areas that overlap, two workers, two clicks: still one letter.
            models.UniqueConstraint(fields=["kind", "occasion", "user"], name="addressee_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.occasion}"


class OptOut(models.Model):
    """This person does not want this kind of letter."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    since = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("letter not wanted")
        verbose_name_plural = _("letters not wanted")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "kind"], name="opt_out_once"),
        ]

    def __str__(self) -> str:
        return self.kind
