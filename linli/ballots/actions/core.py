"""What every verb does: lock the ballot, write the line of the journal."""

from typing import Any

from linli.ballots.models import Ballot
from linli.journal.models import Entry
from linli.journal.record import record
from linli.people.actors import Actor


def lock(ballot: Ballot) -> Ballot:
    """The row as it is now, held until the transaction ends: votes and closing take turns."""
    return Ballot.objects.select_for_update().get(pk=ballot.pk)


def tell(ballot: Ballot, verb: str, *, by: Actor, facts: dict[str, Any] | None = None) -> Entry:
    """Write one line about the ballot: never a voter, never a vote."""
    return record(
        verb,
        on=ballot,
        by=by,
        place=ballot.place_path,
        org=str(ballot.organisation_id or ""),
        method=ballot.method,
        facts={"about": ballot.about, **(facts or {})},
    )
