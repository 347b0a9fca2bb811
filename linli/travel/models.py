"""The roads and the timetable in use, and studies of the best next sites."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.lib import clock, ids
from linli.people.models import Organisation, User


class RoadGraph(models.Model):
    """Roads that were taken in: their file is kept under `roads/` in the data folder."""

    sha256 = models.CharField(max_length=64, unique=True)
    source = models.CharField(_("source"), max_length=200)  # whose roads, of what day, what licence
    nodes = models.PositiveIntegerField()
    edges = models.PositiveIntegerField()
    kilometres = models.FloatField()
    taken_at = models.DateTimeField(default=clock.now)
    # The one that questions are answered with; None for former ones.
    in_use = models.BooleanField(null=True, default=True, unique=True)

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager["RoadGraph"]]

    class Meta:
        verbose_name = _("road graph")
        verbose_name_plural = _("road graphs")
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(source=""), name="travel_roads_have_a_source"),
            models.CheckConstraint(
                condition=Q(in_use__isnull=True) | Q(in_use=True),
                name="travel_roads_in_use_or_null",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} ({self.edges})"


class Timetable(models.Model):
    """A feed of buses that was taken in: its file is kept under `roads/` too."""

    sha256 = models.CharField(max_length=64, unique=True)
    source = models.CharField(_("source"), max_length=200)
    stops = models.PositiveIntegerField()
    runs = models.PositiveIntegerField()
    first_on = models.DateField()
    last_on = models.DateField()
    taken_at = models.DateTimeField(default=clock.now)
    in_use = models.BooleanField(null=True, default=True, unique=True)

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager["Timetable"]]

    class Meta:
        verbose_name = _("timetable")
        verbose_name_plural = _("timetables")
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(source=""), name="travel_buses_have_a_source"),
            models.CheckConstraint(
                condition=Q(in_use__isnull=True) | Q(in_use=True),
                name="travel_buses_in_use_or_null",
            ),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="travel_buses_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} ({self.runs})"


class State(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("study", "is being worked out")
    DONE = "done", pgettext_lazy("study", "done")
    FAILED = "failed", pgettext_lazy("study", "could not be worked out")


class Study(models.Model):
    """Where the next sites are best: what was asked, and the answer as it was on that day."""

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    asked: Any = models.JSONField()  # a question as `questions.Question.as_json`, and more
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    answer: Any = models.JSONField(default=dict, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)  # by a worker that works it out
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager["Study"]]

    class Meta:
        verbose_name = _("study")
        verbose_name_plural = _("studies")
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-made_at"], name="travel_study_by_body"),
            models.Index(
                fields=["made_at"], condition=Q(state="waiting"), name="travel_study_waiting"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="travel_study_state_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
