"""A database with many plausible cases, written in bulk; the same for the same number and seed."""

import random
import time
from collections.abc import Callable, Iterator

from django.db.models import Max

from linli.bench.fill import bulk, ground
from linli.bench.fill.rows import Stories
from linli.cases import searching
from linli.cases.models import Asker, Case, Words
from linli.journal.models import Bookmark, Entry
from linli.lib import clock
from linli.site.wiring import FOLLOWERS

BATCH = 5_000
FINDABLE = 20_000  # cases whose search lines are written between two words of progress

Say = Callable[[str], None]


def fill(rows: int, *, buildings: int = 0, seed: int = 1, say: Say = lambda words: None) -> None:
    """Write `rows` cases (and `buildings`) into the migrated, empty database of this process.

    With each come its askers, its lines in the journal, what was said, and what the followers
    keep of it; counts that triggers keep are kept by them. The newest case is from just now.
    """
    began = time.monotonic()
    with bulk.quickly():
        county = ground.lay(random.Random(seed))
        say(f"{len(county.villages)} villages, {len(county.units)} bodies")
        if buildings:
            say(f"{ground.build(county, buildings, random.Random(seed))} buildings")
        stories = Stories(county, rows, random.Random(seed), clock.now(), _last_line() + 1)
        for done in _written(stories):
            say(f"{done} of {rows} cases, {time.monotonic() - began:.0f} s")
        bulk.go_on_counting(Entry, "seq")
        for done in _findable():
            say(f"{done} of {rows} can be found, {time.monotonic() - began:.0f} s")
        last = _last_line()
        Bookmark.objects.bulk_create(Bookmark(follower=row.name, seq=last) for row in FOLLOWERS)
    bulk.settle()


def _written(stories: Stories) -> Iterator[int]:
    while batch := stories.next(BATCH):
        for model, rows in ((Case, batch.cases), (Asker, batch.askers), (Entry, batch.entries),
                            (Words, batch.words)):  # fmt: skip
            bulk.write(model, rows)
        yield stories.done


def _findable() -> Iterator[int]:
    """Search lines in the order of time, as the follower would have written them."""
    done, since = 0, None
    while True:
        later = Case.objects.order_by("received_at")
        if since is not None:
            later = later.filter(received_at__gt=since)
        moments = list(later.values_list("received_at", flat=True)[:FINDABLE])
        if not moments:
            return
        part = Case.objects.filter(received_at__gte=moments[0], received_at__lte=moments[-1])
        done += searching.reindex(part)
        since = moments[-1]
        yield done


def _last_line() -> int:
    return Entry.objects.aggregate(last=Max("seq"))["last"] or 0
