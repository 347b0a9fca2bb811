"""The journal's rows. No foreign keys: a line never blocks a delete and outlives its subject."""

from django.db import models
from django.db.models.functions import Now

from linli.lib import clock, ids


class Entry(models.Model):
    """One line: something happened. Only `record.record()` writes it; nothing ever changes it."""

    seq = models.BigAutoField(primary_key=True)
    id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    at = models.DateTimeField(db_default=Now())  # the database's clock, never a device's
    when = models.DateTimeField(db_default=Now(), db_index=True)  # when it counts as happened
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    place = models.CharField(max_length=200, blank=True)
    org = models.CharField(max_length=60, blank=True)
    actor = models.CharField(max_length=60)
    method = models.CharField(max_length=60, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "seq"], name="journal_subject_seq"),
            models.Index(fields=["verb", "when"], name="journal_verb_when"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb} {self.subject}"


class Bookmark(models.Model):
    """How far a follower has read; moved in the transaction that holds the follower's effect."""

    follower = models.CharField(max_length=60, primary_key=True)
    seq = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveSmallIntegerField(default=0)  # failures at the line after `seq`
    retry_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.follower} at {self.seq}"


class Stuck(models.Model):
    """A line that a follower could not digest; the follower went on, a person looks."""

    follower = models.CharField(max_length=60)
    seq = models.BigIntegerField()
    error = models.CharField(max_length=120)  # the class alone: messages may hold personal data
    set_aside_at = models.DateTimeField(default=clock.now)
    again = models.BooleanField(default=False)  # a person asked for one more try

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follower", "seq"], name="journal_stuck_once")
        ]

    def __str__(self) -> str:
        return f"{self.follower} at {self.seq}: {self.error}"


class Seal(models.Model):
    """The signed head of the chain after one day. `number` counts from 1 without a gap."""

    number = models.PositiveIntegerField(primary_key=True)
    day = models.DateField(db_index=True)  # local date of the last moment it covers
    upto_seq = models.BigIntegerField()
    count = models.PositiveIntegerField()  # lines since the seal before
    head = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    key = models.CharField(max_length=64)  # Ed25519 public key, hex
    signature = models.CharField(max_length=128)  # hex
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.number} {self.day} {self.head[:12]}"
