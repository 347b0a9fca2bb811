"""The Schulze rule, strengths by winning votes.

Source: M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent
single-winner election method", Social Choice and Welfare 36 (2011) 267-303. Debian, the Wikimedia
Foundation and many associations elect by it.

In words: for each two options we look how many papers put the one before the other. An option beats
another along a chain of such duels; a chain is as strong as its weakest duel. Who has a stronger
chain to everybody else than they have back, wins. An option that a paper does not name stands behind
all that it names. If several options cannot be told apart, that is a tie, and it is said.
"""

from collections.abc import Mapping, Sequence

Duels = dict[tuple[str, str], int]


def duels(options: Sequence[str], papers: Mapping[tuple[str, ...], int]) -> Duels:
    """(a, b) -> how many papers put a before b."""
    found = {(a, b): 0 for a in options for b in options if a != b}
    for order, n in papers.items():
        behind = set(options)
        for one in order:
            behind.discard(one)
            for other in behind:
                found[one, other] += n
    return found


def strengths(options: Sequence[str], found: Mapping[tuple[str, str], int]) -> Duels:
    """(a, b) -> the strength of the strongest chain from a to b; 0 without one.

    Floyd's and Warshall's way of walking all chains, as in section 2.3.1 of the paper.
    """
    best = {
        (a, b): found[a, b] if found[a, b] > found[b, a] else 0
        for a in options for b in options if a != b
    }  # fmt: skip
    for via in options:
        for a in options:
            for b in options:
                if len({a, b, via}) == 3:
                    chain = min(best[a, via], best[via, b])
                    best[a, b] = max(best[a, b], chain)
    return best


def levels(options: Sequence[str], found: Mapping[tuple[str, str], int]) -> list[list[str]]:
    """The options from first to last; those on one level are not told apart by anything before.

    The first level are the winners of the paper: those that nobody beats. The next are those that
    nobody beats once the first are gone, and so on.
    """
    best, left, result = strengths(options, found), list(options), []
    while left:
        top = [a for a in left if all(best[a, b] >= best[b, a] for b in left if a != b)]
        result.append(top)
        left = [one for one in left if one not in top]
    return result
