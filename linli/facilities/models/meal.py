"""Meals: who may eat at which price, how many eat where on which day, and who pays what of it."""

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.facilities.models.facility import Facility
from linli.lib import clock, ids
from linli.people.models import Organisation, User


class Card(models.Model):
    """Somebody may order meals of a kind. The class of price is read by the accounts alone."""

    kind = models.CharField(max_length=40)  # of facility
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    price = models.CharField(max_length=40)  # id of the class in the playbook
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager["Card"]]

    class Meta:
        verbose_name = _("meal card")
        verbose_name_plural = _("meal cards")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "user"], condition=Q(ended_at=None), name="fac_one_card"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Sitting(models.Model):
    """One meal of one canteen: how many seats, and how many are taken."""

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="sittings")
    day = models.DateField()
    seats = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager["Sitting"]]

    class Meta:
        verbose_name = pgettext_lazy("meal", "sitting")
        verbose_name_plural = pgettext_lazy("meal", "sittings")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["facility", "day"], name="fac_sitting_once"),
            models.CheckConstraint(condition=Q(taken__lte=F("seats")), name="fac_sitting_fits"),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.day}"

    @property
    def free(self) -> int:
        return self.seats - self.taken


class Order(models.TextChoices):
    BOOKED = "booked", pgettext_lazy("meal", "ordered")
    SERVED = "served", pgettext_lazy("meal", "served")
    NO_SHOW = "no_show", pgettext_lazy("meal", "nobody came")
    CANCELLED = "cancelled", pgettext_lazy("meal", "cancelled")


class Meal(models.Model):
    """One meal of one person. What it costs is split when it is ordered, to the cent."""

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="meals")
    kind = models.CharField(max_length=40)
    day = models.DateField()
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=9, choices=Order, default=Order.BOOKED)
    price = models.PositiveIntegerField()  # cents, and so are its parts
    own = models.PositiveIntegerField()
    subsidy = models.PositiveIntegerField()
    gifts = models.PositiveIntegerField()
    ordered_at = models.DateTimeField(default=clock.now)

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager["Meal"]]

    class Meta:
        verbose_name = _("meal")
        verbose_name_plural = _("meals")
        constraints: ClassVar = [
            # A diner may eat at any canteen, but one meal of a kind a day.
            models.UniqueConstraint(
                fields=["user", "kind", "day"], condition=~Q(state="cancelled"),
                name="fac_one_meal_a_day",
            ),
            models.CheckConstraint(
                condition=Q(price=F("own") + F("subsidy") + F("gifts")), name="fac_meal_adds_up"
            ),
            models.CheckConstraint(condition=Q(state__in=Order.values), name="fac_meal_state_known"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.pk)
