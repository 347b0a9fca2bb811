"""Who may vote: frozen when the ballot is opened."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.ballots.models.ballot import Ballot
from linli.people.models import User


class RollEntry(models.Model):
    """One person (or household) of the roll.

    Nothing about voting is written here while the ballot runs. `took_part` is set for all at once
    when it closes, so that everybody can see whether somebody voted in their name.
    """

    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="roll")
    number = models.PositiveIntegerField()  # from 1, in the order of the roll
    key = models.CharField(max_length=80)  # how the body that keeps the roll calls this voter
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    group = models.CharField(max_length=40, blank=True)
    took_part = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("entry of a roll")
        verbose_name_plural = _("entries of a roll")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ballot", "key"], name="bal_one_entry_a_voter"),
            models.UniqueConstraint(fields=["ballot", "number"], name="bal_one_number_each"),
            models.UniqueConstraint(
                fields=["ballot", "user"],
                condition=Q(user__isnull=False),
                name="bal_one_entry_a_person",
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)
