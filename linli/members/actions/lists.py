"""A whole list for a roll: one person brings it after a dry run, another agrees, then it is written."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from linli.journal.record import record
from linli.lib import clock
from linli.members.actions.core import raced
from linli.members.actions.entering import enter_line, rule_of
from linli.members.models import Batch
from linli.members.policies import check_keeps, check_second_of
from linli.members.sheets import Line
from linli.people.actors import Actor
from linli.people.models import Organisation, User
from linli.people.policies import Denied
from linli.vault import sealing


@transaction.atomic
def bring(body: Organisation, membership: str, lines: Sequence[Line], *, by: Actor) -> Batch:
    """Put the new people of a list forward. Nobody is on the roll before a second person agrees."""
    check_keeps(by, body)
    rule_of(membership, body)
    if not lines:
        raise Denied(_("There is nobody new in this list."))
    if Batch.objects.filter(
        organisation=body, membership=membership, state=Batch.State.WAITING
    ).exists():
        raise Denied(_("Another list waits for a second person. Decide about that one first."))
    words = json.dumps([asdict(line) for line in lines], ensure_ascii=False)
    batch = Batch.objects.create(
        organisation=body, membership=membership, lines=len(lines), brought_by=by.id,
        subject=sealing.seal_new({"text": words}, purpose="a list for a roll, until it is decided"),
    )  # fmt: skip
    _tell(batch, "members.list_brought", by)
    return batch


@transaction.atomic
def agree(batch: Batch, *, by: Actor) -> int:
    """The second person agrees: everybody of the list who is not there yet is entered. How many."""
    body = batch.organisation
    check_second_of(by, body, batch.brought_by)
    _decide(batch, Batch.State.DONE, by.id)
    said = json.loads(sealing.reveal(batch.subject, "text", by=by, reason="a list is entered"))
    users = User.objects.in_bulk([row["user"] for row in said if row["user"]])
    by_id = {str(key): user for key, user in users.items()}
    entered = sum(
        enter_line(
            rule_of(batch.membership, body), body, name=row["name"], stage=row["stage"],
            on=date.fromisoformat(row["since"]), user=by_id.get(row["user"] or ""),
            first=batch.brought_by, by=by,
        )
        for row in said
    )  # fmt: skip
    sealing.destroy(batch.subject, by=by, reason="the list is in force")
    _tell(batch, "members.list_agreed", by, entered=entered)
    return entered


@transaction.atomic
def refuse(batch: Batch, *, by: Actor) -> None:
    """Not agreed, or taken back: the list is destroyed."""
    if by.id == batch.brought_by:
        check_keeps(by, batch.organisation)
    else:
        check_second_of(by, batch.organisation, batch.brought_by)
    _decide(batch, Batch.State.REFUSED, "" if by.id == batch.brought_by else by.id)
    sealing.destroy(batch.subject, by=by, reason="the list was not agreed")
    _tell(batch, "members.list_refused", by)


def _decide(batch: Batch, state: str, second: str) -> None:
    rows = Batch.objects.filter(pk=batch.pk, state=Batch.State.WAITING)
    if not rows.update(state=state, second=second, decided_at=clock.now()):
        raise raced()


def _tell(batch: Batch, verb: str, by: Actor, **facts: object) -> None:
    record(verb, on=batch, by=by, place=batch.organisation.place.path,
           org=str(batch.organisation_id),
           facts={"membership": batch.membership, "lines": batch.lines, **facts})  # fmt: skip
