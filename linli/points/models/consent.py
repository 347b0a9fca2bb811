"""Who joined, and their card of one year. Nobody has a card who did not say yes."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.people.models import User


class Consent(models.Model):
    """One person's yes to points, from one moment until another; withdrawn as easily as given."""

    user = models.ForeignKey(User, models.CASCADE, related_name="points_consents")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("consent to points")
        verbose_name_plural = _("consents to points")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(until=None), name="points_joined_once"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="points_left_after_joining"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d}"


def given(user_ids: set[str], moment: datetime) -> set[str]:
    """Those of these people whose yes stood at that moment; one statement."""
    rows = Consent.objects.filter(Q(until=None) | Q(until__gt=moment), since__lte=moment)
    return {str(pk) for pk in rows.filter(user_id__in=user_ids).values_list("user_id", flat=True)}


class CardQuerySet(models.QuerySet["Card"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user)


class Card(models.Model):
    """One person in one year. When the tie to the person is cut, its lines stay without them.

    A card never moves to another year: the database refuses it (guards.py).
    """

    user = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="points_cards"
    )
    year = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()

    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = _("card of points")
        verbose_name_plural = _("cards of points")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "year"], name="points_card_once"),
        ]

    def __str__(self) -> str:
        return f"{self.year}"


class Stars(models.Model):
    """What a year came to, fixed by the rule once nobody objects any more.

    It is the person's own: it stays when the lines of the year have gone (keeping.py).
    """

    user = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="points_stars"
    )
    card = models.OneToOneField(Card, models.CASCADE, related_name="stars")
    points = models.PositiveIntegerField()
    stars = models.PositiveSmallIntegerField()
    version = models.CharField(max_length=12)  # of the playbook whose thresholds these are
    fixed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(stars__lte=5), name="points_five_stars"),
        ]

    def __str__(self) -> str:
        return f"{self.stars} ({self.points})"
