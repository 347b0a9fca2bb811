"""What the pages say of a count: numbers that open their lists, rows with names, cells left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.utils import dates
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from linli import playbook
from linli.coverage.judging import BANDS
from linli.coverage.keeping import NO_TOWN, Kept
from linli.coverage.models import Count
from linli.coverage.small import hidden
from linli.places.models import Kind, Place
from linli.playbook.coverage import WEEKDAYS, CoverageRule
from linli.web.jinja import url
from linli.web.language import lang

NAMES: Final = {
    "covered": gettext_lazy("Covered"),
    "gaps": gettext_lazy("Gaps"),
    "tolerated": gettext_lazy("Still tolerated"),
    "unknown": gettext_lazy("Cannot be told"),
}
TONES: Final = {"gaps": "late", "tolerated": "warn"}


@dataclass(frozen=True)
class Number:
    """One of the four numbers, and the list that it opens; "" where it is not shown."""

    name: str
    value: str
    href: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Line:
    """One rule with its numbers."""

    rule: CoverageRule
    name: str
    href: str
    as_of: date | None
    counted_at: datetime | None = None
    size: int = 0
    covered: int = 0
    gaps: int = 0
    numbers: list[Number] = field(default_factory=list)


def lines(town: Place | None) -> list[Line]:
    """Every rule of the playbook, those with gaps first, for the county or for one town."""
    rows = Count.objects.all() if town else Count.objects.defer("members")
    counts = {row.rule: row for row in rows}
    rules = playbook.current().coverage.values()
    found = [line(rule, counts.get(rule.id), town) for rule in rules]
    return sorted(found, key=lambda one: (one.gaps == 0, not one.covered))


def line(rule: CoverageRule, row: Count | None, town: Place | None) -> Line:
    """The numbers of one rule; none before its first count."""
    name, at = rule.name.text(lang()), town.code if town else None
    href = url("coverage-rule", rule.id, town=at)
    if row is None:
        return Line(rule, name, href, None)
    totals = _totals(row, town)
    gone = hidden({"all": _bands(totals)}) if rule.each.households else set()
    numbers = [
        number(rule, band, totals[band], ("all", band) in gone, at) for band in BANDS
    ]  # fmt: skip
    return Line(
        rule, name, href, row.as_of, row.counted_at, totals["size"],
        0 if ("all", "covered") in gone else totals["covered"], totals["gaps"], numbers,
    )  # fmt: skip


def _totals(row: Count, town: Place | None) -> dict[str, int]:
    if town is None:
        return {name: getattr(row, name) for name in ("size", *BANDS)}
    return Kept.read(row.members).by_town().get(town.pk, dict.fromkeys(("size", *BANDS), 0))


def _bands(totals: Mapping[str, int]) -> dict[str, int]:
    return {band: totals[band] for band in BANDS}


def number(
    rule: CoverageRule, band: str, value: int, hide: bool, town: str | None
) -> Number:  # fmt: skip
    """A number and the address of its list."""
    tone = TONES.get(band, "") if value else ""
    if hide:
        return Number(str(NAMES[band]), _("not shown"), tone=tone)
    href = url("coverage-rule", rule.id, band=band, town=town) + "#list" if value else ""
    return Number(str(NAMES[band]), str(value), href, tone)


def towns(rule: CoverageRule, kept: Kept) -> list[tuple[str, str, list[Number]]]:
    """The numbers of each town: its name, the address of its page, and the cells."""
    tables = kept.by_town()
    found = Place.objects.light().in_bulk([pk for pk in tables if pk != NO_TOWN])
    gone = hidden({pk: _bands(t) for pk, t in tables.items()}) if rule.each.households else set()
    rows = []
    for pk, totals in sorted(tables.items(), key=lambda item: -item[1]["gaps"]):
        place = found.get(pk)
        name = place.name_for(lang()) if place else _("The whole county")
        code = place.code if place else None
        cells = [number(rule, b, totals[b], (pk, b) in gone, code) for b in BANDS]
        href = url("coverage-rule", rule.id, town=code) if place else ""
        rows.append((name, href, [Number(_("In the set"), str(totals["size"])), *cells]))
    return rows


def county_towns() -> list[Place]:
    """The towns for the choice above the numbers."""
    return list(Place.objects.current().of_kind(Kind.TOWN).light().order_by("code"))


def promise(rule: CoverageRule) -> list[tuple[str, str]]:
    """What the rule says, in words."""
    book, tongue = playbook.current(), lang()
    pairs = [(_("What is counted"), _set_words(rule)), (_("What each should have"), _thing(rule))]
    if rule.tolerance:
        pairs.append((_("May be missing for"), rule.tolerance.text(tongue)))
    pairs.append((_("Time to close a gap"), rule.within.text(tongue)))
    owners = [book.county.organisation(owner.body).name.text(tongue) for owner in rule.owner]
    pairs.append((_("Whose task a gap is"), " / ".join(owners) or _("the nearest office")))
    pairs.append((_("Method"), book.methods[rule.method_id].name.text(tongue)))
    return pairs


MODES: Final = {
    "walk": gettext_lazy("on foot"),
    "ebike": gettext_lazy("by e-bike"),
    "car": gettext_lazy("by car"),
}
DAYS: Final = dict(zip(WEEKDAYS, dates.WEEKDAYS.values(), strict=True))
LEVELS: Final = {
    "county": gettext_lazy("the county"),
    "town": gettext_lazy("every town and street"),
    "village": gettext_lazy("every village and community"),
    "grid": gettext_lazy("every grid"),
    "building": gettext_lazy("every building"),
    "line": gettext_lazy("every line"),
}


def _set_words(rule: CoverageRule) -> str:
    each, book, tongue = rule.each, playbook.current(), lang()
    if each.bodies:
        names = [book.county.organisation(kind).name.text(tongue) for kind in each.bodies]
        return _("every body of these kinds: %(kinds)s") % {"kinds": _join(names)}
    if each.post:
        return _("every post that somebody holds: %(post)s") % {
            "post": book.posts[each.post].name.text(tongue)
        }
    if each.households:
        return _("households, as counts by village; there is no list of homes")
    if each.firms:
        return _("firms, as counts by village")
    if each.cases:
        return _("every open matter")
    if each.series:
        return _("every place that is on a round of: %(activity)s") % {
            "activity": book.activities[each.series].name.text(tongue)
        }
    if each.with_:
        return _("%(places)s that holds some of: %(parts)s") % {
            "places": LEVELS[each.place or "county"], "parts": LEVELS[each.with_],
        }  # fmt: skip
    return str(LEVELS[each.place or "county"])


def _thing(rule: CoverageRule) -> str:
    has, book, tongue = rule.has, playbook.current(), lang()
    if has.post:
        name = book.posts[has.post].name.text(tongue)
        if has.deputy_too:
            return _("%(post)s in post, and a deputy") % {"post": name}
        return _("%(post)s in post, or a deputy") % {"post": name} if has.deputy else name
    if has.body:
        return book.county.organisation(has.body).name.text(tongue)
    if has.activity and has.every:
        return _("%(activity)s, at least every %(span)s") % {
            "activity": book.activities[has.activity].name.text(tongue),
            "span": has.every.text(tongue),
        }
    if has.facility:
        minutes, mode, hour = has.way
        return _("%(facility)s within %(n)s minutes %(mode)s, open and with room on %(hour)s") % {
            "facility": book.facilities[has.facility].name.text(tongue),
            "n": minutes, "mode": MODES[mode], "hour": f"{DAYS[hour[:2]]} {hour[3:]}",
        }  # fmt: skip
    if has.tiled_by:
        return _("grids that fill it without gap or overlap")
    return _("an owner that exists, and a clock")


def _join(names: Sequence[str]) -> str:
    return ("、" if lang() == "zh" else ", ").join(names)


def missing_for(since: date | None, today: date) -> str:
    """ "missing for 9 days", or that it never was there."""
    if since is None:
        return _("never there so far")
    days = max(0, (today - since).days)
    return ngettext("missing for %(n)s day", "missing for %(n)s days", days) % {"n": days}
