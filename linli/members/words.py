"""Lengths of time by the calendar, in words."""

from django.utils.translation import ngettext

from linli.playbook.membership import Length


def length_text(length: Length) -> str:
    """ "6 months" in the reader's language."""
    n = length.amount
    said = {
        "day": ngettext("%(n)s day", "%(n)s days", n),
        "week": ngettext("%(n)s week", "%(n)s weeks", n),
        "month": ngettext("%(n)s month", "%(n)s months", n),
        "year": ngettext("%(n)s year", "%(n)s years", n),
    }[length.unit]
    return said % {"n": n}
