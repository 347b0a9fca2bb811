"""Pages that people wrote on: copied by one, read by a second, every line settled."""

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli import playbook
from linli.activities.models.occurrence import Occurrence
from linli.files.models import Photo
from linli.lib import clock, ids
from linli.people.models import Organisation, User
from linli.places.models import Place
from linli.playbook.activity import Paper
from linli.playbook.schema import ActivityKind

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Stage(models.TextChoices):
    COPY = "copy", pgettext_lazy("page", "to be copied")
    READ = "read", pgettext_lazy("page", "to be read by a second person")
    AGREE = "agree", pgettext_lazy("page", "the two differ")
    SETTLE = "settle", pgettext_lazy("page", "every line to be settled")
    CLOSED = "closed", pgettext_lazy("page", "closed")


class Sheet(models.Model):
    """One page. Its picture is erased as soon as two people agree what stands on it."""

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    kind = models.CharField(max_length=40)  # of the activity
    occurrence = models.ForeignKey(
        Occurrence, models.PROTECT, null=True, blank=True, related_name="sheets"
    )
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")  # the line, the square
    place_path = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()  # as written on the page
    week = models.DateField()  # the Monday; nothing nearer is kept
    photo = models.ForeignKey(Photo, models.SET_NULL, null=True, blank=True, related_name="+")
    stage = models.CharField(max_length=6, choices=Stage, default=Stage.COPY)
    copier = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    reader = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    agreed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True)

    if TYPE_CHECKING:
        lines: RelatedManager["Line"]

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        indexes: ClassVar = [
            models.Index(fields=["organisation", "stage"], name="act_sheet_desk"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "place", "week", "number"], name="act_page_once"
            ),
            models.CheckConstraint(
                condition=Q(copier__isnull=True) | Q(reader__isnull=True) | ~Q(copier=F("reader")),
                name="act_two_people_read",
            ),
            # Nobody keeps the picture of a page on which two people agree.
            models.CheckConstraint(
                condition=Q(stage__in=["copy", "read", "agree"]) | Q(photo__isnull=True),
                name="act_picture_goes",
            ),
            models.CheckConstraint(
                condition=Q(stage="closed", closed_at__isnull=False)
                | (~Q(stage="closed") & Q(closed_at=None)),
                name="act_sheet_closed_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.week} {self.number}"

    @property
    def rule(self) -> ActivityKind:
        """Its kind in the playbook. Raises KeyError if the playbook dropped it."""
        return playbook.current().activities[self.kind]

    @property
    def paper(self) -> Paper:
        """What the playbook says about pages of this kind. KeyError if nothing."""
        paper = self.rule.paper
        if paper is None:
            raise KeyError(self.kind)
        return paper


class Line(models.Model):
    """One line of a page: two readings, the agreed one, and what came of it."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="lines")
    number = models.PositiveSmallIntegerField()
    first = models.TextField(blank=True)
    second = models.TextField(blank=True)
    text = models.TextField(blank=True)  # agreed
    agreed = models.BooleanField(default=False)
    case_number = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=40, blank=True)  # of the playbook: no action, because
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "number"], name="act_line_once"),
            models.CheckConstraint(
                condition=Q(settled_at=None, case_number="", reason="")
                | (Q(settled_at__isnull=False) & (~Q(case_number="") | ~Q(reason=""))),
                name="act_line_case_or_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"
