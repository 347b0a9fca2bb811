"""Photos: the re-encoded picture is kept under its own hash, the upload never."""

import uuid

from django.db import models

from linli.lib import clock


class Photo(models.Model):
    """One picture as it may be shown; `claimed` once something (a case) holds it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField(max_length=64, db_index=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    claimed = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"photo {self.sha256[:12]}"
