"""The log of what people bring to the hall, sorted: deliberate, mediate, refer or explain."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.deliberation.models.motion import Motion
from linli.deliberation.words import ROUTES
from linli.lib import clock
from linli.people.models import Organisation, User
from linli.places.models import Place


class Concern(models.Model):
    """One thing that somebody brought. Only the hall reads it; the public sees counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    procedure = models.CharField(max_length=40)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    place_path = models.CharField(max_length=200)
    group = models.CharField(max_length=20, blank=True)  # the villagers' group it came from
    topic = models.CharField(max_length=200)
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    raised_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()  # by when it is sorted
    route = models.CharField(max_length=10, blank=True)
    answer = models.CharField(max_length=400, blank=True)
    sorted_at = models.DateTimeField(null=True, blank=True)
    motion = models.ForeignKey(
        Motion, models.SET_NULL, null=True, blank=True, related_name="concerns"
    )

    class Meta:
        verbose_name = _("concern")
        verbose_name_plural = _("concerns")
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-raised_at"], name="delib_concern_when"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(route="", sorted_at=None)
                | (Q(route__in=list(ROUTES)) & Q(sorted_at__isnull=False)),
                name="delib_sorted_has_route",
            ),
            # To send somebody elsewhere, or to explain, takes words.
            models.CheckConstraint(
                condition=~Q(route__in=["refer", "explain"]) | ~Q(answer=""),
                name="delib_sorted_says_where",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def route_name(self) -> str:
        return str(ROUTES.get(self.route, ""))

    @property
    def is_late(self) -> bool:
        return not self.route and self.due_at < clock.now()
