"""The register of bodies: head counts with their day, forms by size, and who came after whom."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.lib import clock, ids
from linli.people.models import Organisation


class HeadCount(models.Model):
    """How many full members a body had on a day: counted from its roll, or declared by its office."""

    body = models.ForeignKey(Organisation, models.PROTECT, related_name="head_counts")
    membership = models.CharField(max_length=40)
    on = models.DateField()
    full = models.PositiveIntegerField()
    declared = models.BooleanField(default=False)  # typed, not counted from a roll
    by = models.CharField(max_length=40)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("head count")
        verbose_name_plural = _("head counts")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["body", "membership", "on"], name="members_counted_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.membership} {self.on}"


class FormChange(models.Model):
    """A body takes the form that fits its size, or keeps another for a reason. By two people."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a second person")
        DONE = "done", _("done")
        REFUSED = "refused", _("not agreed")

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    body = models.ForeignKey(Organisation, models.PROTECT, related_name="form_changes")
    membership = models.CharField(max_length=40)
    count = models.ForeignKey(HeadCount, models.PROTECT, related_name="+")
    before = models.CharField(max_length=40)  # the tier of the playbook
    after = models.CharField(max_length=40)
    # Why the form is not the one that the size asks for. Everybody reads it; empty: it is.
    reason = models.CharField(max_length=300, blank=True)
    until = models.DateField(null=True, blank=True)  # an exception is looked at again
    on = models.DateField()
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    by = models.CharField(max_length=40)
    second = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("change of form")
        verbose_name_plural = _("changes of form")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["body", "membership"], condition=Q(state="waiting"),
                name="members_one_form_waits",
            ),
            models.CheckConstraint(
                condition=Q(second="") | ~Q(second=F("by")), name="members_form_two_people"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(second=""), name="members_form_agreed"
            ),
            models.CheckConstraint(
                condition=Q(reason="") | Q(until__isnull=False), name="members_exception_ends"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.body_id} {self.before} → {self.after}"


class Successor(models.Model):
    """One body came out of another on a day: regrouped, divided, joined."""

    before = models.ForeignKey(Organisation, models.PROTECT, related_name="successors")
    after = models.ForeignKey(Organisation, models.PROTECT, related_name="predecessors")
    on = models.DateField()
    by = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("successor of a body")
        verbose_name_plural = _("successors of bodies")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["before", "after"], name="members_successor_once"),
            models.CheckConstraint(
                condition=~Q(before=F("after")), name="members_successor_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before_id} → {self.after_id}"
