"""What happens to places: new names, parents, boundaries, ends. Each keeps the state before."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Max, Q, Value, When
from django.db.models.functions import Concat, Length, Substr
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.journal.record import record
from linli.lib import clock
from linli.places import boundaries, spelling, stamp
from linli.places.models import END, VILLAGES, Place
from linli.places.tree import closure, history
from linli.places.tree.adding import LONGEST_PATH, check_fits, check_point
from linli.places.tree.errors import TreeError


@transaction.atomic
def rename(
    place: Place,
    name: str,
    *,
    name_en: str = "",
    kind: str | None = None,
    on: date | None = None,
    by: object = "system",
) -> Place:
    """Give a place another name from a day on (today); a village may also become a community.

    Returns the place, which keeps its id. Raises TreeError.
    """
    day = _begin(place, on)
    kind = kind or place.kind
    if not name.strip():
        raise TreeError(_("The place %(code)s needs a name.") % {"code": place.code})
    if kind != place.kind and not {kind, place.kind} <= set(VILLAGES):
        raise TreeError(
            _("A %(kind)s cannot become a %(other)s; only village and community change.")
            % {"kind": place.get_kind_display(), "other": kind}
        )
    history.keep(place, day)
    return _write(
        place, day, by, "place.renamed", name=name.strip(), name_en=name_en.strip(), kind=kind,
        spelling=spelling.of(name),
    )  # fmt: skip


@transaction.atomic
def redraw(
    place: Place, boundary: str | None, *, on: date | None = None, by: object = "system"
) -> Place:
    """Give a place another boundary (GeoJSON, WGS 84), or none, from a day on. Raises TreeError."""
    day = _begin(place, on)
    text = None
    if boundary:
        try:
            text = boundaries.text_of(boundaries.parse(boundary))
        except boundaries.BadBoundary as problem:
            raise TreeError(str(problem)) from problem
    history.keep(place, day)
    return _write(place, day, by, "place.redrawn", boundary=text)


@transaction.atomic
def correct(
    place: Place,
    *,
    name_en: str | None = None,
    gb_code: str | None = None,
    lon: float | None = None,
    lat: float | None = None,
    by: object = "system",
) -> Place:
    """Put right what was written wrongly: no former state, for it never was so. None: as it is."""
    stamp.touch()
    _check_alive(place)
    check_point(lon, lat)
    given = {"name_en": name_en, "gb_code": gb_code, "lon": lon, "lat": lat}
    changes = {field: value for field, value in given.items() if value is not None}
    return _write(place, None, by, "place.corrected", **changes)


@transaction.atomic
def move(place: Place, parent: Place, *, on: date | None = None, by: object = "system") -> Place:
    """Hang a place, with all that lies in it, under another parent from a day on (today).

    Everything keeps its id and code; paths and closure of the whole subtree are rewritten by one
    statement each. Raises TreeError.
    """
    day = _begin(place, on)
    _check_alive(parent)
    check_fits(place.kind, parent)
    if parent.pk == place.parent_id:
        raise TreeError(
            _("%(place)s lies in %(parent)s already.") % {"place": place, "parent": parent}
        )
    _check_quiet_since(place, day)
    _check_stood(parent, day)
    path = parent.path + place.code + END
    _check_length(place, path)
    former = place.path
    history.keep_all_under(place, day)
    Place.objects.current().within(place).update(
        path=Concat(Value(path), Substr("path", len(place.path) + 1)),
        valid_from=Case(
            When(Q(valid_from__isnull=True) | Q(valid_from__lt=day), then=Value(day)),
            default=F("valid_from"),
        ),
    )
    Place.objects.filter(pk=place.pk).update(parent=parent)
    closure.move(place.pk, parent.pk)
    _forget(place)
    record("place.moved", on=place, by=by, place=place.path, facts={"from": former})
    return place


@transaction.atomic
def close(
    place: Place,
    *,
    on: date | None = None,
    into: Place | None = None,
    by: object = "system",
) -> Place:
    """End a place: `on` (today) is the first day without it; `into` is what came in its stead.

    Refused with a TreeError while something lies in it: that has to move or close before.
    """
    day = _begin(place, on)
    if into is not None and into.pk == place.pk:
        raise TreeError(_("%(place)s cannot go up in itself.") % {"place": place})
    if place.valid_from is not None and place.valid_from >= day:
        raise TreeError(
            _("%(place)s became what it is on %(day)s; it can end on a later day only.")
            % {"place": place, "day": place.valid_from}
        )
    inside = Place.objects.current().filter(parent=place).count()
    if inside:
        raise TreeError(
            ngettext(
                "%(n)s place lies in %(place)s: move or close it first.",
                "%(n)s places lie in %(place)s: move or close them first.",
                inside,
            )
            % {"n": inside, "place": place}
        )
    _check_quiet_since(place, day)
    if into is not None:
        _check_alive(into)
    closure.remove(place.pk)
    Place.objects.filter(pk=place.pk).update(valid_to=day, successor=into)
    _forget(place)
    facts = {"into": into.path} if into else {}
    record("place.closed", on=place, by=by, place=place.path, facts=facts)
    return place


@transaction.atomic
def merge(
    places: Iterable[Place], into: Place, *, on: date | None = None, by: object = "system"
) -> Place:
    """Let places go up in another one of their level from a day on (today): what lay in them moves.

    Returns `into`. Raises TreeError.
    """
    going = list(places)
    _begin(into, on)
    for place in going:
        if place.level != into.level:
            raise TreeError(
                _("%(place)s is no place of the same level as %(into)s.")
                % {"place": place, "into": into}
            )
        for child in Place.objects.current().filter(parent=place).order_by("code"):
            move(child, into, on=on, by=by)
        close(place, on=on, into=into, by=by)
    record("place.merged", on=into, by=by, place=into.path, facts={"from": [p.code for p in going]})
    return _forget(into)


def _begin(place: Place, on: date | None) -> date:
    """Take the tree's lock, read the place anew, and return the day of the change."""
    stamp.touch()
    _check_alive(place)
    day = on or clock.today()
    if day > clock.today():
        raise TreeError(
            _("%(day)s is in the future: record the change when it happens.") % {"day": day}
        )
    if place.valid_from is not None and day < place.valid_from:
        raise TreeError(
            _("%(place)s changed on %(last)s; a change on %(day)s would come before it.")
            % {"place": place, "last": place.valid_from, "day": day}
        )
    return day


