"""Bodies that act: village committees, town offices, departments, firms, stations."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli import playbook
from linli.lib import clock
from linli.places.models import Kind as PlaceKind
from linli.places.models import Place

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from linli.people.models.appointment import Post


def valid_on(day: date, of: str = "") -> Q:
    """The condition "existed on that day": from `valid_from` until the day before `valid_to`.

    `of` is the way to what is meant, like "post__".
    """
    lasting = Q((f"{of}valid_to__isnull", True)) | Q((f"{of}valid_to__gt", day))
    return Q((f"{of}valid_from__lte", day)) & lasting


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def in_force(self, on: date) -> "OrganisationQuerySet":
        """Bodies that existed on that day."""
        return self.filter(valid_on(on))

    def of_kind(self, *kinds: str) -> "OrganisationQuerySet":
        """Bodies of these kinds of the playbook."""
        return self.filter(kind__in=kinds)

    def at_place(self, place: Place, on: date) -> "OrganisationQuerySet":
        """Bodies of that day that stand at exactly this place."""
        return self.in_force(on).filter(place=place)

    def above(self, place: Place, on: date) -> "OrganisationQuerySet":
        """Bodies of that day at the place or at anything it lies in, the nearest first."""
        found = self.in_force(on).filter(place__code__in=place.codes).select_related("place")
        return found.order_by(models.functions.Length("place__path").desc(), "pk")

    def serving(self, place: Place, on: date | None = None) -> "OrganisationQuerySet":
        """The offices of a place for its people: those below the county, the nearest first.

        Bodies that people belong to are no offices: nobody goes there with a matter.
        """
        day = on or clock.today()
        joined = {kind for rule in playbook.current().memberships.values() for kind in rule.bodies}
        found = self.above(place, day).exclude(place__kind=PlaceKind.COUNTY)
        return found.exclude(kind__in=joined)


class Organisation(models.Model):
    """A body of one kind at one place, from one day to another."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=40)  # of the playbook's county.toml
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("place"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children",
        verbose_name=_("belongs to"),
    )  # fmt: skip
    # The telephone of the office, never of a person: it is printed on door cards.
    public_line = models.CharField(_("public telephone"), max_length=40, blank=True)
    valid_from = models.DateField(_("valid from"))
    # The first day on which it is no more. Null: it is.
    valid_to = models.DateField(_("valid until"), null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    if TYPE_CHECKING:
        posts: RelatedManager[Post]

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        indexes: ClassVar = [models.Index(fields=["kind", "place"], name="people_org_kind_place")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="people_org_lasts",
            ),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(kind="") & ~Q(name=""), name="people_org_named"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="people_org_not_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def name_for(self, lang: str) -> str:
        """The name in "zh" or "en"; Chinese where English lacks."""
        return self.name if lang.startswith("zh") else self.name_en or self.name
