"""Homes that agreed to be visited. It is no register of residents.

A row is made only when a household agrees, in a village that the visitor serves; it points to the
village, never to a building. What the household wants to be called and how to find it is sealed
in the vault and destroyed when it says that it wishes no more visits. Nothing lists homes by
address: there is no address to list by.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from linli.lib import clock, ids
from linli.people.models import Organisation
from linli.places.models import Place

LABEL, WAY = "name", "address"  # how the vault calls the two


class HomeQuerySet(models.QuerySet["Home"]):
    def wishing(self) -> "HomeQuerySet":
        """Homes that agreed and have not said otherwise."""
        return self.filter(ended_at=None)


class Home(models.Model):
    """One household's yes to being visited, and when somebody was there."""

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    number = models.CharField(max_length=10, unique=True)  # on its slip
    word_hash = models.CharField(max_length=64)  # of the word on its slip
    kind = models.CharField(max_length=40)  # the kind of activity it agreed to
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")  # a village, nothing nearer
    place_path = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=36, unique=True)  # in the vault
    agreed_on = models.DateField()
    last_visit_on = models.DateField(null=True, blank=True)
    next_visit_on = models.DateField(null=True, blank=True)  # on somebody's round
    asked_on = models.DateField(null=True, blank=True)  # "please come", beyond the usual
    promised_for = models.DateField(null=True, blank=True)  # somebody said: we come back by
    ended_at = models.DateTimeField(null=True, blank=True)
    shredded_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(default=clock.now)

    objects = HomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("home that agreed")
        verbose_name_plural = _("homes that agreed")
        indexes: ClassVar = [
            models.Index(
                fields=["organisation", "kind"], condition=Q(ended_at=None), name="act_home_wishing"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(shredded_at=None) | Q(ended_at__isnull=False),
                name="act_home_ends_before_shredding",
            ),
        ]

    def __str__(self) -> str:
        return self.number


def word_hash(number: str, word: str) -> str:
    """What the database keeps of the word on a slip: a keyed hash, useless without the server."""
    said = f"{number}:{ids.normal_word(word)}"
    return salted_hmac("linli.activities.home", said, algorithm="sha256").hexdigest()
