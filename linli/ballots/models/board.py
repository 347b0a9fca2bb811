"""The published board of a closed ballot: one text, kept as it was published."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.ballots.models.ballot import Ballot


class Board(models.Model):
    """BOARD.json of a ballot. `counts` are the exact counts, also where the board hides them."""

    ballot = models.OneToOneField(
        Ballot, models.CASCADE, primary_key=True, related_name="board"
    )  # fmt: skip
    text = models.TextField()  # what is published, byte for byte
    head = models.CharField(max_length=64)  # its fingerprint, in the journal too
    counts = models.JSONField()  # option -> papers that name it
    # Read out of the text, so that pages do not parse megabytes.
    result = models.JSONField()

    class Meta:
        verbose_name = _("board")
        verbose_name_plural = _("boards")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["head"], name="bal_head_once"),
        ]

    def __str__(self) -> str:
        return self.head[:12]
