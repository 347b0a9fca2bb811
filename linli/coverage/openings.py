"""Gaps that open, change and close, found by comparing whole columns."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

import numpy as np
from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from linli.coverage.ground import NOWHERE, Ground, Ints, columns, day_numbers, day_of, position
from linli.coverage.judging import COVERED, GAP, TOLERATED, UNKNOWN, Verdict
from linli.coverage.models import Ended, Gap
from linli.coverage.owners import Offices, bodies_of
from linli.journal.record import record
from linli.lib import clock, workdays
from linli.people.models import Organisation
from linli.places.models import Place
from linli.playbook.coverage import CoverageRule

AT_ONCE: Final = 500  # ids in one statement, and in one line of the journal
REASONS: Final = {
    COVERED: Ended.COVERED, TOLERATED: Ended.TOLERATED, UNKNOWN: Ended.UNKNOWN,
}  # fmt: skip


def settle(
    rule: CoverageRule, verdict: Verdict, ground: Ground, offices: Offices
) -> tuple[int, int]:
    """Bring the open gaps of a rule in line with a verdict; how many opened and closed.

    Only inside a transaction that holds the rule's count.
    """
    rows = Gap.objects.open().filter(rule=rule.id).order_by("subject")
    keys, subjects, missing, since = columns(
        rows.values_list("pk", "subject", "missing", "since"),
        "int64", "int64", "int64", "datetime64[D]",
    )  # fmt: skip
    at = position(verdict.ids, subjects)
    still = at != NOWHERE
    still[still] = verdict.status[at[still]] == GAP
    _close_all(rule.id, keys[~still], _reasons(verdict, at[~still]))
    other = still.copy()
    other[still] = (missing[still] != verdict.missing[at[still]]) | (
        day_numbers(since)[still] != verdict.since[at[still]]
    )
    _correct(keys[other], at[other], verdict)
    _follow_the_tree(rule, offices)
    fresh = np.flatnonzero(verdict.status == GAP)
    fresh = fresh[position(subjects, verdict.ids[fresh]) == NOWHERE]
    _open(rule, fresh, verdict, ground, offices)
    return len(fresh), int((~still).sum())


def _reasons(verdict: Verdict, at: Ints) -> list[Ended]:
    return [
        Ended.GONE if row == NOWHERE else REASONS[int(verdict.status[row])] for row in at.tolist()
    ]


def _close_all(rule: str, keys: Ints, reasons: Sequence[Ended]) -> None:
    by_reason: dict[Ended, list[int]] = defaultdict(list)
    for key, reason in zip(keys.tolist(), reasons, strict=True):
        by_reason[reason].append(key)
    for reason, group in by_reason.items():
        close(rule, group, reason)


def close(rule: str, keys: Sequence[int], reason: Ended) -> None:
    """End these gaps; each owner's are one line of the journal."""
    for begin in range(0, len(keys), AT_ONCE):
        part = keys[begin : begin + AT_ONCE]
        gaps = Gap.objects.open().filter(pk__in=part)
        owners = _by_owner(gaps.values_list("pk", "owner_id"))
        gaps.update(closed_at=clock.now(), ended=reason)
        for owner, group in owners.items():
            _tell("coverage.gap_closed", rule, owner, group, why=str(reason))


def _by_owner(rows: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for key, owner in rows:
        found[owner].append(key)
    return found


def _correct(keys: Ints, at: Ints, verdict: Verdict) -> None:
    """What is still missing, but more or less of it, or since another day."""
    changed = [
        Gap(pk=key, missing=int(verdict.missing[row]), since=day_of(int(verdict.since[row])))
        for key, row in zip(keys.tolist(), at.tolist(), strict=True)
    ]
    Gap.objects.bulk_update(changed, ["missing", "since"], batch_size=AT_ONCE)


def _follow_the_tree(rule: CoverageRule, offices: Offices) -> None:
    """Places that were moved, and owners that are no more."""
    open_ = Gap.objects.open().filter(rule=rule.id)
    path = Place.objects.filter(pk=OuterRef("place_id")).values("path")
    open_.exclude(place_path=F("place__path")).update(place_path=Subquery(path))
    orphans = open_.filter(owner__valid_to__lte=clock.today()).select_related("place")
    for gap in orphans:
        gap.owner_id = offices.owner(rule, gap.place.codes)
        Gap.objects.filter(pk=gap.pk).update(owner=gap.owner_id)
        _tell("coverage.gap_passed", rule.id, gap.owner_id, [gap.pk])


def _open(
    rule: CoverageRule, fresh: Ints, verdict: Verdict, ground: Ground, offices: Offices
) -> None:
    if not len(fresh):
        return
    now = clock.now()
    due = workdays.add(now, rule.within)
    places = ground.ids[verdict.places[fresh]].tolist()
    subjects = verdict.ids[fresh].tolist()
    paths = _paths(places)
    own = bodies_of(rule, subjects)
    gaps = [
        Gap(
            rule=rule.id, subject=subject, place_id=place, place_path=paths[place],
            owner_id=offices.owner(rule, paths[place].split("/")[:-1], own.get(subject)),
            missing=int(verdict.missing[row]), since=_since(verdict, row), opened_at=now,
            due_at=due,
        )
        for subject, place, row in zip(subjects, places, fresh.tolist(), strict=True)
    ]  # fmt: skip
    made = Gap.objects.bulk_create(gaps, batch_size=AT_ONCE)
    owners = _by_owner([(gap.pk, gap.owner_id) for gap in made])
    for owner, group in owners.items():
        _tell("coverage.gap_opened", rule.id, owner, group, due=due.isoformat())


def _since(verdict: Verdict, row: int) -> date | None:
    return day_of(int(verdict.since[row]))


def _paths(places: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    wanted = list(dict.fromkeys(places))
    for begin in range(0, len(wanted), 10_000):
        rows = Place.objects.filter(pk__in=wanted[begin : begin + 10_000])
        found |= dict(rows.values_list("pk", "path"))
    return found


def _tell(verb: str, rule: str, owner: int, gaps: Sequence[int], **facts: str) -> None:
    """One line for the gaps of one rule and one owner: sixty thousand are not sixty thousand lines."""
    body = Organisation.objects.select_related("place").only("pk", "place__path").get(pk=owner)
    for begin in range(0, len(gaps), AT_ONCE):
        part = list(gaps[begin : begin + AT_ONCE])
        record(
            verb, on=f"coverage.Rule:{rule}", by="system", place=body.place.path, org=str(owner),
            facts={"rule": rule, "gaps": part, "n": len(part), **facts},
        )  # fmt: skip


@transaction.atomic
def drop(known: Mapping[str, CoverageRule]) -> None:
    """Close the gaps of rules that the playbook no longer has."""
    old = Gap.objects.open().exclude(rule__in=list(known))
    for rule in sorted(set(old.values_list("rule", flat=True))):
        close(rule, list(old.filter(rule=rule).values_list("pk", flat=True)), Ended.DROPPED)
