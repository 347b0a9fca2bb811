"""Finding the open cases that describe one problem, again and again. Loads scipy: the worker's.

What a person has decided stays: a joint task keeps its cases and is only shown new ones, and what
somebody took out of a group never comes back to those it was taken from.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from linli import playbook
from linli.cases.models import Case, Group, Member, Visibility
from linli.cases.models.case import WORKING
from linli.lib import clock
from linli.triage.groups import Item, groups

LOOKED_AT: Final = timedelta(days=90)
QUIET: Final = timedelta(days=21)  # days without a word that end a group
MOST: Final = 20_000  # newest open cases
IN, PROPOSED, OUT = Member.State.IN, Member.State.PROPOSED, Member.State.OUT


def regroup() -> int:
    """Look at all open cases once; how many groups changed."""
    _end_what_is_over()
    changed, seen = 0, set()
    for keys in _found():
        group, moved = _keep(keys)
        changed += moved
        if group:
            seen.add(group)
    return changed + _drop_what_is_gone(seen)


def groupable() -> list[str]:
    """Kinds whose cases may be one problem: no wish, no dispute, nothing with steps of its own."""
    book = playbook.current()
    return [kind.id for kind in book.kinds.values() if not kind.alias and not kind.steps]


def _found() -> list[list[UUID]]:
    """Cases that belong together, of each town by itself, as the texts say."""
    apart = _kept_apart()
    rows = (
        Case.objects.filter(
            kind__in=groupable(), state__in=WORKING, received_at__gt=clock.now() - LOOKED_AT
        )
        .exclude(visibility=Visibility.SEALED)
        .exclude(text="")
        .order_by("-received_at", "-pk")
        .values_list("pk", "place_path", "text", "received_at", "askers_count")[:MOST]
    )
    towns: dict[str, list[Item]] = defaultdict(list)
    for pk, path, text, at, askers in rows:
        parts = path.strip("/").split("/")
        towns["/".join(parts[:2])].append(_item(pk, parts, text, at, askers))
    found = []
    for _town, items in sorted(towns.items()):
        for group in groups(items, lambda one, two: frozenset((one, two)) in apart, QUIET):
            found.append([UUID(item.key) for item in group.members])
    return found


def _item(pk: UUID, path: list[str], text: str, at: datetime, askers: int) -> Item:
    # Two villages have two problems; what is only known to be in the town can be anywhere in it.
    village = path[2] if len(path) > 2 else ""
    return Item(str(pk), str(pk), at, "", text, votes=askers - 1, place=village)


def _kept_apart() -> set[frozenset[str]]:
    """Pairs of which somebody has said that they are not the same problem."""
    taken = Member.objects.filter(state=OUT, case__state__in=WORKING)
    pairs = taken.values_list("case_id", "group__members__case_id")
    return {frozenset((str(one), str(two))) for one, two in pairs if one != two}


@transaction.atomic
def _keep(keys: list[UUID]) -> tuple[int, bool]:
    """The group that these cases are now, and whether anything about it changed."""
    held = list(Member.objects.filter(case__in=keys, live=True).select_related("group"))
    joint = {row.group_id for row in held if row.group.state == Group.State.JOINT}
    taken = {row.case_id for row in held if row.group_id in joint}
    free = [key for key in keys if key not in taken]
    if len(joint) == 1:
        return next(iter(joint)), _add(joint.pop(), free, PROPOSED)
    if len(free) < 2:
        return 0, False
    mine = [row.group_id for row in held if row.group_id not in joint]
    if not mine:
        group = Group.objects.create(found_at=clock.now())
        return group.pk, _add(group.pk, free, IN)
    best = max(set(mine), key=lambda pk: (mine.count(pk), -pk))
    return best, _make_equal(best, free)


def _make_equal(group: int, keys: list[UUID]) -> bool:
    """Members as found this time; false if nothing changed or a person is acting on the group."""
    rows = Member.objects.filter(group=group)
    now = set(rows.filter(state=IN, live=True).values_list("case_id", flat=True))
    if now == set(keys):
        return False
    ours = Group.objects.filter(pk=group, state=Group.State.FOUND)
    if not ours.update(revision=F("revision") + 1):
        return False
    rows.filter(state=IN).exclude(case__in=keys).delete()
    _add(group, [key for key in keys if key not in now], IN)
    return True


def _add(group: int, keys: Iterable[UUID], state: str) -> bool:
    """Put cases into a group, out of any other that was only found; what is out stays out."""
    out = set(Member.objects.filter(group=group, state=OUT).values_list("case_id", flat=True))
    new = [key for key in keys if key not in out]
    if state == PROPOSED:
        known = Member.objects.filter(group=group, case__in=new).values_list("case_id", flat=True)
        new = [key for key in new if key not in set(known)]
    if not new:
        return False
    elsewhere = Member.objects.filter(case__in=new, live=True).exclude(group=group)
    elsewhere.filter(group__state=Group.State.FOUND).delete()
    rows: list[Any] = [
        Member(group_id=group, case_id=key, state=state, at=clock.now()) for key in new
    ]
    try:
        with transaction.atomic():
            Member.objects.bulk_create(rows)
    except IntegrityError:  # somebody has just made a joint task of one of them: the next time
        return False
    return True


def _drop_what_is_gone(seen: set[int]) -> int:
    """Groups that were only found and are no longer; what was taken out of them is remembered."""
    gone = Group.objects.filter(state=Group.State.FOUND).exclude(pk__in=seen)
    count = 0
    for group in gone:
        with transaction.atomic():
            ours = Group.objects.filter(pk=group.pk, state=Group.State.FOUND)
            ended = ours.filter(revision=group.revision).update(
                state=Group.State.OVER, over_at=clock.now(), revision=F("revision") + 1
            )
            if ended:
                Member.objects.filter(group=group, live=True).update(live=False)
                count += 1
                if not Member.objects.filter(group=group, state=OUT).exists():
                    group.delete()
    return count


def _end_what_is_over() -> None:
    """A joint task ends by itself when an answer to none of its cases is owed any more."""
    joint = Group.objects.filter(state=Group.State.JOINT)
    owed = Member.objects.filter(live=True, state=IN, case__state__in=WORKING)
    for group in joint.exclude(pk__in=owed.values("group")):
        with transaction.atomic():
            rows = Group.objects.filter(pk=group.pk, revision=group.revision)
            if rows.update(state=Group.State.OVER, over_at=clock.now(), revision=F("revision") + 1):
                Member.objects.filter(group=group, live=True).update(live=False)
