"""What was noted, the stops of a round, and the cases that came of it."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from linli import playbook
from linli.activities.models.home import Home
from linli.activities.models.occurrence import Occurrence
from linli.lib import clock, ids
from linli.people.models import Organisation, User
from linli.places.models import Place
from linli.playbook.schema import ActivityKind
from linli.web.language import lang

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Stop(models.Model):
    """One place or home on a round."""

    occurrence = models.ForeignKey(Occurrence, models.CASCADE, related_name="stops")
    order = models.PositiveSmallIntegerField()
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    home = models.ForeignKey(Home, models.PROTECT, null=True, blank=True, related_name="stops")
    planned_at = models.TimeField(null=True, blank=True)
    outcome = models.CharField(max_length=40, blank=True)
    noted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["occurrence", "order"], name="act_stop_order"),
            models.UniqueConstraint(
                fields=["occurrence", "home"],
                condition=Q(home__isnull=False),
                name="act_home_once_a_round",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}"


class Record(models.Model):
    """A note of one occurrence or one stop; `client_id` makes sending it again harmless."""

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    client_id = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=40)
    occurrence = models.ForeignKey(
        Occurrence, models.PROTECT, null=True, blank=True, related_name="records"
    )
    stop = models.ForeignKey(Stop, models.PROTECT, null=True, blank=True, related_name="records")
    home = models.ForeignKey(Home, models.PROTECT, null=True, blank=True, related_name="records")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    place_path = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=40)
    # No personal data: what is private or looked personal lies in the vault under `subject`.
    fields: Any = models.JSONField(default=dict, blank=True)
    sealed = models.JSONField(default=list, blank=True)  # the fields whose words are in the vault
    subject = models.CharField(max_length=36, blank=True)
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    noted_at = models.DateTimeField()  # by the clock of whoever noted it: evidence, no deadline
    received_at = models.DateTimeField(default=clock.now)
    forgotten_at = models.DateTimeField(null=True, blank=True)  # its words were erased

    if TYPE_CHECKING:
        opened: RelatedManager["Opened"]

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        indexes: ClassVar = [
            models.Index(fields=["kind", "noted_at"], name="act_record_when"),
            models.Index(
                fields=["received_at"], condition=Q(forgotten_at=None), name="act_record_kept"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome}"

    @property
    def rule(self) -> ActivityKind:
        """Its kind in the playbook. Raises KeyError if the playbook dropped it."""
        return playbook.current().activities[self.kind]

    @property
    def outcome_name(self) -> str:
        """The outcome in the reader's language; its id if the playbook dropped it."""
        rows = self.rule.outcomes
        return next((row.name.text(lang()) for row in rows if row.id == self.outcome), self.outcome)

    def in_words(self) -> list[tuple[str, str]]:
        """Each field with what was noted, in the reader's language; the sealed ones masked."""
        names = {one.id: one for one in self.rule.fields}
        values = []
        for key, value in self.fields.items():
            one = names.get(key)
            if one is None:
                continue
            chosen = next((c.name.text(lang()) for c in one.choices if c.id == value), value)
            if isinstance(chosen, list):
                chosen = "\n".join(chosen)
            values.append((one.name.text(lang()), _now("yes") if chosen is True else str(chosen)))
        return values


class Opened(models.Model):
    """A case that came of an activity; the case's own story names the occurrence too.

    It never points to a home: a matter told on a visit stays as anonymous as its asker wishes.
    """

    case_number = models.CharField(max_length=10, unique=True)
    kind = models.CharField(max_length=40)  # of the case
    occurrence = models.ForeignKey(
        Occurrence, models.PROTECT, null=True, blank=True, related_name="opened"
    )
    record = models.ForeignKey(
        Record, models.SET_NULL, null=True, blank=True, related_name="opened"
    )
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("case that came of it")
        verbose_name_plural = _("cases that came of it")

    def __str__(self) -> str:
        return self.case_number
