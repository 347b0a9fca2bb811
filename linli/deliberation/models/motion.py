"""A motion and the stages that it goes through."""

import json
import uuid
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.lib import clock
from linli.people.models import Organisation, User
from linli.places.models import Place, path_range
from linli.playbook.procedure import Procedure, Stage

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from linli.deliberation.models.doing import Opinion, Rating, Task
    from linli.deliberation.models.showing import Objection


class State(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("motion", "proposed")
    RUNNING = "running", pgettext_lazy("motion", "being discussed")
    DOING = "doing", pgettext_lazy("motion", "adopted, being carried out")
    DONE = "done", pgettext_lazy("motion", "carried out")
    REJECTED = "rejected", pgettext_lazy("motion", "not adopted")
    DECLINED = "declined", pgettext_lazy("motion", "not taken up")
    WITHDRAWN = "withdrawn", pgettext_lazy("motion", "withdrawn")


LIVE = (State.PROPOSED, State.RUNNING, State.DOING)
OVER = (State.DONE, State.REJECTED, State.DECLINED, State.WITHDRAWN)


class Choice(models.TextChoices):
    YES_NO = "yes_no", _("yes or no")
    SINGLE = "single", _("one of several")
    APPROVAL = "approval", _("every one that suits")


class MotionQuerySet(models.QuerySet["Motion"]):
    def within(self, place: Place | str) -> "MotionQuerySet":
        """At a place or anything under it."""
        return self.filter(path_range(place, "place_path"))

    def live(self) -> "MotionQuerySet":
        return self.filter(state__in=LIVE)

    def with_names(self) -> "MotionQuerySet":
        """With what a list prints, in one query."""
        return self.select_related("place", "organisation").defer("place__boundary")


class Motion(models.Model):
    """Something to be decided. Its rules are frozen when it is taken up; nobody changes them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    procedure = models.CharField(max_length=40)
    playbook = models.CharField(max_length=12)
    rules = models.JSONField()  # the procedure as it stood when the motion was brought
    title = models.CharField(max_length=80)
    text = models.TextField(max_length=4000)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    place_path = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    about = models.CharField(max_length=120, blank=True, db_index=True)  # subject in the journal
    proposer = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    # Whether it decides about named people: then hands are never shown.
    persons = models.BooleanField(default=False)
    choice = models.CharField(max_length=8, choices=Choice, default=Choice.YES_NO)
    options = models.JSONField(default=list, blank=True)  # [{"id", "text", "cost"}]
    cost_fen = models.BigIntegerField(null=True, blank=True)
    chosen = models.CharField(max_length=40, blank=True)  # the option that was adopted
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED)
    stage = models.CharField(max_length=40)  # where it stands, of `rules`
    reason = models.CharField(max_length=400, blank=True)  # why it ended; everybody reads it
    due_at = models.DateTimeField(null=True, blank=True)  # of the present stage, or the next task
    proposed_at = models.DateTimeField(default=clock.now)
    taken_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MotionQuerySet.as_manager()

    if TYPE_CHECKING:
        steps: RelatedManager["Step"]
        drafts: RelatedManager["Draft"]
        supports: RelatedManager["Support"]
        tasks: RelatedManager["Task"]
        ratings: RelatedManager["Rating"]
        objections: RelatedManager["Objection"]
        opinions: RelatedManager["Opinion"]

    class Meta:
        verbose_name = _("motion")
        verbose_name_plural = _("motions")
        indexes: ClassVar = [
            models.Index(fields=["state", "-proposed_at"], name="delib_state_when"),
            models.Index(fields=["place_path", "state"], name="delib_where_state"),
            models.Index(fields=["organisation", "state"], name="delib_host_state"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="delib_state_known"),
            models.CheckConstraint(
                condition=Q(cost_fen__isnull=True) | Q(cost_fen__gte=0), name="delib_cost_positive"
            ),
            models.CheckConstraint(
                condition=Q(state__in=LIVE, ended_at=None)
                | (Q(state__in=OVER) & Q(ended_at__isnull=False)),
                name="delib_over_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["rejected", "declined", "withdrawn"]) | ~Q(reason=""),
                name="delib_ended_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @cached_property
    def rule(self) -> Procedure:
        """Its procedure, as frozen."""
        # The strict models read JSON, not Python values: a share is text there.
        return Procedure.model_validate_json(json.dumps(self.rules))

    @property
    def at(self) -> Stage:
        """The stage where it stands."""
        return self.rule.stage(self.stage)

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def step(self) -> "Step | None":
        """The open step, if it is not over."""
        return self.steps.filter(closed_at=None).first()

    @property
    def draft(self) -> "Draft | None":
        """The latest draft."""
        return self.drafts.order_by("-version").first()


class Step(models.Model):
    """A motion in one of its stages; a stage that is gone through again is another round."""

    class Outcome(models.TextChoices):
        DONE = "done", pgettext_lazy("stage", "complete")
        PASSED = "passed", pgettext_lazy("stage", "agreed")
        FAILED = "failed", pgettext_lazy("stage", "not agreed")
        NO_QUORUM = "no_quorum", pgettext_lazy("stage", "too few were there")
        TIE = "tie", pgettext_lazy("stage", "as many for as against")
        REDRAFT = "redraft", pgettext_lazy("stage", "back to the draft")

    motion = models.ForeignKey(Motion, models.CASCADE, related_name="steps")
    stage = models.CharField(max_length=40)
    round = models.PositiveSmallIntegerField(default=1)
    # Sat together with this stage after it, and why that was allowed.
    merged = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["motion", "stage", "round"], name="delib_step_once"),
            models.UniqueConstraint(
                fields=["motion"], condition=Q(closed_at=None), name="delib_one_step_open"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="")
                | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="delib_closed_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at")),
                name="delib_step_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.motion_id} {self.stage} {self.round}"

    @property
    def rule(self) -> Stage:
        return self.motion.rule.stage(self.stage)


class Draft(models.Model):
    """One version of what is to be decided. Every version stays."""

    motion = models.ForeignKey(Motion, models.CASCADE, related_name="drafts")
    version = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=8000)
    cost_fen = models.BigIntegerField(null=True, blank=True)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["motion", "version"], name="delib_draft_once"),
            models.CheckConstraint(
                condition=Q(cost_fen__isnull=True) | Q(cost_fen__gte=0),
                name="delib_draft_cost_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.motion_id} v{self.version}"


class Support(models.Model):
    """Somebody stands behind a proposal; who it was is never shown."""

    motion = models.ForeignKey(Motion, models.CASCADE, related_name="supports")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("support")
        verbose_name_plural = _("supports")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["motion", "user"], name="delib_support_once"),
        ]

    def __str__(self) -> str:
        return str(self.motion_id)
