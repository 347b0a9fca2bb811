"""The ledger of stations: accounts, movements, and their legs between two accounts.

A leg is both sides in one row: what `source` gives, `target` gets. So for every thing and every
station what came in is what went out and what is there, by the shape of the table. Nothing in it is
changed or removed (guards.py): a mistake is put right by a movement the other way.
"""

from datetime import date
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.facilities.models import Facility
from linli.lib import clock, ids
from linli.playbook.store import Store
from linli.stores.models.gift import Gift

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Side(models.TextChoices):
    """Where a thing is: on a shelf of the station, or on one of the sides around it."""

    SHELF = "shelf", _("there")
    GIVERS = "givers", _("given by people")
    MARKET = "market", _("bought or paid")
    PEOPLE = "people", _("handed out")
    COUNT = "count", _("differences at a count")
    WASTE = "waste", _("written off")


class Account(models.Model):
    """A lot on a shelf of a station, or one of the sides outside it.

    A lot is what came together and is good until the same day. Its `balance` never falls below
    zero, and the database keeps it: a trigger adds each leg, and another refuses every value that
    is not the sum of the legs. Sides outside have no balance.
    """

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="store_accounts")
    item = models.CharField(max_length=40)  # of the store's goods, or money in cents
    side = models.CharField(max_length=6, choices=Side)
    best_before = models.DateField(null=True, blank=True)
    gift = models.ForeignKey(Gift, models.PROTECT, null=True, blank=True, related_name="lots")
    balance = models.BigIntegerField(default=0)
    since = models.DateTimeField(default=clock.now)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["facility", "item", "best_before"],
                condition=Q(balance__gt=0),
                name="stores_there",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["facility", "item", "side"], condition=~Q(side="shelf"),
                name="stores_side_once",
            ),
            models.CheckConstraint(condition=Q(balance__gte=0), name="stores_never_below_zero"),
            models.CheckConstraint(
                condition=Q(side="shelf") | Q(balance=0, best_before=None, gift=None),
                name="stores_only_shelves_hold",
            ),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="stores_side_known"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.facility_id} {self.item} {self.side}"

    def spoils_by(self, day: date) -> bool:
        """Whether it is good until that day at the longest."""
        return self.best_before is not None and self.best_before <= day


class Kind(models.TextChoices):
    """Why something moves."""

    GIVEN = "given", pgettext_lazy("store", "Given by somebody")
    BOUGHT = "bought", pgettext_lazy("store", "Bought")
    HANDED = "handed", pgettext_lazy("store", "Handed out")
    MOVED = "moved", pgettext_lazy("store", "Moved to another station")
    COUNTED = "counted", pgettext_lazy("store", "Difference at a count")
    SPOILED = "spoiled", pgettext_lazy("store", "Written off")
    REVERSED = "reversed", pgettext_lazy("store", "Taken back")


class Movement(models.Model):
    """One thing done at a station. Never a name; who receives is a wish's number or an alias."""

    key = models.UUIDField(unique=True, default=ids.new_uuid)  # of the form: sent twice is once
    kind = models.CharField(max_length=8, choices=Kind)
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="store_movements")
    other = models.ForeignKey(
        Facility, models.PROTECT, null=True, blank=True, related_name="store_arrivals"
    )
    case_number = models.CharField(max_length=10, blank=True)
    household = models.CharField(max_length=40, blank=True)  # an invented name
    reason = models.CharField(max_length=300, blank=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversal"
    )
    by = models.CharField(max_length=60)
    second = models.CharField(max_length=60, blank=True)
    on = models.DateField()
    at = models.DateTimeField(default=clock.now)

    if TYPE_CHECKING:
        legs: RelatedManager["Leg"]
        reversal: "Movement"

    class Meta:
        verbose_name = _("movement of a store")
        verbose_name_plural = _("movements of a store")
        indexes: ClassVar = [
            models.Index(fields=["facility", "-id"], name="stores_newest"),
            models.Index(fields=["other", "-id"], name="stores_newest_arrivals"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(by=F("second")), name="stores_two_are_two"),
            models.CheckConstraint(
                condition=~Q(kind__in=["counted", "spoiled", "reversed"])
                | (~Q(reason="") & ~Q(second="")),
                name="stores_corrected_by_two",
            ),
            models.CheckConstraint(
                condition=Q(kind="handed", household="") & ~Q(case_number="")
                | Q(kind="handed", case_number="") & ~Q(household="")
                | ~Q(kind="handed") & Q(case_number="", household=""),
                name="stores_handed_to_one",
            ),
            models.CheckConstraint(
                condition=Q(kind="reversed", reverses__isnull=False)
                | ~Q(kind="reversed") & Q(reverses=None),
                name="stores_reversal_names_its_line",
            ),
            models.CheckConstraint(
                condition=Q(other=None) | ~Q(other=F("facility")), name="stores_to_another"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def pretty_number(self) -> str:
        """The number of the wish as it is read out."""
        return ids.pretty_number(self.case_number)

    @property
    def meant(self) -> str:
        """The kind; of a movement that takes back, the kind of what it takes back."""
        return self.reverses.kind if self.reverses else self.kind


class LegQuerySet(models.QuerySet["Leg"]):
    def into(self, facility: Facility) -> "LegQuerySet":
        """What came onto its shelves."""
        return self.filter(target__facility=facility, target__side=Side.SHELF)

    def out_of(self, facility: Facility) -> "LegQuerySet":
        """What left its shelves."""
        return self.filter(source__facility=facility, source__side=Side.SHELF)


class Leg(models.Model):
    """So much of one thing from one account to another; one of the two at least is a shelf."""

    movement = models.ForeignKey(Movement, models.PROTECT, related_name="legs")
    source = models.ForeignKey(Account, models.PROTECT, related_name="went")
    target = models.ForeignKey(Account, models.PROTECT, related_name="came")
    amount = models.PositiveIntegerField()

    objects = LegQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gte=1), name="stores_move_something"),
            models.CheckConstraint(
                condition=~Q(source=F("target")), name="stores_between_two_accounts"
            ),
            models.UniqueConstraint(
                fields=["movement", "source", "target"], name="stores_leg_once"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.movement_id}: {self.amount}"


def store_of(facility: Facility) -> Store | None:
    """The rules of the store that it keeps; None if it keeps none."""
    return facility.rule.store if facility.rule else None


def known(key: UUID) -> Movement | None:
    """What a form that is sent a second time has written already."""
    return Movement.objects.filter(key=key).first()
