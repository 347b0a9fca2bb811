"""Where: a dated tree from the county down to the building.

A row of `Place` with an open end (`valid_to` is null) is a place as it stands. It keeps its id
for life, whatever it is called and wherever it is moved, so nothing that points to it breaks.
A former state (another name, another parent, another boundary) is a row of its own, closed on the
day of the change, whose `successor` is the row that came after it; it carries the same code.
`at(date)` therefore finds at most one row for a code, and the codes in `path` are the ancestors
that this row had while it was valid.
"""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.lib import ids
from linli.places.fields import CodeField

END = "/"
AFTER_END = chr(ord(END) + 1)


class Kind(models.TextChoices):
    """What a place is. `PARENTS` says what it may lie in, `LEVEL` how deep it stands."""

    COUNTY = "county", pgettext_lazy("place", "county")
    TOWN = "town", pgettext_lazy("place", "town")
    VILLAGE = "village", pgettext_lazy("place", "village")
    COMMUNITY = "community", pgettext_lazy("place", "community")
    GRID = "grid", pgettext_lazy("place", "grid")
    BUILDING = "building", pgettext_lazy("place", "building")
    LINE = "line", pgettext_lazy("place", "line")


PARENTS: dict[str, tuple[str, ...]] = {
    Kind.COUNTY: (),
    Kind.TOWN: (Kind.COUNTY,),
    Kind.VILLAGE: (Kind.TOWN,),
    Kind.COMMUNITY: (Kind.TOWN,),
    Kind.GRID: (Kind.VILLAGE, Kind.COMMUNITY),
    Kind.BUILDING: (Kind.GRID, Kind.VILLAGE, Kind.COMMUNITY),
    Kind.LINE: (Kind.COUNTY, Kind.TOWN, Kind.VILLAGE, Kind.COMMUNITY),
}
LEVEL: dict[str, int] = {
    Kind.COUNTY: 0,
    Kind.TOWN: 1,
    Kind.LINE: 1,
    Kind.VILLAGE: 2,
    Kind.COMMUNITY: 2,
    Kind.GRID: 3,
    Kind.BUILDING: 4,
}
VILLAGES = (Kind.VILLAGE, Kind.COMMUNITY)
# Parents before children: an order in which a whole tree can be written.
TOP_DOWN = (*(kind for kind in Kind if kind is not Kind.LINE), Kind.LINE)


