"""What pages say of clubs: counts for everybody, numbers instead of names for the desk."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Max, Q, Sum

from linli.clubs.models import Child, Club, Helper, Incident, Presence, Session, Shift
from linli.lib import clock, opening_hours
from linli.people.models import User

SHOWN: Final = 100
PAGE: Final = 30
YEAR: Final = timedelta(days=365)


def clubs(after: str) -> tuple[list[Club], str]:
    """A page of running clubs in the order of their codes, and where the next one begins."""
    rows = Club.objects.running().with_names().filter(code__gt=after).order_by("code")
    found = list(rows[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].code if len(found) > PAGE else ""


@dataclass(frozen=True)
class Figures:
    """A year of a club in counts; no child, no day."""

    sessions: int
    came: int
    densest: int
    waiting: int


def figures(club: Club) -> Figures:
    """The counts of the last twelve months."""
    rows = Session.objects.filter(club=club, opened_at__gt=clock.now() - YEAR).exclude(
        ended_at=None
    )
    sums = rows.aggregate(n=Count("pk"), came=Sum("came"), densest=Max("densest"))
    waiting = Child.objects.filter(club=club, state=Child.State.WAITING).count()
    return Figures(sums["n"], sums["came"] or 0, sums["densest"] or 0, waiting)


def is_open(club: Club) -> bool:
    """Whether children are there now."""
    return Session.objects.filter(club=club, ended_at=None).exists()


def mine(user: User | None) -> list[Child]:
    """A guardian's children, those with a place first to last."""
    rows = Child.objects.filter(guardian=user).select_related("club__facility__place")
    return list(rows.defer("club__facility__place__boundary").order_by("-applied_at")[:SHOWN])


def of_child(child: Child) -> dict[str, Any]:
    """What the guardian's page shows without opening a seal."""
    rows = Presence.objects.filter(child=child).select_related("handed_to")
    return {
        "adults": child.pickups.filter(ended_at=None).order_by("added_at", "pk"),
        "times": rows.order_by("-came_at")[:20],
        "inside": rows.filter(left_at=None).exists(),
        "incidents": Incident.objects.filter(child=child).order_by("-at")[:20],
    }  # fmt: skip


def desk(club: Club) -> dict[str, Any]:
    """Who asks for a place, who has one, the adults, the last sessions, what happened."""
    children = Child.objects.filter(club=club).defer("consent_text")
    helpers = Helper.objects.filter(club=club, ended_on=None).select_related("user", "club")
    return {
        "applied": children.filter(state="applied").order_by("applied_at")[:SHOWN],
        "waiting": children.filter(state="waiting").order_by("decided_at", "number")[:SHOWN],
        "enrolled": children.filter(state="enrolled").order_by("number")[:SHOWN],
        "helpers": helpers.order_by("user__display_name", "pk"),
        "sessions": Session.objects.filter(club=club).order_by("-opened_at")[:10],
        "incidents": Incident.objects.filter(session__club=club).select_related("child")
        .order_by("-at")[:20],
    }  # fmt: skip


@dataclass(frozen=True)
class Door:
    """A session as the door sees it."""

    session: Session
    inside: list[Presence]
    outside: list[Child]
    gone: list[Presence]
    adults: list[Shift]
    others: list[Helper]


def door(session: Session) -> Door:
    """Numbers of children, names of adults."""
    rows = list(Presence.objects.filter(session=session).select_related("child", "handed_to")
                .order_by("child__number", "came_at"))  # fmt: skip
    inside = [row for row in rows if row.left_at is None]
    outside = Child.objects.filter(club=session.club_id, state="enrolled").exclude(
        pk__in=[row.child_id for row in inside]
    )
    adults = list(session.shifts.filter(left_at=None).select_related("user").order_by("came_at"))
    here = {row.user_id for row in adults}
    return Door(
        session, inside, list(outside.defer("consent_text").order_by("number")),
        [row for row in rows if row.left_at is not None], adults,
        [row for row in ready(session.club) if row.user_id not in here],
    )  # fmt: skip


def ready(club: Club) -> list[Helper]:
    """The adults who may be with the children today."""
    rows = Helper.objects.filter(club=club, ended_on=None).select_related("user", "club")
    return [row for row in rows.order_by("user__display_name", "pk") if row.is_ready]


def usual_end(club: Club) -> datetime | None:
    """When today's hours end; None on a day without hours."""
    spans = opening_hours.parse(club.hours).on(clock.today())
    if not spans:
        return None
    minutes = min(max(end for _begin, end in spans), 24 * 60 - 1)
    midnight = datetime.combine(clock.today(), datetime.min.time(), clock.LOCAL)
    return midnight + timedelta(minutes=minutes)


def at_desk(organisation_id: int) -> list[Club]:
    """A body's own clubs, with how many ask for a place and what is wrong there."""
    rows = Club.objects.with_names().filter(facility__organisation=organisation_id)
    asked = Count("children", filter=Q(children__state="applied"))
    return list(rows.annotate(asked=asked).order_by("code")[:SHOWN])


def waiting_now(clubs_: list[Club]) -> dict[int, Session]:
    """The open sessions of these clubs."""
    rows = Session.objects.filter(club__in=clubs_, ended_at=None)
    return {row.club_id: row for row in rows}
