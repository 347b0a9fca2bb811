"""What a search reads of a floor."""

from django.db import models

from linli.forum.models.floor import Floor


class FloorLine(models.Model):
    """One readable floor as everybody may find it. What is not here cannot be found.

    The key is the floor's: newer floors have higher ones, so hits come newest first.
    """

    floor = models.OneToOneField(Floor, models.CASCADE, primary_key=True, related_name="+")
    words = models.TextField()

    def __str__(self) -> str:
        return f"search line of {self.floor_id}"
