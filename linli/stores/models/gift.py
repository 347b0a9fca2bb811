"""What somebody brought. Who it was is sealed in the vault, if they let it be written at all."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.facilities.models import Facility
from linli.lib import clock, ids
from linli.people.models import User

NAME = "name"  # what the vault keeps of a giver


class Gift(models.Model):
    """The receipt: by its code the giver follows what became of it, without an account."""

    code = models.CharField(max_length=8, unique=True, default=ids.receipt_word)
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="gifts")
    item = models.CharField(max_length=40)
    amount = models.PositiveIntegerField()
    on = models.DateField()
    subject = models.CharField(max_length=36, blank=True)  # in the vault; "" for nobody named
    # Whose account it was tied to at the desk; emptied with the account.
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("gift")
        verbose_name_plural = _("gifts")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gte=1), name="stores_gift_is_something"),
        ]

    def __str__(self) -> str:
        return self.code
