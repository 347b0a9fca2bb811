"""What was published, for how long and with which proof; and what people said against it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.deliberation.models.motion import Motion, Step
from linli.files.models import Photo
from linli.lib import clock
from linli.people.models import User


class Notice(models.Model):
    """Something was put up: on this page, and on the board with a photo that proves it."""

    step = models.ForeignKey(Step, models.CASCADE, related_name="notices")
    what = models.CharField(max_length=8)  # draft, call, decision, result
    version = models.PositiveSmallIntegerField(default=0)  # of the draft
    posted_at = models.DateTimeField(default=clock.now)
    # From when it counts: posted, or the day on the photo where that is later.
    starts_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField()
    photo = models.ForeignKey(Photo, models.PROTECT, null=True, blank=True, related_name="+")
    photo_day = models.DateField(null=True, blank=True)
    spot = models.CharField(max_length=80, blank=True)  # where the board stands

    class Meta:
        verbose_name = _("public notice")
        verbose_name_plural = _("public notices")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["step", "what"], name="delib_notice_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="delib_notice_lasts"
            ),
            models.CheckConstraint(
                condition=Q(photo=None, photo_day=None)
                | Q(photo__isnull=False, photo_day__isnull=False),
                name="delib_photo_has_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step_id} {self.what}"


class Objection(models.Model):
    """Something said against a draft or a decision; the answer stands beside it in public."""

    class Outcome(models.TextChoices):
        KEPT = "kept", pgettext_lazy("objection", "it stays as it is, and why")
        CHANGED = "changed", pgettext_lazy("objection", "it will be changed")
        TAKEN_BACK = "taken_back", pgettext_lazy("objection", "taken back")

    motion = models.ForeignKey(Motion, models.CASCADE, related_name="objections")
    step = models.ForeignKey(Step, models.CASCADE, related_name="objections")
    number = models.PositiveSmallIntegerField()
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    on_paper = models.BooleanField(default=False)  # brought to the office
    words = models.TextField(max_length=1000)
    filed_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    answer = models.TextField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["motion", "number"], name="delib_objection_number"),
            models.CheckConstraint(
                condition=Q(outcome="", answered_at=None)
                | (~Q(outcome="") & Q(answered_at__isnull=False)),
                name="delib_answered_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["kept", "changed"]) | ~Q(answer=""),
                name="delib_answer_has_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.motion_id} {self.number}"
