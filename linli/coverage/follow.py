"""What happens makes counts stale; the worker counts these rules again within a minute."""

from collections.abc import Sequence
from typing import Final

from django.db.models import F

from linli import playbook
from linli.coverage.models import Count
from linli.journal.models import Entry

# verb -> which thing it may change: a rule that has such a thing is counted again
THINGS: Final = {
    "post.opened": "post", "post.filled": "post", "post.left": "post",
    "organisation.opened": "body", "organisation.closed": "body",
    "activity.held": "activity", "activity.recorded": "activity",
    "facility.opened": "facility", "facility.closed": "facility",
    "facility.hours_changed": "facility", "travel.roads_taken": "facility",
}  # fmt: skip
VERBS: Final = tuple(THINGS)


def handle(entries: Sequence[Entry]) -> None:
    """Mark the rules that these lines may have changed; one statement."""
    touched: set[str] = set()
    for entry in entries:
        touched |= _rules(THINGS[entry.verb], entry)
    Count.objects.filter(rule__in=touched).update(touched=F("touched") + 1)


def _rules(thing: str, entry: Entry) -> set[str]:
    named = str(entry.facts.get(thing) or entry.facts.get("kind") or "")
    rules = playbook.current().coverage.values()
    return {
        rule.id for rule in rules
        if (rule.has.kind == thing and (not named or getattr(rule.has, thing) == named))
        or (thing == "body" and named in rule.each.bodies)
        or (thing == "post" and rule.each.post == named)
    }  # fmt: skip
