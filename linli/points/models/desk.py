"""What waits for people: claims to be looked at, objections, reversals; and what was published."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.points.models.consent import Card
from linli.points.models.ledger import Transfer


class Claim(models.Model):
    """Evidence that a rule wants looked at before it counts."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("claim", "waits")
        AGREED = "agreed", pgettext_lazy("claim", "counted")
        DECLINED = "declined", pgettext_lazy("claim", "not counted")

    card = models.ForeignKey(Card, models.CASCADE, related_name="claims")
    rule = models.CharField(max_length=40)
    evidence = models.BigIntegerField()
    place = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rule", "evidence", "card"], name="points_claim_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None)
                | (~Q(state="waiting") & Q(decided_at__isnull=False)),
                name="points_claim_decided",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["place", "id"], condition=Q(state="waiting"), name="points_claims_wait"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.state}"


class Objection(models.Model):
    """Somebody says that a line of their own is wrong, or that one is missing."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("objection", "being looked at")
        UPHELD = "upheld", pgettext_lazy("objection", "you were right")
        REJECTED = "rejected", pgettext_lazy("objection", "stays as it is")

    card = models.ForeignKey(Card, models.CASCADE, related_name="objections")
    transfer = models.ForeignKey(
        Transfer, models.PROTECT, null=True, blank=True, related_name="objections"
    )
    rule = models.CharField(max_length=40)
    evidence = models.BigIntegerField()  # the line of the journal it is about
    place = models.CharField(max_length=200, blank=True)
    words = models.TextField(max_length=1000)
    filed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    answer = models.TextField(max_length=1000, blank=True)
    reviewer = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("points", "objection")
        verbose_name_plural = pgettext_lazy("points", "objections")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["card", "rule", "evidence"], condition=Q(state="open"),
                name="points_one_open_objection",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None, reviewer="")
                | (~Q(state="open") & Q(decided_at__isnull=False) & ~Q(answer="")),
                name="points_objection_answered",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.state} {self.rule}"


class Reversal(models.Model):
    """A line that somebody wants taken back; it takes a second person."""

    transfer = models.OneToOneField(Transfer, models.PROTECT, related_name="asked_back")
    reason = models.CharField(max_length=300)
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    agreed_by = models.CharField(max_length=60, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(agreed_by="") | ~Q(agreed_by=F("asked_by")), name="points_two_people"
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class Bulletin(models.Model):
    """The totals of a quarter as they were published; never counted again."""

    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    published_at = models.DateTimeField()
    figures = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "quarter"], name="points_quarter_once"),
            models.CheckConstraint(
                condition=Q(quarter__gte=1, quarter__lte=4), name="points_four_quarters"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} Q{self.quarter}"


class Certificate(models.Model):
    """Hours that were given, as printed: whoever has the code can check it. No name is stored."""

    code = models.CharField(max_length=12, unique=True)
    card_user = models.ForeignKey(
        "people.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    seal = models.CharField(max_length=64)  # HMAC of the name on the paper
    first_on = models.DateField()
    last_on = models.DateField()
    minutes = models.PositiveIntegerField()
    times = models.PositiveIntegerField()
    hosts = models.JSONField(default=list)
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("certificate of service")
        verbose_name_plural = _("certificates of service")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="points_certificate_lasts"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Correction(models.Model):
    """Somebody says that a stay of their own is noted wrongly; who keeps the list answers."""

    user = models.ForeignKey("people.User", models.CASCADE, related_name="+")
    occurrence = models.UUIDField()  # of the activity
    title = models.CharField(max_length=200)
    place = models.CharField(max_length=200, blank=True)
    words = models.TextField(max_length=600)
    asked_at = models.DateTimeField()
    answer = models.TextField(max_length=600, blank=True)
    answered_by = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("correction of a stay")
        verbose_name_plural = _("corrections of stays")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "occurrence"], condition=Q(answered_at=None),
                name="points_one_open_correction",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="")
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="points_correction_answered",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title
