"""What the vault keeps: sealed values, one key for each subject, and who read what."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _


class SubjectKey(models.Model):
    """The data key of one subject, wrapped by a master key; destroyed, it stays as a marker."""

    subject = models.CharField(max_length=60, primary_key=True)
    master = models.CharField(max_length=20, blank=True)  # which master key wrapped it
    wrapped = models.BinaryField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    destroyed_at = models.DateTimeField(null=True, blank=True)
    destroyed_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="vault_key_or_marker",
                condition=Q(destroyed_at=None, wrapped__isnull=False)
                | Q(destroyed_at__isnull=False, wrapped__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.subject


class Sealed(models.Model):
    """One value, readable only with the subject's key. Sealing again replaces it."""

    subject = models.CharField(max_length=60)
    kind = models.CharField(max_length=60)
    ciphertext = models.BinaryField()
    index = models.CharField(max_length=64, blank=True, db_index=True)  # blind, for find()
    index_master = models.CharField(max_length=20, blank=True)  # the master key behind the index
    purpose = models.CharField(max_length=120)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "sealed"
        constraints = [
            models.UniqueConstraint(fields=["subject", "kind"], name="vault_one_per_kind")
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.kind}"


class ReadLog(models.Model):
    """Somebody opened a sealed value. The subject sees this line; nobody can change it."""

    subject = models.CharField(max_length=60)
    kind = models.CharField(max_length=60)
    reader = models.CharField(max_length=60)  # the actor's id
    reader_label = models.CharField(max_length=120)  # what the subject is shown: office and name
    reason = models.CharField(max_length=300)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["subject", "-id"], name="vault_reads_of_subject"),
            models.Index(fields=["reader", "at"], name="vault_reads_by_reader"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.kind} by {self.reader}"

    @property
    def why(self) -> str:
        """The reason as the subject reads it; the postman's is kept as "letter: <template>"."""
        return _("to send you a message") if self.reason.startswith("letter: ") else self.reason
