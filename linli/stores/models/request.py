"""What one person asks for and another has to agree to: counts, write-offs, large sums, mistakes."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.facilities.models import Facility
from linli.lib import clock, ids
from linli.stores.models.ledger import Kind, Movement


class Request(models.Model):
    """Until the second person says yes nothing moves."""

    class State(models.TextChoices):
        OPEN = "open", _("waits for a second person")
        AGREED = "agreed", _("agreed")
        DECLINED = "declined", _("not agreed")

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="store_requests")
    kind = models.CharField(max_length=8, choices=Kind)
    asked = models.JSONField(default=dict)  # what the action takes: things, amounts, numbers
    reverses = models.ForeignKey(
        Movement, models.PROTECT, null=True, blank=True, related_name="requests"
    )
    reason = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField(default=clock.now)
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("request for a second person")
        verbose_name_plural = _("requests for a second person")
        indexes: ClassVar = [
            models.Index(fields=["facility", "state", "asked_at"], name="stores_asked"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="agreed") | ~Q(asked_by=F("decided_by")),
                name="stores_second_is_another",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_by="") | ~Q(state="open") & ~Q(decided_by=""),
                name="stores_decided_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["reverses"], condition=Q(state="open"), name="stores_reversal_asked_once"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
