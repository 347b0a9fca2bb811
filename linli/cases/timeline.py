"""A case's story as it is read: the lines of the journal in words, for one reader."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from linli import playbook
from linli.cases.models import Case, Words
from linli.journal.models import Entry
from linli.journal.record import subject_of
from linli.lib import clock
from linli.people.models import Organisation
from linli.web import dates, shelf
from linli.web.language import lang

PUBLIC, ASKER, UNIT = 0, 1, 2  # who reads: each sees what the one before sees, and more


@dataclass(frozen=True)
class Moment:
    """One line of the story."""

    verb: str
    icon: str
    title: str
    when: datetime
    coarse: bool
    words: str = ""
    tone: str = ""
    href: str = ""


# verb -> (icon, who sees that it happened)
SHOWN: dict[str, tuple[str, int]] = {
    "case.received": ("speak", PUBLIC),
    "case.came_of": ("people", PUBLIC),
    "forum.tied": ("say", PUBLIC),
    "case.routed": ("arrow", PUBLIC),
    "case.accepted": ("check", PUBLIC),
    "case.assigned": ("person", UNIT),
    "case.noted": ("desk", UNIT),
    "case.extended": ("clock", PUBLIC),
    "case.transferred": ("arrow", PUBLIC),
    "case.refused": ("arrow", PUBLIC),
    "case.late": ("late", PUBLIC),
    "case.answered": ("say", PUBLIC),
    "case.replied": ("say", PUBLIC),
    "case.reopened": ("late", PUBLIC),
    "case.confirmed": ("check", PUBLIC),
    "case.silent": ("clock", PUBLIC),
    "case.declined": ("arrow", PUBLIC),
    "case.withdrawn": ("arrow", PUBLIC),
    "case.merged": ("arrow", PUBLIC),
    "case.took_in": ("person", PUBLIC),
    "case.joined": ("person", PUBLIC),
    "case.grouped": ("people", ASKER),
    "case.ungrouped": ("person", UNIT),
    "case.added": ("speak", ASKER),
    "case.step": ("check", ASKER),
    "case.claimed": ("person", PUBLIC),
    "case.claim_ended": ("clock", PUBLIC),
    "case.published": ("eye", PUBLIC),
    "case.text_read": ("eye", ASKER),
    "case.made_anonymous": ("lock", UNIT),
}


Opener = Callable[[int], str]  # reads the sealed words of a line, and leaves a mark in the log


def lines(case: Case) -> list[Entry]:
    """Every line of the journal about the case, in order, shown or not."""
    return list(Entry.objects.filter(subject=subject_of(case)).order_by("seq"))


def story(
    case: Case,
    reader: int,
    opener: Opener | None = None,
    asker: str = "",
    entries: list[Entry] | None = None,
) -> list[Moment]:
    """The case's timeline for one reader, oldest first, in three statements however long it is.

    `asker` is the id of the asker who reads: what another asker wrote stays theirs.
    Words of a sealed matter are read through `opener`; without one they stay "(sealed)".
    `entries`: the `lines` of the case, where they were read already.
    """
    entries = [e for e in (lines(case) if entries is None else entries) if e.verb in SHOWN]
    words = {row.entry: row for row in Words.objects.filter(case=case)}
    names = _unit_names(entries)
    moments = []
    for entry in entries:
        icon, level = SHOWN[entry.verb]
        if level > reader:
            continue
        moments.append(
            Moment(
                verb=entry.verb,
                icon=icon,
                title=_title(case, entry, names),
                when=entry.when,
                coarse=reader == PUBLIC,
                words=_words(words.get(entry.seq), reader, entry, opener, asker),
                tone=_tone(entry),
                href=_href(entry),
            )
        )
    return moments


def _words(row: Words | None, reader: int, entry: Entry, opener: Opener | None, asker: str) -> str:
    if row is None or (reader == ASKER and entry.facts.get("asker", asker) != asker):
        return ""
    if row.sealed:
        hidden = reader == PUBLIC or (reader == ASKER and row.purpose == Words.Purpose.NOTE)
        return "" if hidden else opener(entry.seq) if opener else _("(sealed)")
    if row.public or reader == UNIT:
        return row.text
    if reader == ASKER and row.purpose != Words.Purpose.NOTE:
        return row.text
    return ""


def _unit_names(entries: Iterable[Entry]) -> dict[int, str]:
    ids = {
        int(entry.facts[key])
        for entry in entries
        for key in ("to", "from", "by", "suggested", "above")
        if str(entry.facts.get(key) or "").isdigit()
    }
    ids |= {int(entry.org) for entry in entries if entry.org.isdigit()}
    return unit_names(frozenset(ids))


def unit_names(ids: frozenset[int]) -> dict[int, str]:
    """What bodies are called, by their row; a name may be a minute old."""
    if not ids:
        return {}

    def read() -> tuple[dict[int, str], int]:
        rows = Organisation.objects.filter(pk__in=ids).only("name", "name_en")
        return {unit.pk: unit.name_for(lang()) for unit in rows}, 100 * len(ids)

    names: dict[int, str] = shelf.remember(("units", lang(), ids), read)
    return names


def _tone(entry: Entry) -> str:
    if entry.verb in {"case.late", "case.reopened"}:
        return "late"
    if entry.verb == "case.answered" and not entry.facts.get("in_time", True):
        return "late"
    return "ok" if entry.verb == "case.confirmed" else ""


def _href(entry: Entry) -> str:
    """The page that a line leads to: the occurrence that a case came of, the talk about it."""
    if entry.verb == "forum.tied":
        return reverse("topic", args=[entry.facts["topic"]])
    uid = str(entry.facts.get("occurrence") or "")
    return reverse("activity", args=[uid]) if entry.verb == "case.came_of" and uid else ""


def _title(case: Case, entry: Entry, names: dict[int, str]) -> str:
    facts = entry.facts
    unit = _name(facts.get("to"), names)
    by = _name(facts.get("by"), names)
    sayings = {
        "case.received": lambda: _("Received"),
        "case.came_of": lambda: _("Taken down at: %(what)s") % {"what": _activity(facts)},
        "forum.tied": lambda: (
            _("Came of a floor in the forum")
            if facts.get("floor")
            else _("Talked about in the forum")
        ),
        "case.routed": lambda: _("Passed to %(unit)s") % {"unit": unit},
        "case.accepted": lambda: (
            _("%(unit)s has taken it on") % {"unit": _owner(case, entry, names)}
        ),
        "case.assigned": lambda: _("Somebody of the unit deals with it"),
        "case.noted": lambda: _("Note inside the unit"),
        "case.extended": lambda: _("More time until %(day)s") % {"day": _day(facts.get("to"))},
        "case.transferred": lambda: _("Sent on to %(unit)s") % {"unit": unit},
        "case.refused": lambda: _refused(facts, by, unit),
        "case.late": lambda: _late(_name(facts.get("above"), names)),
        "case.answered": lambda: (
            _("Answered in time") if facts.get("in_time") else _("Answered late")
        ),
        "case.replied": lambda: _replied(facts),
        "case.reopened": lambda: (
            _("Not solved: back to work, now with %(unit)s, one level up") % {"unit": unit}
            if facts.get("higher")
            else _("Not solved: back to %(unit)s on the old clock") % {"unit": unit}
        ),
        "case.confirmed": lambda: _("Closed: the asker says it is solved"),
        "case.silent": lambda: _("Closed without the asker's word; not counted as solved"),
        "case.declined": lambda: _("Cannot be done here"),
        "case.withdrawn": lambda: _("Withdrawn by the asker"),
        "case.merged": lambda: _("Joined to another matter about the same thing"),
        "case.took_in": lambda: _("Another matter about the same thing was joined to this one"),
        "case.joined": lambda: _("A neighbour joined"),
        "case.grouped": lambda: _("Dealt with together with others about the same problem"),
        "case.ungrouped": lambda: _("Dealt with by itself again"),
        "case.added": lambda: _("The asker added something"),
        "case.step": lambda: _step_name(case, str(facts.get("step"))),
        "case.claimed": lambda: (
            _("A volunteer has taken it on until %(day)s") % {"day": _day(facts.get("until"))}
        ),
        "case.claim_ended": lambda: _("Free again for another volunteer"),
        "case.published": lambda: _("The text was checked and made public"),
        "case.text_read": lambda: _("Somebody above the unit read the whole text, and said why"),
        "case.made_anonymous": lambda: _("The asker became anonymous"),
    }
    return str(sayings[entry.verb]())


def _late(above: str) -> str:
    if not above:  # the highest unit of all has it, or a line from before they were told
        return _("The promised time is over; the unit knows")
    return _("The promised time is over; the unit knows, and so does %(above)s") % {"above": above}


def _activity(facts: dict[str, Any]) -> str:
    """What the activity is called that the matter came of."""
    kind = playbook.current().activities.get(str(facts.get("activity")))
    return kind.name.text(lang()) if kind else ""


def _refused(facts: dict[str, Any], by: str, unit: str) -> str:
    if facts.get("backstop"):
        return _("%(by)s says it is not theirs, the second no: %(unit)s must deal with it") % {
            "by": by,
            "unit": unit,
        }
    return _("%(by)s says it is not theirs; back to %(unit)s") % {"by": by, "unit": unit}


def _replied(facts: dict[str, Any]) -> str:
    return {
        "solved": _("An asker says: solved"),
        "unsolved": _("An asker says: not solved"),
    }.get(str(facts.get("reply")), _("An asker says: I cannot judge"))


def _step_name(case: Case, step: str) -> str:
    return next((s.name.text(lang()) for s in case.rule.steps if s.id == step), step)


def _owner(case: Case, entry: Entry, names: dict[int, str]) -> str:
    owner = entry.org
    if owner.isdigit():
        return names.get(int(owner)) or case.owner.name_for(lang())
    return case.owner.name_for(lang())


def _name(unit: object, names: dict[int, str]) -> str:
    return names.get(int(str(unit)), "") if str(unit or "").isdigit() else ""


def _day(iso: object) -> str:
    try:
        return dates.day(datetime.fromisoformat(str(iso)).astimezone(clock.LOCAL))
    except ValueError:
        return ""
