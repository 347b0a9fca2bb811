"""The timetable in use: taken in once, read when the first question about buses is asked."""

import shutil
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.db import transaction

from linli.journal.record import record
from linli.reach import timetable
from linli.reach.riding import Riding
from linli.travel import roads
from linli.travel.models import Timetable


def current() -> Timetable | None:
    """The timetable that questions are answered with; None where none was taken in."""
    return Timetable.objects.filter(in_use=True).first()


def take(path: Path, source: str) -> Timetable:
    """Answer with this GTFS feed from now on. Raises ReachError if it cannot be read."""
    read = timetable.read(path)
    first, last = read.days
    digest = roads.put_away(lambda half: shutil.copyfile(path, half), timetable.SUFFIX)
    with transaction.atomic():
        Timetable.objects.filter(in_use=True).update(in_use=None)
        row, _made = Timetable.objects.update_or_create(
            sha256=digest,
            defaults={
                "source": source, "stops": len(read.stops), "runs": read.runs,
                "first_on": first, "last_on": last, "in_use": True,
            },
        )  # fmt: skip
        record("travel.timetable_taken", on="travel.Timetable:current", by="system",
               facts={"sha256": digest, "runs": row.runs})  # fmt: skip
    return row


@lru_cache(maxsize=1)
def _read(digest: str) -> timetable.Timetable:
    return timetable.read(roads.kept(digest, timetable.SUFFIX))


@lru_cache(maxsize=4)
def riding(graph: str, digest: str, when: datetime) -> Riding:
    """On foot and by bus, for one local day and minute. Raises ReachError if a file is gone."""
    return Riding(roads.streets(graph, "walk"), _read(digest), when)
