"""One matter: where it is, whose it is, and by when."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case as When_
from django.db.models import F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from linli import playbook
from linli.lib import clock, ids
from linli.people.models import Organisation, Post, User
from linli.places.fields import CodeField
from linli.places.models import Place, path_range
from linli.playbook.schema import CaseKind

if TYPE_CHECKING:
    from linli.cases.models.asker import Asker


class State(models.TextChoices):
    ROUTED = "routed", _("passed on, not yet accepted")
    ACCEPTED = "accepted", _("being worked on")
    ANSWERED = "answered", _("answered, waiting for the asker")
    CONFIRMED = "confirmed", _("solved, says the asker")
    SILENT = "silent", _("answered, the asker has not said")
    DECLINED = "declined", _("not ours to do; the right address was given")
    WITHDRAWN = "withdrawn", _("withdrawn by the asker")
    MERGED = "merged", _("joined to another matter")


OPEN = (State.ROUTED, State.ACCEPTED, State.ANSWERED)
CLOSED = (State.CONFIRMED, State.SILENT, State.DECLINED, State.WITHDRAWN, State.MERGED)
WORKING = (State.ROUTED, State.ACCEPTED)


class Visibility(models.TextChoices):
    PUBLIC = "public", _("Everybody may read it, after a person has checked the text")
    OFFICE = "office", _("Only the office that deals with it")
    SEALED = "sealed", _("Only you and the named mediator")


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> Self:
        """Cases somebody must still act on."""
        return self.filter(closed_at=None)

    def working(self) -> Self:
        """Open cases whose answer is still owed."""
        return self.filter(state__in=WORKING)

    def owned_by(self, organisation: Organisation) -> Self:
        return self.filter(owner=organisation)

    def late(self, at: datetime) -> Self:
        """Answer owed and the promised time is over."""
        return self.working().filter(due_at__lt=at)

    def within(self, path: str) -> Self:
        """Cases at a place or anywhere below it: a range, so the index on `place_path` serves."""
        return self.filter(path_range(path, "place_path"))

    def listed(self) -> Self:
        """Cases whose topic, community and state everybody may see."""
        return self.filter(listed_at__isnull=False)

    def with_names(self) -> Self:
        """Everything a row on a list prints, in one statement."""
        return self.select_related("place", "owner").defer("place__boundary")


# Conditions the database keeps as columns of its own, so that an index can hold them (ADR 10).
LISTED = Q(visibility="public") & ~Q(state="merged") & (
    Q(alias="") | Q(published_at__isnull=False)  # a wish only once it hangs on the tree
)  # fmt: skip
OWED = Q(state__in=("routed", "accepted"))
# A refusal brings it back from the refuser (no sender any more) or up to the backstop.
RETURNED = Q(state="routed", refusals__gt=0) & (Q(sender__isnull=True) | Q(backstopped=True))


class Case(models.Model):
    """A request, event, wish, errand, dispute …: the playbook's kind says which.

    An open case has an owner and a due time at every instant; the database refuses anything else.
    `text` is empty for a sealed case: then the words are in the vault under `sealed_subject`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=10, unique=True)
    kind = models.CharField(max_length=40)
    playbook = models.CharField(max_length=12)
    channel = models.CharField(max_length=20)
    category = models.CharField(max_length=40)

    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, related_name="+", db_index=False  # case_neighbours
    )  # fmt: skip
    place_path = CodeField(max_length=255)
    spot = models.CharField(max_length=120, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)

    text = models.TextField(blank=True)
    public_text = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    visibility = models.CharField(max_length=6, choices=Visibility)
    sealed_subject = models.CharField(max_length=64, blank=True)
    alias = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict, blank=True)

    state = models.CharField(max_length=10, choices=State, default=State.ROUTED)
    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False  # case_desk
    )  # fmt: skip
    owner_post = models.ForeignKey(
        Post, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    first_owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    sender = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    about = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    handler = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    backstopped = models.BooleanField(default=False)
    refusals = models.PositiveSmallIntegerField(default=0)
    extensions = models.PositiveSmallIntegerField(default=0)
    reopened = models.PositiveSmallIntegerField(default=0)
    askers_count = models.PositiveIntegerField(default=1)

    received_at = models.DateTimeField()
    accept_due_at = models.DateTimeField(null=True, blank=True)
    answer_due_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    late_noted_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    source = models.CharField(max_length=80, null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    # Derived by the database; nobody writes them. When everybody may see that it is there:
    listed_at = models.GeneratedField(
        expression=When_(When(LISTED, then=F("received_at"))),
        output_field=models.DateTimeField(null=True),
        db_persist=True,
    )
    # "owed" while an answer is, "waiting" for the asker's word, null once closed:
    band = models.GeneratedField(
        expression=When_(
            When(OWED, then=Value("owed")), When(state="answered", then=Value("waiting"))
        ),
        output_field=models.CharField(max_length=8, null=True),
        db_persist=True,
    )
    # When what other units gave back to this one is due:
    returned_due_at = models.GeneratedField(
        expression=When_(When(RETURNED, then=F("due_at"))),
        output_field=models.DateTimeField(null=True),
        db_persist=True,
    )

    askers: "models.Manager[Asker]"
    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="case_open_has_due",
                condition=Q(state__in=CLOSED, closed_at__isnull=False, due_at__isnull=True)
                | Q(state__in=OPEN, closed_at__isnull=True, due_at__isnull=False),
            ),
            models.CheckConstraint(
                name="case_sealed_has_no_text",
                condition=~Q(visibility="sealed") | Q(text="", public_text=""),
            ),
            models.CheckConstraint(
                name="case_not_owned_by_its_subject",
                condition=Q(about__isnull=True) | ~Q(about=F("owner")),
            ),
            models.CheckConstraint(
                name="case_merged_names_its_target",
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
            ),
            models.UniqueConstraint(fields=["source"], name="case_source_once"),
        ]
        indexes = [
            models.Index(
                fields=["owner", "band", "due_at", "id"],
                condition=Q(band__isnull=False),
                name="case_desk",
            ),
            models.Index(
                fields=["owner", "returned_due_at", "id"],
                condition=Q(returned_due_at__isnull=False),
                name="case_returned",
            ),
            models.Index(
                fields=["due_at", "id"], condition=Q(due_at__isnull=False), name="case_open"
            ),
            models.Index(fields=["state", "due_at"], name="case_clock"),
            models.Index(fields=["place_path", "received_at"], name="case_place"),
            models.Index(
                fields=["-listed_at", "-id"],
                condition=Q(listed_at__isnull=False),
                name="case_listed",
            ),
            models.Index(fields=["place", "category", "received_at"], name="case_neighbours"),
        ]

    def __str__(self) -> str:
        return self.pretty_number

    @property
    def pretty_number(self) -> str:
        return ids.pretty_number(self.number)

    @property
    def rule(self) -> CaseKind:
        """What the playbook says of this kind now."""
        return playbook.current().kinds[self.kind]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_late(self) -> bool:
        return self.state in WORKING and self.due_at is not None and self.due_at < clock.now()

    @property
    def is_sealed(self) -> bool:
        return self.visibility == Visibility.SEALED
