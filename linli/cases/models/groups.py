"""Open cases that describe one problem: found by the worker, dealt with together by a person.

No words are kept here. Why cases belong together is read off their texts when somebody looks, as
far as that person may read them.
"""

from django.db import models
from django.db.models import Q

from linli.cases.models.case import Case


class Group(models.Model):
    """Cases that read as one problem. A joint task has a lead, whose answer the others can use.

    Every case keeps its own unit, its own day, its own askers and its own answer.
    """

    class State(models.TextChoices):
        FOUND = "found"
        JOINT = "joint"
        OVER = "over"

    state = models.CharField(max_length=5, choices=State, default=State.FOUND)
    lead = models.ForeignKey(
        Case, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    found_at = models.DateTimeField()
    joint_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="group_joint_has_lead",
                condition=Q(state="found", lead__isnull=True, joint_at__isnull=True)
                | Q(state="joint", lead__isnull=False, joint_at__isnull=False)
                | Q(state="over"),
            ),
            models.CheckConstraint(
                name="group_over_has_day",
                condition=Q(state="over", over_at__isnull=False)
                | (~Q(state="over") & Q(over_at__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["state", "id"], name="group_live")]

    def __str__(self) -> str:
        return f"group {self.pk}"


class Member(models.Model):
    """A case's place in a group. One that a person took out stays out, and is remembered so."""

    class State(models.TextChoices):
        IN = "in"
        PROPOSED = "proposed"  # found since the group became a joint task
        OUT = "out"  # not the same problem, somebody said

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="grouped")
    state = models.CharField(max_length=8, choices=State, default=State.IN)
    live = models.BooleanField(default=True)  # of a group that is not over, and not out
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "case"], name="member_once"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(live=True), name="member_of_one_live_group"
            ),
            models.CheckConstraint(
                name="member_out_is_not_live", condition=~Q(state="out") | Q(live=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} in group {self.group_id}"
