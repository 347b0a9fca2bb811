"""Homes that agreed: saying yes, saying no, the slip, and reading what a home wants to be called."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from linli.activities.models import Home, Occurrence, Record
from linli.activities.models.home import LABEL, WAY, word_hash
from linli.activities.policies import fits_body, in_scope
from linli.journal.record import record
from linli.lib import clock, ids
from linli.people.actors import NOTHING, SYSTEM, TOTALS, Actor
from linli.people.models import Organisation
from linli.people.policies import Denied
from linli.places.models import VILLAGES, Place
from linli.playbook.schema import ActivityKind
from linli.vault import sealing
from linli.vault.models import ReadLog, Sealed, SubjectKey

LONGEST_LABEL: Final = 12
LONGEST_WAY: Final = 60
SECOND_THOUGHTS: Final = timedelta(days=7)  # between "no more visits" and destroying what is kept
TRIES: Final = 5


@dataclass(frozen=True)
class Card:
    """What a visitor sees of a home on the day of the visit."""

    label: str
    way: str


@dataclass(frozen=True)
class Slip:
    """What the household keeps: with these two it opens its own page."""

    home: Home
    word: str


def check_can_visit(
    rule: ActivityKind, organisation: Organisation, place: Place, by: Actor
) -> None:
    """Whether this person visits homes there for that body."""
    if rule.stops != "homes" or place.kind not in VILLAGES:
        raise Denied(_("A home is noted by its village only."))
    assigned = any(fits_body(by, role.by, organisation, place) for role in rule.roles)
    by.check("visit.record", assigned=assigned, in_scope=in_scope(by, organisation, place.path))


def agree(
    rule: ActivityKind,
    *,
    organisation: Organisation,
    place: Place,
    label: str,
    way: str,
    consent: bool,
    by: Actor,
) -> Slip:
    """A household says yes to visits. What it wants to be called and how to find it are sealed.

    Raises Denied without consent, or if more is written than a name and a way.
    """
    check_can_visit(rule, organisation, place, by)
    if not consent:
        raise Denied(_("Nothing is noted without consent: ask first, and tick that they agree."))
    label, way = label.strip(), way.strip()
    if not label or len(label) > LONGEST_LABEL or len(way) > LONGEST_WAY:
        raise Denied(_("A surname or a name of the house is enough, and a few words for the way."))
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                return _agree(rule, organisation, place, label, way, by)
        except IntegrityError:
            continue  # somebody drew the same number in this very moment: draw again
    raise RuntimeError("No free number in five draws.")


def _agree(
    rule: ActivityKind, organisation: Organisation, place: Place, label: str, way: str, by: Actor
) -> Slip:  # fmt: skip
    number, word, subject = ids.case_number(), ids.receipt_word(), sealing.new_subject()
    home = Home.objects.create(
        number=number,
        word_hash=word_hash(number, word),
        kind=rule.id,
        place=place,
        place_path=place.path,
        organisation=organisation,
        subject=subject,
        agreed_on=clock.today(),
    )
    sealing.seal(subject, LABEL, label, purpose=f"visit {rule.id}")
    if way:
        sealing.seal(subject, WAY, way, purpose=f"visit {rule.id}")
    record("activity.home_agreed", on=home, by=by, place=place.path, org=str(organisation.pk),
           method=rule.id)  # fmt: skip
    return Slip(home, word)


def find(number: str, word: str) -> Home | None:
    """The home whose slip shows this number and word, whether or not it still wishes visits."""
    try:
        home = Home.objects.filter(number=ids.parse_number(number)).first()
    except ValueError:
        return None
    expected = home.word_hash if home else word_hash("0", "0")
    fits = constant_time_compare(expected, word_hash(home.number if home else "", word))
    return home if fits else None


@transaction.atomic
def ask(home: Home, *, by: Actor) -> None:
    """The household wishes a visit before its turn."""
    if not Home.objects.filter(pk=home.pk, ended_at=None).update(asked_on=clock.today()):
        raise Denied(_("You said that you wish no more visits."))
    record("activity.visit_asked", on=home, by=by, place=home.place_path,
           org=str(home.organisation_id), method=home.kind)  # fmt: skip


@transaction.atomic
def end(home: Home, *, by: Actor) -> None:
    """No more visits. Nothing follows from it; what is kept is destroyed a week later."""
    rows = Home.objects.filter(pk=home.pk, ended_at=None)
    if not rows.update(ended_at=clock.now(), next_visit_on=None):
        return
    home.stops.filter(noted_at=None).delete()
    record("activity.home_ended", on=home, by=by, place=home.place_path,
           org=str(home.organisation_id), method=home.kind)  # fmt: skip


def shred_ended() -> int:
    """Destroy what was kept of homes that ended a week ago, the sealed words of notes with it."""
    rows = Home.objects.filter(ended_at__lt=clock.now() - SECOND_THOUGHTS, shredded_at=None)
    count = 0
    for home in rows:
        with transaction.atomic():
            notes = Record.objects.filter(home=home)
            for subject in [home.subject, *notes.exclude(subject="").values_list("subject",
                            flat=True)]:  # fmt: skip
                sealing.destroy(subject, by=SYSTEM, reason="the household wishes no more visits")
            notes.update(fields={}, sealed=[], home=None, forgotten_at=clock.now())
            Home.objects.filter(pk=home.pk).update(shredded_at=clock.now())
            count += 1
    return count


def card(home: Home, *, by: Actor, day: date) -> Card:
    """What the home wants to be called, for whoever is on the way there that day.

    The first reading of a day is a line in the log that the household sees; opening the same list
    again on that day adds none, or the log would only show how often a phone was looked at.
    """
    if home.ended_at is not None:
        return Card(_("wishes no visits"), "")
    reason = f"visit {home.kind} {day.isoformat()}"
    logged = ReadLog.objects.filter(subject=home.subject, reader=by.id, reason=reason).exists()
    if not logged:
        label = sealing.reveal(home.subject, LABEL, by=by, reason=reason)
        return Card(label, _way(home))
    return Card(_open(home, LABEL), _way(home))


@dataclass(frozen=True)
class Visited:
    """One visit of a round as it is read."""

    label: str
    when: datetime
    outcome: str
    values: list[tuple[str, str]]


@transaction.atomic
def read_notes(occurrence: Occurrence, *, by: Actor, reason: str) -> list[Visited]:
    """What was noted on a round. Each reading is a line in the log of each household.

    Raises Denied for a role that sees totals only.
    """
    if by.level("visit.read") in (TOTALS, NOTHING):
        raise Denied(_("In your present role you see totals only."))
    found = []
    rows = Record.objects.filter(occurrence=occurrence, home__shredded_at=None)
    for row in rows.exclude(home=None).select_related("home").order_by("stop__order"):
        assert row.home is not None
        label = sealing.reveal(row.home.subject, LABEL, by=by, reason=reason)
        found.append(Visited(label, row.noted_at, row.outcome_name, row.in_words()))
    return found


def _way(home: Home) -> str:
    return _open(home, WAY) if WAY in sealing.kinds_of(home.subject) else ""


def _open(home: Home, kind: str) -> str:
    key = sealing.unwrapped(SubjectKey.objects.get(subject=home.subject))
    return sealing.open_row(Sealed.objects.get(subject=home.subject, kind=kind), key)
