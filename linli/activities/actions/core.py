"""What every verb does: write the line of the journal about an occurrence."""

from datetime import datetime
from typing import Any

from linli.activities.models import Occurrence
from linli.journal.models import Entry
from linli.journal.record import record
from linli.people.actors import Actor


def tell(
    occurrence: Occurrence,
    verb: str,
    *,
    by: Actor,
    facts: dict[str, Any] | None = None,
    when: datetime | None = None,
) -> Entry:
    """Write one line about the occurrence: never a name, never words."""
    return record(
        verb,
        on=occurrence,
        by=by,
        place=occurrence.place_path,
        org=str(occurrence.organisation_id),
        method=occurrence.kind,
        facts={"kind": occurrence.kind, **(facts or {})},
        when=when,
    )
