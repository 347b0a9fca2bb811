"""Counting rules, and writing down what changed: gaps that opened or closed, and nothing else."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import F, QuerySet

from linli import playbook
from linli.coverage import openings
from linli.coverage.ground import Ground, survey
from linli.coverage.judging import Verdict, judge
from linli.coverage.keeping import Kept
from linli.coverage.models import Count
from linli.coverage.owners import Offices, Unowned
from linli.coverage.sets import members
from linli.coverage.things import find
from linli.lib import clock
from linli.playbook.coverage import CoverageRule

NEVER_COUNTED: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Counted:
    """What one count of one rule came to, and how much it changed."""

    rule: str
    as_of: date
    size: int
    covered: int
    gaps: int
    tolerated: int
    unknown: int
    opened: int = 0
    closed: int = 0
    changed: bool = False


def run(rules: Iterable[str] | None = None) -> list[Counted]:
    """Count these rules, all of the playbook if not said, as of today.

    Each rule is written in one transaction, so a count that is cut off has done whole rules.
    Raises KeyError for a rule that the playbook has not, owners.Unowned if nobody could own a gap.
    """
    known = playbook.current().coverage
    wanted = [known[name] for name in (known if rules is None else rules)]
    if rules is None:
        openings.drop(known)
        Count.objects.exclude(rule__in=known).delete()
    if not wanted:
        return []
    ground = survey()
    offices = Offices(ground.day)
    return [count(rule, ground, offices) for rule in wanted]


def run_all() -> int:
    """The nightly count; how many gaps opened or closed. Nothing before there is an office."""
    with suppress(Unowned):
        return sum(one.opened + one.closed for one in run())
    return 0


def run_stale() -> int:
    """Count again what something happened to since its last count; how many rules."""
    names = list(stale().values_list("rule", flat=True))
    return len(run(names)) if names else 0


def stale() -> QuerySet[Count]:
    """The counts that something may have changed (follow.py), of rules that still are."""
    known = list(playbook.current().coverage)
    return Count.objects.filter(touched__gt=F("seen"), rule__in=known)


def examine(rule: CoverageRule, ground: Ground) -> Verdict:
    """The standing of each of the set on the ground's day; reads only."""
    group = members(rule, ground)
    return judge(rule, group, find(rule, group, ground), ground.today)


def count(rule: CoverageRule, ground: Ground, offices: Offices) -> Counted:
    """Examine without holding anything up, then write; if somebody else was quicker, once more."""
    while True:
        before = _row(rule.id)
        verdict = examine(rule, ground)
        written = _write(rule, verdict, before, ground, offices)
        if written is not None:
            return written


def _row(rule: str) -> Count:
    start = {"as_of": clock.today(), "counted_at": NEVER_COUNTED, "changed_at": NEVER_COUNTED}
    Count.objects.get_or_create(rule=rule, defaults=start)
    return Count.objects.defer("members").get(pk=rule)


@transaction.atomic
def _write(
    rule: CoverageRule, verdict: Verdict, before: Count, ground: Ground, offices: Offices
) -> Counted | None:
    """None if the rule was counted by somebody else since `before`."""
    now = clock.now()
    row = Count.objects.select_for_update().defer("members").get(pk=rule.id)
    if row.counted_at != before.counted_at or row.digest != before.digest:
        return None
    kept = Kept.of(verdict, ground)
    totals, digest = kept.totals(), kept.digest()
    news: dict[str, Any] = {"as_of": ground.day, "counted_at": now, "seen": before.touched}
    changed = digest != row.digest
    if changed:
        news |= {**totals, "digest": digest, "members": kept.packed(), "changed_at": now}
    Count.objects.filter(pk=row.pk).update(**news)
    opened, closed = openings.settle(rule, verdict, ground, offices)
    return Counted(rule.id, ground.day, **totals, opened=opened, closed=closed, changed=changed)
