"""Posts, and who holds them from when to when. A right begins and ends with an appointment."""

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from linli import playbook
from linli.lib import clock
from linli.people.models.organisation import Organisation, valid_on
from linli.people.models.user import User
from linli.people.roles import HELD, STAFF
from linli.places.models import Place
from linli.web.language import lang

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager
    from django.db.models.sql.compiler import SQLCompiler

LONGEST_TERM = 366  # days: twelve months, with a leap day


class Days(models.Func):
    """Days between two dates, in a way that a constraint of either engine can count."""

    output_field = models.IntegerField()
    template = "(%(expressions)s)"
    arg_joiner = " - "

    def as_sqlite(self, compiler: "SQLCompiler", connection: Any, **kw: Any) -> Any:
        later, earlier = self.get_source_expressions()
        days = [models.Func(day, function="julianday") for day in (later, earlier)]
        copy = self.copy()
        copy.set_source_expressions(days)
        return super(Days, copy).as_sql(compiler, connection, **kw)


class PostQuerySet(models.QuerySet["Post"]):
    def in_force(self, on: date) -> "PostQuerySet":
        """Posts that existed on that day, of bodies that did."""
        return self.filter(valid_on(on), valid_on(on, "organisation__"))

    def of_kind(self, *kinds: str) -> "PostQuerySet":
        return self.filter(kind__in=kinds)

    def vacant(self, on: date) -> "PostQuerySet":
        """Posts of that day without a holder in the main seat; a deputy does not fill a post."""
        holder = Appointment.objects.in_force(on).main().filter(post=OuterRef("pk"))
        return self.in_force(on).filter(~Exists(holder))

    def on(self, place: Place) -> "PostQuerySet":
        """Posts for this place: named for it, or of a body that stands there."""
        return self.filter(Q(place=place) | Q(place__isnull=True, organisation__place=place))


class Post(models.Model):
    """A responsibility in a body: its kind in the playbook, its role, its number of seats."""

    kind = models.CharField(_("kind"), max_length=40)  # the id of a post in the playbook
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="posts", verbose_name=_("organisation")
    )
    # What it is for, where that is narrower than the place of the body: a building, a grid, a line.
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("for")
    )
    role = models.CharField(_("role"), max_length=4, choices=[(r.value, r.value) for r in HELD])
    seats = models.PositiveSmallIntegerField(_("seats"), default=1)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until"), null=True, blank=True)

    objects = PostQuerySet.as_manager()

    if TYPE_CHECKING:
        appointments: RelatedManager["Appointment"]

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        indexes: ClassVar = [models.Index(fields=["kind", "place"], name="people_post_kind_place")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in HELD]), name="people_post_role_known"
            ),
            models.CheckConstraint(condition=Q(seats__gte=1), name="people_post_has_seats"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="people_post_lasts",
            ),
            # More of the same is more seats, not more posts.
            models.UniqueConstraint(
                fields=["organisation", "kind", "place"],
                condition=Q(valid_to__isnull=True, place__isnull=False),
                name="people_post_once_for_a_place",
            ),
            models.UniqueConstraint(
                fields=["organisation", "kind"],
                condition=Q(valid_to__isnull=True, place__isnull=True),
                name="people_post_once_in_a_body",
            ),
        ]

    def __str__(self) -> str:
        return self.title(lang())

    def title(self, lang: str) -> str:
        """Body, post and, where it is narrower, the place: "Street Lighting · Handler"."""
        rule = playbook.current().posts.get(self.kind)
        parts = [self.organisation.name_for(lang), rule.name.text(lang) if rule else self.kind]
        if self.place:
            parts.append(self.place.name_for(lang))
        return " · ".join(parts)

    @property
    def on_place(self) -> Place:
        """The place it is for: its own, or where its body stands."""
        return self.place or self.organisation.place

    def holders(self, on: date) -> "AppointmentQuerySet":
        """Who held it on that day, deputies last."""
        found = Appointment.objects.in_force(on).filter(post=self).select_related("user")
        return found.order_by("is_deputy", "seat", "pk")


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def in_force(self, on: date) -> "AppointmentQuerySet":
        """Appointments of that day, to posts and bodies that still existed."""
        # Joins, not EXISTS: a planner without statistics runs those once a row.
        return self.overlapping(on, None, days=1).filter(
            valid_on(on, "post__"), valid_on(on, "post__organisation__"), user__is_active=True
        )

    def main(self) -> "AppointmentQuerySet":
        """The holders themselves, without deputies."""
        return self.filter(is_deputy=False)

    def staff(self) -> "AppointmentQuerySet":
        return self.filter(role__in=STAFF)

    def overlapping(
        self, start: date, end: date | None, *, days: int | None = None
    ) -> "AppointmentQuerySet":
        """Appointments that share a day with [start, end); `days=1` asks about `start` alone."""
        found = self.filter(Q(to_date__isnull=True) | Q(to_date__gt=start))
        if days == 1:
            return found.filter(from_date__lte=start)
        return found if end is None else found.filter(from_date__lt=end)

    def with_posts(self) -> "AppointmentQuerySet":
        """With what an actor needs, in one query."""
        return self.select_related("user", "post__organisation__place", "post__place").defer(
            "post__place__boundary", "post__organisation__place__boundary"
        )


class Appointment(models.Model):
    """One person in one post, from one day until the day before another."""

    post = models.ForeignKey(
        Post, models.PROTECT, related_name="appointments", verbose_name=_("post")
    )
    user = models.ForeignKey(
        User, models.PROTECT, related_name="appointments", verbose_name=_("person")
    )
    # The post's role on the day of the appointment: a right is never lengthened by changing a post.
    role = models.CharField(_("role"), max_length=4)
    # The seat among the post's seats; deputies have none.
    seat = models.PositiveSmallIntegerField(_("seat"), null=True, blank=True)
    is_deputy = models.BooleanField(_("deputy"), default=False)
    from_date = models.DateField(_("from"))
    # The first day on which it no longer holds.
    to_date = models.DateField(_("until"), null=True, blank=True)
    # What the door card calls the holder; empty: the card names the post only.
    public_name = models.CharField(_("name on the door card"), max_length=40, blank=True)
    consented = models.BooleanField(_("agreed to be named"), default=False)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    # When what was open was given on after the end; null: not yet, or it has not ended.
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        indexes: ClassVar = [
            models.Index(fields=["user", "to_date"], name="people_holder_until"),
            models.Index(fields=["post", "to_date"], name="people_held_until"),
            models.Index(
                fields=["to_date"], condition=Q(settled_at=None), name="people_held_unsettled"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in HELD]), name="people_held_role_known"
            ),
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(to_date__gt=F("from_date")),
                name="people_held_lasts",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=sorted(role.value for role in STAFF))
                | (
                    Q(to_date__isnull=False)
                    & Q(LessThanOrEqual(Days(F("to_date"), F("from_date")), LONGEST_TERM))
                ),
                name="people_staff_at_most_a_year",
            ),
            models.CheckConstraint(
                condition=Q(is_deputy=True, seat__isnull=True)
                | Q(is_deputy=False, seat__isnull=False, seat__gte=1),
                name="people_deputies_have_no_seat",
            ),
            # Overlaps of later days are refused by `actions.appoint` under a lock on the post.
            models.UniqueConstraint(
                fields=["post", "seat", "from_date"], name="people_one_holder_a_seat"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post} ({self.role})"

    @property
    def shown_name(self) -> str:
        """The name for the public, empty without consent."""
        return self.public_name if self.consented else ""
