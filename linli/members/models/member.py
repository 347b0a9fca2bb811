"""A member by a number, where they stand, and every paper and step with its day. No name is here."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli import playbook
from linli.lib import clock, ids
from linli.people.models import Organisation, User
from linli.playbook.membership import Membership, Stage
from linli.web.language import lang

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from linli.members.models.proceeding import Proceeding

NAME = "name"  # what the vault keeps of a member


class MemberQuerySet(models.QuerySet["Member"]):
    def current(self) -> Self:
        """Who belongs now: in a stage, and not in one that ends it."""
        return self.filter(left_on=None).exclude(stage="")

    def waiting(self) -> Self:
        """Who comes from elsewhere and waits for a second person's yes."""
        return self.filter(left_on=None, stage="")

    def counting(self, rule: Membership) -> Self:
        """Who counts in the size of a body."""
        return self.current().filter(membership=rule.id, stage__in=rule.counting)

    def with_bodies(self) -> Self:
        """With their body and its place, in one query."""
        return self.select_related("organisation__place").defer("organisation__place__boundary")


class Member(models.Model):
    """One person's way in one body. The name is sealed under `subject`."""

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    membership = models.CharField(max_length=40)  # of the playbook
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="members")
    number = models.PositiveIntegerField()  # within the body, never given twice
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    subject = models.CharField(max_length=36)  # in the vault: the name
    # A hash of the name under the body's own salt, so that a list finds who is there already.
    mark = models.CharField(max_length=64)
    stage = models.CharField(max_length=40, blank=True)  # empty: waits for a second person
    since = models.DateField()
    entered_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)
    # Working or living elsewhere: the fact and since when, never where.
    away_since = models.DateField(null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    if TYPE_CHECKING:
        moves: RelatedManager["Move"]
        papers: RelatedManager["Paper"]
        proceedings: RelatedManager[Proceeding]

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        indexes: ClassVar = [
            models.Index(
                fields=["organisation", "membership", "left_on", "number"], name="members_roll"
            ),
            models.Index(fields=["membership", "stage"], name="members_stage"),
            models.Index(fields=["user"], name="members_user"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "membership", "number"], name="members_number_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "membership", "mark"],
                condition=Q(left_on=None),
                name="members_mark_once",
            ),
            # One person belongs to one body of a kind of membership at a time.
            models.UniqueConstraint(
                fields=["membership", "user"],
                condition=Q(left_on=None, user__isnull=False),
                name="members_person_once",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("entered_on")),
                name="members_left_after_entering",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership} {self.organisation_id} #{self.number}"

    @property
    def rule(self) -> Membership:
        """Its membership in the playbook. KeyError: the playbook in use does not have it."""
        return playbook.current().memberships[self.membership]

    @property
    def at(self) -> Stage | None:
        """The stage they stand in; None while a second person's yes is missing."""
        return self.rule.stage(self.stage) if self.stage else None

    @property
    def stage_name(self) -> str:
        """The stage in words."""
        return self.at.name.text(lang()) if self.at else str(_("waits for a second person"))


class Paper(models.Model):
    """That a paper of this kind was there, with the day that stands on it. Never its words."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=40)
    dated = models.DateField()
    noted_by = models.CharField(max_length=40)
    noted_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("paper of a member")
        verbose_name_plural = _("papers of members")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "kind", "dated"], name="members_paper_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.kind} {self.dated}"


class Move(models.Model):
    """A step from one stage to another: proposed by one, and where it takes two, agreed by another."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a second person")
        DONE = "done", _("done")
        REFUSED = "refused", _("not agreed")

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="moves")
    step = models.CharField(max_length=40, blank=True)  # empty: came in
    from_stage = models.CharField(max_length=40, blank=True)
    to_stage = models.CharField(max_length=40)
    on = models.DateField()
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    by = models.CharField(max_length=40)
    by_body = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    second = models.CharField(max_length=40, blank=True)
    proposed_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("step of a member")
        verbose_name_plural = _("steps of members")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(state="waiting"), name="members_one_step_waits"
            ),
            models.CheckConstraint(
                condition=Q(second="") | ~Q(second=F("by")), name="members_step_two_people"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.from_stage} → {self.to_stage}"


class Batch(models.Model):
    """A list of people that one person brought and another agrees to; its lines are sealed."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a second person")
        DONE = "done", _("agreed, and in force")
        REFUSED = "refused", _("not agreed")

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    membership = models.CharField(max_length=40)
    lines = models.PositiveIntegerField()
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    subject = models.CharField(max_length=36)  # in the vault: the list, until decided
    brought_by = models.CharField(max_length=40)
    brought_at = models.DateTimeField(default=clock.now)
    second = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("list for a roll")
        verbose_name_plural = _("lists for rolls")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "membership"],
                condition=Q(state="waiting"),
                name="members_one_list_waits",
            ),
            models.CheckConstraint(
                condition=Q(second="") | ~Q(second=F("brought_by")), name="members_list_two_people"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} +{self.lines}"
