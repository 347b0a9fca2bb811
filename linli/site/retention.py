"""How long everything is kept: one table of clocks, run every night by the worker or by hand.

The ids are those of the project's list of promises. A clock erases what is over and says how many
rows that were; a dry run does the same in a transaction that is taken back.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from django.core.management import call_command
from django.db import transaction

from linli.activities import homes
from linli.activities import keeping as activities
from linli.activities.actions import paper
from linli.activities.planner import actions as planner
from linli.ballots import keeping as ballots
from linli.cases import forgetting as cases
from linli.clubs.actions import keeping as clubs
from linli.deliberation import keeping as deliberation
from linli.facilities.actions import keeping as facilities
from linli.field import keeping as frozen
from linli.field.actions import erasing
from linli.files import photos
from linli.forum import keeping as forum
from linli.journal.record import record
from linli.letters import outbox
from linli.members.actions import adverse
from linli.people import limits, sign_in
from linli.people.actions import inviting, standing_in
from linli.people.actors import SYSTEM
from linli.points import keeping as points
from linli.site import sleeping
from linli.stores.actions import giving
from linli.vault import keeping as vault


@dataclass(frozen=True)
class Clock:
    """One rule: what is erased, how long after what, and the function that does it."""

    id: str
    what: str
    after: str
    run: Callable[[], int]


def end_sessions() -> int:
    """Sessions that are over."""
    call_command("clearsessions")
    return 0


CLOCKS: Final = (
    Clock("R10", "contact of who asked", "closed, by kind 30 to 90 days", cases.contacts),
    Clock("R11", "words, photos and exact place of a matter", "closed, by kind 90 days to 3 years",
          cases.texts),
    Clock("R12", "receipt of a matter without a name", "closed, 90 days", cases.receipts),
    Clock("R13", "published text and answer", "closed, 5 years", cases.published),
    Clock("R14", "notes of units", "closed, 1 year", cases.notes),
    Clock("R15", "words of paper pages", "closed, 90 days", paper.forget),
    Clock("R16", "floors taken back or hidden", "30 or 180 days", forum.forget),
    Clock("R20", "rolls of ballots", "counted, 30 days", ballots.forget),
    Clock("R20b", "frozen rolls of meetings", "closed, 1 year", deliberation.forget),
    Clock("R22", "lines of points; totals of the year and stars stay",
          "end of the year, 2 years", points.fold),
    Clock("R23", "notes and sign-ups of activities", "by kind 1 year, own service 5 years",
          activities.forget),
    Clock("R24", "days off and drafts of rotas", "the day is over", planner.forget),
    Clock("R24b", "children at clubs: attendance, notes, ended places", "1 year", clubs.forget_old),
    Clock("R25", "who booked, who ate", "60 days", facilities.forget),
    Clock("R26", "homes that wish no more visits", "7 days", homes.shred_ended),
    Clock("R27", "adverse entries of members", "by kind, at most 3 years", adverse.lapse),
    Clock("R28", "names of givers", "by the playbook, 2 years", giving.forget),
    Clock("R29", "words of letters", "sent, 7 days", outbox.forget_sent),
    Clock("R31", "tombstones, old forms, silent telephones", "2 years, 90 days",
          erasing.forget_old),
    Clock("R31b", "frozen bytes from telephones", "90 days", frozen.forget_old),
    Clock("R32", "who read what is sealed", "3 years", vault.forget_reads),
    Clock("R37", "codes for signing in", "10 minutes", sign_in.forget),
    Clock("R37b", "counts against flooding", "their window", limits.forget),
    Clock("R37c", "sessions", "12 hours, 30 days", end_sessions),
    Clock("R38", "accounts that sleep", "24 months, told after 22", sleeping.end),
    Clock("P1", "invitations that came to nothing", "1 year", inviting.forget),
    Clock("P2", "who could not come, who was asked", "90 days", standing_in.forget),
    Clock("F1", "photos never sent", "1 day", photos.forget_unclaimed),
)  # fmt: skip


def run(clock: Clock) -> int:
    """Let one clock strike; what it erased is a line of the journal, as a number."""
    count = clock.run()
    if count:
        with transaction.atomic():
            record("retention.struck", on=f"site.Clock:{clock.id}", by=SYSTEM,
                   facts={"rule": clock.id, "n": count})  # fmt: skip
    return count


def rehearse(clock: Clock) -> int:
    """How many it would erase now; everything is as before afterwards."""
    with transaction.atomic():
        count = clock.run()
        transaction.set_rollback(True)
    return count


def strike_all(*, dry: bool) -> Iterator[tuple[Clock, int]]:
    """Each clock with what it erased, or would erase."""
    for clock in CLOCKS:
        yield clock, (rehearse if dry else run)(clock)
