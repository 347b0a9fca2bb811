"""Casting a vote: choose, see the receipt, then either cast it or open it to check the server.

A vote is one UPDATE of sealed bytes in a slot that has been there since the ballot opened. Nothing
is written to the journal, to a log or to any row with a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from linli.ballots import keys, receipts
from linli.ballots.actions.core import lock
from linli.ballots.counting import WrongChoice, normal
from linli.ballots.models import Ballot, Code, Slot, Spent
from linli.ballots.models.ballot import KIOSK, WEB
from linli.ballots.models.sealed import Taken
from linli.ballots.policies import check_can_vote, check_runs, entry_of
from linli.lib import ids
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.vault.keys import WrongKey


@dataclass(frozen=True)
class Prepared:
    """A vote that is chosen and sealed, not cast: it lives in the voter's page alone."""

    envelope: str
    receipt: str
    choice: tuple[str, ...]


@dataclass(frozen=True)
class Checked:
    """A sealed vote laid open to be checked; it counts nowhere."""

    receipt: str
    choice: tuple[str, ...]
    own_word: str
    server_word: str


def slot_of(ballot: Ballot, by: Actor) -> str:
    """The name of the actor's slot. Raises Denied for whoever cannot vote on their own device."""
    entry = check_can_vote(ballot, by)
    return keys.of(ballot).token(entry.key)


def code_of(ballot: Ballot, typed: str) -> str:
    """The name of an unused one-time code. Raises Denied; never says why a code is no good."""
    check_runs(ballot, KIOSK)
    digest = keys.of(ballot).code(ids.normal_word(typed[:40]))
    if not Code.objects.filter(digest=digest, ballot=ballot, used=False).exists():
        raise Denied(_("This code does not fit, or it has been used. Please look again."))
    return digest


def prepare(ballot: Ballot, name: str, choice: Sequence[str], own_word: str = "") -> Prepared:
    """Seal a choice for a slot or code and give its receipt; nothing is stored."""
    try:
        chosen = normal(ballot.rule, ballot.terms.options, choice)
    except WrongChoice as wrong:
        raise Denied(_wrong(wrong)) from wrong
    own, server = receipts.own_word(own_word), receipts.server_word()
    vote = {"c": list(chosen), "o": own, "s": server}
    shown = receipts.receipt(str(ballot.pk), chosen, own, server)
    return Prepared(keys.of(ballot).envelope(name, vote), shown, chosen)


def _wrong(wrong: WrongChoice) -> str:
    return {
        "unknown": _("An option was marked that is not on the paper."),
        "twice": _("An option was marked twice."),
        "many": _("Mark one option only, or none to abstain."),
    }[wrong.reason]


@transaction.atomic
def cast(ballot: Ballot, name: str, envelope: str) -> str:
    """Put a prepared vote into the voter's slot, in place of what was there; its receipt.

    Raises Denied after closing, and where the voter was given a paper or a code instead.
    """
    locked = lock(ballot)
    check_runs(locked, WEB)
    vote, shown = _unfolded(locked, name, envelope)
    sealed = keys.of(locked).seal(name, vote)
    if not Slot.objects.filter(ballot=locked, token=name, taken=Taken.NOT).update(sealed=sealed):
        raise Denied(
            _("You were given a voting paper or a code: your vote is cast with that instead.")
        )
    return shown


@transaction.atomic
def cast_with_code(ballot: Ballot, name: str, envelope: str) -> str:
    """Cast with a one-time code, for which no voter is known; its receipt.

    No more codes count than were handed out: the database refuses, whoever asks.
    """
    locked = lock(ballot)
    check_runs(locked, KIOSK)
    vote, shown = _unfolded(locked, name, envelope)
    sealed = keys.of(locked).seal(name, vote)
    fresh = Code.objects.filter(ballot=locked, digest=name, used=False)
    if not fresh.update(used=True, sealed=sealed):
        raise Denied(_("This code does not fit, or it has been used. Please look again."))
    given = Ballot.objects.filter(pk=locked.pk, codes_used__lt=F("codes_given"))
    if not given.update(codes_used=F("codes_used") + 1):
        raise Denied(_("This code was not handed out yet. Please ask at the desk."))
    return shown


@transaction.atomic
def check_instead(ballot: Ballot, name: str, envelope: str) -> Checked:
    """Lay a prepared vote open, so that anybody can work out its receipt; it is spent by that."""
    locked = lock(ballot)
    vote, shown = _unfolded(locked, name, envelope)
    Spent.objects.bulk_create(
        [Spent(digest=_digest(envelope), ballot=locked)], ignore_conflicts=True
    )
    return Checked(shown, tuple(vote["c"]), str(vote["o"]), str(vote["s"]))


def _unfolded(ballot: Ballot, name: str, envelope: str) -> tuple[dict[str, list[str]], str]:
    if not ballot.is_open:
        raise Denied(_("Voting is over. Nothing can be cast or changed any more."))
    if Spent.objects.filter(digest=_digest(envelope)).exists():
        raise Denied(_("This vote was opened to be checked. Please choose again."))
    try:
        vote = keys.of(ballot).unfold(name, envelope)
    except WrongKey:
        raise Denied(_("This page was not made for you. Please choose again.")) from None
    shown = receipts.receipt(str(ballot.pk), vote["c"], str(vote["o"]), str(vote["s"]))
    return vote, shown


def _digest(envelope: str) -> str:
    return sha256(envelope.encode()).hexdigest()


def vote(ballot: Ballot, choice: Sequence[str], *, by: Actor, own_word: str = "") -> str:
    """Choose and cast in one go, signed in; the receipt."""
    name = slot_of(ballot, by)
    return cast(ballot, name, prepare(ballot, name, choice, own_word).envelope)


def vote_with_code(ballot: Ballot, choice: Sequence[str], code: str, own_word: str = "") -> str:
    """Choose and cast in one go with a one-time code; the receipt."""
    name = code_of(ballot, code)
    return cast_with_code(ballot, name, prepare(ballot, name, choice, own_word).envelope)


def standing(ballot: Ballot, by: Actor) -> str:
    """For the voter alone: "none" (not on the roll), "open", "voted", "paper" or "code"."""
    entry = entry_of(ballot, by)
    if entry is None:
        return "none"
    if not ballot.is_open:
        return "voted" if entry.took_part else "open"
    key = keys.of(ballot)
    slot = Slot.objects.filter(ballot=ballot, token=key.token(entry.key)).first()
    if slot is None:
        return "open"
    return slot.taken or ("voted" if key.open(slot.token, slot.sealed) else "open")
