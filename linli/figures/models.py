"""Figures that took long to count, kept for everybody until the worker has counted them again."""

from django.db import models


class KeptBoard(models.Model):
    """The board of a place and period as it stood when it was counted last.

    An empty `body` says that somebody waits for it. `upto` is the last line of the journal that
    was read; `took` is how long the counting took, in seconds.
    """

    key = models.CharField(max_length=300, primary_key=True)
    path = models.CharField(max_length=255)
    first = models.DateField()
    last = models.DateField()
    period = models.CharField(max_length=10)
    body = models.JSONField(null=True, blank=True)
    upto = models.BigIntegerField(default=0)
    took = models.FloatField(default=0)
    counted_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["asked_at"], name="figures_asked")]

    def __str__(self) -> str:
        return self.key
