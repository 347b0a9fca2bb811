"""Rolls: who belongs to a body. Names are in the vault; the public sees counts."""

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.deliberation.words import BASES, base_name
from linli.lib import clock, ids
from linli.people.models import Organisation, User

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Roll(models.Model):
    """Who belongs to one body of one organisation: its representatives, its households …"""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="rolls")
    base = models.CharField(max_length=20)
    # The villagers' groups that there are, whether or not one of each is on the roll.
    groups = models.JSONField(default=list, blank=True)
    next_number = models.PositiveIntegerField(default=1)  # a number is never given twice
    changed_at = models.DateTimeField(null=True, blank=True)

    if TYPE_CHECKING:
        entries: RelatedManager["RollEntry"]
        changes: RelatedManager["RollChange"]

    class Meta:
        verbose_name = _("roll")
        verbose_name_plural = _("rolls")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "base"], name="delib_roll_once"),
            models.CheckConstraint(condition=Q(base__in=list(BASES)), name="delib_roll_base_known"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.base}"

    def members(self) -> "RollEntryQuerySet":
        """Who is on it now."""
        return RollEntry.objects.current().filter(roll=self)

    @property
    def base_name(self) -> str:
        """Whom it lists, in words."""
        return base_name(self.base)


class RollEntryQuerySet(models.QuerySet["RollEntry"]):
    def current(self) -> "RollEntryQuerySet":
        """Who is on it now."""
        return self.filter(left_at=None)


class RollEntry(models.Model):
    """One person, household or body on a roll, under a number. The name is sealed."""

    roll = models.ForeignKey(Roll, models.CASCADE, related_name="entries")
    number = models.PositiveIntegerField()
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    group = models.CharField(max_length=20, blank=True)
    tags = models.JSONField(default=list, blank=True)  # of the roster in the playbook
    subject = models.CharField(max_length=36)  # in the vault: the name
    # A hash of name and group under the roll's own salt, so that a later list finds who stayed.
    mark = models.CharField(max_length=64)
    entered_at = models.DateTimeField(default=clock.now)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = RollEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of a roll")
        verbose_name_plural = _("entries of rolls")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["roll", "number"], name="delib_entry_number_once"),
            models.UniqueConstraint(
                fields=["roll", "user"],
                condition=Q(left_at=None, user__isnull=False),
                name="delib_entry_person_once",
            ),
            models.UniqueConstraint(
                fields=["roll", "mark"], condition=Q(left_at=None), name="delib_entry_mark_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.roll_id} #{self.number}"


class RollChange(models.Model):
    """A list that one person brought and another has to agree to; its words are sealed."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a second person")
        DONE = "done", _("agreed, and in force")
        REFUSED = "refused", _("not agreed")

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    roll = models.ForeignKey(Roll, models.CASCADE, related_name="changes")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    came = models.PositiveIntegerField()
    left = models.PositiveIntegerField()
    stayed = models.PositiveIntegerField()
    linked = models.PositiveIntegerField(default=0)  # of those who come: how many have an account
    subject = models.CharField(max_length=36, blank=True)  # in the vault: the list, until decided
    brought_by = models.CharField(max_length=40)
    brought_at = models.DateTimeField(default=clock.now)
    decided_by = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("change of a roll")
        verbose_name_plural = _("changes of rolls")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["roll"], condition=Q(state="waiting"), name="delib_one_change_waits"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(decided_by=models.F("brought_by")),
                name="delib_change_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.roll_id} +{self.came} -{self.left}"
