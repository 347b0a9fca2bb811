"""What people offer, and plans that are not real before somebody publishes them.

Limits and days off are the person's own: there is no field for a reason. Only the planners of the
bodies to which somebody offered their time see them.
"""

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.activities.models import Seat
from linli.lib import clock, ids
from linli.people.models import Organisation, User
from linli.places.models import Place

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Skill(models.TextChoices):
    """What somebody can do that a seat may need. Nothing about health, belief or family."""

    LEGAL = "legal", _("law")
    MEDICAL = "medical", _("nursing or medicine")
    INSURANCE = "insurance", _("social insurance and pensions")
    HOUSEHOLD = "household", _("household register and papers")
    COMPUTER = "computer", _("telephones and computers")
    DRIVING = "driving", _("driving")
    SIGN = "sign", _("sign language")
    DIALECT = "dialect", _("the local dialect")


class Limits(models.Model):
    """What somebody said about their own time. Every field may be left out."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="limits")
    week_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    month_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    rest_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    max_km = models.PositiveSmallIntegerField(null=True, blank=True)
    # The village or community from which distance is counted, never a door.
    area = models.ForeignKey(Place, models.SET_NULL, null=True, blank=True, related_name="+")
    weekdays: Any = models.JSONField(default=list, blank=True)  # on which they can; empty: any
    likes: Any = models.JSONField(default=list, blank=True)  # parts of the day
    skills: Any = models.JSONField(default=list, blank=True)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("limits of somebody's time")
        verbose_name_plural = _("limits of somebody's time")

    def __str__(self) -> str:
        return str(self.pk)


class DayOff(models.Model):
    """A day on which somebody cannot come. Why is nobody's business."""

    user = models.ForeignKey(User, models.CASCADE, related_name="days_off")
    day = models.DateField()

    class Meta:
        verbose_name = _("day off")
        verbose_name_plural = _("days off")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "day"], name="planner_off_once"),
        ]

    def __str__(self) -> str:
        return str(self.day)


class OfferQuerySet(models.QuerySet["Offer"]):
    def live(self) -> "OfferQuerySet":
        """Offers that were not taken back."""
        return self.filter(ended_at=None, user__is_active=True)


class Offer(models.Model):
    """Somebody agreed that this body puts them into its plans and sees their limits for that."""

    user = models.ForeignKey(User, models.CASCADE, related_name="offers")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer of time")
        verbose_name_plural = _("offers of time")
        indexes: ClassVar = [
            models.Index(
                fields=["organisation"], condition=Q(ended_at=None), name="planner_offered_to"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "organisation"], condition=Q(ended_at=None),
                name="planner_offer_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.pk)


class State(models.TextChoices):
    PLANNING = "planning", pgettext_lazy("plan", "is being planned")
    READY = "ready", pgettext_lazy("plan", "a draft: nobody was told")
    PUBLISHED = "published", pgettext_lazy("plan", "published")
    DROPPED = "dropped", pgettext_lazy("plan", "dropped")
    FAILED = "failed", pgettext_lazy("plan", "could not be planned")


class Plan(models.Model):
    """A rota of one body for some days. A draft until it is published."""

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    first_on = models.DateField()
    last_on = models.DateField()
    kinds: Any = models.JSONField(default=list)  # of activities; empty: all of the body
    needs: Any = models.JSONField(default=dict, blank=True)  # "kind/role" -> a skill
    # Who cannot come after all: [[user, ISO date], …]. Theirs are the seats that are filled anew.
    away: Any = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.PLANNING)
    version = models.PositiveIntegerField(default=0)  # counts changes: two planners take turns
    keep = models.BooleanField(default=False)  # planning keeps every cell that is there
    report: Any = models.JSONField(
        default=dict, blank=True
    )  # cover, fairness, bounds; numbers only
    taken_at = models.DateTimeField(null=True, blank=True)  # by a worker that plans it
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    published_at = models.DateTimeField(null=True, blank=True)

    if TYPE_CHECKING:
        cells: RelatedManager["Cell"]

    class Meta:
        verbose_name = _("rota")
        verbose_name_plural = _("rotas")
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-made_at"], name="planner_of_body"),
            models.Index(fields=["made_at"], condition=Q(state="planning"), name="planner_waiting"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="planner_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(state="published", published_at__isnull=False)
                | (~Q(state="published") & Q(published_at=None)),
                name="planner_published_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_on} – {self.last_on}"

    @property
    def is_draft(self) -> bool:
        """Whether it can be changed and published."""
        return self.state == State.READY

    @property
    def absences(self) -> set[tuple[str, date]]:
        """Who is away on which day."""
        return {(str(user), date.fromisoformat(day)) for user, day in self.away}


class Cell(models.Model):
    """In a plan, this person has this seat."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="cells")
    seat = models.ForeignKey(Seat, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    by_hand = models.BooleanField(default=False)  # planning anew leaves it where it is

    class Meta:
        verbose_name = _("seat in a rota")
        verbose_name_plural = _("seats in a rota")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "seat", "user"], name="planner_seat_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
