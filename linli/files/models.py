"""Photos: the re-encoded picture is kept, the upload never."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from linli.lib import clock


def this_hour() -> datetime:
    """When a photo came, to the hour: its minute could give away who sent an anonymous matter."""
    return clock.now().replace(minute=0, second=0, microsecond=0)


class Photo(models.Model):
    """One picture as it may be shown; `claimed` once something (a case) holds it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField(max_length=64)  # of the file, so that a damaged one is found
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()  # bytes
    claimed = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=this_hour)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="photo_has_size", condition=Q(width__gt=0, height__gt=0, size__gt=0)
            )
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(claimed=False), name="photo_unclaimed"),
            models.Index(fields=["sha256"], name="photo_sha256"),
        ]

    def __str__(self) -> str:
        return f"photo {self.sha256[:12]}"