class PlaceQuerySet(models.QuerySet["Place"]):
    def current(self) -> "PlaceQuerySet":
        """Places as they stand."""
        return self.filter(valid_to__isnull=True)

    def at(self, day: date) -> "PlaceQuerySet":
        """Places as they stood on a day; no two rows share a code."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_to__isnull=True) | Q(valid_to__gt=day),
        )

    def within(self, place: "Place | str") -> "PlaceQuerySet":
        """A place (or the path of one) and everything under it, former states included.

        One range of the index on `path`; combine with `current()` or `at()`.
        """
        return self.filter(path_range(place))

    def ancestors(self, place: "Place") -> "PlaceQuerySet":
        """A place and everything above it as it stands, from the county down."""
        return self.current().filter(code__in=place.codes).order_by("path")

    def light(self) -> "PlaceQuerySet":
        """Without the boundaries, which can be long."""
        return self.defer("boundary")

    def with_parents(self) -> "PlaceQuerySet":
        """With everything above, so that full names cost no query; without boundaries."""
        chain = ["__".join(["parent"] * n) for n in range(1, 5)]
        return self.select_related(chain[-1]).defer(
            "boundary", *(f"{parent}__boundary" for parent in chain)
        )

    def by_door_code(self, text: str) -> "Place | None":
        """The living place of a door card's code as a person types it, or None.

        The card of a building that was merged into another leads to that one.
        """
        word = ids.normal_word(text)
        place = self.filter(door_code=word).first() if word else None
        while place is not None and place.valid_to is not None:
            place = place.successor
        return place

    def of_kind(self, *kinds: str) -> "PlaceQuerySet":
        return self.filter(kind__in=kinds)


def path_range(place: "Place | str", field: str = "path") -> Q:
    """The condition "at or under this place" on any text column that holds a path.

    `path_range(town, "place__path")` serves tables that point to places. An empty path means no
    limit.
    """
    path = place.path if isinstance(place, Place) else place
    if not path:
        return Q()
    return Q(**{f"{field}__gte": path, f"{field}__lt": path.removesuffix(END) + AFTER_END})


class Place(models.Model):
    """A county, town, village, community, grid, building or line, from one day to another."""

    code = CodeField(pgettext_lazy("place", "code"), max_length=40)
    kind = models.CharField(pgettext_lazy("place", "kind"), max_length=12, choices=Kind.choices)
    name = models.CharField(pgettext_lazy("place", "name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=120, blank=True, default="")
    # Names in Latin letters as people type them: "tianmuhuzhen tmhz".
    spelling = models.CharField(max_length=300, blank=True, default="", editable=False)
    gb_code = models.CharField(_("statistical code"), max_length=12, blank=True, default="")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = CodeField(pgettext_lazy("place", "path"), max_length=200)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    # Null: since before our records begin.
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    # The first day on which this row no longer holds. Null: it holds.
    valid_to = models.DateField(_("valid until"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors"
    )
    # True: made up for a demonstration, and said so wherever it is shown.
    generated = models.BooleanField(pgettext_lazy("place", "generated"), default=False)
    # On the card at the door; a closed building keeps it, so that an old card still leads on.
    door_code = models.CharField(
        _("door code"), max_length=6, null=True, blank=True, unique=True, default=None
    )

    # A GeoJSON Polygon or MultiPolygon in WGS 84. The last column, and long: lists that do not draw
    # it read with `light()`.
    boundary = models.TextField(pgettext_lazy("place", "boundary"), null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("place", "place")
        verbose_name_plural = pgettext_lazy("place", "places")
        indexes: ClassVar = [
            models.Index(fields=["path"], name="place_path"),
            models.Index(fields=["kind", "path"], name="place_kind_path"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to__isnull=True), name="place_code_now"
            ),
            models.UniqueConstraint(fields=["code", "valid_to"], name="place_code_until"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gt=F("valid_from")),
                name="place_lasts",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in Kind]), name="place_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.COUNTY.value, parent__isnull=True)
                | (~Q(kind=Kind.COUNTY.value) & Q(parent__isnull=False)),
                name="place_has_parent",
            ),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True)
                # A comparison with null is unknown, and an unknown check passes: say "not null".
                | Q(lon__isnull=False, lon__gte=-180, lon__lte=180)
                & Q(lat__isnull=False, lat__gte=-90, lat__lte=90),
                name="place_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True)
                | (Q(valid_to__isnull=False) & ~Q(successor=F("id"))),
                name="place_successor_after_end",
            ),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name="") & ~Q(code__contains=END),
                name="place_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    @property
    def is_current(self) -> bool:
        return self.valid_to is None

    @property
    def level(self) -> int:
        """0 county, 1 town or line, 2 village or community, 3 grid, 4 building."""
        return LEVEL[self.kind]

    @property
    def codes(self) -> list[str]:
        """Codes from the county down to this place."""
        return self.path.split(END)[:-1]

    def label(self, lang: str) -> str:
        """The name and the code, for lists of staff."""
        return f"{self.name_for(lang)} {self.code}"

    def contains(self, other: "Place") -> bool:
        """Whether `other` is this place or lies under it, by their paths."""
        return other.path.startswith(self.path)

    def name_for(self, lang: str) -> str:
        """The name in a language code such as "zh-hans" or "en"; Chinese where English lacks."""
        return self.name if lang.startswith("zh") else self.name_en or self.name

    def full_name(self, lang: str, from_level: str = Kind.TOWN) -> str:
        """The name with those above it, from a level down.

        Chinese begins at the top and writes it as one word; English begins at the bottom:
        "Tianjiashan Village, Tianmuhu Town". No query if `load_ancestors` or `with_parents`
        brought the parents, else one.
        """
        top = LEVEL[from_level]
        line = [place for place in self.ancestors() if place.level >= top]
        names = [place.name_for(lang) for place in [*line, self]]
        return "".join(names) if lang.startswith("zh") else ", ".join(reversed(names))

    def ancestors(self) -> "list[Place]":
        """What this place lies in, from the county down, without itself; loaded once."""
        if not hasattr(self, "_ancestors"):
            line: list[Place] = []
            place = self
            while place.parent_id and Place.parent.is_cached(place) and place.parent:
                place = place.parent
                line.append(place)
            if place.parent_id:
                line = ancestors_of([self])[self.pk]
            else:
                line.reverse()
            self._ancestors = line
        return self._ancestors


class Closure(models.Model):
    """Every current place with each of its ancestors and itself (depth 0), materialised."""

    pk = models.CompositePrimaryKey("ancestor_id", "descendant_id")
    ancestor = models.ForeignKey(Place, models.CASCADE, related_name="below", db_index=False)
    descendant = models.ForeignKey(Place, models.CASCADE, related_name="above", db_index=False)
    depth = models.PositiveSmallIntegerField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["descendant", "depth"], name="closure_descendant"),
        ]

    def __str__(self) -> str:
        return f"{self.ancestor_id} > {self.descendant_id} ({self.depth})"


class Stamp(models.Model):
    """One row that every change of the tree rewrites: writers queue on it, readers compare it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    value = models.UUIDField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="stamp_is_one_row"),
        ]

    def __str__(self) -> str:
        return str(self.value)


def ancestors_of(places: Iterable[Place], day: date | None = None) -> dict[int, list[Place]]:
    """The ancestors of each place (by its id), from the county down, in one query.

    As they stand, or as they stood on `day`.
    """
    wanted = list(places)
    codes = {code for place in wanted for code in place.codes[:-1]}
    rows = Place.objects.light().at(day) if day else Place.objects.light().current()
    found = {place.code: place for place in rows.filter(code__in=codes)} if codes else {}
    return {
        place.pk: [found[code] for code in place.codes[:-1] if code in found] for place in wanted
    }


def load_ancestors(places: Iterable[Place]) -> None:
    """Give each place its ancestors with one query for all, so that names cost none."""
    wanted = list(places)
    found = ancestors_of(wanted)
    for place in wanted:
        place._ancestors = found[place.pk]
