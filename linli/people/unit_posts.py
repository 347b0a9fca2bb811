"""The posts of a unit and its area: held by whom and until when, empty since when, who may be asked."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Exists, Max, OuterRef, Prefetch, Q

from linli import playbook
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.models import Appointment, Post, User, Willing
from linli.people.models.appointment import PostQuerySet
from linli.people.roles import STAFF, Role
from linli.places.models import VILLAGES, path_range
from linli.playbook.schema import PostKind
from linli.web.language import lang

PAGE: Final = 40
PEOPLE: Final = 60


@dataclass(frozen=True)
class Row:
    """One post on the list."""

    post: Post
    title: str
    holders: list[Appointment]
    deputies: list[Appointment]
    empty_since: date | None  # None: held, or never held
    vacant: bool
    ends: date | None  # the first end among the holders
    asked: int


@dataclass(frozen=True)
class Page:
    """A page of posts, the numbers above it, and the key of the next page."""

    rows: list[Row]
    counts: dict[str, int]
    after: str = ""


def in_area(actor: Actor) -> PostQuerySet:
    """Posts of this person's body, and those for places in their area."""
    if actor.organisation is None:
        return Post.objects.none()
    here = Q(organisation=actor.organisation)
    if actor.place_path:
        here |= path_range(actor.place_path, "place__path")
        here |= Q(place=None) & path_range(actor.place_path, "organisation__place__path")
    return Post.objects.in_force(clock.today()).filter(here)


def of_unit(actor: Actor, *, vacant: bool, after: str = "") -> Page:
    """A page of the posts in this person's area, five statements however many there are."""
    today = clock.today()
    holder = Appointment.objects.in_force(today).main().filter(post=OuterRef("pk"))
    rows = in_area(actor).annotate(held=Exists(holder))
    counts = {"all": rows.count(), "empty": rows.filter(held=False).count()}
    if vacant:
        rows = rows.filter(held=False)
    if after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__gt=int(after))
    now = Appointment.objects.in_force(today).select_related("user").order_by("is_deputy", "seat")
    left = Max("appointments__to_date", filter=Q(appointments__is_deputy=False))
    found = rows.select_related("organisation__place", "place").annotate(left=left).defer(
        "organisation__place__boundary", "place__boundary"
    )  # fmt: skip
    page = list(found.prefetch_related(Prefetch("appointments", now, to_attr="now"), "invitations")
                .order_by("pk")[: PAGE + 1])  # fmt: skip
    more = str(page[PAGE - 1].pk) if len(page) > PAGE else ""
    return Page([_row(post) for post in page[:PAGE]], counts, more)


def _row(post: Post) -> Row:
    now: list[Appointment] = getattr(post, "now")  # noqa: B009
    main = [row for row in now if not row.is_deputy]
    ends = [row.to_date for row in main if row.to_date]
    return Row(
        post, post.title(lang()), main, [row for row in now if row.is_deputy],
        None if main else getattr(post, "left"), not main, min(ends, default=None),  # noqa: B009
        sum(row.state in ("asked", "agreed") for row in post.invitations.all()),
    )  # fmt: skip


def kind_of(post: Post) -> PostKind | None:
    """What the playbook says of it; None if the playbook dropped it."""
    return playbook.current().posts.get(post.kind)


def empty_since(post: Post) -> date | None:
    """When the last holder's time ended, if nobody holds it; None if it is held or never was."""
    if post.holders(clock.today()).main().exists():
        return None
    past = Appointment.objects.filter(is_deputy=False).filter(post=post, to_date__lte=clock.today())
    day: date | None = past.aggregate(last=Max("to_date"))["last"]
    return day


def people_for(post: Post) -> list[User]:
    """Who may be asked: people of the same body, and those nearby who agreed to be asked."""
    today = clock.today()
    colleagues = Appointment.objects.in_force(today).filter(
        post__organisation=post.organisation_id
    ).values("user")  # fmt: skip
    line = [*post.on_place.ancestors(), post.on_place]
    village = next((place for place in line if place.kind in VILLAGES), line[-1])
    near = Willing.objects.filter(path_range(village, "place__path"))
    willing = [row.user_id for row in near[:PEOPLE] if not row.kinds or post.kind in row.kinds]
    held = Appointment.objects.in_force(today).filter(post=post).values("user")
    rows = User.objects.filter(Q(pk__in=colleagues) | Q(pk__in=willing), is_active=True)
    return list(rows.exclude(pk__in=held).order_by("display_name", "pk")[:PEOPLE])


def kinds_to_ask_for() -> list[tuple[str, str]]:
    """The posts that a neighbour can be asked to hold: those on places, and those of volunteers."""
    tongue = lang()
    desks = {Role.MGR, Role.CTY, Role.AUD, Role.ADM}
    return [
        (kind.id, kind.name.text(tongue)) for kind in playbook.current().posts.values()
        if Role(kind.role) not in desks and (kind.on != "organisation" or kind.role not in STAFF)
    ]  # fmt: skip
