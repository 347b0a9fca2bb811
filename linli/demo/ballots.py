"""Three ballots of the home community: two that were counted, one that is open now."""

from datetime import date, time, timedelta
from random import Random
from typing import Any

from linli.ballots.actions import cast, serve, tally
from linli.ballots.actions.close import ask_to_close
from linli.ballots.actions.open import OptionSpec, Voter, open_ballot
from linli.ballots.models import Ballot, RollEntry
from linli.ballots.models.sealed import Taken
from linli.demo.days import Story, at, local_day
from linli.demo.homes import estate_of_the_walk
from linli.demo.invented import table
from linli.demo.stories.scene import Scene
from linli.people.actors import Actor, as_resident
from linli.places.models import Kind

ON_PAPER = 16  # of the roll, who have no account: they come to the desk


class Ballots:
    """The stories of what is voted on."""

    def __init__(self, scene: Scene) -> None:
        # Dice of its own: what is voted on here changes nothing in the other stories.
        self.rng, self.society = Random("the ballots"), scene.society
        self.home = self.society.ground.places[str(estate_of_the_walk()["village"])]
        self.today = local_day(scene.until)
        self.manager, self.auditor = (self.society.roles[x] for x in ("manager", "auditor"))
        town = next(p for p in reversed(self.home.ancestors()) if p.kind == Kind.TOWN)
        self.second = self.society.staff[self.society.unit("town-office", town).pk][0]
        cast_of_demo = [self.society.cast[name] for name in ("resident", "neighbour", "steward")]
        people = [self.society.person(str(name)) for name in table("ballots")["voters"]]
        self.guests = [as_resident(user) for user in cast_of_demo]
        self.voters = [as_resident(user) for user in people]

    def stories(self) -> list[Story]:
        """Each ballot from its opening to its count, or to today."""
        return [self.ballot(name) for name in ("lamps", "hall", "parking")]

    def ballot(self, name: str) -> Story:
        """Opened, voted, and where its time is over counted and closed by two."""
        said = table("ballots")[name]
        first = self.today - timedelta(days=said["days"])
        yield at(first, time(8))
        ballot = self._open(said, first)
        yield at(first + timedelta(days=1), time(10))
        self._vote(ballot, said)
        if said["lasts"] > said["days"]:
            return
        yield at(first + timedelta(days=said["lasts"]), time(19))
        self._close(ballot, said)

    def _open(self, said: dict[str, Any], first: date) -> Ballot:
        roll = [Voter(f"户{n:03}", one.id) for n, one in enumerate(self._everybody(), start=1)]
        roll += [Voter(f"户{len(roll) + n:03}") for n in range(1, ON_PAPER + 1)]
        options = [
            OptionSpec(f"o{n}", text, cost or None)
            for n, (text, cost) in enumerate(said["options"], start=1)
        ]
        return open_ballot(
            about="", place=self.home, organisation=self.manager.organisation,
            title=said["title"], question=said["question"], options=options, rule=said["rule"],
            secrecy="secret", roll=roll, channels=set(said["channels"]),
            opens_at=at(first, time(8)),
            closes_at=at(first + timedelta(days=said["lasts"]), time(18)),
            budget=said.get("budget"), by=self.manager,
        )  # fmt: skip

    def _everybody(self) -> list[Actor]:
        return [*self.guests, *self.voters]

    def _vote(self, ballot: Ballot, said: dict[str, Any]) -> None:
        names = ballot.terms.options
        for voter, liked in zip(self.voters, said["likes"], strict=False):
            cast.vote(ballot, [names[n] for n in liked], by=voter)
        without = list(RollEntry.objects.filter(ballot=ballot, user=None).order_by("number"))
        if "codes" in said:
            codes = serve.print_codes(ballot, len(said["codes"]) + 3, by=self.manager)
            for liked, code in zip(said["codes"], codes, strict=False):
                serve.hand_out(ballot, without.pop(), Taken.CODE, by=self.manager)
                cast.vote_with_code(ballot, [names[n] for n in liked], code)
        if "papers" in said:
            serve.print_papers(ballot, said["printed"], by=self.manager)
            for _n in range(self._used(said)):
                serve.hand_out(ballot, without.pop(), Taken.PAPER, by=self.manager)

    def _used(self, said: dict[str, Any]) -> int:
        return sum(int(n) for _liked, n in said["papers"]) + int(said["spoilt"])

    def _close(self, ballot: Ballot, said: dict[str, Any]) -> None:
        if "papers" in said:
            names = ballot.terms.options
            votes = {tuple(names[k] for k in liked): n for liked, n in said["papers"]}
            unused = said["printed"] - self._used(said)
            figures = tally.Figures(votes, said["spoilt"], unused)
            for who in (self.manager, self.second):
                tally.enter(ballot, "paper", figures, by=who)
        for who in (self.manager, self.auditor):
            ask_to_close(ballot, by=who)
