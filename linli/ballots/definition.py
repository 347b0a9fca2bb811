"""What is frozen when a ballot is opened, as it stands on the board and in its fingerprint."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from linli.ballots.models import Ballot
from linli.lib import clock


def canonical(thing: object) -> str:
    """JSON with sorted keys and no spaces: equal things give equal text."""
    return json.dumps(thing, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(thing: object) -> str:
    """SHA-256 of the canonical text, 64 hex digits."""
    return sha256(canonical(thing).encode()).hexdigest()


def of(ballot: Ballot) -> Mapping[str, Any]:
    """Question, paper, rule, roll, times: everything that may not change after opening."""
    return {
        "id": str(ballot.pk),
        "about": ballot.about,
        "place": ballot.place.code,
        "title": ballot.title,
        "question": ballot.question,
        "options": ballot.options,
        "rule": ballot.rule,
        "seats": ballot.seats,
        "budget": ballot.budget,
        "secrecy": ballot.secrecy,
        "channels": sorted(ballot.channels),
        "opens": clock.in_utc(ballot.opens_at).isoformat(),
        "closes": clock.in_utc(ballot.closes_at).isoformat(),
        "roll": {"size": ballot.roll_size, "digest": ballot.roll_digest},
        "base": ballot.base,
    }
