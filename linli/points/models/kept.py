"""What is kept of a year whose lines have gone: numbers, and nobody's name."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.points.models.ledger import Kind


class YearTotal(models.Model):
    """One dimension of a year in numbers. The database takes it only if the lines say the same.

    Where it stands, its lines may be deleted and none is added any more (guards.py).
    """

    year = models.PositiveSmallIntegerField()
    dimension = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=Kind)
    lines = models.PositiveIntegerField()
    points = models.PositiveIntegerField()
    people = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("total of a year of points")
        verbose_name_plural = _("totals of years of points")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["year", "dimension", "kind"], name="points_year_total_once"
            ),
            models.CheckConstraint(
                condition=Q(people__gte=1, lines__gte=1, points__gte=1),
                name="points_year_total_of_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.dimension} {self.kind}"
