"""What is kept of a count: the numbers of each rule with their frozen set, and the gaps."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli import playbook
from linli.lib import clock
from linli.people.models import Organisation
from linli.places.fields import CodeField
from linli.places.models import Place, path_range
from linli.playbook.coverage import CoverageRule


class Ended(models.TextChoices):
    """Why a gap is no more."""

    COVERED = "covered", _("covered")
    TOLERATED = "tolerated", _("not due yet")
    UNKNOWN = "unknown", _("cannot be told any more")
    GONE = "gone", _("no longer in the set")
    DROPPED = "dropped", _("the playbook no longer asks for it")


class GapQuerySet(models.QuerySet["Gap"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)

    def late(self, at: datetime) -> Self:
        """Open, and the time to close it is over."""
        return self.open().filter(due_at__lt=at)

    def within(self, path: str) -> Self:
        """Gaps at a place or below it."""
        return self.filter(path_range(path, "place_path"))

    def with_names(self) -> Self:
        """With everything a row of a list prints."""
        return self.select_related("place", "owner").defer("place__boundary")


class Gap(models.Model):
    """One thing of the set that has not what it should have, whose task that is, and by when.

    A gap that was closed stays closed: what is missing again later is a new gap.
    """

    rule = models.CharField(max_length=40)
    # What is meant: a place, an organisation, a post or a case; the rule says which.
    subject = models.BigIntegerField()
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    place_path = CodeField(max_length=200)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    # How many are missing: 1, or the households of a place that were not reached.
    missing = models.PositiveIntegerField(default=1)
    since = models.DateField(null=True, blank=True)  # null: it was never there
    opened_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    ended = models.CharField(max_length=9, choices=Ended, blank=True)

    objects = GapQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rule", "subject"], condition=Q(closed_at=None), name="coverage_gap_once"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, ended="")
                | Q(closed_at__isnull=False, ended__in=Ended.values),
                name="coverage_gap_ends_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gte=F("opened_at")), name="coverage_gap_due_after_opening"
            ),
            models.CheckConstraint(condition=Q(missing__gte=1), name="coverage_gap_misses"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["owner", "due_at"], condition=Q(closed_at=None), name="coverage_gap_desk"
            ),
            models.Index(
                fields=["place_path"], condition=Q(closed_at=None), name="coverage_gap_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.subject}"

    @property
    def asks(self) -> CoverageRule | None:
        """The rule in the playbook; None once the playbook has dropped it."""
        return playbook.current().coverage.get(self.rule)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due_at < clock.now()


class Count(models.Model):
    """The last count of one rule: covered + gaps + tolerated + unknown = size, always.

    `members` is the set as it was counted (keeping.py), so that every number opens its own list.
    """

    rule = models.CharField(max_length=40, primary_key=True)
    as_of = models.DateField()  # the date of the set
    counted_at = models.DateTimeField()
    changed_at = models.DateTimeField()  # when the numbers or the set last changed
    size = models.PositiveIntegerField(default=0)
    covered = models.PositiveIntegerField(default=0)
    gaps = models.PositiveIntegerField(default=0)
    tolerated = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    members = models.BinaryField(default=bytes)
    # How often something happened that may change it, and how often when it was last counted.
    touched = models.PositiveIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager["Count"]]

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(size=F("covered") + F("gaps") + F("tolerated") + F("unknown")),
                name="coverage_count_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.covered} of {self.size} on {self.as_of}"


class What(models.TextChoices):
    """What is counted at places."""

    PEOPLE = "people", _("people")
    OLDER = "people-65", _("people of 65 and older")
    HOUSEHOLDS = "households", pgettext_lazy("unit of counting", "households")
    FIRMS = "firms", _("firms")


class Tally(models.Model):
    """How many of something there are at a place on a day: a count, never a list."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("place"))
    what = models.CharField(max_length=20, default="households")
    number = models.PositiveIntegerField(_("number"))
    as_of = models.DateField(_("on"))
    source = models.CharField(_("source"), max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["what", "place", "as_of"], name="coverage_tally_once_a_day"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="coverage_tally_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.place_id} {self.as_of}: {self.number}"
