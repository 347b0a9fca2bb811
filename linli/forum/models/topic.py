"""Topics, what they are about, and who watches them."""

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.forum.models.board import Board
from linli.forum.models.moderation import Reason
from linli.lib import clock
from linli.people.models import User

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from linli.forum.models.floor import Floor

LONGEST_TITLE = 80


class TopicState(models.TextChoices):
    OPEN = "open", _("open")
    LOCKED = "locked", _("closed for new floors")
    HIDDEN = "hidden", _("hidden")


class TopicQuerySet(models.QuerySet["Topic"]):
    def listed(self) -> "TopicQuerySet":
        """Topics that everybody sees in lists."""
        return self.exclude(state=TopicState.HIDDEN)

    def with_names(self) -> "TopicQuerySet":
        """With board and place, as a list prints them."""
        return self.select_related("board__place").defer("board__place__boundary")


class Topic(models.Model):
    """One conversation. `floors` is the last number given; the next floor gets the one after it.

    `revision` grows with every change that a reader could see.
    """

    board = models.ForeignKey(Board, models.PROTECT, related_name="+")
    title = models.CharField(max_length=LONGEST_TITLE, blank=True)  # blank: taken back
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=6, choices=TopicState, default=TopicState.OPEN)
    reason = models.CharField(max_length=10, choices=Reason, blank=True)
    joined_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    pinned = models.BooleanField(default=False)
    floors = models.PositiveIntegerField(default=0)
    ties_count = models.PositiveSmallIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(default=clock.now)
    last_at = models.DateTimeField(default=clock.now)

    objects = TopicQuerySet.as_manager()

    if TYPE_CHECKING:
        all_floors: RelatedManager[Floor]
        ties: RelatedManager["Tie"]

    class Meta:
        indexes: ClassVar = [
            # Lists of a board and of the whole forum are read off these, whatever their length.
            models.Index(fields=["board", "-last_at", "-id"], name="forum_topic_of_board"),
            models.Index(fields=["-last_at", "-id"], name="forum_topic_newest"),
            models.Index(fields=["author"], name="forum_topic_of"),
            models.Index(
                fields=["board"], condition=Q(pinned=True), name="forum_topic_pinned"
            ),
        ]  # fmt: skip
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="open", reason="")
                | Q(state="locked")
                | Q(Q(state="hidden"), ~Q(reason="")),
                name="forum_topic_hidden_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(joined_to__isnull=True)
                | Q(Q(state__in=["locked", "hidden"]), ~Q(joined_to=F("id"))),
                name="forum_topic_joined_is_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"topic {self.pk}"

    @property
    def heading(self) -> str:
        """The title, or what stands for one that was taken back."""
        return self.title or str(_("(title taken back)"))

    @property
    def is_open(self) -> bool:
        return self.state == TopicState.OPEN

    @property
    def replies(self) -> int:
        return max(0, self.floors - 1)


class Tie(models.Model):
    """What a topic has to do with something elsewhere: it is about it, or it came of a floor.

    `subject` is the journal's name of that thing ("cases.Case:…"). Each thing has one topic.
    """

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="ties")
    floor = models.PositiveIntegerField(default=0)  # 0: the whole topic is about it
    subject = models.CharField(max_length=120, unique=True)
    made_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.topic_id} is tied to {self.subject}"


class Watch(models.Model):
    """Somebody follows a topic: how far they have read, and up to where they were told.

    Only here the forum remembers what somebody has read: of topics that they chose to follow.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="watches")
    seen = models.PositiveIntegerField(default=0)
    told = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["topic", "user"], name="forum_watched_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} watches {self.topic_id}"
