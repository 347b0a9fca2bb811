"""Needs and offers matched so that the sum of all reasons is greatest. Nothing is written here.

The weight of a pair is the sum of a few reasons that people can read; two lines of different topics,
or without a common day, are never a pair. SciPy is loaded with this module: only the worker does.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import numpy as np
from scipy.optimize import linear_sum_assignment

from linli.pairings.models import Listing
from linli.places.models import Place

TOPIC: Final = 100
PLACE: Final = 30  # the same village or community
TOWN: Final = 15
TIED: Final = 20  # the two bodies are tied already
FIRST: Final = 25  # the giver has given nothing yet
WHOLE: Final = 10  # the offer lasts through all the days of the need
Reason = tuple[str, int]


@dataclass(frozen=True)
class Pair:
    """One match; the points of its reasons add up to its weight."""

    need: Listing
    offer: Listing
    reasons: list[Reason]

    @property
    def weight(self) -> int:
        return sum(points for _name, points in self.reasons)


def best(
    needs: Sequence[Listing], offers: Sequence[Listing], *,
    refused: Collection[tuple[UUID, UUID]] = (), givers: Collection[int] = (),
    tied: Collection[tuple[int, int]] = (),
) -> list[Pair]:  # fmt: skip
    """The pairs of greatest total weight, each need and each offer in one at most.

    `refused` are (need, offer) that one side declined; `givers` bodies that have given before;
    `tied` pairs of bodies. The same lists give the same pairs.
    """
    if not needs or not offers:
        return []
    reasons = [
        [
            [] if (need.pk, offer.pk) in refused else why(need, offer, givers, tied)
            for offer in offers
        ]
        for need in needs
    ]
    weights = np.array([[sum(p for _n, p in cell) for cell in row] for row in reasons])
    rows, columns = linear_sum_assignment(weights, maximize=True)
    return [
        Pair(needs[row], offers[column], reasons[row][column])
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        if weights[row, column] > 0
    ]


def why(
    need: Listing, offer: Listing, givers: Collection[int] = (),
    tied: Collection[tuple[int, int]] = (),
) -> list[Reason]:  # fmt: skip
    """The reasons for bringing these two together; none if they do not go together at all."""
    same_days = need.since <= offer.until and offer.since <= need.until
    if need.topic != offer.topic or not same_days or need.organisation_id == offer.organisation_id:
        return []
    found = [("topic", TOPIC)]
    here, there = need.organisation.place, offer.organisation.place
    if here.path == there.path:
        found.append(("place", PLACE))
    elif _town(here) and _town(here) == _town(there):
        found.append(("town", TOWN))
    if (need.organisation_id, offer.organisation_id) in tied:
        found.append(("tied", TIED))
    if offer.organisation_id not in givers:
        found.append(("first", FIRST))
    if offer.since <= need.since and offer.until >= need.until:
        found.append(("whole", WHOLE))
    return found


def _town(place: Place) -> str:
    """The code of the town it lies in; "" for what lies in none."""
    codes = place.path.strip("/").split("/")
    return codes[1] if len(codes) > 1 else ""
