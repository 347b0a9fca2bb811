"""Clubs begin; adults come onto their list, with a checked record, and leave it."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli import playbook
from linli.clubs import policies
from linli.clubs.actions import enrolling
from linli.clubs.actions.core import locked, tell
from linli.clubs.models import Club, Helper, Shift
from linli.facilities.models import Facility
from linli.lib import clock, ids, opening_hours
from linli.people.actors import Actor
from linli.people.models import User
from linli.people.policies import Denied


@transaction.atomic
def open_club(
    kind: str, facility: Facility, *, name: str, places: int, by: Actor, name_en: str = "",
    hours: str = "", code: str = "",
) -> Club:  # fmt: skip
    """A club begins at one of the body's own facilities. Raises Denied for a wrong host or hours."""
    rule = playbook.current().clubs.get(kind)
    if rule is None or facility.organisation.kind not in rule.host:
        raise Denied(_("This body does not run clubs of that kind."))
    club = Club(
        code=code or f"club-{ids.receipt_word().lower()}", kind=kind, facility=facility,
        name=name, name_en=name_en, places=places, hours=hours.strip() or rule.hours,
    )  # fmt: skip
    if not by.is_system:
        policies.check_keeps(by, club)
    try:
        opening_hours.parse(club.hours)
    except opening_hours.HoursError as error:
        raise Denied(str(error)) from error
    club.save(force_insert=True)
    tell(club, "club.opened", by=by, facts={"places": places})
    return club


@transaction.atomic
def list_helper(club: Club, user: User, *, checked_on: date, by: Actor) -> Helper:
    """Somebody may be with the children; the host has asked for their record that day.

    A newer check of the same person takes the place of the older. Raises Denied.
    """
    club = locked(club.pk)
    policies.check_keeps(by, club)
    days = policies.rule_of(club).check_days
    if not clock.today() - timedelta(days=days) <= checked_on <= clock.today():
        raise Denied(_("The check has to be of the last %(n)s days.") % {"n": days})
    Helper.objects.filter(club=club, user=user, ended_on=None).update(ended_on=clock.today())
    row = Helper.objects.create(club=club, user=user, checked_on=checked_on)
    tell(club, "club.helper_listed", by=by, facts={"helper": row.pk})
    return row


@transaction.atomic
def end_helper(helper: Helper, *, by: Actor) -> None:
    """Somebody is not with the children any more. Raises Denied while they are."""
    club = locked(helper.club_id)
    policies.check_keeps(by, club)
    if Shift.objects.filter(session__club=club, user=helper.user_id, left_at=None).exists():
        raise Denied(_("They are with the children now. Let them leave the session first."))
    if Helper.objects.filter(pk=helper.pk, ended_on=None).update(ended_on=clock.today()):
        tell(club, "club.helper_ended", by=by, facts={"helper": helper.pk})


@transaction.atomic
def change_places(club: Club, places: int, *, by: Actor) -> None:
    """More places, or fewer, but none is taken away. Raises Denied."""
    club = locked(club.pk)
    policies.check_keeps(by, club)
    try:
        with transaction.atomic():
            Club.objects.filter(pk=club.pk).update(places=places)
    except IntegrityError:
        said = _("%(n)s children have a place: there cannot be fewer.")
        raise Denied(said % {"n": club.enrolled}) from None
    tell(club, "club.places_changed", by=by, facts={"places": places})
    enrolling.move_up(club)
