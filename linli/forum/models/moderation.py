"""What moderators decide, for everybody to read, and what waits for them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.lib import clock
from linli.people.models import Organisation, User


class Reason(models.TextChoices):
    """The closed list of reasons. Criticism of a unit, a low opinion or a complaint is none."""

    ADVERT = "advert", _("advertising, or a link that leads astray")
    PERSONAL = "personal", _("personal details of somebody")
    INSULT = "insult", _("insults or threatens somebody")
    UNLAWFUL = "unlawful", _("against the law")
    RUMOUR = "rumour", _("a rumour shown to be false, with danger for others")
    OFF_TOPIC = "off_topic", _("does not belong to this topic")
    DOUBLE = "double", _("said twice")
    SETTLED = "settled", _("everything has been said; the matter is settled")


class Verb(models.TextChoices):
    HIDE = "hide", _("hidden")
    FOLD = "fold", _("folded")
    SHOW = "show", _("shown again")
    LOCK = "lock", _("closed for new floors")
    UNLOCK = "unlock", _("open again")
    HIDE_TOPIC = "hide_topic", _("whole topic hidden")
    SHOW_TOPIC = "show_topic", _("whole topic shown again")
    MOVE = "move", _("moved to another board")
    JOIN = "join", _("joined to another topic")
    PIN = "pin", _("kept on top")
    UNPIN = "unpin", _("no longer kept on top")


class Decision(models.Model):
    """One line of the public log: what was done, why, and by which office; no name of a person."""

    topic = models.ForeignKey("forum.Topic", models.CASCADE, related_name="decisions")
    floor = models.PositiveIntegerField(default=0)  # 0: the whole topic
    verb = models.CharField(max_length=10, choices=Verb)
    reason = models.CharField(max_length=10, choices=Reason, blank=True)
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    after_appeal = models.BooleanField(default=False)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["topic", "floor", "-id"], name="forum_decision_about"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.topic_id}/{self.floor}"


class ReportKind(models.TextChoices):
    HELD = "held", _("held back by the advert screen")
    REPORT = "report", _("reported by a reader")
    APPEAL = "appeal", _("the author asks for another look")


class Report(models.Model):
    """A floor that somebody should look at by a certain time. Who reported is not shown."""

    floor = models.ForeignKey("forum.Floor", models.CASCADE, related_name="reports")
    kind = models.CharField(max_length=6, choices=ReportKind)
    reason = models.CharField(max_length=10, choices=Reason, blank=True)
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    not_unit = models.ForeignKey(  # of an appeal: who decided before does not decide again
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=Q(settled_at__isnull=True), name="forum_report_open"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["floor", "user", "kind"],
                condition=Q(settled_at__isnull=True, user__isnull=False),
                name="forum_report_once",
            ),
            models.UniqueConstraint(
                fields=["floor"], condition=Q(settled_at__isnull=True, kind="held"),
                name="forum_held_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} of {self.floor_id}"
