"""One question put to a roll of people, with everything that was frozen when it was opened."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.ballots.counting import BUDGET, Terms
from linli.lib import clock, ids
from linli.people.models import Organisation
from linli.places.models import Place, path_range

if TYPE_CHECKING:
    from linli.ballots.models.board import Board
    from linli.ballots.models.tally import Closing


class Rule(models.TextChoices):
    YES_NO = "yes_no", pgettext_lazy("ballot", "for or against")
    SINGLE = "single", pgettext_lazy("ballot", "one of several")
    APPROVAL = "approval", pgettext_lazy("ballot", "all you agree with")
    RANKED = "ranked", pgettext_lazy("ballot", "in your order")
    BUDGET = "budget", pgettext_lazy("ballot", "share out a budget")


class Secrecy(models.TextChoices):
    HANDS = "hands", pgettext_lazy("ballot", "show of hands")
    OPEN = "open", pgettext_lazy("ballot", "open: published by roll number")
    SECRET = "secret", pgettext_lazy("ballot", "secret")


class State(models.TextChoices):
    OPEN = "open", pgettext_lazy("ballot", "open")
    CLOSED = "closed", pgettext_lazy("ballot", "closed")


WEB, KIOSK, PAPER, MEETING = "web", "kiosk", "paper", "meeting"
CHANNELS = (WEB, KIOSK, PAPER, MEETING)


class BallotQuerySet(models.QuerySet["Ballot"]):
    def within(self, place: Place | str) -> "BallotQuerySet":
        """At a place or anything under it."""
        return self.filter(path_range(place, "place_path"))

    def about(self, subject: str) -> "BallotQuerySet":
        """Those on one motion, the newest first."""
        return self.filter(about=subject).order_by("-opens_at")

    def with_names(self) -> "BallotQuerySet":
        """With what a list prints, in one query."""
        return self.select_related("place", "organisation").defer("place__boundary")


class Ballot(models.Model):
    """It never changes after opening but for its state and three counters."""

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    about = models.CharField(max_length=120, blank=True)  # journal subject of the motion
    method = models.CharField(max_length=40, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    place_path = models.CharField(max_length=200)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = models.CharField(max_length=120)
    question = models.CharField(max_length=600)
    options = models.JSONField()  # [{"id", "text", "cost" or null}], in the order of the paper
    rule = models.CharField(max_length=8, choices=Rule)
    secrecy = models.CharField(max_length=6, choices=Secrecy)
    channels = models.JSONField()  # of CHANNELS
    seats = models.PositiveSmallIntegerField(default=1)
    budget = models.PositiveBigIntegerField(null=True, blank=True)  # whole yuan
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    roll_size = models.PositiveIntegerField()
    roll_digest = models.CharField(max_length=64)
    base = models.JSONField()  # what quorums are counted against: {"voters": 90, …}
    frozen = models.CharField(max_length=64)  # fingerprint of all of the above
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    papers = models.PositiveIntegerField(default=0)  # voting papers that left the printer
    codes_given = models.PositiveIntegerField(default=0)
    codes_used = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = BallotQuerySet.as_manager()

    if TYPE_CHECKING:
        board: "Board"
        closing: "Closing"

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        indexes: ClassVar = [
            models.Index(fields=["closes_at", "place_path"], name="bal_when_where"),
            models.Index(fields=["about"], name="bal_about"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="bal_lasts"),
            models.CheckConstraint(condition=Q(rule__in=Rule.values), name="bal_rule_known"),
            models.CheckConstraint(
                condition=Q(secrecy__in=Secrecy.values), name="bal_secrecy_known"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None)
                | Q(state="closed", closed_at__isnull=False),
                name="bal_closed_has_time",
            ),
            # A code is used once, and only as many as were handed to people of the roll.
            models.CheckConstraint(
                condition=Q(codes_used__lte=F("codes_given")), name="bal_code_was_given"
            ),
            models.CheckConstraint(
                condition=Q(codes_given__lte=F("roll_size")), name="bal_codes_fit_roll"
            ),
            models.CheckConstraint(
                condition=(Q(rule=BUDGET) & Q(budget__gte=1)) | (~Q(rule=BUDGET) & Q(budget=None)),
                name="bal_budget_has_sum",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def terms(self) -> Terms:
        """What counting needs to know."""
        return Terms(
            self.rule,
            tuple(one["id"] for one in self.options),
            self.seats,
            self.budget,
            {one["id"]: one["cost"] for one in self.options if one["cost"] is not None},
            str(self.pk),
        )

    @property
    def is_open(self) -> bool:
        """Not counted yet, whatever the clock says."""
        return self.state == State.OPEN

    def runs(self, now: datetime | None = None) -> bool:
        """Whether votes are taken at this moment."""
        return self.is_open and self.opens_at <= (now or clock.now()) < self.closes_at

    @property
    def is_secret(self) -> bool:
        return self.secrecy == Secrecy.SECRET

    def text_of(self, option: str) -> str:
        """What the paper says for an option. KeyError: there is none of that id."""
        return {one["id"]: str(one["text"]) for one in self.options}[option]
