"""What was said and done along the way. The journal has the facts; these rows hold the words."""

from django.db import models
from django.db.models import Q

from linli.cases.models.case import Case
from linli.files.models import Photo
from linli.people.models import Organisation, User


class Words(models.Model):
    """Text that belongs to one line of the journal; `entry` is that line's sequence number.

    Kept apart because the journal is for ever and words about people are not (R11, R14).
    """

    class Purpose(models.TextChoices):
        ANSWER = "answer"
        REASON = "reason"
        NOTE = "note"
        MESSAGE = "message"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="words")
    entry = models.BigIntegerField(unique=True)
    purpose = models.CharField(max_length=10, choices=Purpose)
    text = models.TextField(blank=True)
    public = models.BooleanField(default=False)
    sealed = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["case", "entry"], name="words_of_case")]
        constraints = [
            models.CheckConstraint(
                name="words_sealed_or_said",
                condition=Q(sealed=True, text="", public=False) | (Q(sealed=False) & ~Q(text="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.entry}"


class StepDone(models.Model):
    """A special step of the kind (a mandate signed, originals returned …), done once a round."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(max_length=40)
    entry = models.BigIntegerField()
    by = models.CharField(max_length=40)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "step"], name="step_done_once"),
        ]

    def __str__(self) -> str:
        return self.step


class Claim(models.Model):
    """A volunteer's promise to do a step (grant a wish); lapses by itself at `expires_at`."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="claims")
    step = models.CharField(max_length=40)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    fulfilled = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at=None), name="claim_one_live_each_case"
            ),
            models.CheckConstraint(
                name="claim_fulfilled_is_ended",
                condition=Q(fulfilled=False) | Q(ended_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="claim_expiry")]

    def __str__(self) -> str:
        return f"{self.step} of {self.case_id}"


class Refusal(models.Model):
    """A line of the public ledger: who said "not ours", why, and where it went instead."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="refused")
    entry = models.BigIntegerField(unique=True)
    by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    sent_to = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    suggested = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField()
    ordinal = models.PositiveSmallIntegerField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="refusal_has_reason", condition=~Q(reason="")),
            models.UniqueConstraint(fields=["case", "ordinal"], name="refusal_ordinal"),
        ]

    def __str__(self) -> str:
        return f"refusal {self.ordinal} of {self.case_id}"


class CasePhoto(models.Model):
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="photos")
    photo = models.OneToOneField(Photo, on_delete=models.CASCADE, related_name="+")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return f"photo {self.order} of {self.case_id}"
