"""What stands in the way, in a sentence for the planner."""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.activities.planner.ground import Ground
from linli.activities.planner.models import Skill
from linli.lib import clock
from linli.rota.model import AFTERNOON, EVENING, MORNING, Shift
from linli.rota.rules import Bar, Conflict
from linli.web import dates
from linli.web.language import lang

WEEKDAYS: Final = {
    "mon": gettext_lazy("Monday"), "tue": gettext_lazy("Tuesday"),
    "wed": gettext_lazy("Wednesday"), "thu": gettext_lazy("Thursday"),
    "fri": gettext_lazy("Friday"), "sat": gettext_lazy("Saturday"),
    "sun": gettext_lazy("Sunday"),
}  # fmt: skip
DAYPARTS: Final = {
    MORNING: gettext_lazy("in the morning"),
    AFTERNOON: gettext_lazy("in the afternoon"),
    EVENING: gettext_lazy("in the evening"),
}
# What bars the people of an empty seat, counted.
COUNTED: Final = {
    Bar.BARRED: gettext_lazy("not to be put here"),
    Bar.SKILL: gettext_lazy("lack what the seat needs"),
    Bar.OFF: gettext_lazy("are off"),
    Bar.DAY: gettext_lazy("do not offer this weekday"),
    Bar.FAR: gettext_lazy("live too far away"),
    Bar.DOUBLE: gettext_lazy("are on duty at that time"),
    Bar.REST: gettext_lazy("need their rest"),
    Bar.EVENINGS: gettext_lazy("have another evening too near"),
    Bar.WEEK: gettext_lazy("have their hours of the week"),
    Bar.MONTH: gettext_lazy("have their hours of the month"),
}


def sentence(met: Conflict, ground: Ground) -> str:
    """One conflict, such as "Rest: after Tuesday 20:30 not before Wednesday 12:00"."""
    if met.bar is Bar.SKILL:
        return _("This seat needs: %(what)s.") % {"what": _skills(met.detail)}
    if met.bar is Bar.FAR:
        return _("%(km)s km is further than offered.") % {"km": met.detail}
    if met.bar in (Bar.WEEK, Bar.MONTH):
        form = (
            _("That makes %(hours)s hours in this week, more than offered.")
            if met.bar is Bar.WEEK
            else _("That makes %(hours)s hours in this month, more than offered.")
        )
        return form % {"hours": met.detail}
    if met.other is None:
        plain = {
            Bar.OFF: _("Off on this day."),
            Bar.DAY: _("Does not offer this weekday."),
            Bar.BARRED: _("Not to be put here."),
        }
        return plain[met.bar]
    return _clash(met, met.other, ground)


def _clash(met: Conflict, other: Shift, ground: Ground) -> str:
    said = {"other": duty(other, ground)}
    plain = {
        Bar.DOUBLE: _("At the same time: %(other)s."),
        Bar.REST: _("Rest between duties is too short: %(other)s."),
        Bar.EVENINGS: _("Two evening duties too close: %(other)s."),
    }[met.bar] % said
    if met.again is None:
        return plain
    return plain + " " + _("Possible from %(when)s.") % {"when": _moment(met.again)}


def duty(shift: Shift, ground: Ground) -> str:
    """Another duty of the same person: what and when; of other bodies only when."""
    seat = ground.seats.get(shift.id)
    when = f"{_moment(shift.starts)}–{shift.ends:%H:%M}"
    if seat is None:
        return _("a duty elsewhere, %(when)s") % {"when": when}
    name = seat.occurrence.name_for(lang())
    return f"{name}, {seat.occurrence.place.name_for(lang())}, {when}"


def _moment(moment: datetime) -> str:
    return dates.day_and_time(moment.replace(tzinfo=clock.LOCAL))


def _skills(detail: str) -> str:
    """Names of skills; holding a post is one of them."""
    known = dict(Skill.choices)
    names = [str(known.get(word, _("the right post"))) for word in detail.split()]
    return "、".join(names) if lang() == "zh" else ", ".join(names)
