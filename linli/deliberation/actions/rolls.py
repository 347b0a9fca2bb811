"""Rolls change by two people: one brings a list and sees what it would do, another agrees."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from linli.deliberation.actions.core import raced
from linli.deliberation.models import Roll, RollChange, RollEntry
from linli.deliberation.policies import check_manages, check_reads_roll, check_two
from linli.deliberation.sheets import Line, ReadList
from linli.deliberation.words import BASES
from linli.journal.record import record
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.models import Organisation
from linli.people.policies import Denied
from linli.vault import sealing

SALT = "linli.deliberation.roll"


@dataclass
class DryRun:
    """What a list would do, before anything is written."""

    came: list[Line] = field(default_factory=list)
    stayed: int = 0
    left: int = 0
    linked: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)  # (row, sentence)
    twice: int = 0


def mark_of(organisation: Organisation, name: str, group: str) -> str:
    """The same person has the same mark on every roll of one organisation."""
    words = f"{organisation.pk}|{''.join(name.split()).casefold()}|{''.join(group.split())}"
    return salted_hmac(SALT, words, algorithm="sha256").hexdigest()


def try_out(organisation: Organisation, base: str, read: ReadList) -> DryRun:
    """Compare a list with the roll as it is. Nothing is written."""
    run = DryRun(problems=list(read.problems))
    rows = RollEntry.objects.current().filter(roll__organisation=organisation, roll__base=base)
    there = set(rows.values_list("mark", flat=True))
    seen: set[str] = set()
    for line in read.lines:
        mark = mark_of(organisation, line.name, line.group)
        if mark in seen:
            run.twice += 1
            continue
        seen.add(mark)
        if mark in there:
            run.stayed += 1
        else:
            run.came.append(line)
            run.linked += bool(line.user)
    run.left = len(there - seen)
    return run


@transaction.atomic
def bring(organisation: Organisation, base: str, read: ReadList, *, by: Actor) -> RollChange:
    """Put a whole list forward. It is in force once a second person agrees. Raises Denied."""
    check_manages(by, organisation)
    if base not in BASES:
        raise Denied(_("There is no such roll."))
    run = try_out(organisation, base, read)
    if run.problems:
        raise Denied(_("The list has faults: put them right first. Nothing was written."))
    if not read.lines:
        raise Denied(_("The list is empty."))
    roll, _new = Roll.objects.get_or_create(organisation=organisation, base=base)
    if roll.changes.filter(state=RollChange.State.WAITING).exists():
        raise Denied(_("Another list waits for a second person. Decide about that one first."))
    words = json.dumps(
        {"lines": [asdict(line) for line in read.lines], "groups": read.groups}, ensure_ascii=False
    )
    subject = sealing.seal_new({"text": words}, purpose="a list for a roll, until it is decided")
    change = RollChange.objects.create(
        roll=roll, came=len(run.came), left=run.left, stayed=run.stayed, linked=run.linked,
        subject=subject, brought_by=by.id,
    )  # fmt: skip
    _tell(roll, "roll.brought", change, by)
    return change


@transaction.atomic
def agree(change: RollChange, *, by: Actor) -> Roll:
    """The second person agrees: the list is the roll. The public learns the counts alone."""
    organisation = change.roll.organisation
    check_manages(by, organisation)
    check_two(change.brought_by, by)
    _decide(change, RollChange.State.DONE, by)
    said = json.loads(sealing.reveal(change.subject, "text", by=by, reason="the roll is changed"))
    _apply(Roll.objects.select_for_update().get(pk=change.roll_id),
           [Line(**line) for line in said["lines"]], said["groups"])  # fmt: skip
    sealing.destroy(change.subject, by=by, reason="the list is in force")
    _tell(change.roll, "roll.changed", change, by)
    return change.roll


@transaction.atomic
def refuse(change: RollChange, *, by: Actor) -> None:
    """Not agreed, or taken back by who brought it: the list is destroyed."""
    check_manages(by, change.roll.organisation)
    _decide(change, RollChange.State.REFUSED, by)
    sealing.destroy(change.subject, by=by, reason="the list was not agreed")
    _tell(change.roll, "roll.refused", change, by)


def _decide(change: RollChange, state: str, by: Actor) -> None:
    rows = RollChange.objects.filter(pk=change.pk, state=RollChange.State.WAITING)
    if not rows.update(state=state, decided_by=by.id, decided_at=clock.now()):
        raise raced()
    change.refresh_from_db()


def _apply(roll: Roll, lines: Sequence[Line], groups: list[str]) -> None:
    now = clock.now()
    wanted = {mark_of(roll.organisation, line.name, line.group): line for line in lines}
    there = {entry.mark: entry for entry in roll.members()}
    gone = [entry.pk for mark, entry in there.items() if mark not in wanted]
    RollEntry.objects.filter(pk__in=gone).update(left_at=now, user=None)
    taken = set(roll.members().exclude(user=None).values_list("user_id", flat=True))
    number = roll.next_number
    fresh = []
    for mark, line in wanted.items():
        if mark in there:
            continue
        user = line.user if line.user and line.user not in map(str, taken) else None
        subject = sealing.seal_new({"name": line.name}, purpose="a roll of voters")
        fresh.append(
            RollEntry(roll=roll, number=number, user_id=user, group=line.group, tags=line.tags,
                      subject=subject, mark=mark, entered_at=now)
        )  # fmt: skip
        number += 1
    RollEntry.objects.bulk_create(fresh)
    for mark, entry in there.items():
        if mark in wanted and entry.tags != wanted[mark].tags:
            RollEntry.objects.filter(pk=entry.pk).update(tags=wanted[mark].tags)
    Roll.objects.filter(pk=roll.pk).update(next_number=number, changed_at=now, groups=groups)


def _tell(roll: Roll, verb: str, change: RollChange, by: Actor) -> None:
    record(
        verb, on=roll, by=by, place=roll.organisation.place.path, org=str(roll.organisation_id),
        facts={"base": roll.base, "came": change.came, "left": change.left,
               "stayed": change.stayed},
    )  # fmt: skip


@transaction.atomic
def read_names(roll: Roll, *, by: Actor, reason: str) -> dict[int, str]:
    """The names on a roll by their numbers; each reading is shown to the person. Raises Denied."""
    check_reads_roll(by, roll.organisation, reason)
    rows = list(roll.members().order_by("number"))
    names = {row.number: sealing.reveal(row.subject, "name", by=by, reason=reason) for row in rows}
    record("roll.read", on=roll, by=by, place=roll.organisation.place.path,
           org=str(roll.organisation_id), facts={"count": len(names)})  # fmt: skip
    return names
