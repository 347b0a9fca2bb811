"""Cases that come of an activity. Cases stand beside activities and neither knows the other: what
opens one is put here by site/wiring.py, the place that sees both."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.activities.actions.core import tell
from linli.activities.models import Occurrence, Opened, Record
from linli.activities.policies import check
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.places.models import Place


@dataclass(frozen=True)
class Matter:
    """What somebody said at an activity, as it goes to the cases."""

    kind: str
    channel: str
    category: str
    place: Place
    text: str
    client_id: UUID
    consent: bool = False
    name: str = ""
    phone: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    activity: str = ""  # the kind of activity that it came of


@dataclass(frozen=True)
class Given:
    """What the asker takes home."""

    number: str
    word: str
    unit: str
    due: datetime


OPENER: Final[dict[str, Callable[[Matter, Actor, str], Given]]] = {}  # "case" -> who opens it


@transaction.atomic
def open_case(
    matter: Matter, *, occurrence: Occurrence, by: Actor, record: Record | None = None
) -> Given:  # fmt: skip
    """Open a case that came of this occurrence; linked from both sides, never to a home.

    The same client id gives the same number again. Raises Denied with the case's own sentence.
    """
    rule = occurrence.rule
    if matter.kind not in rule.yields:
        raise Denied(_("No matter of this kind comes of this."))
    action = "visit.record" if rule.consent == "required" else "activity.note"
    check(action, by, occurrence)
    return link(matter, occurrence=occurrence, by=by, record=record)


def link(
    matter: Matter, *, occurrence: Occurrence | None, by: Actor, record: Record | None = None
) -> Given:  # fmt: skip
    """Open the case and remember where it came from; inside the caller's transaction."""
    told = occurrence is not None and occurrence.is_public and occurrence.rule.stops != "homes"
    source = str(occurrence.uid) if occurrence and told else ""
    if occurrence is not None and not matter.activity:
        matter = replace(matter, activity=occurrence.kind)
    given = OPENER["case"](matter, by, source)
    _row, new = Opened.objects.get_or_create(
        case_number=given.number,
        defaults={
            "kind": matter.kind,
            "occurrence": occurrence,
            "record": record if record and record.home_id is None else None,
        },
    )
    if new and occurrence is not None:
        tell(occurrence, "activity.case_opened", by=by, facts={"case": matter.kind})
    return given
