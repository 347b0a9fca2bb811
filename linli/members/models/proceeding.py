"""A step against somebody: notice, reply, decision, appeal, each by another person and in its time."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.lib import clock, ids
from linli.members.models.member import Member
from linli.people.models import Organisation

# What the vault keeps of a proceeding, until it lapses.
EVIDENCE, REPLY, WHY, APPEAL, ANSWER = "evidence", "reply", "why", "appeal", "answer"


class Proceeding(models.Model):
    """One step against one member. Its words are sealed and destroyed when it lapses."""

    class State(models.TextChoices):
        NOTICED = "noticed", _("told, the person may reply")
        DECIDED = "decided", _("decided, the person may appeal")
        APPEALED = "appealed", _("appealed, a third person decides")
        IN_FORCE = "in_force", _("in force")
        DROPPED = "dropped", _("dropped, nothing is held against them")

    OPEN: ClassVar = (State.NOTICED, State.DECIDED, State.APPEALED)

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="proceedings")
    step = models.CharField(max_length=40)
    ground = models.CharField(max_length=40)  # of the playbook; gone when it lapses
    subject = models.CharField(max_length=36)  # in the vault: evidence, reply, reasons
    state = models.CharField(max_length=8, choices=State, default=State.NOTICED)
    opened_by = models.CharField(max_length=40)
    opened_body = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    noticed_at = models.DateTimeField(default=clock.now)
    reply_until = models.DateField()
    replied_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    appeal_until = models.DateField(null=True, blank=True)
    appealed_at = models.DateTimeField(null=True, blank=True)
    appeal_by = models.CharField(max_length=40, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)  # half-way to the lapse
    lapses_on = models.DateField(null=True, blank=True)
    lapsed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("step against a member")
        verbose_name_plural = _("steps against members")
        indexes: ClassVar = [
            models.Index(fields=["lapses_on"], condition=Q(lapsed_at=None), name="members_lapse"),
            models.Index(fields=["state", "appeal_until"], name="members_appeals_end"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(state__in=["noticed", "decided", "appealed"]),
                name="members_one_proceeding",
            ),
            models.CheckConstraint(
                condition=Q(decided_by="") | ~Q(decided_by=F("opened_by")),
                name="members_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(appeal_by="")
                | (~Q(appeal_by=F("opened_by")) & ~Q(appeal_by=F("decided_by"))),
                name="members_appeal_by_a_third",
            ),
            # In force only after a decision, and after the time for an appeal or its decision.
            models.CheckConstraint(
                condition=~Q(state="in_force")
                | (
                    Q(decided_at__isnull=False, closed_at__isnull=False)
                    & (Q(appealed_at__isnull=True) | ~Q(appeal_by=""))
                ),
                name="members_in_force_after_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.step} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN
