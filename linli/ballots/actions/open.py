"""Opening a ballot: the roll and everything else are frozen, and every voter gets a sealed slot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from linli.ballots import definition, keys
from linli.ballots.actions.core import tell
from linli.ballots.counting import WrongTerms, check_terms
from linli.ballots.counting.choices import SINGLE, YES_NO
from linli.ballots.models import Ballot, RollEntry, Slot
from linli.ballots.models.ballot import CHANNELS, MEETING, Secrecy
from linli.ballots.policies import check
from linli.lib import ids
from linli.people.actors import Actor
from linli.people.models import Organisation
from linli.people.policies import Denied
from linli.places.models import Place

LONGEST_TITLE, LONGEST_QUESTION = 120, 600
YES_OR_NO = ("yes", "no")  # pages say them in the reader's language


@dataclass(frozen=True)
class OptionSpec:
    """One line of the paper; `cost` in whole yuan for a budget, else None."""

    id: str
    text: str
    cost: int | None = None


@dataclass(frozen=True)
class Voter:
    """One line of the roll: how its keeper calls the voter, and the account if there is one."""

    key: str
    user_id: str | None = None
    group: str = ""


@transaction.atomic
def open_ballot(
    *,
    about: str,
    place: Place,
    organisation: Organisation | None,
    title: str,
    question: str,
    options: Sequence[OptionSpec],
    rule: str,
    secrecy: str,
    roll: Sequence[Voter],
    channels: set[str],
    opens_at: datetime,
    closes_at: datetime,
    budget: int | None = None,
    seats: int = 1,
    by: Actor,
    method: str = "",
    base: Mapping[str, int] | None = None,
) -> Ballot:
    """Freeze a ballot with its roll and write its fingerprint into the journal.

    `options` may be empty for a yes-or-no ballot. `base` are further numbers that quorums are
    counted against ("households": 40); the size of the roll is always among them. Raises Denied
    with a sentence for whoever may not, or for a ballot that could have no result.
    """
    if rule == YES_NO and not options:
        options = [OptionSpec(name, name) for name in YES_OR_NO]
    ballot = Ballot(
        id=ids.new_uuid(), about=about, method=method, place=place, place_path=place.path,
        organisation=organisation, title=title.strip(), question=question.strip(),
        options=[{"id": one.id, "text": one.text, "cost": one.cost} for one in options],
        rule=rule, secrecy=secrecy, channels=sorted(channels), seats=seats, budget=budget,
        opens_at=opens_at, closes_at=closes_at, roll_size=len(roll),
        base={**(base or {}), "voters": len(roll)},
    )  # fmt: skip
    if not by.is_system:
        check("matter.configure_before_open", by, ballot)
    _check_whole(ballot, roll)
    numbered = [(number, voter.key) for number, voter in enumerate(roll, start=1)]
    ballot.roll_digest = keys.roll_digest(str(ballot.pk), numbered)
    ballot.frozen = definition.digest(definition.of(ballot))
    ballot.save(force_insert=True)
    _freeze_roll(ballot, roll)
    tell(ballot, "ballot.opened", by=by, facts={"frozen": ballot.frozen, "roll": len(roll),
         "rule": rule, "secrecy": secrecy})  # fmt: skip
    return ballot


def _freeze_roll(ballot: Ballot, roll: Sequence[Voter]) -> None:
    """The roll, and a slot for each of it in an order that says nothing."""
    key = keys.make(ballot)
    RollEntry.objects.bulk_create(
        RollEntry(ballot=ballot, number=number, key=voter.key, user_id=voter.user_id,
                  group=voter.group)
        for number, voter in enumerate(roll, start=1)
    )  # fmt: skip
    if ballot.secrecy == Secrecy.HANDS:
        return
    tokens = sorted(key.token(voter.key) for voter in roll)
    Slot.objects.bulk_create(
        Slot(token=token, ballot=ballot, sealed=key.seal(token, None)) for token in tokens
    )


def _check_whole(ballot: Ballot, roll: Sequence[Voter]) -> None:
    terms = ballot.terms
    try:
        check_terms(ballot.rule, terms.options, terms.costs, ballot.seats, ballot.budget)
    except WrongTerms as wrong:
        raise Denied(_wrong(wrong)) from wrong
    if not ballot.title or not ballot.question:
        raise Denied(_("A ballot needs a title and a question."))
    if len(ballot.title) > LONGEST_TITLE or len(ballot.question) > LONGEST_QUESTION:
        raise Denied(_("Title and question must fit a paper: 120 and 600 signs."))
    if ballot.closes_at <= ballot.opens_at:
        raise Denied(_("A ballot must close after it opens."))
    channels = set(ballot.channels)
    hands = ballot.secrecy == Secrecy.HANDS
    if not channels or channels - set(CHANNELS) or hands != (channels == {MEETING}):
        raise Denied(_("Hands are shown in a meeting, and every other ballot is held elsewhere."))
    if hands and ballot.rule not in (YES_NO, SINGLE):
        raise Denied(_("By hands everybody chooses one thing; choose another rule."))
    if ballot.secrecy == Secrecy.OPEN and channels != {"web"}:
        raise Denied(_("An open ballot is held signed in only: a paper or a code has no number."))
    _check_roll(roll)


def _wrong(wrong: WrongTerms) -> str:
    return {
        "rule": _("There is no such rule of counting."),
        "ids": _("Two options are the same, or one has no name."),
        "yes_no": _("A ballot for or against has these two options and no others."),
        "few": _("A ballot needs at least two options."),
        "seats": _("There must be fewer seats than options."),
        "money": _("A budget needs its sum, and nothing else has one."),
        "costs": _("Every project needs its cost in whole yuan."),
    }[wrong.reason]


def _check_roll(roll: Sequence[Voter]) -> None:
    people = [voter.user_id for voter in roll if voter.user_id]
    if not roll:
        raise Denied(_("Nobody is on the roll."))
    if len({voter.key for voter in roll}) < len(roll) or len(set(people)) < len(people):
        raise Denied(_("Somebody is on the roll twice."))
    if any(not voter.key or len(voter.key) > 80 for voter in roll):
        raise Denied(_("Everybody on the roll needs a key of at most 80 characters."))
