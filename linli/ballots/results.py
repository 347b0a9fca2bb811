"""What a closed ballot came to, for pages and for the floors above."""

from dataclasses import dataclass, field
from fractions import Fraction

from linli.ballots.models import Ballot, Board


class NotClosed(RuntimeError):
    """The ballot has no result yet: it is still open, or waits for the two who close it."""


@dataclass(frozen=True)
class Result:
    """`cast` = `valid` + `spoilt`; abstentions are valid papers that name nothing.

    `by_option` (papers that name an option; in a ranking those that put it first) and `abstentions`
    are None when a secret ballot has fewer than ten valid votes: then only `winners` and `ties`
    are said, and `reaches` still answers whether a share was reached. `roll` is the roll's size.
    """

    rule: str
    roll: int
    cast: int
    valid: int
    spoilt: int
    abstentions: int | None
    by_option: dict[str, int] | None
    winners: tuple[str, ...]
    ties: tuple[str, ...]
    head: str
    more: dict[str, object] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict, repr=False)

    def reaches(self, option: str, share: Fraction, base: int, *, strict: bool = True) -> bool:
        """Whether papers naming `option` are more than `share` of `base` (at least, if not strict).

        `reaches("yes", Fraction(1, 2), result.cast)`. KeyError for an option not on the paper.
        """
        votes = self._counts[option]
        return votes > share * base if strict else votes >= share * base


def of(ballot: Ballot) -> Result:
    """The result of a closed ballot. Raises NotClosed before."""
    board = Board.objects.filter(ballot=ballot).defer("text").first()
    if board is None:
        raise NotClosed(f"The ballot {ballot.pk} is not closed and counted yet.")
    said = board.result
    return Result(
        rule=ballot.rule, roll=said["roll"], cast=said["cast"], valid=said["valid"],
        spoilt=said["spoilt"], abstentions=said["abstentions"], by_option=said["counts"],
        winners=tuple(said["winners"]), ties=tuple(said["ties"]), head=board.head,
        more=said["more"], _counts=board.counts,
    )  # fmt: skip
