"""Reading how many people, households or firms there are: counts by place, with day and source."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from linli.coverage.models import Tally, What
from linli.journal.record import record
from linli.lib.tables import Row, TableError, read_rows
from linli.places.models import Place

MOST = 100_000  # at one place: more is a slip of the pen


@dataclass
class Report:
    """How many counts were taken, and a sentence for each row that was not."""

    taken: int = 0
    problems: list[str] = field(default_factory=list)


def take(
    file: Path, day: date, source: str, *, what: str = What.HOUSEHOLDS, dry_run: bool = False
) -> Report:  # fmt: skip
    """Take every count of a table with the columns `code` and `number`, or none of them.

    The same place on the same day is replaced.
    """
    report = Report()
    places = dict(Place.objects.at(day).values_list("code", "pk"))
    found: dict[int, int] = {}
    try:
        for row in read_rows(file):
            _take(row, places, found, report)
    except TableError as error:
        report.problems.append(str(error))
    report.taken = 0 if report.problems else len(found)
    if report.taken and not dry_run:
        put(found, day, source, what)
    return report


def _take(row: Row, places: dict[str, int], found: dict[int, int], report: Report) -> None:
    code, number = row["code"], row["number"]
    if code not in places:
        said = _("Row %(row)s: there is no place with the code %(code)s on that day.")
        report.problems.append(said % {"row": row.number, "code": code})
    elif not number.isdecimal() or int(number) > MOST:
        said = _("Row %(row)s: %(number)s is no count, 0 to %(most)s.")
        report.problems.append(said % {"row": row.number, "number": number, "most": MOST})
    elif places[code] in found:
        said = _("Row %(row)s: the place %(code)s is there twice.")
        report.problems.append(said % {"row": row.number, "code": code})
    else:
        found[places[code]] = int(number)


@transaction.atomic
def put(
    found: dict[int, int], day: date, source: str, what: str = What.HOUSEHOLDS
) -> None:  # fmt: skip
    """Write these counts (by the id of the place) for that day."""
    rows = [
        Tally(what=what, place_id=pk, number=n, as_of=day, source=source) for pk, n in found.items()
    ]
    Tally.objects.bulk_create(
        rows, batch_size=1_000, update_conflicts=True, update_fields=["number", "source"],
        unique_fields=["what", "place", "as_of"],
    )  # fmt: skip
    record("coverage.tallied", on=f"coverage.Tally:{what}", by="system",
           facts={"places": len(found), "day": day.isoformat()})  # fmt: skip
