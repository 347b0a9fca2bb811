"""A tie, its two parties, and the days on which they were in touch."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli import playbook
from linli.lib import clock, ids
from linli.people.models import Organisation, User
from linli.places.models import Place
from linli.playbook.pairing import Pairing, Side
from linli.web.language import lang

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

LABEL = "label"  # what the vault keeps of a home: what it wants to be called


class TieQuerySet(models.QuerySet["Tie"]):
    def running(self) -> Self:
        """Agreed by both and not over."""
        return self.filter(state=Tie.State.RUNNING)

    def open(self) -> Self:
        """Running, or waiting for a yes."""
        return self.filter(state__in=(Tie.State.PROPOSED, Tie.State.RUNNING))

    def overdue(self) -> Self:
        """Running, and no contact for longer than was promised."""
        return self.running().filter(next_due__lt=clock.today())

    def with_parties(self) -> Self:
        """With both parties and what they are, in two queries."""
        parties = Party.objects.select_related("body", "place", "user").defer("place__boundary")
        return self.prefetch_related(models.Prefetch("parties", parties.order_by("side")))


class Tie(models.Model):
    """One tie of one kind between two parties, from a day to another."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waits for both to say yes")
        RUNNING = "running", _("running")
        DECLINED = "declined", _("one side said no")
        ENDED = "ended", _("ended")

    class End(models.TextChoices):
        TERM = "term", _("its term is over")
        WISH = "wish", _("one side wished it")
        MOVED = "moved", _("a post or a place changed")
        DONE = "done", _("what it was for is done")

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    kind = models.CharField(max_length=40)  # of the playbook
    # Both parties in one word: the same two are tied once at a time.
    pair = models.CharField(max_length=160)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")  # who arranged
    place_path = models.CharField(max_length=200)
    purpose = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State, default=State.PROPOSED)
    proposed_by = models.CharField(max_length=40)
    proposed_at = models.DateTimeField(default=clock.now)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    next_due = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=5, choices=End, blank=True)

    objects = TieQuerySet.as_manager()

    if TYPE_CHECKING:
        parties: RelatedManager["Party"]
        contacts: RelatedManager["Contact"]

    class Meta:
        verbose_name = _("tie")
        verbose_name_plural = _("ties")
        indexes: ClassVar = [
            models.Index(fields=["kind", "state", "next_due"], name="pairings_due"),
            models.Index(fields=["organisation", "state"], name="pairings_arranged"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "pair"], condition=Q(state__in=["proposed", "running"]),
                name="pairings_same_two_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="running")
                | Q(starts_on__isnull=False, ends_on__gt=F("starts_on"), next_due__isnull=False),
                name="pairings_running_has_days",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(ended_at__isnull=False) & ~Q(ended_why=""),
                name="pairings_end_has_reason",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.pair}"

    @property
    def rule(self) -> Pairing:
        """Its kind in the playbook. KeyError: the playbook in use does not have it."""
        return playbook.current().pairings[self.kind]

    @property
    def is_overdue(self) -> bool:
        """Whether a contact is missing."""
        due = self.next_due
        return self.state == self.State.RUNNING and due is not None and due < clock.today()


class Party(models.Model):
    """One side of a tie: a body, a place, a person, or a home whose name is sealed."""

    tie = models.ForeignKey(Tie, models.CASCADE, related_name="parties")
    side = models.CharField(max_length=1)
    key = models.CharField(max_length=80)
    body = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    subject = models.CharField(max_length=36, blank=True)  # in the vault: of a home
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("side of a tie")
        verbose_name_plural = _("sides of ties")
        indexes: ClassVar = [models.Index(fields=["key", "side"], name="pairings_by_party")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tie", "side"], name="pairings_two_sides"),
            models.CheckConstraint(condition=Q(side__in=["a", "b"]), name="pairings_side_known"),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.key}"

    @property
    def shown(self) -> str:
        """A body or a place by its name; a person by the name they chose; a home never."""
        if self.body is not None:
            return self.body.name_for(lang())
        if self.place is not None:
            return self.place.name_for(lang())
        if self.user is not None:
            return self.user.display_name
        return str(_("a household")) if self.subject else str(_("somebody who has gone"))

    def rule(self, kind: Pairing) -> Side:
        """What the playbook says of this side."""
        return kind.side(self.side)


class Contact(models.Model):
    """That the two were in touch on a day, and how. Never what was said."""

    tie = models.ForeignKey(Tie, models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=40)
    on = models.DateField()
    by = models.CharField(max_length=40)
    noted_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tie", "kind", "on"], name="pairings_contact_once"),
        ]

    def __str__(self) -> str:
        return f"{self.tie_id} {self.kind} {self.on}"
