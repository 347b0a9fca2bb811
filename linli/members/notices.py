"""Letters to members about steps against them: a follower, so none is forgotten or sent twice."""

from collections.abc import Sequence
from typing import Final

from django.urls import reverse
from django.utils import translation

from linli import playbook
from linli.journal.models import Entry
from linli.letters.outbox import Recipient, send
from linli.members.models import Member
from linli.web.language import lang

VERBS: Final = ("member.noticed", "member.decided", "member.appeal_decided")


def handle(entries: Sequence[Entry]) -> None:
    """Tell whoever has an account. However late the worker is: somebody's time to reply runs."""
    keys = {entry.subject.partition(":")[2] for entry in entries}
    rows = Member.objects.filter(pk__in=keys, user__is_active=True).select_related("user")
    found = {f"members.Member:{row.pk}": row for row in rows}
    for entry in entries:
        member = found.get(entry.subject)
        if member is not None and member.membership in playbook.current().memberships:
            _tell(entry, member)


def _tell(entry: Entry, member: Member) -> None:
    user = member.user
    if user is None:
        return
    with translation.override(user.language):
        what = member.rule.step(str(entry.facts["step"])).name.text(lang())
    send(
        Recipient(user=user, language=user.language), entry.verb,
        {"what": what, "path": reverse("my-membership")}, key=str(entry.seq), about=entry.subject,
    )  # fmt: skip
