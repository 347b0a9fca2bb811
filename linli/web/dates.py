"""Dates in words, in the reader's language and in local time."""

from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.lib import clock


def _local(when: datetime) -> datetime:
    return when.astimezone(clock.LOCAL)


def day(when: datetime | date) -> str:
    """ "10月14日星期二" / "Tuesday 14 October"; with the year when it is not this one."""
    local = _local(when) if isinstance(when, datetime) else when
    same_year = local.year == _local(clock.now()).year
    form = _("l j F") if same_year else _("l j F Y")
    return date_format(local, form)


def day_and_time(when: datetime) -> str:
    """ "10月14日 09:30" / "14 October, 09:30"."""
    local = _local(when)
    same_year = local.year == _local(clock.now()).year
    return date_format(local, _("j F, H:i") if same_year else _("j F Y, H:i"))


def due(when: datetime) -> str:
    """ "by Tuesday 14 October", or how many days late it is."""
    days = (_local(when).date() - _local(clock.now()).date()).days
    if when < clock.now():
        if days >= 0:
            return _("late since today")
        return ngettext("%(n)s day late", "%(n)s days late", -days) % {"n": -days}
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    return _("by %(day)s") % {"day": day(when)}


def ago(when: datetime) -> str:
    """ "3 hours ago", coarse on purpose."""
    seconds = max(0, int((clock.now() - when).total_seconds()))
    if seconds < 90:
        return _("just now")
    if seconds < 5400:
        n = round(seconds / 60)
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", n) % {"n": n}
    if seconds < 36 * 3600:
        n = round(seconds / 3600)
        return ngettext("%(n)s hour ago", "%(n)s hours ago", n) % {"n": n}
    n = round(seconds / 86400)
    return ngettext("%(n)s day ago", "%(n)s days ago", n) % {"n": n}


def hour(when: datetime) -> str:
    """ "09:30", local time."""
    return _local(when).strftime("%H:%M")


def lasting(span: timedelta) -> str:
    """ "2 小时 15 分" / "2 h 15 min": a length of time given or served."""
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": minutes}
    if not minutes:
        return _("%(hours)s h") % {"hours": hours}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
