"""The rows behind a number: what each member is called, where it is, and how it stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.coverage.ground import day_of
from linli.coverage.judging import BANDS
from linli.coverage.keeping import Kept
from linli.coverage.models import Gap
from linli.coverage.show import NAMES, TONES, missing_for
from linli.coverage.small import LEAST
from linli.lib import clock
from linli.people.models import Organisation, Post
from linli.places.models import Place, load_ancestors
from linli.playbook.coverage import CoverageRule
from linli.web.jinja import url
from linli.web.language import lang

PAGE: Final = 40
POINTS: Final = 200  # dots on one map
CSV_AT_ONCE: Final = 2_000


@dataclass(frozen=True)
class Row:
    """One member of a set as a line of a list, a dot on the map or a row of a table."""

    title: str
    where: str
    band: str
    tone: str
    since: date | None
    note: str
    href: str
    lon: float | None
    lat: float | None
    code: str
    size: str = ""
    part: str = ""


def rows(rule: CoverageRule, kept: Kept, begin: int, count: int = PAGE) -> list[Row]:
    """These rows of a frozen set, with names; at most four statements."""
    part = kept.rows[begin : begin + count]
    places = Place.objects.light().in_bulk([int(pk) for pk in part["place"]])
    load_ancestors(places.values())
    names = _names(rule, [int(pk) for pk in part["id"]], places)
    found = []
    for one in part:
        place = places.get(int(one["place"]))
        if place is not None:  # else erased since: nobody can say what it was
            found.append(_row(rule, one, place, names))
    return found


def _row(rule: CoverageRule, one: Any, place: Place, names: Mapping[int, str]) -> Row:
    band, since = BANDS[int(one["band"])], day_of(int(one["since"]))
    size, part = _counted(rule, one)
    missing = band in TONES
    note = _note(rule, size, part) if rule.each.counts else (
        missing_for(since, clock.today()) if missing else ""
    )  # fmt: skip
    return Row(
        title=names.get(int(one["id"]), place.name_for(lang())),
        where=place.full_name(lang()) if place.parent_id else place.name_for(lang()),
        band=str(NAMES[band]), tone=TONES.get(band, "ok" if band == "covered" else "plain"),
        since=since if missing else None, note=note,
        href=url("door-card", place.code) if rule.each.kind in ("place", "series") else "",
        lon=place.lon, lat=place.lat, code=place.code, size=size, part=part,
    )  # fmt: skip


def _counted(rule: CoverageRule, one: Any) -> tuple[str, str]:
    """How many homes or firms, and how many of them have it; few homes could be one that one knows."""
    if not rule.each.counts:
        return "", ""
    size, part = int(one["size"]), int(one["part"])
    if size == 0:
        return "", ""
    if rule.each.firms:
        return str(size), str(part)
    few = 0 < size < LEAST or 0 < part < LEAST or 0 < size - part < LEAST
    return str(size) if size >= LEAST else "", "" if few else str(part)


def _note(rule: CoverageRule, size: str, part: str) -> str:
    if rule.each.firms:
        if not size:
            return _("nobody has said how many firms there are, or there is none")
        return ngettext("%(num)s firm", "%(num)s firms", int(size)) % {"num": size}
    if not size:
        return _("nobody has said how many households there are")
    if not part:
        return _("%(size)s households; too few to show how many were reached") % {"size": size}
    return _("%(part)s of %(size)s households reached") % {"part": part, "size": size}


def _names(rule: CoverageRule, ids: Sequence[int], places: Mapping[int, Place]) -> dict[int, str]:
    """What each member is called; matters stay nameless: their number is their askers' own."""
    tongue = lang()
    if rule.each.kind == "bodies":
        return {pk: body.name_for(tongue) for pk, body in Organisation.objects.in_bulk(ids).items()}
    if rule.each.kind == "post":
        posts = Post.objects.filter(pk__in=ids).select_related("organisation", "place")
        return {post.pk: post.title(tongue) for post in posts}
    if rule.each.kind == "cases":
        return dict.fromkeys(ids, _("an open matter here"))
    return {pk: place.name_for(tongue) for pk, place in places.items()}


def subject_name(rule: CoverageRule | None, gap: Gap) -> str:
    """What a gap is about."""
    if rule is None:
        return gap.place.name_for(lang())
    return _names(rule, [gap.subject], {gap.place_id: gap.place})[gap.subject]


def table(rule: CoverageRule, kept: Kept, as_of: date) -> Iterator[list[Any]]:
    """The rows of the file: one for each member, names and all."""
    for begin in range(0, len(kept.rows), CSV_AT_ONCE):
        for row in rows(rule, kept, begin, CSV_AT_ONCE):
            yield [rule.id, as_of, row.code, row.title, row.where, row.band, row.since,
                   row.size, row.part]  # fmt: skip


HEADER: Final = (
    "rule",
    "set_of",
    "place",
    "name",
    "where",
    "standing",
    "missing_since",
    "size",
    "reached",
)
