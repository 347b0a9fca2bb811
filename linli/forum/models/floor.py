"""Floors: numbered from 1, never reused; a hidden one keeps its number and says why."""

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.files.models import Photo
from linli.forum.models.moderation import Reason
from linli.forum.models.topic import Topic
from linli.lib import clock
from linli.people.models import Organisation, User

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

LONGEST_TEXT = 10_000


class FloorState(models.TextChoices):
    VISIBLE = "visible", _("visible")
    FOLDED = "folded", _("folded")
    HELD = "held", _("waits for a moderator")
    HIDDEN = "hidden", _("hidden")
    TAKEN_BACK = "taken_back", _("taken back by its author")


READABLE = (FloorState.VISIBLE, FloorState.FOLDED)


class Floor(models.Model):
    """What somebody said in a topic. `text` is CommonMark, `html` what it was made into.

    A post's holder speaks for their unit; then `unit` is shown and no private name. `came_of` names
    the line of the journal that a floor was written for, so that it is written once.
    """

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="all_floors")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    reply_to = models.PositiveIntegerField(null=True, blank=True)
    text = models.TextField()
    html = models.TextField()
    state = models.CharField(max_length=10, choices=FloorState, default=FloorState.VISIBLE)
    reason = models.CharField(max_length=10, choices=Reason, blank=True)
    posted_at = models.DateTimeField(default=clock.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    edits = models.PositiveSmallIntegerField(default=0)
    photos_count = models.PositiveSmallIntegerField(default=0)
    state_at = models.DateTimeField(null=True, blank=True)  # of the last hiding or taking back
    asked_for_case = models.BooleanField(default=False)  # the author is asked: make it a case?
    came_of = models.CharField(max_length=40, null=True, blank=True, unique=True, default=None)

    if TYPE_CHECKING:
        versions: RelatedManager["Version"]
        pictures: RelatedManager["FloorPhoto"]

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["topic", "number"], name="forum_floor_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="forum_floor_from_one"),
            models.CheckConstraint(
                condition=Q(reply_to__isnull=True) | Q(reply_to__lt=F("number")),
                name="forum_floor_answers_an_earlier_one",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["visible", "taken_back"], reason="")
                | Q(Q(state__in=["folded", "held", "hidden"]), ~Q(reason="")),
                name="forum_floor_hidden_for_a_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["author"], name="forum_floor_of"),
            models.Index(
                fields=["state", "state_at"],
                condition=Q(state__in=["hidden", "taken_back"]) & ~Q(text=""),
                name="forum_floor_to_forget",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}# of {self.topic_id}"

    @property
    def is_readable(self) -> bool:
        """Whether everybody may read its words."""
        return self.state in READABLE


class Version(models.Model):
    """What a floor said before an edit; shown to whoever may read the floor."""

    floor = models.ForeignKey(Floor, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    until = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["floor", "number"], name="forum_version_once")
        ]

    def __str__(self) -> str:
        return f"version {self.number} of {self.floor_id}"


class FloorPhoto(models.Model):
    """A picture of a floor; the file was drawn anew and is ours."""

    floor = models.ForeignKey(Floor, models.CASCADE, related_name="pictures")
    photo = models.OneToOneField(Photo, models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"a photo of {self.floor_id}"
