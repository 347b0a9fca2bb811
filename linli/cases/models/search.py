"""What a search reads of a case: its words, sign by sign, and what it can be narrowed by.

`slot` says where a case stands in time: the hour it was received in, and a number within the hour.
The newest has the highest, so a list is read off the key and a page is found by it.
"""

from django.db import models

from linli.cases.models.case import Case


class SearchLine(models.Model):
    """One case as everybody may find it: topic, place, number and published words.

    Never anything that not everybody may read: what is not here cannot be found. `said` is the
    published text as it was written, for the excerpt.
    """

    slot = models.BigIntegerField(primary_key=True)
    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="search_line")
    words = models.TextField()
    said = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"search line of {self.case_id}"


class DeskLine(models.Model):
    """One case as those who deal with it may find it, by what was said to them.

    `words` also names the units and posts that have to do with it; whoever searches is held to
    those. A sealed case has no line at all: its words are in the vault alone.
    """

    slot = models.BigIntegerField(primary_key=True)
    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="desk_line")
    words = models.TextField()

    def __str__(self) -> str:
        return f"desk line of {self.case_id}"


class Tally(models.Model):
    """How many open cases a unit has: kept by triggers on the table of cases, never counted.

    By what is owed ("owed", "waiting", "returned") and the local day it is due. Sealed cases
    are counted by their kind, since only that kind's readers may know of them. On PostgreSQL a
    count is spread over several rows (`part`), so that two who write at once need not wait.
    """

    owner_id = models.BigIntegerField()
    band = models.CharField(max_length=8)
    sealed_kind = models.CharField(max_length=40, blank=True)
    day = models.DateField()
    part = models.PositiveSmallIntegerField(default=0)
    n = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner_id", "band", "sealed_kind", "day", "part"], name="tally_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.n} {self.band} of {self.owner_id} on {self.day}"
