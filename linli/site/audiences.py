"""Who is known from the rolls of members, for letters: the letters know no rolls, the rolls no letters."""

from uuid import UUID

from linli.journal.models import Entry
from linli.letters.mailing.audiences import Answer
from linli.lib import clock
from linli.members.models import Member
from linli.playbook.letter import Audience


def members(rule: Audience, place: str) -> Answer:
    """Members now, in these stages; how many of them have no account here is a number."""
    rows = Member.objects.current().filter(
        membership__in=rule.kinds, organisation__place__path__startswith=place
    )
    if rule.stages:
        rows = rows.filter(stage__in=rule.stages)
    if rule.away is not None:
        rows = rows.filter(away_since__isnull=not rule.away)
    if rule.years:
        today = clock.today()
        day = min(today.day, 28) if today.month == 2 else today.day
        rows = rows.filter(entered_on__lte=today.replace(year=today.year - rule.years, day=day))
    with_account = rows.filter(user__isnull=False).values_list("user_id", flat=True)
    return set(with_account), rows.filter(user=None).count()


def moved(entry: Entry) -> UUID | None:
    """The account of the member a line is about."""
    pk = entry.subject.rpartition(":")[2]
    return Member.objects.filter(pk=pk).values_list("user_id", flat=True).first()
