"""What every verb does: write the line of the journal about a facility."""

from typing import Any

from linli.facilities.models import Facility
from linli.journal.models import Entry
from linli.journal.record import record
from linli.people.actors import Actor


def tell(facility: Facility, verb: str, *, by: Actor, facts: dict[str, Any]) -> Entry:
    """Write one line: never a name, never who booked."""
    rule = facility.rule
    return record(
        verb, on=facility, by=by, place=facility.place_path, org=str(facility.organisation_id),
        method=rule.method_id if rule else facility.kind, facts={"kind": facility.kind, **facts},
    )  # fmt: skip
