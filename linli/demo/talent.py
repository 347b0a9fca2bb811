"""Pools and cohorts in the demonstration: people in all tiers, mentors for some, an appeal; a cohort
that has been to several training places."""

from datetime import date, timedelta
from typing import Final

from django.db import transaction

from linli.demo.society import Society
from linli.facilities.models import Facility
from linli.lib import clock
from linli.pairings.actions import tying
from linli.pairings.actions.tying import Who
from linli.people.actors import Actor, as_resident
from linli.people.models import User
from linli.places.models import Kind
from linli.talent.actions import cohorts, nominating, reviewing
from linli.talent.models import Candidate, Session

POOL: Final = "successors"
OFFICES: Final = ("human-resources", "market-supervision", "county-desk")
TIERS: Final = ("leading",) * 4 + ("backbone",) * 9 + ("emerging",) * 7
MENTORS: Final = 10  # people with one; three of those who are promised one have none yet
NAMED: Final = 2
TRAINEES: Final = 26
UNCOUNTED: Final = 1  # the session whose number nobody has noted yet
WAITING: Final = 3  # who have applied and were not answered yet
WORDS: Final = (
    "管着一个车间，带出来两个徒弟。", "把旧机器改好，少了一半废料。", "每周给村里的老人修家电。",
    "读完了三年夜校，现在管仓库。",
)  # fmt: skip
SAW: Final = {
    "role": "看过任命书，管生产两年多。", "learning": "看过结业证，去年十月到今年三月。",
    "craft": "到车间看过，换模从一小时到十分钟。", "neighbours": "社区证明，一年来十二次。",
}  # fmt: skip
TOPICS: Final = (
    "怎样开好一次村民会", "一本账怎么公开", "网格里的一天", "田头纠纷怎么调", "小食堂是怎样办起来的",
)  # fmt: skip


@transaction.atomic
def settle(society: Society) -> None:
    """The pool and a cohort as they stand before the month begins, everything by the rules."""
    judges = _judges(society)
    rows = [_decided(society.person(), tier, n, judges) for n, tier in enumerate(TIERS)]
    for row in rows[:NAMED]:
        assert row.user is not None
        nominating.show_as(row, row.user.display_name, by=as_resident(row.user))
    town = society.ground.of_kind(Kind.TOWN)[0]
    keeper = society.staff[society.unit("town-office", town).pk][0]
    for row in rows[:MENTORS]:
        _mentor(society, row, keeper)
    _cohort(society, society.roles["coordinator"])


@transaction.atomic
def live(society: Society, today: date) -> None:
    """What waits today, how appeals went, and how many came to the lessons of the month."""
    judges, cast = _judges(society), society.cast
    _appeals(cast["volunteer"], cast["neighbour"], judges)
    _decided(cast["steward"], "emerging", 1, judges)
    _waits(society, judges)
    desk = society.roles["coordinator"]
    for n, session in enumerate(Session.objects.filter(on__lte=today).order_by("on", "pk")):
        if n != UNCOUNTED:
            cohorts.count(session, TRAINEES - 2 * n, by=desk)


def _judges(society: Society) -> list[Actor]:
    county = society.ground.of_kind(Kind.COUNTY)[0]
    return [society.staff[society.unit(kind, county).pk][0] for kind in OFFICES]


def _decided(user: User, outcome: str, number: int, judges: list[Actor]) -> Candidate:
    """Proposed, reviewed twice, decided."""
    words = WORDS[number % len(WORDS)]
    row = nominating.nominate_self(POOL, words, by=as_resident(user))
    for judge in judges[:2]:
        _review(row, judge)
    reviewing.decide(row, outcome, "两位评审分别看过，证据对得上。", by=judges[0])
    return row


def _review(row: Candidate, judge: Actor, met: int = 4) -> None:
    ids = [one.id for one in row.rule.criteria]
    answers = {key: (n < met, SAW.get(key, "看过原件。")) for n, key in enumerate(ids)}
    reviewing.review(row, answers, free=True, by=judge)


def _mentor(society: Society, row: Candidate, keeper: Actor) -> None:
    mentor = society.person()
    assert row.user is not None
    tie = tying.propose(row.rule.pairing, Who(user=mentor), Who(user=row.user),
                        purpose="一年，每月见一次，说说难处。", by=keeper)  # fmt: skip
    tying.agree(tie, by=as_resident(mentor))
    tying.agree(tie, by=as_resident(row.user))


def _appeals(user: User, other: User, judges: list[Actor]) -> None:
    """One appeal that changed something, and one that waits."""
    row = _decided(user, "emerging", 2, judges)
    first = reviewing.appeal(
        row.decisions.get(), "四条都写了够，为什么在新锐？", by=as_resident(user)
    )
    reviewing.decide_appeal(first, "backbone", "四条都够，骨干有空位，改过来。", by=judges[2])
    second = _decided(other, "refused", 3, judges)
    reviewing.appeal(
        second.decisions.get(), "我的结业证当时没有带，现在补上。", by=as_resident(other)
    )


def _waits(society: Society, judges: list[Actor]) -> None:
    """One whom nobody has reviewed, one with a single review, one whom a community proposed."""
    for n in range(2):
        row = nominating.nominate_self(POOL, WORDS[n], by=as_resident(society.person()))
        if n:
            _review(row, judges[0], met=3)
    nominating.nominate(POOL, society.cast["resident"], "楼里有事都找他，热心，手也巧。",
                        by=society.roles["manager"])  # fmt: skip


def _cohort(society: Society, desk: Actor) -> None:
    """A cohort that began two months before; there is room for some more."""
    today = clock.today()
    starts = today - timedelta(days=60)
    row = cohorts.begin("trainees", "第三期定制村干班", name_en="Third cohort of trainees",
                        starts_on=starts, apply_until=today + timedelta(days=60), by=desk)  # fmt: skip
    for n in range(TRAINEES + WAITING):
        trainee = cohorts.apply(row, by=as_resident(society.person()))
        if n < TRAINEES:
            cohorts.admit(trainee, True, by=desk)
    cohorts.enter(row, society.cast["resident"], by=desk)
    places = Facility.objects.filter(kind__in=row.rule.places).order_by("-kind", "code")
    for n, topic in enumerate(TOPICS):
        on = today + timedelta(days=6 + 8 * n)
        cohorts.plan(row, places[n % len(places)], on, topic, by=desk)
