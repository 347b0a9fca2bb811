"""What every action does: the line in the journal, the change of a stage, the days it allows."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from linli.journal.models import Entry
from linli.journal.record import record
from linli.lib import clock
from linli.members.models import Member
from linli.people.actors import Actor
from linli.people.policies import Denied

LONGEST_NAME = 40


def raced() -> Denied:
    """The sentence for whoever was second."""
    return Denied(_("Someone else has just changed this. Look at it again before you go on."))


def tell(member: Member, verb: str, *, by: Actor, facts: dict[str, Any] | None = None) -> Entry:
    """One line about a member: never a name, a ground or a word that was said."""
    return record(
        verb,
        on=member,
        by=by,
        place=member.organisation.place.path,
        org=str(member.organisation_id),
        method=member.rule.method_id,
        facts={"membership": member.membership, **(facts or {})},
    )


def check_day(day: date, *, since: date | None = None) -> None:
    """Raise Denied for a day to come, or before the stage began."""
    if day > clock.today():
        raise Denied(_("This day is still to come."))
    if since is not None and day < since:
        raise Denied(
            _("This is before the present stage began, on %(day)s.") % {"day": since.isoformat()}
        )


def put(member: Member, to: str, on: date) -> None:
    """Set the stage; Denied if somebody else has just changed it. Tells nobody."""
    ends = member.rule.stage(to).ends
    rows = Member.objects.filter(pk=member.pk, stage=member.stage, left_on=None)
    if not rows.update(stage=to, since=on, left_on=on if ends else None):
        raise raced()
    member.stage, member.since, member.left_on = to, on, on if ends else None
