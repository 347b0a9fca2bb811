"""At the desk of the poll: papers and one-time codes, printed, then handed to people of the roll.

Handing out takes the voter's slot: what they cast on their own device before is wiped (who was
pressed at home can choose again here), and nothing they cast later counts. The paper or the code
itself carries no name and is tied to nobody, so the box and the kiosk know no voter.
"""

import secrets
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from linli.ballots import keys
from linli.ballots.actions.core import lock, tell
from linli.ballots.models import Ballot, Code, RollEntry, Slot
from linli.ballots.models.ballot import KIOSK, PAPER
from linli.ballots.models.sealed import Taken
from linli.ballots.policies import check_runs, check_serves
from linli.lib.ids import WORD_ALPHABET
from linli.people.actors import Actor
from linli.people.policies import Denied

CODE_LENGTH: Final = 8  # 25 ** 8 is 1.5e11; the kiosk limits how often it may be guessed


def new_code() -> str:
    return "".join(secrets.choice(WORD_ALPHABET) for _ in range(CODE_LENGTH))


@transaction.atomic
def print_codes(ballot: Ballot, n: int, *, by: Actor) -> list[str]:
    """`n` more one-time codes, to be printed now: the database keeps only keyed hashes.

    A printed code is worth nothing until somebody of the roll was given one.
    """
    ballot = lock(ballot)
    check_serves(ballot, by, KIOSK)
    if not ballot.is_open:
        raise Denied(_("This ballot is closed and counted."))
    there = Code.objects.filter(ballot=ballot).count()
    if n < 1 or there + n > 2 * ballot.roll_size + 20:
        raise Denied(
            _("There can be at most twice as many codes as people on the roll, and some to spare.")
        )
    key = keys.of(ballot)
    made = {key.code(code): code for code in (new_code() for _ in range(n))}
    Code.objects.bulk_create(
        Code(digest=digest, ballot=ballot, sealed=key.seal(digest, None)) for digest in sorted(made)
    )
    tell(ballot, "ballot.codes_printed", by=by, facts={"n": len(made)})
    return list(made.values())


@transaction.atomic
def print_papers(ballot: Ballot, n: int, *, by: Actor) -> None:
    """`n` more voting papers leave the printer: they must be accounted for at the end."""
    ballot = lock(ballot)
    check_serves(ballot, by, PAPER)
    if not ballot.is_open:
        raise Denied(_("This ballot is closed and counted."))
    if not 1 <= n <= 100_000:
        raise Denied(_("Say how many papers were printed."))
    Ballot.objects.filter(pk=ballot.pk).update(papers=F("papers") + n)
    tell(ballot, "ballot.papers_printed", by=by, facts={"n": n})


@transaction.atomic
def hand_out(ballot: Ballot, entry: RollEntry, what: str, *, by: Actor) -> None:
    """Give this voter a paper or a code; once, and never both.

    It is not in the journal: nothing says when somebody came.
    """
    ballot = lock(ballot)
    channel = PAPER if what == Taken.PAPER else KIOSK
    check_serves(ballot, by, channel)
    check_runs(ballot, channel)
    if entry.ballot_id != ballot.pk:
        raise Denied(_("Nobody with this number is on the roll."))
    key = keys.of(ballot)
    token = key.token(entry.key)
    free = Slot.objects.filter(ballot=ballot, token=token, taken=Taken.NOT)
    if not free.update(taken=what, sealed=key.seal(token, None)):
        raise Denied(_("This voter has been given a paper or a code already."))
    if what == Taken.CODE:
        Ballot.objects.filter(pk=ballot.pk).update(codes_given=F("codes_given") + 1)
    elif Slot.objects.filter(ballot=ballot, taken=Taken.PAPER).count() > ballot.papers:
        raise Denied(_("All printed papers have been handed out. Print more first."))
