"""A place that people go to: where it is, when it is open, what rooms it has."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli import playbook
from linli.lib import clock, opening_hours
from linli.lib.opening_hours import OpeningHours
from linli.people.models import Organisation
from linli.places.models import Place, path_range
from linli.playbook.facility import FacilityKind

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class FacilityQuerySet(models.QuerySet["Facility"]):
    def running(self, day: date | None = None) -> "FacilityQuerySet":
        """Those that are open to the public on a day."""
        on = day or clock.today()
        return self.filter(valid_from__lte=on).exclude(valid_to__lte=on)

    def within(self, place: Place | str) -> "FacilityQuerySet":
        """At a place or anything under it."""
        return self.filter(path_range(place, "place_path"))

    def with_names(self) -> "FacilityQuerySet":
        """With what a list prints, in one query."""
        return self.select_related("place", "organisation").defer("place__boundary")


class Facility(models.Model):
    """One facility of a kind of the playbook."""

    code = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=40)
    name = models.CharField(pgettext_lazy("facility", "name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    place_path = models.CharField(max_length=200)
    spot = models.CharField(_("where exactly"), max_length=120, blank=True)
    lon = models.FloatField()
    lat = models.FloatField()
    hours = models.CharField(_("opening hours"), max_length=400)
    services = models.JSONField(default=list, blank=True)  # ids of the kind's services
    floor_area = models.PositiveIntegerField(
        _("floor area in square metres"), null=True, blank=True
    )
    seats = models.PositiveSmallIntegerField(
        pgettext_lazy("meal", "seats"), null=True, blank=True
    )  # at a meal
    valid_from = models.DateField(default=clock.today)
    valid_to = models.DateField(null=True, blank=True)

    objects = FacilityQuerySet.as_manager()

    if TYPE_CHECKING:
        rooms: RelatedManager["Room"]

    class Meta:
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")
        indexes: ClassVar = [models.Index(fields=["kind", "place_path"], name="fac_kind_where")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="fac_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=models.F("valid_from")),
                name="fac_lasts",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="fac_named"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    @property
    def rule(self) -> FacilityKind | None:
        """Its kind; None if the playbook does not know it any more."""
        return playbook.current().facilities.get(self.kind)

    @property
    def opening(self) -> OpeningHours:
        """When it is open."""
        return opening_hours.parse(self.hours)

    def name_for(self, lang: str) -> str:
        """The name in a language; Chinese where English lacks."""
        return self.name if lang.startswith("zh") else self.name_en or self.name


class Room(models.Model):
    """One room that is lent as a whole."""

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="rooms")
    name = models.CharField(pgettext_lazy("room", "name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    seats = models.PositiveSmallIntegerField(pgettext_lazy("meal", "seats"))
    valid_to = models.DateField(null=True, blank=True)

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager["Room"]]

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["facility", "name"], name="fac_room_once"),
            models.CheckConstraint(condition=Q(seats__gte=1), name="fac_room_has_seats"),
        ]

    def __str__(self) -> str:
        return self.name

    def name_for(self, lang: str) -> str:
        """The name in a language; Chinese where English lacks."""
        return self.name if lang.startswith("zh") else self.name_en or self.name
