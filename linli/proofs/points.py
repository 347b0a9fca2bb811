"""P12: points neither appear nor vanish.

A machine takes steps at random: work that the journal tells of (some of it twice, some by eight at
once, some beyond the caps), claims, objections, lines taken back, years that end and, two years
later, are folded into totals. An own account kept in plain Python says after every batch what each
card must hold; the ledger is added up from its entries alone; and every so often somebody tries to
change or delete a line behind its back.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final

from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum

from linli.activities.models import Enrolment
from linli.journal.models import Entry
from linli.journal.record import record
from linli.lib import clock
from linli.people import actions
from linli.people.actors import SYSTEM, Actor, as_resident
from linli.people.cast import Cast, cast
from linli.people.policies import Denied
from linli.playbook.award import Award
from linli.points import guards, keeping, reading
from linli.points.actions import claiming, core, earning, joining, objecting, reversing, years
from linli.points.models import Account, Card, Claim, Kind, Reversal, Stars, Transfer, YearTotal
from linli.proofs.result import Result, Watch
from linli.proofs.threads import at_once

PROMISE: Final = "Points neither appear nor vanish"
BROKEN: Final = ("balance", "caps", "deleted", "folded")
START: Final = datetime(2026, 1, 6, 9, tzinfo=clock.LOCAL)
PEOPLE: Final = 6
AT_ONCE: Final = 8
BATCH: Final = 50


def prove(n: int, seed: int, broken: str) -> Result:
    """`n` steps; the ledger is compared with an own account after every 50 of them."""
    call_command("migrate", verbosity=0, interactive=False)
    result, watch = Result(PROMISE, n, seed), Watch()
    if broken == "caps":
        vars(core)["room"] = lambda *_given: 1_000_000
    with clock.moved_to(START):
        machine = Machine.begin(Random(seed), watch)
    for k in range(n):
        with clock.moved_to(START + timedelta(minutes=480_000 * k // n)):  # eleven months
            machine.step()
        if k % BATCH == BATCH - 1:
            machine.compare(result)
    machine.end_the_year()
    if broken in ("balance", "deleted"):
        behind_its_back(broken)
    machine.compare(result)
    transfers = Transfer.objects.count()
    machine.fold(result, broken)
    result.faults = machine.refused + machine.together
    result.p99_ms = watch.percentile(0.99)
    result.more = {
        "people": PEOPLE, "transfers": transfers, "tampering_refused": machine.refused,
        "at_once": machine.together, "stars": Stars.objects.count(),
        "folded": machine.folded,
    }  # fmt: skip
    if machine.let_through:
        result.violated(f"{machine.let_through} changes of the ledger went through")
    return result


def behind_its_back(how: str) -> None:
    """The broken variants: what somebody with the database's own password could do."""
    guards.take_down(connection)
    if how == "balance":
        row = Account.objects.filter(card__isnull=False).earliest("pk")
        Account.objects.filter(pk=row.pk).update(balance=row.balance + 1)
    else:
        Transfer.objects.filter(kind=Kind.EARNED, reversal=None).order_by("pk")[:1].get().delete()


@dataclass
class Given:
    """One line of the own account."""

    rule: str
    on: datetime
    amount: int
    stands: bool = True


