"""Applying, coming in, being looked at, leaving; projects and services on the way."""

from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from linli.facilities.models import Facility
from linli.incubators.models import INSIDE, Look, Project, Site, State, Tenancy, Use
from linli.incubators.policies import check_keeps, is_own
from linli.journal.record import record
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.playbook.incubator import Incubator

YEAR = timedelta(days=365)


def tell(site: Site, verb: str, *, by: Actor, on: Tenancy | None = None, **facts: Any) -> None:
    """Write one line: never a name, nothing of anybody's business."""
    facility, rule = site.facility, site.rule
    record(
        verb, on=on or facility, by=by, place=facility.place_path,
        org=str(facility.organisation_id), method=rule.method_id if rule else "",
        facts={"site": site.pk, **facts},
    )  # fmt: skip


def rule_of(site: Site) -> Incubator:
    """What the playbook says of the house. Raises Denied if it says nothing any more."""
    if site.rule is None:
        raise Denied(_("This house takes no tenants any more."))
    return site.rule


@transaction.atomic
def set_up(facility: Facility, desks: int, *, by: Actor) -> Site:
    """Make a facility a house for tenants."""
    site = Site(facility=facility, desks=desks)
    rule_of(site)
    if not by.is_system:
        check_keeps(by, site)
    site.save(force_insert=True)
    tell(site, "incubator.opened", by=by, desks=desks)
    return site


@transaction.atomic
def apply(
    site: Site, *, name: str, field: str, people: int, desks: int, named: bool, by: Actor
) -> Tenancy:
    """Ask to be taken in. Raises Denied with a sentence."""
    rule = rule_of(site)
    by.check("incubator.apply")
    if by.user is None:
        raise Denied(_("Please sign in first."))
    if desks > rule.desks:
        raise Denied(_("One tenant gets at most %(n)s desks.") % {"n": rule.desks})
    try:
        with transaction.atomic():
            tenancy = Tenancy.objects.create(
                site=site, user=by.user, name=name.strip(), field=field.strip(), people=people,
                desks=desks, named=named,
            )  # fmt: skip
    except IntegrityError:
        raise Denied(_("You have applied here already.")) from None
    tell(site, "tenancy.applied", by=by, on=tenancy, desks=desks)
    return tenancy


@transaction.atomic
def admit(tenancy: Tenancy, *, by: Actor) -> None:
    """Take them in and keep their desks. Raises Denied if there are not so many."""
    check_keeps(by, tenancy.site)
    rule_of(tenancy.site)
    _go(tenancy, [State.APPLIED], state=State.ADMITTED)
    room = Site.objects.filter(pk=tenancy.site_id, taken__lte=F("desks") - tenancy.desks)
    if not room.update(taken=F("taken") + tenancy.desks):
        raise Denied(_("There are not so many desks free."))
    tell(tenancy.site, "tenancy.admitted", by=by, on=tenancy, desks=tenancy.desks)


@transaction.atomic
def refuse(tenancy: Tenancy, reason: str, *, by: Actor) -> None:
    """They cannot come, and read why."""
    check_keeps(by, tenancy.site)
    _go(tenancy, [State.APPLIED], state=State.REFUSED, reason=_why(reason), ended_on=clock.today())
    tell(tenancy.site, "tenancy.refused", by=by, on=tenancy)


@transaction.atomic
def begin(tenancy: Tenancy, *, by: Actor) -> None:
    """They moved in today."""
    check_keeps(by, tenancy.site)
    _go(tenancy, [State.ADMITTED], state=State.INCUBATING, began_on=clock.today())
    tell(tenancy.site, "tenancy.began", by=by, on=tenancy)


@transaction.atomic
def end(tenancy: Tenancy, *, graduated: bool, reason: str, by: Actor) -> None:
    """They leave, of themselves or not; the desks are free again. The tenant may end it alone."""
    if not is_own(by, tenancy):
        check_keeps(by, tenancy.site)
    elif graduated:
        raise Denied(_("Whether a tenant graduates, the house decides."))
    was = tenancy.state
    state = State.GRADUATED if graduated else State.LEFT
    before = [State.INCUBATING] if graduated else [State.APPLIED, *INSIDE]
    _go(tenancy, before, state=state, reason=_why(reason), ended_on=clock.today())
    if was in INSIDE:
        Site.objects.filter(pk=tenancy.site_id).update(taken=F("taken") - tenancy.desks)
    tell(tenancy.site, "tenancy.ended", by=by, on=tenancy, graduated=graduated)


