"""The table ``[[facility]]``: a kind of place that people go to, and its rooms, meals or store."""

from typing import Annotated, Literal

from pydantic import Field as Key
from pydantic import PrivateAttr, StringConstraints, model_validator

from linli.playbook.base import HoursText, Id, Named, SpanText, Strict, Text
from linli.playbook.store import Store

Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Booking = Literal["none", "rooms", "meals"]


class Rooms(Strict):
    """How rooms are lent."""

    ahead: SpanText = Key(description="How long before it may be booked at the earliest.")
    longest: int = Key(default=240, ge=15, le=24 * 60, description="Minutes of one booking.")
    each: int = Key(default=3, ge=1, le=50, description="Bookings that one person may have open.")
    weeks: int = Key(default=0, ge=0, le=26, description="Weeks that a repeated booking may cover.")
    groups_a_day: int | None = Key(
        default=None, ge=1, le=50, description="So many groups visit the whole place on a day."
    )
    people: int | None = Key(default=None, ge=1, le=5000, description="Most people in a group.")
    purpose: bool = Key(default=False, description="A group says what it comes for.")


class Price(Named):
    """A class of diners and who pays how much of a meal, in cents. Only the accounts know it."""

    own: int = Key(ge=0, le=100_000)
    subsidy: int = Key(ge=0, le=100_000)
    gifts: int = Key(default=0, ge=0, le=100_000)

    @property
    def total(self) -> int:
        """What the meal costs in all."""
        return self.own + self.subsidy + self.gifts


class Meals(Strict):
    """Meals at a table: when, until when they are ordered, and what they cost whom."""

    name: Text
    starts: Clock
    ends: Clock
    book_by: Clock = Key(description="On the day before.")
    ahead: int = Key(default=7, ge=1, le=31, description="Days that can be booked.")
    prices: list[Price] = Key(min_length=1, alias="price")

    @model_validator(mode="after")
    def _whole(self) -> "Meals":
        if self.starts >= self.ends:
            raise ValueError("a meal ends after it starts")
        if len({price.total for price in self.prices}) > 1:
            raise ValueError("own + subsidy + gifts must come to the same price for everybody")
        return self

    def price(self, name: str) -> Price | None:
        """The class of diners with this id."""
        return next((price for price in self.prices if price.id == name), None)


class FacilityKind(Strict):
    """A kind of place that is open at certain hours."""

    id: Id
    name: Text
    summary: Text
    host: list[Id] = Key(min_length=1, description="Kinds of organisation that run one.")
    hours: HoursText = Key(description="Usual opening hours, as OpenStreetMap writes them.")
    services: list[Named] = Key(default=[], alias="service")
    rooms: Rooms | None = None
    meals: Meals | None = None
    store: Store | None = None

    _method_id: str = PrivateAttr(default="")

    @property
    def method_id(self) -> str:
        """The method whose file this is in."""
        return self._method_id

    @property
    def booking(self) -> Booking:
        """What people book there."""
        return "meals" if self.meals else "rooms" if self.rooms else "none"
