"""Which places of a bundle a village has: complete when every part is open, else what is missing."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from linli.facilities.models import Facility
from linli.lib import clock
from linli.places.models import VILLAGES, Kind, Place
from linli.playbook.bundle import Bundle


@dataclass(frozen=True)
class Row:
    """One village: for each part the facility that is open longest, or None."""

    village: Place
    parts: tuple[Facility | None, ...]

    @property
    def is_complete(self) -> bool:
        return all(self.parts)

    @property
    def open(self) -> int:
        """How many parts are open."""
        return sum(one is not None for one in self.parts)

    def missing(self, bundle: Bundle, lang: str) -> list[str]:
        """The names of the parts that are not open."""
        return [
            part.name.text(lang)
            for part, there in zip(bundle.parts, self.parts, strict=True)
            if there is None
        ]


@dataclass(frozen=True)
class Sum:
    """One town: how many villages, how many of them complete, and with each part."""

    town: Place
    villages: int
    complete: int
    parts: tuple[int, ...]


def rows(bundle: Bundle, within: Place | None = None, day: date | None = None) -> list[Row]:
    """Every village and community, or those of one town: who has most of it first; two statements."""
    villages = Place.objects.current().of_kind(*VILLAGES).light()
    open_ = Facility.objects.running(day).filter(kind__in=bundle.kinds).order_by("valid_from", "pk")
    if within is not None:
        villages, open_ = villages.within(within), open_.within(within)
    number = {kind: n for n, part in enumerate(bundle.parts) for kind in part.kinds}
    there: dict[str, dict[int, Facility]] = defaultdict(dict)
    for facility in open_:
        there[_village(facility.place_path)].setdefault(number[facility.kind], facility)
    found = [
        Row(one, tuple(there[one.path].get(n) for n in range(len(bundle.parts))))
        for one in villages.order_by("path")
    ]
    return sorted(found, key=lambda row: -row.open)


def _village(path: str) -> str:
    """The path of the village in which a place lies: county, town and village."""
    return "/".join(path.split("/")[:3]) + "/"


def by_town(bundle: Bundle, found: Sequence[Row]) -> list[Sum]:
    """The same added up for each town."""
    towns = {town.path: town for town in Place.objects.current().of_kind(Kind.TOWN).light()}
    inside: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        inside["/".join(row.village.path.split("/")[:2]) + "/"].append(row)
    return [
        Sum(
            town, len(inside[path]), sum(row.is_complete for row in inside[path]),
            tuple(sum(row.parts[n] is not None for row in inside[path])
                  for n in range(len(bundle.parts))),
        )
        for path, town in sorted(towns.items()) if inside[path]
    ]  # fmt: skip


def since(facility: Facility) -> str:
    """Since when it is open, as a date; of one that opens later nothing is counted."""
    return facility.valid_from.isoformat() if facility.valid_from <= clock.today() else ""