@dataclass
class Machine:
    """The people, the ledger through its real actions, and the account kept beside it."""

    rng: Random
    watch: Watch
    played: Cast
    people: list[Actor]
    stranger: Actor
    kept: dict[str, list[Given]] = field(default_factory=lambda: defaultdict(list))
    refused: int = 0
    let_through: int = 0
    together: int = 0
    folded: int = 0

    @classmethod
    def begin(cls, rng: Random, watch: Watch) -> "Machine":
        """Volunteers who joined, and one who did not."""
        played = cast()
        people = [as_resident(actions.open_account(display_name="p")) for _n in range(PEOPLE + 1)]
        for who in people:
            assert who.user is not None
            Enrolment.objects.create(
                kind="community-service", user=who.user, confirmed_at=clock.now(),
                organisation=played.bodies["committee"],
            )  # fmt: skip
        for who in people[1:]:
            joining.join(by=who)
        return cls(rng, watch, played, people[1:], people[0])

    def step(self) -> None:
        """One thing happens."""
        ways: list[tuple[Callable[[], None], int]] = [
            (self.work, 60), (self.at_once, 4), (self.claim, 8), (self.take_back, 8),
            (self.object_to, 8), (self.nobody, 4), (self.tamper, 8),
        ]  # fmt: skip
        act = self.rng.choices([way for way, _w in ways], [weight for _way, weight in ways])[0]
        with self.watch.time():
            act()

    # ── what happens ─────────────────────────────────────────────────────────────────────────
    def work(self) -> None:
        """Somebody checks out; the line is heard once or twice."""
        who, kind = self._one(), self.rng.choice(["theme-day", "square-stall", "civic-talk"])
        entry = self._out(who, kind, self.rng.randint(10, 240))
        self._expect(who, entry)
        self._hear([entry] * self.rng.choice([1, 1, 1, 2]))

    def at_once(self) -> None:
        """Eight lines of one day are heard by eight at the same moment, two of them the same."""
        who, minutes = self._one(), self.rng.choice([30, 60, 90])
        lines = [self._out(who, "theme-day", minutes) for _n in range(AT_ONCE - 1)]
        for line in lines:
            self._expect(who, line)
        moment = clock.now()
        jobs = [self._hearing(line, moment) for line in [*lines, lines[0]]]
        found = at_once(jobs)
        self.together += len(jobs)
        for error in found:
            if isinstance(error, Exception):
                raise error

    def claim(self) -> None:
        """Work that a second person looks at."""
        who = self._one()
        with transaction.atomic():
            entry = record("motion.task_done", on="proofs.Motion:1", by=who, place=self._place,
                           facts={"procedure": "five-steps", "task": 1})  # fmt: skip
        self._hear([entry, entry])
        row = Claim.objects.select_related("card").get(evidence=entry.seq)
        if self.rng.random() < 0.8:
            self._expect(who, entry)
            claiming.agree([row], by=self.played.manager)
        else:
            claiming.decline(row, "no", by=self.played.manager)

    def take_back(self) -> None:
        """Two people take a line back; a second time is refused."""
        row = self._line()
        if row is None or hasattr(row, "asked_back"):
            return
        asked = reversing.ask(row, "wrong", by=self.played.manager)
        if self.rng.random() < 0.2:
            reversing.keep(asked, by=self.played.coordinator)
            return
        reversing.agree(asked, by=self.played.coordinator)
        self._gone(row)
        try:
            reversing.agree(asked, by=self.played.coordinator)
        except Denied:
            self.refused += 1
        else:
            self.let_through += 1

    def object_to(self) -> None:
        """The owner objects; whoever had no part decides."""
        row = self._line()
        if row is None or Reversal.objects.filter(transfer=row).exists():
            return
        owner = next(who for who in self.people if who.id == str(row.card.user_id))
        objection = objecting.to_line(row, "wrong", by=owner)
        upheld = self.rng.random() < 0.5
        objecting.decide(objection, upheld=upheld, answer="so", by=self.played.coordinator)
        if upheld:
            self._gone(row)

    def nobody(self) -> None:
        """Somebody who did not join works: no account comes of it."""
        self._hear([self._out(self.stranger, "theme-day", 120)])

    def tamper(self) -> None:
        """Behind the actions: change a line, delete it, count it twice, write a balance."""
        row = Transfer.objects.order_by("?").first()
        if row is None:
            return
        rows, account = Transfer.objects.filter(pk=row.pk), Account.objects.filter(pk=row.target_id)
        acts: list[Callable[[], object]] = [
            lambda: rows.update(amount=row.amount + 1),
            lambda: rows._raw_delete(connection.alias),
            lambda: account.update(balance=row.amount + 1_000),
            lambda: Transfer(**_copy(row)).save(force_insert=True),
        ]
        act = self.rng.choice(acts)
        try:
            with transaction.atomic():
                act()
        except DatabaseError:
            self.refused += 1
        else:
            self.let_through += 1

    def end_the_year(self) -> None:
        """Stars are fixed and everything ends; afterwards every card stands at nothing."""
        for month, day in ((1, 9), (1, 20), (4, 2)):
            with clock.moved_to(datetime(2027, month, day, 12, tzinfo=clock.LOCAL)):
                years.keep_time()
                years.keep_time()

    def fold(self, result: Result, broken: str) -> None:
        """Two years later only totals are left, and they are what the own account says."""
        standing = sum(one.amount for lines in self.kept.values() for one in lines if one.stands)
        if broken == "folded":
            behind_its_back("deleted")
        with clock.moved_to(datetime(2029, 1, 1, 12, tzinfo=clock.LOCAL)):
            self.folded = keeping.fold()
            self._hear(list(Entry.objects.filter(verb="activity.checked_out")))
        sums = {
            row["kind"]: row["n"]
            for row in YearTotal.objects.values("kind").annotate(n=Sum("points"))
        }
        have = sums.get(Kind.EARNED, 0) - sums.get(Kind.REVERSED, 0)
        result.lost += max(0, standing - have)
        result.duplicated += max(0, have - standing)
        if Transfer.objects.exists() or Card.objects.filter(user__isnull=False).exists():
            result.violated("lines of a folded year are left, or are heard again")
        for words in reading.check_sums():
            result.violated(words)

    # ── the own account ──────────────────────────────────────────────────────────────────────
    def compare(self, result: Result) -> None:
        """Entries against balances, and both against what was kept here."""
        for words in reading.check_sums():
            result.violated(words)
        if Card.objects.filter(user=self.stranger.user).exists():
            result.violated("somebody who did not join has a card")
        for who in self.people:
            want = sum(one.amount for one in self.kept[who.id] if one.stands)
            rows = Transfer.objects.standing().filter(card__user=who.user)
            have = int(rows.aggregate(n=Sum("amount"))["n"] or 0)
            fixed = Stars.objects.filter(card__user=who.user).values_list("points", flat=True)
            result.lost += max(0, want - have) + sum(max(0, want - n) for n in fixed)
            result.duplicated += max(0, have - want) + sum(max(0, n - want) for n in fixed)

    def _expect(self, who: Actor, entry: Entry) -> None:
        rule = next(earning.rules_for(entry), None)
        if rule is None:
            return
        worth = rule.worth(int(entry.facts.get("minutes") or 0))
        amount = min(worth, self._room(who, rule, entry.when))
        if amount > 0:
            self.kept[who.id].append(Given(rule.id, entry.when, amount))

    def _room(self, who: Actor, rule: Award, when: datetime) -> int:
        """The same caps, written a second time, over the own lines."""
        day = when.astimezone(clock.LOCAL)
        mine = [one for one in self.kept[who.id] if one.stands and one.rule == rule.id]

        def same(one: Given, per: str) -> bool:
            other = one.on.astimezone(clock.LOCAL)
            keys: dict[str, Callable[[datetime], object]] = {
                "day": lambda d: d.date(), "month": lambda d: (d.year, d.month),
                "quarter": lambda d: (d.year, (d.month + 2) // 3), "year": lambda d: d.year,
            }  # fmt: skip
            return keys[per](other) == keys[per](day)

        rooms = [
            cap.points - sum(one.amount for one in mine if same(one, cap.per)) for cap in rule.caps
        ]
        return max(0, min(rooms))

    def _gone(self, row: Transfer) -> None:
        """A line was taken back; of several equal ones any may go."""
        mine = self.kept[str(row.card.user_id)]
        day = row.on
        one = next(
            (one for one in mine if one.stands and one.rule == row.rule
             and one.on.astimezone(clock.LOCAL).date() == day and one.amount == row.amount), None,
        )  # fmt: skip
        if one is not None:
            one.stands = False
            return
        # Of those heard at once the amounts may be dealt out otherwise; the day's sum is the same.
        same = [one for one in mine if one.stands and one.rule == row.rule
                and one.on.astimezone(clock.LOCAL).date() == day]  # fmt: skip
        left = row.amount
        for one in same:
            took = min(left, one.amount)
            one.amount, left = one.amount - took, left - took

    # ── pieces ───────────────────────────────────────────────────────────────────────────────
    @property
    def _place(self) -> str:
        return self.played.places["community"].path

    def _one(self) -> Actor:
        return self.rng.choice(self.people)

    def _line(self) -> Transfer | None:
        rows = list(Transfer.objects.standing().order_by("-pk")[:40])
        if not rows:
            return None
        pk = self.rng.choice(rows).pk
        return Transfer.objects.select_related("card", "target").get(pk=pk)

    def _out(self, who: Actor, kind: str, minutes: int) -> Entry:
        with transaction.atomic():
            return record(
                "activity.checked_out", on="proofs.Occurrence:1", by=SYSTEM, place=self._place,
                facts={"kind": kind, "role": "helper", "minutes": minutes, "user": who.id},
            )  # fmt: skip

    def _hear(self, entries: list[Entry]) -> None:
        with transaction.atomic():
            earning.handle(entries)

    def _hearing(self, entry: Entry, moment: datetime) -> Callable[[], None]:
        def run() -> None:
            with clock.moved_to(moment):
                self._hear([entry])

        return run


def _copy(row: Transfer) -> dict[str, object]:
    names = [one.attname for one in row._meta.concrete_fields if not one.primary_key]
    return {name: getattr(row, name) for name in names}
