"""Counting papers or hands: two people, neither of whom sees what the other wrote."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from linli.ballots.actions.core import lock, tell
from linli.ballots.counting import WrongChoice, normal
from linli.ballots.definition import canonical
from linli.ballots.models import Ballot, Slot, Tally
from linli.ballots.models.sealed import Taken
from linli.ballots.models.tally import What
from linli.ballots.policies import check_counts
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.policies import Denied, NeedsSecond


@dataclass(frozen=True)
class Figures:
    """What a counter writes down."""

    votes: Mapping[tuple[str, ...], int]
    spoilt: int = 0
    unused: int = 0

    def text(self) -> str:
        """Canonical: equal figures are equal texts, in whatever order they were counted."""
        votes = sorted([list(choice), n] for choice, n in self.votes.items() if n)
        return canonical({"votes": votes, "spoilt": self.spoilt, "unused": self.unused})

    @property
    def valid(self) -> int:
        return sum(self.votes.values())


def read(text: str) -> Figures:
    """Figures as they were kept."""
    said = json.loads(text)
    votes = {tuple(choice): n for choice, n in said["votes"]}
    return Figures(votes, said["spoilt"], said["unused"])


@transaction.atomic
def enter(ballot: Ballot, what: str, figures: Figures, *, by: Actor, note: str = "") -> Tally:
    """Write down what one counter counted; when both wrote the same, it is agreed.

    `note` says where a difference between printed and found papers comes from; it is public.
    Raises Denied for figures that cannot be, NeedsSecond for a third person.
    """
    ballot = lock(ballot)
    check_counts(ballot, by)
    if by.user is None or what not in (_kinds(ballot)):
        raise Denied(_("This ballot is not held in this way."))
    figures = _checked(ballot, what, figures)
    if what == What.PAPER:
        _check_papers(ballot, figures, note)
    row, made = Tally.objects.get_or_create(
        ballot=ballot, what=what, defaults={"first": by.user, "first_figures": figures.text()}
    )
    if row.agreed_at is not None:
        raise Denied(_("Both counters agree already; the count stands."))
    if row.first_id == by.user.pk:
        row.first_figures = figures.text()
    elif row.second_id in (None, by.user.pk):
        row.second, row.second_figures = by.user, figures.text()
    else:
        raise NeedsSecond(_("Two people count. Both have begun already."))
    row.note = note.strip()[:300] or row.note
    _compare(row)
    row.save()
    tell(ballot, "ballot.counted", by=by,
         facts={"what": what, "agreed": row.agreed_at is not None, "again": not made})  # fmt: skip
    return row


def _kinds(ballot: Ballot) -> list[str]:
    names = {"paper": What.PAPER, "meeting": What.HANDS}
    return [names[channel] for channel in ballot.channels if channel in names]


def _compare(row: Tally) -> None:
    if row.second_id is None:
        return
    first, second = read(row.first_figures), read(row.second_figures)
    row.differs = differing(first, second)
    row.agreed_at = None if row.differs else clock.now()


def differing(first: Figures, second: Figures) -> list[str]:
    """Names of what differs: "spoilt", "unused", or the options of a choice joined by ">"."""
    odd = [name for name in ("spoilt", "unused") if getattr(first, name) != getattr(second, name)]
    choices = sorted(set(first.votes) | set(second.votes))
    return odd + [
        ">".join(one) for one in choices if first.votes.get(one, 0) != second.votes.get(one, 0)
    ]


def _checked(ballot: Ballot, what: str, figures: Figures) -> Figures:
    """The same figures in normal spelling; Denied for numbers that cannot be."""
    votes: dict[tuple[str, ...], int] = {}
    for choice, n in figures.votes.items():
        try:
            chosen = normal(ballot.rule, ballot.terms.options, choice)
        except WrongChoice as wrong:
            raise Denied(_("A line names an option that is not on the paper, or one twice.")) \
                from wrong  # fmt: skip
        votes[chosen] = votes.get(chosen, 0) + n
    if min([figures.spoilt, figures.unused, *votes.values()], default=0) < 0:
        raise Denied(_("A count cannot be below nothing."))
    if what == What.HANDS and sum(votes.values()) > ballot.roll_size:
        raise Denied(_("More hands than people on the roll: please count again."))
    return Figures(votes, figures.spoilt, figures.unused)


def _check_papers(ballot: Ballot, figures: Figures, note: str) -> None:
    given = Slot.objects.filter(ballot=ballot, taken=Taken.PAPER).count()
    used = figures.valid + figures.spoilt
    if used > given:
        raise Denied(
            _("%(used)s papers in the box, but only %(given)s people were given one. Please count again.")
            % {"used": used, "given": given}
        )  # fmt: skip
    if used + figures.unused != ballot.papers and not note.strip():
        raise Denied(
            _("%(printed)s papers were printed and %(found)s are here. Say where the difference comes from.")
            % {"printed": ballot.papers, "found": used + figures.unused}
        )  # fmt: skip
