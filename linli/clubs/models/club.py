"""A club at a facility, and the adults who may be there with the children."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli import playbook
from linli.facilities.models import Facility
from linli.lib import clock
from linli.people.models import User
from linli.playbook.club import ClubKind


class ClubQuerySet(models.QuerySet["Club"]):
    def running(self) -> "ClubQuerySet":
        """Those that take children today."""
        return self.exclude(valid_to__lte=clock.today())

    def with_names(self) -> "ClubQuerySet":
        """With what a page prints, in one query."""
        return self.select_related("facility__place", "facility__organisation").defer(
            "facility__place__boundary"
        )


class Club(models.Model):
    """One club. `enrolled` counts the places given; the database never lets it pass `places`."""

    code = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=40)
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+")
    name = models.CharField(pgettext_lazy("club", "name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    places = models.PositiveSmallIntegerField(_("places"))
    enrolled = models.PositiveSmallIntegerField(default=0)
    numbered = models.PositiveIntegerField(default=0)  # the last number given to a child
    hours = models.CharField(_("hours"), max_length=400)
    valid_from = models.DateField(default=clock.today)
    valid_to = models.DateField(null=True, blank=True)

    objects = ClubQuerySet.as_manager()

    class Meta:
        verbose_name = _("club")
        verbose_name_plural = _("clubs")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(enrolled__lte=F("places")), name="club_not_full"),
            models.CheckConstraint(condition=Q(places__gte=1), name="club_has_places"),
            models.CheckConstraint(condition=~Q(name=""), name="club_named"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="club_lasts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    @property
    def rule(self) -> ClubKind | None:
        """Its kind; None if the playbook does not know it any more."""
        return playbook.current().clubs.get(self.kind)

    @property
    def free(self) -> int:
        """Places that nobody has."""
        return self.places - self.enrolled

    def name_for(self, lang: str) -> str:
        """The name in a language; Chinese where English lacks."""
        return self.name if lang.startswith("zh") else self.name_en or self.name


class Helper(models.Model):
    """An adult who may be with the children: the host asked for their record on `checked_on`."""

    club = models.ForeignKey(Club, models.CASCADE, related_name="helpers")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    checked_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager["Helper"]]

    class Meta:
        verbose_name = _("adult of a club")
        verbose_name_plural = _("adults of clubs")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["club", "user"], condition=Q(ended_on=None), name="club_helper_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def checked_until(self) -> date:
        """The last day on which the check still holds."""
        rule = self.club.rule
        return self.checked_on + timedelta(days=rule.check_days if rule else 0)

    @property
    def is_ready(self) -> bool:
        """Whether they may be with the children today."""
        return self.ended_on is None and clock.today() <= self.checked_until
