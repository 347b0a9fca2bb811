"""Who agreed to be asked, and who was asked to hold a post."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.lib import clock, ids
from linli.people.models.appointment import Appointment, Post
from linli.people.models.user import User
from linli.places.models import Place


class Willing(models.Model):
    """Somebody's own word that offices nearby may ask them; it is gone when they take it back.

    Only the village or community, never a home.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="willing")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("near"))
    # Ids of posts in the playbook; empty: any.
    kinds = models.JSONField(default=list, blank=True)
    since = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("agreed to be asked")
        verbose_name_plural = _("agreed to be asked")

    def __str__(self) -> str:
        return str(self.place_id)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def waiting(self) -> Self:
        """Asked, and no answer yet."""
        return self.filter(state=Invitation.State.ASKED)

    def agreed(self) -> Self:
        """Said yes; the office has still to give the post."""
        return self.filter(state=Invitation.State.AGREED)

    def with_names(self) -> Self:
        return self.select_related("user", "post__organisation__place", "post__place").defer(
            "post__organisation__place__boundary", "post__place__boundary"
        )


class Invitation(models.Model):
    """A question to one person: would you hold this post? Nobody holds one without their own yes."""

    class State(models.TextChoices):
        ASKED = "asked", _("waiting for an answer")
        AGREED = "agreed", _("said yes; two have to give the post")
        HELD = "held", _("said yes and holds the post")
        DECLINED = "declined", _("said no")
        WITHDRAWN = "withdrawn", _("the question was taken back")
        LAPSED = "lapsed", _("no answer in time")

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    post = models.ForeignKey(Post, models.PROTECT, related_name="invitations")
    user = models.ForeignKey(User, models.CASCADE, related_name="invitations")
    is_deputy = models.BooleanField(default=False)
    from_date = models.DateField()
    to_date = models.DateField()
    # In which post the office asked: its right is looked at again when the post is given.
    asked_under = models.ForeignKey(
        Appointment, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    confirmed_under = models.ForeignKey(
        Appointment, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    public_name = models.CharField(max_length=40, blank=True)  # chosen with the yes
    asked_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to a post")
        verbose_name_plural = _("invitations to posts")
        indexes: ClassVar = [models.Index(fields=["user", "state"], name="people_invited")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(to_date__gt=F("from_date")), name="people_invited_for_some_time"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("asked_at")), name="people_invitation_expires"
            ),
            models.UniqueConstraint(
                fields=["post", "user"],
                condition=Q(state__in=["asked", "agreed"]),
                name="people_invited_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether an answer still counts."""
        return self.state == self.State.ASKED and self.expires_at > clock.now()
