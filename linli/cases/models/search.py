"""What the public search reads of a case: its public words, one character at a time."""

from django.db import models

from linli.cases.models.case import Case


class SearchLine(models.Model):
    """Topic, place, number and published words of one case, spaced for phrase search.

    Never anything that not everybody may read: what is not here cannot be found.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="search_line")
    words = models.TextField()

    def __str__(self) -> str:
        return f"search line of {self.case_id}"
