"""Two stations of a town, on a Wednesday without holidays near; two workers in one of them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from linli.cases.actions.receive import Draft, receive
from linli.cases.models import Case
from linli.facilities.actions import keeping
from linli.facilities.models import Facility
from linli.lib import clock, ids
from linli.people import actions
from linli.people.actors import ANONYMOUS, SYSTEM, Actor, under
from linli.people.cast import Cast
from linli.people.cast import cast as gather
from linli.people.models import Appointment, Post
from linli.stores.actions import correcting, giving, moving
from linli.stores.models import Gift, Movement, Request
from linli.stores.sums import check_sums

START = datetime(2026, 11, 4, 9, 0, tzinfo=clock.LOCAL)


@dataclass
class Yard:
    """What the tests stand on, and short ways to act at the first station."""

    cast: Cast
    station: Facility
    other: Facility
    worker: Actor
    second: Actor

    def day(self, days: int) -> date:
        return START.date() + timedelta(days=days)

    def gift(self, item: str = "quilt", amount: int = 5, **more) -> Gift:
        if item == "rice":
            more.setdefault("best_before", self.day(100))
        return giving.receive(
            self.station, item, amount, by=self.worker, key=ids.new_uuid(), **more
        )

    def hand(self, item: str = "quilt", amount: int = 1, **more) -> Movement | Request:
        if not more.get("wish"):
            more.setdefault("household", "梅花三号")
        more.setdefault("by", self.worker)
        return moving.hand_out(self.station, item, amount, key=ids.new_uuid(), **more)

    def buy(self, item: str, amount: int, cost: int, **more) -> Movement | Request:
        return moving.buy(
            self.station, item, amount, cost, by=self.worker, key=ids.new_uuid(), **more
        )

    def back(self, movement: Movement) -> Movement:
        asked = correcting.take_back(movement, "写错了", by=self.worker, key=ids.new_uuid())
        return correcting.agree(asked, by=self.second)

    def there(self, item: str, facility: Facility | None = None) -> int:
        lots = (facility or self.station).store_accounts.filter(side="shelf", item=item)
        return sum(lot.balance for lot in lots)

    def wish(self) -> Case:
        return receive(Draft(
            channel="web", kind="wish", category="daily-life", place=self.cast.places["town"],
            text="想要一床被子", consent=True, phone="+8619900001234", name="李测试",
            client_id=ids.new_uuid(), visibility="public",
        ), by=ANONYMOUS).case  # fmt: skip


def build() -> Yard:
    cast = gather()
    body = cast.bodies["wish_station"]
    post = Post.objects.get(kind="station-worker", organisation=body)
    made = actions.appoint(
        post, actions.open_account(display_name="second"), by=SYSTEM,
        from_date=clock.today() - timedelta(days=2),
    )  # fmt: skip
    stations = [
        keeping.open_facility(
            "giving-station", code=code, name=code, organisation=cast.bodies[name],
            place=cast.places["town"], lon=119.5, lat=31.4, by=SYSTEM,
        )
        for code, name in (("one", "wish_station"), ("two", "town_office"))
    ]  # fmt: skip
    second = under(Appointment.objects.with_posts().get(pk=made.pk))
    return Yard(cast, *stations, cast.station_worker, second)


@pytest.fixture
def yard(db):
    """After each test the sums of every station meet."""
    with clock.moved_to(START):
        yield build()
        assert check_sums() == []
