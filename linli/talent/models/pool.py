"""Somebody's way through a pool: proposed, reviewed, decided with reasons, appealed."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli import playbook
from linli.lib import clock, ids
from linli.people.models import Organisation, User
from linli.playbook.talent import Pool
from linli.web.language import lang

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

IN_POOL, REFUSED = "pool", "refused"  # outcomes beside the ids of tiers


class TierBook(models.Model):
    """How many places of a tier are taken. The database refuses one too many."""

    pool = models.CharField(max_length=40)
    tier = models.CharField(max_length=40)
    places = models.PositiveIntegerField(null=True)  # None: without limit
    filled = models.PositiveIntegerField(default=0)

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager["TierBook"]]

    class Meta:
        verbose_name = _("places of a tier")
        verbose_name_plural = _("places of tiers")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pool", "tier"], name="talent_tier_once"),
            models.CheckConstraint(
                condition=Q(places=None) | Q(filled__lte=F("places")), name="talent_tier_fits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pool} {self.tier}"


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def open(self) -> Self:
        """Waiting for a yes, for a review, or in the pool."""
        return self.filter(state__in=Candidate.OPEN)

    def inside(self) -> Self:
        """In the pool."""
        return self.filter(state=Candidate.State.POOL)


class Candidate(models.Model):
    """One person in one pool. A person who was refused may come again as another row."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("candidate", "waits for their own yes")
        NOMINATED = "nominated", pgettext_lazy("candidate", "is being reviewed")
        POOL = "pool", pgettext_lazy("candidate", "in the pool")
        REFUSED = "refused", pgettext_lazy("candidate", "not taken in")
        DECLINED = "declined", pgettext_lazy("candidate", "said no themselves")
        GRADUATED = "graduated", pgettext_lazy("candidate", "graduated")
        LEFT = "left", pgettext_lazy("candidate", "left")

    OPEN: ClassVar = (State.ASKED, State.NOMINATED, State.POOL)

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    pool = models.CharField(max_length=40)  # of the playbook
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    # The body that proposed them; without one they proposed themselves.
    body = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    nominated_by = models.CharField(max_length=40)
    words = models.CharField(max_length=400)
    state = models.CharField(max_length=9, choices=State)
    tier = models.CharField(max_length=40, blank=True)
    turn = models.PositiveSmallIntegerField(default=1)  # of review: the first, then yearly
    review_due = models.DateField(null=True, blank=True)
    shown_as = models.CharField(max_length=40, blank=True)  # the name they want on the public page
    nominated_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CandidateQuerySet.as_manager()

    if TYPE_CHECKING:
        reviews: RelatedManager["Review"]
        decisions: RelatedManager["Decision"]

    class Meta:
        verbose_name = _("person in a pool")
        verbose_name_plural = _("people in pools")
        indexes: ClassVar = [
            models.Index(fields=["pool", "state", "review_due"], name="talent_due"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["pool", "user"], condition=Q(state__in=["asked", "nominated", "pool"]),
                name="talent_once_in_a_pool",
            ),
            models.CheckConstraint(
                condition=Q(tier="") | Q(state="pool"), name="talent_tier_only_inside"
            ),
            models.CheckConstraint(
                condition=~Q(state="pool") | Q(review_due__isnull=False),
                name="talent_inside_is_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(shown_as="") | Q(state__in=["pool", "graduated"]),
                name="talent_shown_inside",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def rule(self) -> Pool:
        """Its pool in the playbook. KeyError: the playbook in use does not have it."""
        return playbook.current().pools[self.pool]

    @property
    def tier_name(self) -> str:
        """The tier in words; "" without one."""
        tier = self.rule.tier(self.tier)
        return tier.name.text(lang()) if tier else self.tier


class Review(models.Model):
    """What one reviewer found, criterion by criterion."""

    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="reviews")
    turn = models.PositiveSmallIntegerField()
    by = models.CharField(max_length=40)
    office = models.CharField(max_length=120)  # and post, as the person reads it
    answers = models.JSONField(default=list)  # [criterion, met, evidence]
    met = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField(default=clock.now)

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager["Review"]]

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["candidate", "turn", "by"], name="talent_reviewed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate_id} {self.turn}"


class Decision(models.Model):
    """What was decided and why. It stays; what changes it is another one."""

    class Kind(models.TextChoices):
        FIRST = "first", pgettext_lazy("decision", "first")
        YEARLY = "yearly", pgettext_lazy("decision", "yearly review")
        APPEAL = "appeal", pgettext_lazy("decision", "after an appeal")

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=6, choices=Kind)
    turn = models.PositiveSmallIntegerField()
    before = models.CharField(max_length=40, blank=True)  # the outcome that held until then
    outcome = models.CharField(max_length=40)  # a tier, "pool" or "refused"
    reasons = models.CharField(max_length=800)
    by = models.CharField(max_length=40)
    decided_at = models.DateTimeField(default=clock.now)
    appeal_until = models.DateTimeField(null=True, blank=True)

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager["Decision"]]
        appeal: "Appeal"

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["candidate", "turn", "kind"], name="talent_decided_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="appeal") | Q(appeal_until__isnull=False),
                name="talent_can_be_appealed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate_id} {self.outcome}"

    @property
    def outcome_name(self) -> str:
        """The outcome in words."""
        if self.outcome == REFUSED:
            return str(_("not taken in"))
        tier = self.candidate.rule.tier(self.outcome)
        return tier.name.text(lang()) if tier else str(_("in the pool, without a tier yet"))


class Appeal(models.Model):
    """Somebody who does not agree, and what another reviewer made of it."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("appeal", "is looked at")
        UPHELD = "upheld", pgettext_lazy("appeal", "the decision stays")
        CHANGED = "changed", pgettext_lazy("appeal", "the decision was changed")

    decision = models.OneToOneField(Decision, models.CASCADE, related_name="appeal")
    words = models.CharField(max_length=800)
    at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    reasons = models.CharField(max_length=800, blank=True)
    by = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager["Appeal"]]

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="open") | Q(decided_at__isnull=False) & ~Q(by=""),
                name="talent_appeal_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.state}"
