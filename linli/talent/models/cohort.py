"""A cohort, who is in it, and its sessions with how many came; never who came."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli import playbook
from linli.facilities.models import Facility
from linli.lib import clock, ids
from linli.people.models import Organisation, User
from linli.playbook.talent import CohortKind

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Cohort(models.Model):
    """One cohort of a kind: from a day to a day, with so many places."""

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    size = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)
    apply_until = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField()

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager["Cohort"]]
        trainees: RelatedManager["Trainee"]
        sessions: RelatedManager["Session"]

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "name"], name="talent_cohort_once"),
            models.CheckConstraint(condition=Q(taken__lte=F("size")), name="talent_cohort_fits"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on"), apply_until__lte=F("ends_on")),
                name="talent_cohort_lasts",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def rule(self) -> CohortKind:
        """Its kind in the playbook. KeyError: the playbook in use does not have it."""
        return playbook.current().cohorts[self.kind]

    def name_for(self, lang: str) -> str:
        """The name in a language; Chinese where English lacks."""
        return self.name if lang.startswith("zh") else self.name_en or self.name


class TraineeQuerySet(models.QuerySet["Trainee"]):
    def inside(self) -> Self:
        """Those who hold a place now."""
        return self.filter(state=Trainee.State.MEMBER)


class Trainee(models.Model):
    """Somebody's place in a cohort, from the application on."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("trainee", "waits for their own yes")
        APPLIED = "applied", pgettext_lazy("trainee", "has applied")
        MEMBER = "member", pgettext_lazy("trainee", "takes part")
        REFUSED = "refused", pgettext_lazy("trainee", "not taken in")
        DECLINED = "declined", pgettext_lazy("trainee", "said no themselves")
        FINISHED = "finished", pgettext_lazy("trainee", "finished")
        LEFT = "left", pgettext_lazy("trainee", "left")

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="trainees")
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=State)
    reasons = models.CharField(max_length=400, blank=True)  # of a refusal
    entered_by = models.CharField(max_length=40)
    at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TraineeQuerySet.as_manager()

    class Meta:
        verbose_name = _("trainee")
        verbose_name_plural = _("trainees")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["cohort", "user"], condition=Q(state__in=["asked", "applied", "member"]),
                name="talent_once_in_a_cohort",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reasons="") | Q(user=None),
                name="talent_refusal_has_reasons",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.pk)


class Session(models.Model):
    """One lesson at one place on one day. How many came is a number; there is no list."""

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="sessions")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+")
    on = models.DateField()
    topic = models.CharField(max_length=80)
    stage = models.CharField(max_length=40)
    came = models.PositiveSmallIntegerField(null=True, blank=True)  # None: not noted yet
    noted_by = models.CharField(max_length=40, blank=True)

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager["Session"]]

    class Meta:
        verbose_name = pgettext_lazy("course", "session")
        verbose_name_plural = pgettext_lazy("course", "sessions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["cohort", "facility", "on", "topic"], name="talent_session_once"
            ),
            models.CheckConstraint(
                condition=Q(came=None) | ~Q(noted_by=""), name="talent_counted_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.topic}"
