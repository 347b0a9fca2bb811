"""Boards: one for each topic that the playbook names, and one for each town and village."""

from typing import ClassVar

from django.db import models

from linli import playbook
from linli.lib import clock
from linli.people.models import User
from linli.places.models import Place


class Board(models.Model):
    """Counts of one board, written once somebody says something there.

    `code` is the id of a board of the playbook, or the code of the place whose board it is. Boards
    of the playbook stand at the county. `revision` grows with everything that happens on it.
    """

    code = models.CharField(max_length=40, unique=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    topics = models.PositiveIntegerField(default=0)
    floors = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.code

    @property
    def is_written(self) -> bool:
        """Whether somebody has said something here, so that there is a row."""
        return not self._state.adding

    def name_for(self, lang: str) -> str:
        """The name in "zh" or "en"; a place's board is called like the place."""
        rule = playbook.current().county.forum.board(self.code)
        return rule.name.text(lang) if rule else self.place.name_for(lang)

    def about_for(self, lang: str) -> str:
        """What belongs here, or "" for a place's board."""
        rule = playbook.current().county.forum.board(self.code)
        return rule.about.text(lang) if rule else ""


class BoardWatch(models.Model):
    """Somebody wants to hear of new topics on a board."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    board = models.ForeignKey(Board, models.CASCADE, related_name="watches")
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["board", "user"], name="forum_board_watched_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} watches {self.board_id}"
