"""What exists only while a ballot is open (ADR 12). The closing transaction deletes all of it.

Every voter of the roll has one slot from the start, named by a keyed hash of the voter and filled
with sealed bytes of one length. A vote replaces the bytes: it adds no row, writes no time, and a
slot that was never used looks like one that was. Without the key, which is sealed by the master
key outside the database, nobody can say whose slot it is, what is in it, or whether it was used.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.ballots.models.ballot import Ballot


class Secret(models.Model):
    """The key of one ballot, sealed by a master key. It is destroyed when the ballot closes."""

    ballot = models.OneToOneField(
        Ballot, models.CASCADE, primary_key=True, related_name="secret"
    )  # fmt: skip
    master = models.CharField(max_length=20)  # which master key opens it
    wrapped = models.BinaryField()

    class Meta:
        verbose_name = _("key of a ballot")
        verbose_name_plural = _("keys of ballots")

    def __str__(self) -> str:
        return str(self.pk)


class Taken(models.TextChoices):
    """Where a voter votes instead of on their own device; final once handed out."""

    NOT = "", _("not handed out")
    PAPER = "paper", _("was given a voting paper")
    CODE = "code", _("was given a code")


class Slot(models.Model):
    """The one place where the one vote of one voter is, whichever way it came."""

    token = models.CharField(max_length=64, primary_key=True)  # keyed hash of the roll entry
    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="slots")
    taken = models.CharField(max_length=5, choices=Taken, default=Taken.NOT, blank=True)
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        indexes: ClassVar = [models.Index(fields=["ballot", "taken"], name="bal_slot_taken")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(taken__in=Taken.values), name="bal_taken_known"
            ),
        ]

    def __str__(self) -> str:
        return self.token[:8]


class Code(models.Model):
    """A one-time code on a paper slip; nothing says to whom it was given."""

    digest = models.CharField(max_length=64, primary_key=True)  # keyed hash of the code
    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="codes")
    used = models.BooleanField(default=False)
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("one-time code")
        verbose_name_plural = _("one-time codes")

    def __str__(self) -> str:
        return self.digest[:8]


class Spent(models.Model):
    """A sealed vote that was opened to be checked: it cannot be cast any more."""

    digest = models.CharField(max_length=64, primary_key=True)
    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="spent")

    class Meta:
        verbose_name = _("checked vote")
        verbose_name_plural = _("checked votes")

    def __str__(self) -> str:
        return self.digest[:8]