def _check_alive(place: Place) -> None:
    _forget(place)
    if place.valid_to is not None:
        raise TreeError(
            _("%(place)s ended on %(day)s and cannot change any more.")
            % {"place": place, "day": place.valid_to}
        )


def _check_quiet_since(place: Place, day: date) -> None:
    """Nothing under the place may have ended or changed after the day: its past would be wrong."""
    later = Place.objects.within(place).filter(valid_to__gt=day).aggregate(last=Max("valid_to"))
    if later["last"]:
        raise TreeError(
            _("Something in %(place)s changed on %(last)s: choose that day or a later one.")
            % {"place": place, "last": later["last"]}
        )


def _check_stood(parent: Place, day: date) -> None:
    """The new parent must have stood where it stands by then."""
    since = history.since(parent)
    if since is not None and since > day:
        raise TreeError(
            _("%(parent)s stands there since %(since)s: nothing can move into it before.")
            % {"parent": parent, "since": since}
        )


def _check_length(place: Place, path: str) -> None:
    longest = Place.objects.current().within(place).aggregate(n=Max(Length("path")))["n"]
    if longest - len(place.path) + len(path) > LONGEST_PATH:
        raise TreeError(
            _("The codes from the county down are longer than %(most)s letters together.")
            % {"most": LONGEST_PATH}
        )


def _write(place: Place, day: date | None, by: object, verb: str, **changes: Any) -> Place:
    """Change the row itself and tell the journal; `day` None leaves the beginning as it is."""
    if day is not None and (place.valid_from is None or place.valid_from < day):
        changes["valid_from"] = day
    Place.objects.filter(pk=place.pk).update(**changes)
    _forget(place)
    changed = sorted(set(changes) - {"valid_from", "spelling"})
    record(verb, on=place, by=by, place=place.path, facts={"changed": changed})
    return place


def _forget(place: Place) -> Place:
    """Read a row anew, with all that was derived from it."""
    place.refresh_from_db()
    place.__dict__.pop("_ancestors", None)
    return place
