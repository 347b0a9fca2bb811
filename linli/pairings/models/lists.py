"""Three lists side by side: what a body needs, what another can give, and what came together."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli import playbook
from linli.lib import clock, ids
from linli.people.models import Organisation
from linli.web.language import lang


class ListingQuerySet(models.QuerySet["Listing"]):
    def open(self, kind: str) -> Self:
        """What still looks for a counterpart, and is not past its day."""
        return self.filter(kind=kind, state=Listing.State.OPEN, until__gte=clock.today())

    def with_bodies(self) -> Self:
        return self.select_related("organisation__place").defer("organisation__place__boundary")


class Listing(models.Model):
    """One line of one of the three lists. Public words about a thing, never about a person."""

    class Which(models.TextChoices):
        NEED = "need", _("needed")
        RESOURCE = "resource", _("can be given")
        PROJECT = "project", _("project to join")

    class State(models.TextChoices):
        OPEN = "open", _("looks for a match")
        MATCHED = "matched", _("matched")
        DONE = "done", _("delivered")
        WITHDRAWN = "withdrawn", _("taken back")

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    kind = models.CharField(max_length=40)  # the pairing of the playbook
    which = models.CharField(max_length=8, choices=Which)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="listings")
    topic = models.CharField(max_length=40)
    words = models.CharField(max_length=160)
    since = models.DateField()
    until = models.DateField()
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    listed_by = models.CharField(max_length=40)
    listed_at = models.DateTimeField(default=clock.now)

    objects = ListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of the three lists")
        verbose_name_plural = _("lines of the three lists")
        indexes: ClassVar = [
            models.Index(fields=["kind", "state", "which"], name="pairings_listings")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="pairings_listing_lasts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.which} {self.topic}"

    @property
    def topic_name(self) -> str:
        """The topic in words."""
        rule = playbook.current().pairings.get(self.kind)
        topics = rule.lists.topics if rule and rule.lists else []
        found = (row.name.text(lang()) for row in topics if row.id == self.topic)
        return next(found, self.topic)


class Match(models.Model):
    """A need and what fits it, with the reasons. It holds once both bodies said yes."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waits for both to say yes")
        AGREED = "agreed", _("agreed by both")
        DECLINED = "declined", _("one side said no")
        DELIVERED = "delivered", _("delivered")

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    need = models.ForeignKey(Listing, models.PROTECT, related_name="as_need")
    offer = models.ForeignKey(Listing, models.PROTECT, related_name="as_offer")
    weight = models.PositiveIntegerField()
    reasons = models.JSONField(default=list)  # [id, points]
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED)
    made_at = models.DateTimeField(default=clock.now)
    need_yes = models.CharField(max_length=40, blank=True)
    offer_yes = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["need", "offer"], name="pairings_matched_once"),
            models.UniqueConstraint(
                fields=["need"], condition=Q(state__in=["proposed", "agreed"]),
                name="pairings_need_one_match",
            ),
            models.UniqueConstraint(
                fields=["offer"], condition=Q(state__in=["proposed", "agreed"]),
                name="pairings_offer_one_match",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "delivered"])
                | (~Q(need_yes="") & ~Q(offer_yes="")),
                name="pairings_match_by_both",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.need_id} ~ {self.offer_id}"
