"""Counts behind the rate limits, and the salt of the day under which strangers are counted."""

from typing import ClassVar

from django.db import models


class RateCount(models.Model):
    """How often one subject did one action in one window of time."""

    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=64)  # a hash; of strangers under the salt of the day
    window = models.DateTimeField(db_index=True)  # when the window ends, and the row goes
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["action", "subject", "window"], name="people_rate_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.count}"


class DailySalt(models.Model):
    """Without the salt nobody can tell which network a count was about; it goes with the day."""

    day = models.DateField(primary_key=True)
    salt = models.CharField(max_length=64)

    def __str__(self) -> str:
        return str(self.day)
