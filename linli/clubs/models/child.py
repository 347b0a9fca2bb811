"""A child's place. Names and notes are in the vault; here stands a number, and whose account asked."""

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.clubs.models.club import Club
from linli.lib import clock, ids
from linli.people.models import User

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class ChildQuerySet(models.QuerySet["Child"]):
    def live(self) -> "ChildQuerySet":
        """Those who want a place, wait for one or have one."""
        return self.filter(state__in=Child.LIVE)


class Child(models.Model):
    """A child at one club, from the application to the end.

    `consent_*` says to which text the guardian agreed and when; nothing goes on without it.
    """

    class State(models.TextChoices):
        APPLIED = "applied", pgettext_lazy("place at a club", "applied")
        WAITING = "waiting", pgettext_lazy("place at a club", "on the waiting list")
        ENROLLED = "enrolled", pgettext_lazy("place at a club", "has a place")
        REFUSED = "refused", pgettext_lazy("place at a club", "refused")
        ENDED = "ended", pgettext_lazy("place at a club", "ended")

    LIVE: ClassVar = (State.APPLIED, State.WAITING, State.ENROLLED)

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    club = models.ForeignKey(Club, models.PROTECT, related_name="children")
    guardian = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=60)  # in the vault: the name, what to look out for
    state = models.CharField(max_length=8, choices=State, default=State.APPLIED)
    reason = models.CharField(max_length=300, blank=True)
    consent_version = models.CharField(max_length=10)
    consent_text = models.TextField(max_length=2000)  # as it was read
    consented_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ChildQuerySet.as_manager()

    if TYPE_CHECKING:
        pickups: RelatedManager["PickUp"]

    class Meta:
        verbose_name = _("child at a club")
        verbose_name_plural = _("children at clubs")
        indexes: ClassVar = [
            models.Index(fields=["club", "state", "decided_at"], name="club_child_state"),
            models.Index(fields=["guardian"], name="club_child_guardian"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["club", "number"], name="club_child_number"),
            models.CheckConstraint(
                condition=~Q(state__in=["applied", "waiting", "enrolled"])
                | Q(withdrawn_at=None, guardian__isnull=False) & ~Q(consent_version=""),
                name="club_child_by_consent",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="club_refused_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.club_id}/{self.number}"

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE


class PickUp(models.Model):
    """An adult who may fetch a child. The name is sealed; the word is shown at the door."""

    class Relation(models.TextChoices):
        GUARDIAN = "guardian", pgettext_lazy("who fetches a child", "guardian")
        PARENT = "parent", pgettext_lazy("who fetches a child", "mother or father")
        GRANDPARENT = "grandparent", pgettext_lazy("who fetches a child", "grandparent")
        KIN = "kin", pgettext_lazy("who fetches a child", "other relative")
        NEIGHBOUR = "neighbour", pgettext_lazy("who fetches a child", "neighbour or friend")

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    child = models.ForeignKey(Child, models.CASCADE, related_name="pickups")
    relation = models.CharField(max_length=11, choices=Relation)
    subject = models.CharField(max_length=60)
    word = models.CharField(max_length=4)
    added_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager["PickUp"]]

    class Meta:
        verbose_name = _("adult who fetches")
        verbose_name_plural = _("adults who fetch")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["child", "word"], condition=Q(ended_at=None), name="club_pickup_word"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
