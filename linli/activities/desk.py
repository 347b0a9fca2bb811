"""What the host sees: what is on, what waits for a note, who is on the list."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Q

from linli import playbook
from linli.activities import hosts, service, today
from linli.activities.actions import capture, hours, paper
from linli.activities.forms.note import NoteForm
from linli.activities.forms.plan import ReasonForm
from linli.activities.models import Enrolment, Occurrence, Sheet, SignUp
from linli.activities.models.people import EARLIEST_IN, LATEST_OUT, Going
from linli.activities.policies import may, tie
from linli.lib import clock
from linli.people.actors import TOTALS, Actor
from linli.people.models import Appointment, User
from linli.playbook.schema import ActivityKind

AHEAD: Final = timedelta(days=21)
MOST: Final = 60
_OUT_OF_DATE: Final = timedelta(days=90)


@dataclass
class Desk:
    """One unit's side of what is on."""

    mine: list[today.Task] = field(default_factory=list)
    coming: list[Occurrence] = field(default_factory=list)
    unnoted: list[Occurrence] = field(default_factory=list)
    kinds: list[ActivityKind] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    paper_kinds: list[ActivityKind] = field(default_factory=list)
    home_kinds: list[ActivityKind] = field(default_factory=list)
    unsettled: list[SignUp] = field(default_factory=list)
    enrolled: list[Enrolment] = field(default_factory=list)
    told: tuple[int, timedelta | None] | None = None  # of our own people elsewhere, this quarter


def of(actor: Actor) -> Desk:
    """The desk of the person's own body; a visitor's or keeper's has their own tasks."""
    view = Desk(mine=today.of(actor, clock.today()), sheets=paper.waiting(actor))
    body = actor.organisation
    if body is None:
        return view
    book, now = playbook.current(), clock.now()
    hosted = [kind for kind in book.activities.values() if body.kind in kind.host]
    view.paper_kinds = [k for k in hosted if paper.holds_paper_post(actor, k.id, body.pk)]
    view.home_kinds = [k for k in hosted if k.stops == "homes"]
    if actor.may("enrolment.unit_hours", in_scope=True):
        view.told = service.of_unit(body, *quarter(clock.today()))
    if not actor.may("activity.create", in_scope=True):
        return view
    view.kinds = hosts.kinds(actor)
    own = Occurrence.objects.filter(organisation=body, kind__in=book.activities).with_names()
    view.coming = list(
        own.filter(ends_at__gte=now, starts_at__lt=now + AHEAD).order_by("starts_at", "pk")[:MOST]
    )
    view.unnoted = list(
        own.filter(state="planned", ends_at__lt=now, ends_at__gt=now - _OUT_OF_DATE)
        .order_by("starts_at", "pk")[:MOST]
    )  # fmt: skip
    view.unsettled = list(
        SignUp.objects.unsettled().filter(occurrence__organisation=body)
        .select_related("occurrence", "user").order_by("occurrence__ends_at")[:MOST]
    )  # fmt: skip
    view.enrolled = list(
        Enrolment.objects.filter(organisation=body, confirmed_at=None, ended_at=None)
        .select_related("user", "unit").order_by("asked_at")[:MOST]
    )  # fmt: skip
    return view


def quarter(day: date) -> tuple[date, date]:
    """The first day of the quarter, and the first day after it."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    year, month = (day.year + 1, 1) if first.month == 10 else (day.year, first.month + 3)
    return first, date(year, month, 1)


def manage(row: Occurrence, actor: Actor, form: NoteForm | None = None) -> dict[str, Any]:
    """What the page of one occurrence prints for its host."""
    rule, now = row.rule, clock.now()
    listed = may("activity.attendee_list", actor, row)
    tasks = [task for task in today.of(actor, row.day) if task.uid == row.uid]
    kinds = playbook.current().kinds
    return {
        "row": row, "rule": rule, "over": row.ends_at < now,
        "people": _people(row) if listed or may("activity.check_in", actor, row) else None,
        "keeps": may("activity.check_in", actor, row),
        "plans": may("activity.create", actor, row),
        "settles": tie(actor, row).in_scope and bool(actor.organisation),
        "door_code": hours.door_code(row) if may("activity.check_in", actor, row) else "",
        "door_open": row.starts_at - EARLIEST_IN <= now <= row.ends_at + LATEST_OUT,
        "settling_needed": row.ends_at + LATEST_OUT < now,
        "stops": tasks[0].stops if tasks else _stops(row, actor),
        "reads": _reads(row, actor),
        "form": form or NoteForm(rule=rule),
        "noting": row.is_open and now >= row.starts_at - capture.EARLY,
        "cancel_form": ReasonForm(), "records": _records(row),
        "yields": [kinds[name] for name in rule.yields], "opened": row.opened.order_by("pk"),
        "askable": {role.id: askable(row, role.id) for role in rule.roles} if row.is_open else {},
    }  # fmt: skip


def _reads(row: Occurrence, actor: Actor) -> str:
    """ "" or how the notes of a round can be read: at once, or with a "reason"."""
    if not row.records.exclude(home=None).exists() or actor.level("visit.read") == TOTALS:
        return ""
    if may("visit.read", actor, row):
        return "yes"
    return "reason" if actor.needs_reason("visit.read") and tie(actor, row).in_scope else ""


def _people(row: Occurrence) -> list[dict[str, Any]]:
    """Each role with its people; names as they want to be shown, and nothing else of them."""
    rows = row.sign_ups.exclude(state=Going.WITHDRAWN).select_related("user", "seat")
    people = list(rows.order_by("asked_at", "pk"))
    for one in people:
        one.occurrence = row
    seats = {seat.role: seat for seat in row.seats.all()}
    return [
        {
            "rule": role, "seat": seats[role.id],
            "rows": [one for one in people if one.seat.role == role.id],
        }
        for role in row.rule.roles if role.id in seats
    ]  # fmt: skip


def _stops(row: Occurrence, actor: Actor) -> list[today.TaskStop]:
    if row.rule.stops == "none":
        return []
    rows = row.stops.select_related("place", "home").order_by("order")
    return [today.as_stop(one, actor, row.day, visits=False) for one in rows]


def _records(row: Occurrence) -> list[dict[str, Any]]:
    """What was noted of the whole occurrence; notes of homes are with their stop."""
    rule = row.rule
    names = {one.id: one.name for one in rule.fields}
    return [
        {
            "record": record, "outcome": rule.outcome(record.outcome).name,
            "values": [(names[key], value) for key, value in record.fields.items()
                       if key in names],
        }
        for record in row.records.filter(home=None).order_by("noted_at")
        if record.outcome in {one.id for one in rule.outcomes}
    ]  # fmt: skip


def askable(row: Occurrence, role_id: str) -> list[User]:
    """Who can be put into a role: holders of its post in this body, or people who registered."""
    role = row.rule.role(role_id)
    taken = row.sign_ups.exclude(state=Going.WITHDRAWN).values("user")
    if role.by in ("anyone", "volunteer"):
        enrolled = Enrolment.objects.filter(
            organisation=row.organisation_id, confirmed_at__isnull=False, ended_at=None
        )
        fits = Q(pk__in=enrolled.values("user"))
    else:
        held = Appointment.objects.in_force(row.day).filter(
            post__kind=role.by, post__organisation=row.organisation_id
        )  # fmt: skip
        fits = Q(pk__in=held.values("user"))
    rows = User.objects.filter(fits, is_active=True).exclude(pk__in=taken)
    return list(rows.order_by("display_name")[:MOST])
