"""Counts by hand, by two people who must agree; and who asked for closing."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.ballots.models.ballot import Ballot
from linli.lib import clock
from linli.people.models import Appointment, User


class What(models.TextChoices):
    PAPER = "paper", _("voting papers")
    HANDS = "hands", pgettext_lazy("ballot", "hands")


class Tally(models.Model):
    """Two counters, each without seeing the other's figures. Equal figures agree by themselves.

    Figures are canonical JSON: {"votes": [[choice, n], …], "spoilt": n, "unused": n}.
    """

    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="tallies")
    what = models.CharField(max_length=5, choices=What)
    first = models.ForeignKey(User, models.PROTECT, related_name="+")
    first_figures = models.TextField()
    second = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    second_figures = models.TextField(blank=True)
    differs = models.JSONField(default=list, blank=True)  # names of the figures that differ
    note = models.CharField(max_length=300, blank=True)  # what a difference comes from; public
    agreed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("count by hand")
        verbose_name_plural = _("counts by hand")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ballot", "what"], name="bal_one_tally"),
            models.CheckConstraint(
                condition=Q(second=None) | ~Q(second=F("first")), name="bal_two_counters"
            ),
            models.CheckConstraint(
                condition=Q(agreed_at=None)
                | (Q(second__isnull=False) & Q(second_figures=F("first_figures"))),
                name="bal_agreed_is_equal",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ballot} {self.what}"


class Closing(models.Model):
    """One person asks for closing and counting, a different one agrees, and then it is done."""

    ballot = models.OneToOneField(
        Ballot, models.CASCADE, primary_key=True, related_name="closing"
    )  # fmt: skip
    first = models.ForeignKey(User, models.PROTECT, related_name="+")
    first_under = models.ForeignKey(
        Appointment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=clock.now)
    second = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    second_under = models.ForeignKey(
        Appointment, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("closing of a ballot")
        verbose_name_plural = _("closings of ballots")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(second=None) | ~Q(second=F("first")), name="bal_two_to_close"
            ),
        ]

    def __str__(self) -> str:
        return str(self.ballot)
