"""A village with a manager, an auditor and a roll, for the proofs of ballots."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from linli.ballots.actions.close import close_ballot
from linli.ballots.actions.open import OptionSpec, Voter, open_ballot
from linli.ballots.models import Ballot
from linli.lib import clock
from linli.people import actions
from linli.people.actors import SYSTEM, Actor, as_resident, under
from linli.people.models import Organisation
from linli.proofs.county import SINCE, County, prepare

OPTIONS = tuple(OptionSpec(name, name) for name in ("road", "lamp", "well", "tree", "hall"))


@dataclass
class Village:
    """Who votes and who serves."""

    county: County
    manager: Actor
    second: Actor
    auditor: Actor
    voters: list[Actor]
    opens: datetime

    @property
    def closes(self) -> datetime:
        return self.opens + timedelta(hours=8)

    def hold(self, **given: Any) -> Ballot:
        """A ranked secret ballot of all voters that is open now."""
        wanted: dict[str, Any] = {
            "about": "proofs.Motion:1", "place": self.county.village, "title": "proof",
            "organisation": self.manager.organisation, "question": "Which first?",
            "options": OPTIONS, "rule": "ranked", "secrecy": "secret", "channels": {"web"},
            "roll": [Voter(f"voter-{n}", one.id) for n, one in enumerate(self.voters)],
            "opens_at": self.opens, "closes_at": self.closes, "by": SYSTEM,
        }  # fmt: skip
        return open_ballot(**{**wanted, **given})

    def close(self, ballot: Ballot) -> Ballot:
        """Close it a minute after its time."""
        with clock.moved_to(self.closes + timedelta(minutes=1)):
            return close_ballot(ballot, by=self.manager, second=self.auditor)


def build(voters: int) -> Village:
    """The village in the empty database of this process."""
    county = prepare()
    committee, desk = county.units["village-committee"], county.units["county-desk"]
    manager, second = _holders("manager", committee)
    people = [as_resident(actions.open_account(display_name=f"voter {n}")) for n in range(voters)]
    auditor = _holders("auditor", desk)[0]
    return Village(county, manager, second, auditor, people, clock.now() - timedelta(hours=1))


def _holders(kind: str, unit: Organisation) -> list[Actor]:
    """Two people in one post."""
    post = actions.open_post(kind, unit, by=SYSTEM, seats=2, valid_from=SINCE)
    users = [actions.open_account(display_name="验证员") for _n in range(2)]
    made = [actions.appoint(post, one, by=SYSTEM, from_date=post.valid_from) for one in users]
    return [under(one) for one in made]
