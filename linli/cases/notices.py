"""Which letters follow which line of a case's journal: a follower, so none is sent twice or lost."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db.models import F

from linli.cases.models import Asker, Case
from linli.cases.policies import may
from linli.cases.steps import standings
from linli.cases.views import access
from linli.journal.models import Entry
from linli.letters.outbox import Recipient, send
from linli.lib import clock
from linli.people.actors import under
from linli.people.models import Appointment
from linli.people.models.appointment import AppointmentQuerySet

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
        if entry.verb == "case.late":
            _tell_above(entry, case)
        if entry.verb == "case.transferred" and entry.facts.get("taken"):
            _tell_who_had_it(entry, case)
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
    """The people of the owning unit, in their inbox."""
    if entry.org != str(case.owner_id):
        return  # it has moved on since: a later line tells those who have it now
    holders = _holders(case.owner_id)
    if case.owner_post_id:
        holders = holders.filter(post=case.owner_post_id)
    for holder in holders:
        _tell_holder(holder, TO_UNIT[entry.verb], entry, case)


def _tell_above(entry: Entry, case: Case) -> None:
    """Those in the office that the line names who may see this case, of a late one."""
    own = set(_holders(case.owner_id).values_list("user", flat=True))
    for holder in _holders(entry.facts.get("above")):
        # Somebody may hold a post in both: one letter is enough.
        if holder.user_id not in own and may("case.view_progress", under(holder), case):
            _tell_holder(holder, "case.late_below", entry, case)


def _tell_who_had_it(entry: Entry, case: Case) -> None:
    """The unit from which somebody else took the case, but for the one who did it."""
    for holder in _holders(entry.facts.get("from")):
        if str(holder.user_id) != entry.actor and may("case.view_progress", under(holder), case):
            _tell_holder(holder, "case.taken_away", entry, case)


def _holders(unit: int | None) -> AppointmentQuerySet:
    """Who holds a post in this unit today; nobody where the line names no unit."""
    held = Appointment.objects.in_force(clock.today()).with_posts()
    return held.filter(post__organisation=unit) if unit else held.none()


def _tell_holder(holder: Appointment, template: str, entry: Entry, case: Case) -> None:
    if clock.now() - entry.when > STALE:
        return
    user = holder.user
    to = Recipient(user=user, subject=None, channels=("inapp",), language=user.language)
    context = {"number": case.pretty_number, "path": f"/desk/case/{case.number}/"}
    send(to, template, context, key=f"{entry.seq}:{user.pk}", about=entry.subject)


def _tell_volunteer(entry: Entry, case: Case) -> None:
    claim = case.claims.filter(ended_at__isnull=False).order_by(F("ended_at").desc()).first()
    if claim is None:
        return
    to = Recipient(user=claim.user, subject=None, channels=("inapp",), language=claim.user.language)
    context = {"number": case.pretty_number, "path": "/claims/"}
    send(to, "claim.expired", context, key=f"{entry.seq}:{claim.user_id}", about=entry.subject)
