"""Kept counts of open cases: put together again where PostgreSQL spread them over several rows."""

from django.db import transaction

from linli.cases.models import Tally

_KEY = ("owner_id", "band", "sealed_kind", "day")


@transaction.atomic
def fold() -> int:
    """Make one row of the parts of each count, none where it is nought; how many rows went.

    Safe beside writers: each waits for the rows that the other has, in the same order.
    """
    rows = list(Tally.objects.select_for_update().order_by(*_KEY, "part"))
    groups: dict[tuple[object, ...], list[Tally]] = {}
    for row in rows:
        groups.setdefault((row.owner_id, row.band, row.sealed_kind, row.day), []).append(row)
    gone = 0
    for parts in groups.values():
        n = sum(row.n for row in parts)
        if len(parts) == 1 and n:
            continue
        kept, rest = parts[0], parts[1:] if n else parts
        gone += Tally.objects.filter(pk__in=[row.pk for row in rest]).delete()[0]
        if n and n != kept.n:
            Tally.objects.filter(pk=kept.pk).update(n=n)
    return gone