@transaction.atomic
def look(tenancy: Tenancy, *, goes_on: bool, by: Actor) -> Look:
    """The half-yearly review of who is in the house."""
    check_keeps(by, tenancy.site)
    rows = Tenancy.objects.filter(pk=tenancy.pk, state=State.INCUBATING)
    if not rows.update(looked_on=clock.today()):
        raise Denied(_("Only who is in the house is looked at."))
    return _look(tenancy, Look.Kind.REVIEW, goes_on, by)


@transaction.atomic
def ask_after(tenancy: Tenancy, years: int, *, exists: bool, by: Actor) -> Look:
    """Whether a firm that graduated still exists, one or three years later; once each."""
    check_keeps(by, tenancy.site)
    if tenancy.state != State.GRADUATED or tenancy.ended_on is None:
        raise Denied(_("This is asked of those who graduated."))
    if clock.today() < tenancy.ended_on + years * YEAR:
        raise Denied(_("The time for this question has not come yet."))
    kind = Look.Kind.AFTER_1 if years == 1 else Look.Kind.AFTER_3
    return _look(tenancy, kind, exists, by)


def _look(tenancy: Tenancy, kind: str, goes_on: bool, by: Actor) -> Look:
    try:
        with transaction.atomic():
            row = Look.objects.create(
                tenancy=tenancy, kind=kind, on=clock.today(), goes_on=goes_on, by=by.id
            )
    except IntegrityError:
        raise Denied(_("This has been noted already.")) from None
    tell(tenancy.site, "tenancy.looked_at", by=by, on=tenancy, look=str(kind), goes_on=goes_on)
    return row


@transaction.atomic
def sign(tenancy: Tenancy, what: str, on: date, *, by: Actor) -> Project:
    """A project was signed; it does not count as more than that."""
    check_keeps(by, tenancy.site)
    _not_ahead(on)
    row = Project.objects.create(tenancy=tenancy, what=what.strip(), signed_on=on)
    tell(tenancy.site, "project.signed", by=by, on=tenancy)
    return row


@transaction.atomic
def advance(project: Project, on: date, *, by: Actor) -> None:
    """A signed project has started, or one that started is operating, since that day."""
    site = project.tenancy.site
    check_keeps(by, site)
    _not_ahead(on)
    last = project.started_on or project.signed_on
    if on < last:
        raise Denied(_("That is before the day of the step before, %(day)s.") % {"day": last})
    column = "operating_on" if project.started_on else "started_on"
    seen = {"started_on": project.started_on, "operating_on": None}
    rows = Project.objects.filter(pk=project.pk, **seen)
    if project.operating_on or not rows.update(**{column: on}):
        raise Denied(_("This has been noted already."))
    tell(site, f"project.{column.removesuffix('_on')}", by=by, on=project.tenancy)


@transaction.atomic
def count_use(site: Site, service: str, month: date, times: int, *, by: Actor) -> None:
    """How often a service was used in a month; said again it replaces what was said."""
    check_keeps(by, site)
    if service not in {one.id for one in rule_of(site).services}:
        raise Denied(_("This house does not count that service."))
    first = month.replace(day=1)
    _not_ahead(first)
    Use.objects.update_or_create(site=site, service=service, month=first, defaults={"times": times})
    tell(site, "incubator.counted", by=by, service=service, month=first.isoformat(), times=times)


def _go(tenancy: Tenancy, before: list[State], **changes: Any) -> None:
    """From one of these states on; Denied if somebody else was quicker."""
    if not Tenancy.objects.filter(pk=tenancy.pk, state__in=before).update(**changes):
        raise Denied(_("Someone else has just changed this. Look at it again before you go on."))
    tenancy.refresh_from_db()


def _why(reason: str) -> str:
    words = reason.strip()
    if not words:
        raise Denied(_("Write down why; the team reads it."))
    return words[:300]


def _not_ahead(day: date) -> None:
    if day > clock.today():
        raise Denied(_("That day has not come yet."))
