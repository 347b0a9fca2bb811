"""Tenants of an incubator: who is in, how many desks are taken, what became of projects and firms.

Of a tenant stand here the name it goes by, its field and its size; its business is nobody's business.
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli import playbook
from linli.facilities.models import Facility
from linli.lib import clock, ids
from linli.people.models import User
from linli.playbook.incubator import Incubator

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Site(models.Model):
    """The desks of one facility: the database never gives away more than there are."""

    facility = models.OneToOneField(Facility, models.PROTECT, related_name="incubator")
    desks = models.PositiveSmallIntegerField(_("desks"))
    taken = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("incubator")
        verbose_name_plural = _("incubators")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(taken__lte=F("desks")), name="incubator_desks_fit"),
        ]

    def __str__(self) -> str:
        return str(self.facility)

    @property
    def free(self) -> int:
        return self.desks - self.taken

    @property
    def rule(self) -> Incubator | None:
        """What the playbook says of it; None if it does not know it any more."""
        rows = playbook.current().incubators.values()
        return next((one for one in rows if one.facility == self.facility.kind), None)


class State(models.TextChoices):
    APPLIED = "applied", pgettext_lazy("tenancy", "applied")
    ADMITTED = "admitted", pgettext_lazy("tenancy", "admitted")
    INCUBATING = "incubating", pgettext_lazy("tenancy", "in the house")
    GRADUATED = "graduated", pgettext_lazy("tenancy", "graduated")
    LEFT = "left", pgettext_lazy("tenancy", "left")
    REFUSED = "refused", pgettext_lazy("tenancy", "not admitted")


INSIDE = (State.ADMITTED, State.INCUBATING)  # they have desks
OVER = (State.GRADUATED, State.LEFT, State.REFUSED)


class Tenancy(models.Model):
    """One team's way from applying to what became of it."""

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    site = models.ForeignKey(Site, models.PROTECT, related_name="tenancies")
    # Who applied; emptied when they are erased.
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(_("name of the team or firm"), max_length=60)
    named = models.BooleanField(_("the name may stand on the public page"), default=False)
    field = models.CharField(_("field of work"), max_length=60)
    people = models.PositiveSmallIntegerField(_("how many people"))
    desks = models.PositiveSmallIntegerField(_("how many desks"))
    state = models.CharField(max_length=10, choices=State, default=State.APPLIED)
    reason = models.CharField(max_length=300, blank=True)  # of a no, or of the end
    applied_at = models.DateTimeField(default=clock.now)
    began_on = models.DateField(null=True, blank=True)
    looked_on = models.DateField(null=True, blank=True)  # the last review
    ended_on = models.DateField(null=True, blank=True)

    if TYPE_CHECKING:
        projects: RelatedManager["Project"]
        looks: RelatedManager["Look"]

    class Meta:
        verbose_name = _("tenancy")
        verbose_name_plural = _("tenancies")
        indexes: ClassVar = [models.Index(fields=["site", "state"], name="incubator_tenants")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(desks__gte=1, people__gte=1), name="tenancy_somebody"),
            models.CheckConstraint(
                condition=Q(state__in=OVER, ended_on__isnull=False)
                | (~Q(state__in=OVER) & Q(ended_on=None)),
                name="tenancy_ends_with_its_state",
            ),
            models.CheckConstraint(
                condition=~Q(state="incubating") | Q(began_on__isnull=False),
                name="tenancy_inside_has_begun",
            ),
            models.UniqueConstraint(
                fields=["site", "user"], condition=~Q(state__in=OVER) & Q(user__isnull=False),
                name="tenancy_one_open_each",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def due_on(self) -> date | None:
        """The day of the next review; None for who is not in the house."""
        rule, since = self.site.rule, self.looked_on or self.began_on
        if self.state != State.INCUBATING or rule is None or since is None:
            return None
        return since + timedelta(days=rule.review.amount)

    @property
    def stays_until(self) -> date | None:
        """The last day that the rules allow."""
        if self.began_on is None or self.site.rule is None:
            return None
        return self.began_on + timedelta(days=self.site.rule.longest.amount)


class Look(models.Model):
    """Somebody looked: a review in the house, or a question one or three years after."""

    class Kind(models.TextChoices):
        REVIEW = "review", pgettext_lazy("look", "review")
        AFTER_1 = "after1", pgettext_lazy("look", "a year after")
        AFTER_3 = "after3", pgettext_lazy("look", "three years after")

    tenancy = models.ForeignKey(Tenancy, models.CASCADE, related_name="looks")
    kind = models.CharField(max_length=6, choices=Kind)
    on = models.DateField()
    goes_on = models.BooleanField()
    by = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenancy", "kind"], condition=~Q(kind="review"), name="look_after_once"
            ),
            models.UniqueConstraint(fields=["tenancy", "kind", "on"], name="look_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"


class Project(models.Model):
    """Something that was signed; it counts as started and as operating from the day it did."""

    tenancy = models.ForeignKey(Tenancy, models.CASCADE, related_name="projects")
    what = models.CharField(_("what"), max_length=80)
    signed_on = models.DateField()
    started_on = models.DateField(null=True, blank=True)
    operating_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(started_on=None) | Q(started_on__gte=F("signed_on")),
                name="project_starts_after_signing",
            ),
            models.CheckConstraint(
                condition=Q(operating_on=None)
                | Q(started_on__isnull=False, operating_on__gte=F("started_on")),
                name="project_operates_after_starting",
            ),
        ]

    def __str__(self) -> str:
        return self.what


class Use(models.Model):
    """How often a service was used in a month; never by whom."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="uses")
    service = models.CharField(max_length=40)
    month = models.DateField()
    times = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "service", "month"], name="use_once_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="use_of_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.month:%Y-%m}"
