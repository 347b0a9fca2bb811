"""Closing: two people of two offices; the votes are taken out, mixed and counted, the key destroyed.

All of it is one transaction. After it the database holds the board and who took part, and nothing
between the two.
"""

import secrets
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli.ballots import boards, definition, keys, receipts
from linli.ballots.actions.core import lock, tell
from linli.ballots.actions.tally import read
from linli.ballots.models import Ballot, Board, Closing, Code, RollEntry, Secret, Slot, Spent, Tally
from linli.ballots.models.ballot import MEETING, PAPER, Secrecy, State
from linli.ballots.models.sealed import Taken
from linli.ballots.models.tally import What
from linli.ballots.policies import check_can_close, check_pair
from linli.lib import clock
from linli.people.actors import Actor, under
from linli.people.models import Appointment
from linli.people.policies import Denied


@transaction.atomic
def ask_to_close(ballot: Ballot, *, by: Actor) -> Ballot:
    """The first of two asks for closing and counting; the second does it by asking too."""
    ballot = lock(ballot)
    check_can_close(ballot, by)
    _check_ready(ballot)
    row = Closing.objects.select_related("first_under").filter(ballot=ballot).first()
    if row is not None and row.second_id is None:
        first = _standing(row)
        if first is not None and str(row.first_id) != by.id:
            return close_ballot(ballot, by=first, second=by)
    Closing.objects.filter(ballot=ballot).delete()
    assert by.user is not None  # check_can_close lets in people alone
    Closing.objects.create(ballot=ballot, first=by.user, first_under=by.appointment)
    tell(ballot, "ballot.closing_asked", by=by)
    return ballot


def _standing(row: Closing) -> Actor | None:
    """Who asked first, if their post still holds."""
    if row.first_under_id is None:
        return None
    held = Appointment.objects.in_force(clock.today()).with_posts()
    found = held.filter(pk=row.first_under_id).first()
    return under(found) if found else None


@transaction.atomic
def close_ballot(ballot: Ballot, *, by: Actor, second: Actor) -> Ballot:
    """Close and count. `by` and `second` are different people, exactly one of them an auditor.

    Raises Denied before the closing time, or while a count by hand is missing or disagrees.
    """
    ballot = lock(ballot)
    for actor in (by, second):
        check_can_close(ballot, actor)
    check_pair(by, second)
    _check_ready(ballot)
    _check_frozen(ballot)
    key = keys.of(ballot)
    collected = _collect(ballot, key)
    board, outcome = boards.build(ballot, collected)
    Board.objects.create(ballot=ballot, text=definition.canonical(board), head=board["head"],
                         counts=outcome.counts | {"": outcome.abstentions},
                         result=board["result"] | {"papers": board["papers"]})  # fmt: skip
    _write_who(ballot, by, second)
    _burn(ballot)
    Ballot.objects.filter(pk=ballot.pk).update(state=State.CLOSED, closed_at=clock.now())
    ballot.refresh_from_db()
    tell(ballot, "ballot.closed", by=by, facts={"head": board["head"], "second": second.id,
         "cast": board["result"]["cast"], "winners": board["result"]["winners"]})  # fmt: skip
    return ballot


def _write_who(ballot: Ballot, by: Actor, second: Actor) -> None:
    assert by.user is not None
    Closing.objects.update_or_create(
        ballot=ballot,
        defaults={
            "first": by.user, "first_under": by.appointment,
            "second": second.user, "second_under": second.appointment,
        },
    )  # fmt: skip


def _check_ready(ballot: Ballot) -> None:
    """By hands it ends with the count; everything else at its time, not a second earlier."""
    if ballot.secrecy != Secrecy.HANDS and clock.now() < ballot.closes_at:
        raise Denied(_("Voting still runs. It can be counted when its time is over."))
    kinds = {PAPER: What.PAPER, MEETING: What.HANDS}
    needed = {kinds[channel] for channel in ballot.channels if channel in kinds}
    if What.PAPER in needed and not ballot.papers:
        needed.discard(What.PAPER)  # none was ever printed
    agreed = Tally.objects.filter(ballot=ballot, agreed_at__isnull=False)
    missing = needed - set(agreed.values_list("what", flat=True))
    if missing:
        raise Denied(_("The count by hand is not there yet, or the two counters do not agree."))


def _check_frozen(ballot: Ballot) -> None:
    """Nothing that was frozen has been changed behind everybody's back."""
    roll = RollEntry.objects.filter(ballot=ballot).values_list("number", "key")
    same_roll = keys.roll_digest(str(ballot.pk), list(roll)) == ballot.roll_digest
    if not same_roll or definition.digest(definition.of(ballot)) != ballot.frozen:
        raise Denied(
            _("Question, paper or roll are not what they were when the ballot was opened. "
              "It cannot be counted; hold it again.")
        )  # fmt: skip


def _collect(ballot: Ballot, key: keys.BallotKey) -> boards.Collected:
    """Open every slot, code and count; note on the roll who took part, all at once."""
    numbers = {key.token(entry.key): entry.number for entry in ballot.roll.all()}
    found = boards.Collected(printed=ballot.papers, codes_given=ballot.codes_given)
    votes: list[dict[str, Any]] = []
    took_part = []
    for slot in Slot.objects.filter(ballot=ballot):
        vote = key.open(slot.token, slot.sealed)
        if vote is not None and slot.taken == Taken.NOT:
            votes.append(vote | {"n": numbers[slot.token]})
        if vote is not None or slot.taken:
            took_part.append(numbers[slot.token])
        found.given += slot.taken == Taken.PAPER
    for code in Code.objects.filter(ballot=ballot, used=True):
        vote = key.open(code.digest, code.sealed)
        if vote is not None:
            votes.append(vote)
    secrets.SystemRandom().shuffle(votes)
    _take(found, ballot, votes)
    _add_counts(found, ballot)
    ballot.roll.filter(number__in=sorted(took_part)).update(took_part=True)
    return found


def _take(found: boards.Collected, ballot: Ballot, votes: list[dict[str, Any]]) -> None:
    found.receipts = [
        receipts.receipt(str(ballot.pk), vote["c"], str(vote["o"]), str(vote["s"]))
        for vote in votes
    ]
    if ballot.secrecy == Secrecy.OPEN:
        found.numbered = boards.open_votes(votes)
    else:
        found.sealed = [tuple(vote["c"]) for vote in votes]


def _add_counts(found: boards.Collected, ballot: Ballot) -> None:
    for row in Tally.objects.filter(ballot=ballot, agreed_at__isnull=False):
        figures = read(row.first_figures)
        if row.what == What.HANDS:
            found.hands = dict(figures.votes)
            continue
        found.papers, found.note = dict(figures.votes), row.note
        found.spoilt, found.unused = figures.spoilt, figures.unused


def _burn(ballot: Ballot) -> None:
    """Key, slots, codes and what was checked go, in the same transaction as the result."""
    for model in (Secret, Slot, Code, Spent):
        model._default_manager.filter(ballot=ballot).delete()
