"""Which letters follow which line of a case's journal: a follower, so none is sent twice or lost."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db.models import F

from linli.cases.models import Asker, Case
from linli.cases.steps import standings
from linli.cases.views import access
from linli.journal.models import Entry
from linli.letters.outbox import Recipient, send
from linli.lib import clock
from linli.people.models import Appointment

# verb -> template of the letter to each asker
TO_ASKERS = {
    "case.received": "case.received",
    "case.joined": "case.received",
    "case.extended": "case.extended",
    "case.transferred": "case.transferred",
    "case.answered": "case.answered",
    "case.declined": "case.declined",
    "case.merged": "case.merged",
}
# verb -> template of the letter to those who hold a post in the owning unit
TO_UNIT = {
    "case.routed": "case.dispatched",
    "case.transferred": "case.dispatched",
    "case.refused": "case.dispatched",
    "case.reopened": "case.reopened",
    "case.late": "case.late",
}
STALE = timedelta(days=7)  # a worker that was off for a month does not flood inboxes
STEPS_FOLLOW = frozenset(
    {"case.received", "case.step"}
)  # after these a step may wait for the asker
VERBS = tuple(sorted({*TO_ASKERS, *TO_UNIT, *STEPS_FOLLOW, "case.claim_ended"}))


def handle(entries: Sequence[Entry]) -> None:
    """Write the letters that these lines call for; the keys make a second reading harmless."""
    cases = _cases(entries)
    for entry in entries:
        case = cases.get(entry.subject)
        if case is None:
            continue  # erased meanwhile: nobody is left to tell
        if entry.verb in TO_ASKERS:
            _tell_askers(entry, case)
        if entry.verb in TO_UNIT:
            _tell_unit(entry, case)
        if entry.verb in STEPS_FOLLOW:
            _tell_of_steps(entry, case)
        if entry.verb == "case.claim_ended" and entry.facts.get("lapsed"):
            _tell_volunteer(entry, case)


def _cases(entries: Iterable[Entry]) -> dict[str, Case]:
    keys = {entry.subject.partition(":")[2] for entry in entries}
    rows = Case.objects.filter(pk__in=keys).select_related("owner", "merged_into")
    return {f"cases.Case:{row.pk}": row for row in rows}


def _tell_askers(entry: Entry, case: Case) -> None:
    if case.channel == "import":
        return  # it happened elsewhere, long ago: nobody waits for a word from us
    askers = Asker.objects.filter(case=case.merged_into or case).select_related("user")
    if entry.verb in {"case.received", "case.joined"}:
        only = entry.facts.get("asker")
        askers = askers.filter(pk=only) if only else askers.filter(is_first=True)
    elif entry.verb == "case.merged":
        askers = askers.exclude(is_first=True)
    round_ = int(entry.facts.get("round", case.reopened + 1))
    for asker in askers:
        to = recipient(asker)
        if to is None:
            continue
        context = {"number": asker.pretty_number, "path": access.link(asker, round_)}
        send(to, TO_ASKERS[entry.verb], context, key=f"{entry.seq}:{asker.pk}", about=entry.subject)


def _tell_of_steps(entry: Entry, case: Case) -> None:
    """A step of the kind waits for the asker: a mandate to sign, a return to confirm."""
    waiting = [s for s in standings(case) if s.ready and s.step.by == "asker"]
    asker = Asker.objects.filter(case=case, is_first=True).select_related("user").first()
    to = recipient(asker) if asker else None
    if not waiting or asker is None or to is None:
        return
    context = {"number": asker.pretty_number, "path": access.link(asker, case.reopened + 1)}
    for standing in waiting:  # once for each step, however many lines make it ready again
        send(to, "case.step", context, key=f"{case.pk}:{standing.step.id}", about=entry.subject)


def recipient(asker: Asker) -> Recipient | None:
    """How an asker can be reached, or None for those who left nothing."""
    if asker.user is None and not asker.subject:
        return None
    return Recipient(user=asker.user, subject=asker.subject or None, language=asker.language)


def _tell_unit(entry: Entry, case: Case) -> None:
    """The people of the owning unit, in their inbox; of a late case also the office above."""
    if clock.now() - entry.when > STALE:
        return
    holders = Appointment.objects.in_force(clock.today()).select_related("user", "post")
    holders = holders.filter(post__organisation=case.owner)
    if case.owner_post_id:
        holders = holders.filter(post=case.owner_post_id)
    for holder in holders:
        to = Recipient(
            user=holder.user, subject=None, channels=("inapp",), language=holder.user.language
        )
        context = {"number": case.pretty_number, "path": f"/desk/case/{case.number}/"}
        send(
            to,
            TO_UNIT[entry.verb],
            context,
            key=f"{entry.seq}:{holder.user_id}",
            about=entry.subject,
        )


def _tell_volunteer(entry: Entry, case: Case) -> None:
    claim = case.claims.filter(ended_at__isnull=False).order_by(F("ended_at").desc()).first()
    if claim is None:
        return
    to = Recipient(user=claim.user, subject=None, channels=("inapp",), language=claim.user.language)
    context = {"number": case.pretty_number, "path": "/claims/"}
    send(to, "claim.expired", context, key=f"{entry.seq}:{claim.user_id}", about=entry.subject)
