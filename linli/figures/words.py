"""What bands, reasons and rates are called, and what each rate means, in plain words."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

BANDS = {
    "in time": _("answered in time"),
    "late": _("answered late"),
    "unanswered": _("not answered"),
    "solved": _("solved"),
    "unsolved": _("not solved"),
    "unsure": _("cannot judge"),
    "silent": pgettext_lazy("asker", "no word"),
    "satisfied": _("satisfied"),
    "dissatisfied": _("not satisfied"),
}
TONES = {"late": "warn", "unanswered": "late", "unsolved": "late", "silent": "warn",
         "dissatisfied": "late"}  # fmt: skip
REASONS = {
    "withdrawn": _("withdrawn by the asker"),
    "declined": _("not ours to do; the right address was given"),
    "merged": _("joined to another matter"),
    "not due yet": _("not due yet"),
    "waiting": _("the asker still has time to say"),
    "asked again": _("another asker said “not solved” first; asked again after the new answer"),
    "not asked": _("nobody was asked: brought in from elsewhere"),
}
COUNTS = {"received": _("received"), "answered": _("answered for the first time")}
OWED = {"late": _("late now"), "untaken": _("not taken on in time")}
NAMES = {
    "response": _("Answered in time"),
    "resolution": _("Solved, the askers say"),
    "satisfaction": _("Satisfied"),
}
ORDER = {
    "response": ("in time", "late", "unanswered"),
    "resolution": ("solved", "unsolved", "unsure", "silent"),
    "satisfaction": ("satisfied", "dissatisfied"),
}
MEANINGS = {
    "response": _(
        "Of the answers that fell due in these days: how many were given by the promised day. "
        "Only the first answer counts; an extension counts if it was asked for in time."
    ),
    "resolution": _(
        "Of the askers who were given an answer in these days: how many say it is solved. "
        "Who says nothing stands in the whole as “no word” and is never counted as content."
    ),
    "satisfaction": _("Of the askers who rated how they were treated: how many were satisfied."),
}
PERIODS = {
    "week": _("This week"),
    "month": _("This month"),
    "quarter": _("This quarter"),
    "own": _("Own dates"),
}
PROBLEMS = {
    "date": _("One of the two dates is no date. Write them like 2026-10-14."),
    "order": _("The last day is before the first."),
    "long": _("That is more than twenty years; choose fewer days."),
}
CHANNELS = {
    "web": _("web page"),
    "phone": _("telephone"),
    "sms": _("text message"),
    "paper": _("paper"),
    "vehicle": _("comment box on board"),
    "visit": _("home visit"),
    "stall": _("stall"),
    "desk": _("counter"),
    "door-card": _("door card"),
    "patrol": _("patrol"),
    "import": _("brought in from elsewhere"),
}


def slug(band: str) -> str:
    """A band as it stands in an address: "excluded: not due yet" is "excluded-not-due-yet"."""
    return band.replace(": ", "-").replace(" ", "-")


SLUGS = {slug(band): band for band in BANDS} | {
    slug(f"excluded: {reason}"): f"excluded: {reason}" for reason in REASONS
}


def band_name(band: str) -> str:
    """What a band or an exclusion is called on the page."""
    kind, _colon, reason = band.partition(": ")
    return str(REASONS[reason] if kind == "excluded" and reason else BANDS[band])
