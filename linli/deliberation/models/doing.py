"""What came of a decision: who does what by when for how much, and what people think of it."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.deliberation.models.motion import Motion
from linli.files.models import Photo
from linli.lib import clock
from linli.people.models import Organisation, User


class Task(models.Model):
    """One line of the execution ledger."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("task", "open")
        DONE = "done", pgettext_lazy("task", "done")
        DROPPED = "dropped", pgettext_lazy("task", "dropped")

    motion = models.ForeignKey(Motion, models.CASCADE, related_name="tasks")
    number = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=200)
    doer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    due = models.DateField()
    money_fen = models.BigIntegerField(null=True, blank=True)
    spent_fen = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    evidence = models.CharField(max_length=400, blank=True)  # what shows it, or why it was dropped
    photo = models.ForeignKey(Photo, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    late_noted = models.BooleanField(default=False)  # that it is overdue stands in the journal

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes: ClassVar = [
            models.Index(fields=["due"], condition=Q(state="open"), name="delib_task_due"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["motion", "number"], name="delib_task_number"),
            models.CheckConstraint(
                condition=(Q(money_fen__isnull=True) | Q(money_fen__gte=0))
                & (Q(spent_fen__isnull=True) | Q(spent_fen__gte=0)),
                name="delib_money_positive",
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None)
                | (~Q(state="open") & Q(ended_at__isnull=False) & ~Q(evidence="")),
                name="delib_ended_task_shows",
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def is_late(self) -> bool:
        """Open after its day: the decision is not carried out, and that is a gap."""
        return self.state == self.State.OPEN and self.due < clock.today()

    @property
    def days_late(self) -> int:
        today: date = clock.today()
        return max((today - self.due).days, 0) if self.state == self.State.OPEN else 0


class Rating(models.Model):
    """What one resident thinks of what was done; one each, and only totals are shown."""

    motion = models.ForeignKey(Motion, models.CASCADE, related_name="ratings")
    round = models.PositiveSmallIntegerField()
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    good = models.BooleanField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["motion", "round", "user"], name="delib_rating_once"),
        ]

    def __str__(self) -> str:
        return str(self.motion_id)


class Opinion(models.Model):
    """What the village's supervisors found; public, and never by the body that did it alone."""

    motion = models.ForeignKey(Motion, models.CASCADE, related_name="opinions")
    round = models.PositiveSmallIntegerField()
    good = models.BooleanField()
    words = models.TextField(max_length=1000)
    heard = models.PositiveIntegerField(default=0)  # how many were asked at the meeting or at home
    content = models.PositiveIntegerField(default=0)  # how many of them are content
    by = models.CharField(max_length=40)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("supervisors' opinion")
        verbose_name_plural = _("supervisors' opinions")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["motion", "round"], name="delib_opinion_once"),
            models.CheckConstraint(
                condition=Q(content__lte=models.F("heard")), name="delib_content_of_heard"
            ),
        ]

    def __str__(self) -> str:
        return str(self.motion_id)
