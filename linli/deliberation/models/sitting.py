"""A sitting: the roll as frozen, who was there, what two people counted. Never who voted how."""

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.deliberation.models.motion import Step
from linli.deliberation.quorum import Numbers
from linli.deliberation.words import SECRECIES
from linli.lib import clock, ids
from linli.people.models import User
from linli.playbook.procedure import Body

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Sitting(models.Model):
    """One meeting of one body for one step, from the call to the verdict."""

    class State(models.TextChoices):
        CALLED = "called", pgettext_lazy("sitting", "called")
        OPEN = "open", pgettext_lazy("sitting", "sitting")
        CLOSED = "closed", pgettext_lazy("sitting", "closed")

    step = models.OneToOneField(Step, models.CASCADE, related_name="sitting")
    body = models.CharField(max_length=40)
    secrecy = models.CharField(max_length=6)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)  # of a ballot: when voting ends
    spot = models.CharField(max_length=120)
    called_at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=6, choices=State, default=State.CALLED)
    opened_at = models.DateTimeField(null=True, blank=True)  # the roll is frozen then
    closed_at = models.DateTimeField(null=True, blank=True)
    size = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)  # of the frozen roll, before any vote
    came = models.PositiveIntegerField(default=0)  # since this body's roll was frozen last
    left = models.PositiveIntegerField(default=0)
    ballot = models.CharField(max_length=60, blank=True)  # key of the ballot, if one is held
    aside = models.PositiveIntegerField(default=0)
    present = models.PositiveIntegerField(default=0)
    spoken_for = models.PositiveIntegerField(default=0)
    yes = models.PositiveIntegerField(default=0)
    no = models.PositiveIntegerField(default=0)
    abstained = models.PositiveIntegerField(default=0)
    spoilt = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, blank=True)  # option -> votes
    verdicts = models.JSONField(default=list, blank=True)
    minutes = models.TextField(max_length=8000, blank=True)  # public: offices, never residents

    if TYPE_CHECKING:
        slips: RelatedManager["Slip"]
        sheets: RelatedManager["Sheet"]

    class Meta:
        verbose_name = _("sitting")
        verbose_name_plural = _("sittings")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(secrecy__in=list(SECRECIES)), name="delib_secrecy_known"
            ),
            models.CheckConstraint(
                condition=Q(state="called", opened_at=None)
                | (~Q(state="called") & Q(opened_at__isnull=False) & ~Q(digest="")),
                name="delib_open_is_frozen",
            ),
            models.CheckConstraint(
                condition=Q(present__lte=F("size") - F("aside")), name="delib_present_on_roll"
            ),
            models.CheckConstraint(
                condition=Q(present__gte=F("yes") + F("no") + F("abstained") + F("spoilt")),
                name="delib_votes_of_present",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step_id} {self.state}"

    @property
    def numbers(self) -> Numbers:
        """The counts, for the arithmetic."""
        return Numbers(
            self.size, self.aside, self.present, self.yes, self.no, self.abstained, self.spoilt
        )  # fmt: skip

    @property
    def bodies(self) -> list[Body]:
        """The rule of its body; of both bodies where two stages sit together."""
        found = [self.step.rule.body(self.body)]
        if self.step.merged:
            found.append(self.step.motion.rule.stage(self.step.merged).bodies[0])
        return found

    @property
    def manner(self) -> str:
        """How it votes, in words."""
        return str(SECRECIES[self.secrecy])


class Slip(models.Model):
    """One line of the frozen roll. It says who was there; a vote is never written on it."""

    sitting = models.ForeignKey(Sitting, models.CASCADE, related_name="slips")
    number = models.PositiveIntegerField()
    key = models.UUIDField(default=ids.new_uuid)  # what a ballot knows of this voter
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    group = models.CharField(max_length=20, blank=True)
    mark = models.CharField(max_length=64)  # of the roll's entry, to tell who came since
    aside = models.BooleanField(default=False)
    present = models.BooleanField(default=False)
    spoken_for_by = models.PositiveIntegerField(null=True, blank=True)  # number of who speaks

    class Meta:
        verbose_name = _("line of a frozen roll")
        verbose_name_plural = _("lines of frozen rolls")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sitting", "number"], name="delib_slip_number"),
            models.UniqueConstraint(fields=["sitting", "mark"], name="delib_slip_once"),
            models.CheckConstraint(
                condition=~Q(aside=True, present=True), name="delib_aside_is_not_there"
            ),
            models.CheckConstraint(
                condition=Q(spoken_for_by=None) | Q(present=False, aside=False),
                name="delib_spoken_for_is_away",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id} #{self.number}"


class Sheet(models.Model):
    """What one person counted when hands were shown. It holds once a second one counts the same."""

    sitting = models.ForeignKey(Sitting, models.CASCADE, related_name="sheets")
    by = models.CharField(max_length=40)
    yes = models.PositiveIntegerField(default=0)
    no = models.PositiveIntegerField(default=0)
    abstained = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("tally sheet")
        verbose_name_plural = _("tally sheets")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sitting", "by"], name="delib_sheet_of_one"),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id}"

    def same(self, other: "Sheet") -> bool:
        """Whether both counted the same."""
        mine = (self.yes, self.no, self.abstained, self.counts)
        return mine == (other.yes, other.no, other.abstained, other.counts)
