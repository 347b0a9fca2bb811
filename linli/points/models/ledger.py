"""The ledger: accounts, and transfers between two of them. Nothing in it is changed or removed.

Only the lines of a year whose totals stand may go, two years after its end (keeping.py, R22).

A transfer is both legs in one row: what `source` gives, `target` gets. So all entries of a
transaction, and all balances together, sum to zero by the shape of the table.
"""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.lib import clock
from linli.people.models import Organisation
from linli.points.models.consent import Card


class Pool(models.TextChoices):
    """The other side: where points come from, and where they end."""

    ISSUED = "issued", _("given out")
    REVERSED = "reversed", _("taken back")
    LAPSED = "lapsed", pgettext_lazy("points", "ended")


class Account(models.Model):
    """One dimension of somebody's card, or a pool of the county for a year.

    `balance` stands on cards' accounts only. The database keeps it: a trigger adds each transfer,
    and another one refuses every value that is not the sum of the entries.
    """

    card = models.ForeignKey(Card, models.PROTECT, null=True, blank=True, related_name="accounts")
    pool = models.CharField(max_length=8, choices=Pool, blank=True)
    year = models.PositiveSmallIntegerField()
    dimension = models.CharField(max_length=40)
    balance = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["card", "dimension"], name="points_account_once"),
            models.UniqueConstraint(
                fields=["pool", "year", "dimension"], condition=Q(card=None),
                name="points_pool_once",
            ),
            models.CheckConstraint(
                condition=(Q(card=None) & Q(pool__in=Pool.values))
                | (Q(card__isnull=False) & Q(pool="")),
                name="points_card_or_pool",
            ),
            models.CheckConstraint(condition=Q(balance__gte=0), name="points_never_below_zero"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.pool or self.card_id} {self.dimension} {self.year}"

    def counted(self) -> int:
        """The balance out of the entries alone."""
        came = Transfer.objects.filter(target=self).aggregate(n=Sum("amount"))["n"] or 0
        went = Transfer.objects.filter(source=self).aggregate(n=Sum("amount"))["n"] or 0
        return int(came - went)


class Kind(models.TextChoices):
    """Why points move."""

    EARNED = "earned", _("earned")
    REVERSED = "reversed", _("taken back")
    LAPSED = "lapsed", pgettext_lazy("points", "ended")


class TransferQuerySet(models.QuerySet["Transfer"]):
    def earned(self) -> "TransferQuerySet":
        return self.filter(kind=Kind.EARNED)

    def standing(self) -> "TransferQuerySet":
        """Earned and not taken back."""
        return self.earned().filter(reversal=None)


class Transfer(models.Model):
    """One movement with its evidence: the number of a line of the journal."""

    kind = models.CharField(max_length=8, choices=Kind)
    card = models.ForeignKey(Card, models.PROTECT, related_name="transfers")
    source = models.ForeignKey(Account, models.PROTECT, related_name="went")
    target = models.ForeignKey(Account, models.PROTECT, related_name="came")
    amount = models.PositiveIntegerField()
    worth = models.PositiveIntegerField()  # before caps
    rule = models.CharField(max_length=40, blank=True)  # an award of the playbook
    version = models.CharField(max_length=12)  # of the playbook it was counted by
    evidence = models.BigIntegerField(default=0)  # journal sequence number; 0 for an end
    on = models.DateField()  # the day of the evidence: caps count by it
    at = models.DateTimeField(default=clock.now)
    place = models.CharField(max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversal"
    )
    reason = models.CharField(max_length=300, blank=True)
    # Who had it entered or taken back, and who agreed; nobody for what a follower counted.
    by = models.CharField(max_length=60, default="system")
    second = models.CharField(max_length=60, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("movement of points")
        verbose_name_plural = _("movements of points")
        indexes: ClassVar = [
            models.Index(fields=["card", "rule", "on"], name="points_caps"),
            models.Index(fields=["evidence"], name="points_evidence"),
            models.Index(fields=["on", "kind"], name="points_of_a_quarter"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rule", "evidence", "card"], condition=Q(kind="earned"),
                name="points_evidence_once",
            ),
            models.CheckConstraint(condition=Q(amount__gte=1), name="points_move_something"),
            models.CheckConstraint(
                condition=~Q(source=F("target")), name="points_between_two_accounts"
            ),
            models.CheckConstraint(condition=Q(worth__gte=F("amount")), name="points_within_worth"),
            models.CheckConstraint(
                condition=Q(kind="lapsed", evidence=0) | (~Q(kind="lapsed") & Q(evidence__gte=1)),
                name="points_have_evidence",
            ),
            models.CheckConstraint(
                condition=Q(kind="reversed", reverses__isnull=False)
                | (~Q(kind="reversed") & Q(reverses=None)),
                name="points_reversal_names_its_line",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.rule}"

    @property
    def is_capped(self) -> bool:
        """Whether a cap made it less than the rule alone gives."""
        return self.kind == Kind.EARNED and self.amount < self.worth


def quarter_of(day: date) -> int:
    """1 to 4."""
    return (day.month - 1) // 3 + 1
