"""What is asked: who goes where, how, when, and how long it may take."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, cast, get_args

from django.utils.translation import gettext_lazy as _

from linli.coverage.models import What
from linli.lib import clock, workdays
from linli.reach.modes import Mode

MINUTES: Final = (10, 15, 30, 45, 60)
BUS: Final = "bus"
MODES: Final = {
    "walk": _("on foot"), "ebike": _("by e-bike"), "car": _("by car"),
    BUS: _("by bus and on foot"),
}  # fmt: skip
# Hours that every answer should hold at; "any" does not look at opening hours.
HOURS: Final = {
    "tuesday": _("Tuesday, 10 in the morning"),
    "noon": _("Tuesday, noon"),
    "saturday": _("Saturday, 7 in the evening"),
    "now": _("now"),
    "any": _("at some time or other"),
}
SATURDAY: Final = 5
_FIXED: Final = {"tuesday": (1, time(10)), "noon": (1, time(12)), "saturday": (5, time(19))}


def next_usual(weekday: int, at: time, since: date) -> datetime:
    """The first such weekday from a day on that is as usual: no holiday, no exchanged day."""
    day = since + timedelta(days=(weekday - since.weekday()) % 7)
    while workdays.is_holiday(day) or workdays.is_workday(day) != (weekday < SATURDAY):
        day += timedelta(days=7)
    return datetime.combine(day, at, clock.LOCAL)


@dataclass(frozen=True, slots=True)
class Question:
    """How long do `what` take to the nearest facility of a kind, in a mode, at an hour?"""

    kind: str
    mode: str  # one of MODES
    hour: str  # one of HOURS, or a local time in ISO 8601
    minutes: int
    what: str

    @property
    def on(self) -> Mode:
        """Whose roads are used: a bus is gone to on foot."""
        return "walk" if self.mode == BUS else cast(Mode, self.mode)

    @property
    def when(self) -> datetime | None:
        """The local time that is asked about, on a day as usual; None: hours do not count."""
        if self.hour == "any":
            return None
        now = clock.now().astimezone(clock.LOCAL)
        if self.hour == "now":
            return now
        if self.hour in _FIXED:
            return next_usual(*_FIXED[self.hour], now.date())
        return datetime.fromisoformat(self.hour).replace(tzinfo=clock.LOCAL)

    def as_json(self) -> dict[str, Any]:
        """For a study, and for addresses."""
        return asdict(self)

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> "Question":
        return cls(said["kind"], said["mode"], said["hour"], said["minutes"], said["what"])


def usual(kind: str, what: What) -> Question:
    """The question that is asked when nobody chose another."""
    return Question(kind, get_args(Mode)[0], "tuesday", 30, what)
