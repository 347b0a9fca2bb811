"""Ties in the demonstration: units and the community, lawyers and villages, homes that agreed, grids
and their branches, and the three lists with what was brought together."""

from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.utils.module_loading import import_string

from linli.demo.homes import estate_of_the_walk
from linli.demo.society import Society
from linli.lib import clock
from linli.pairings.actions import listing, tying
from linli.pairings.actions.tying import Who
from linli.pairings.models import Match, Tie
from linli.people.actors import Actor, as_resident
from linli.people.models import Organisation
from linli.places.models import Kind, Place

UNITS: Final = ("education", "health", "transport", "market-supervision", "water-company")
HOMES: Final = ("东头王家", "桥边李家", "南屋陈家", "北院赵家")
NEEDS: Final = (
    ("room", "周末要一间能坐三十人的屋子，开居民会。"),
    ("skills", "想请人看看老楼的电线安不安全。"),
    ("teaching", "暑假孩子们的防溺水课，缺老师。"),
    ("volunteers", "重阳节包饺子，要十来个帮手。"),
)
GIVES: Final = (
    ("education", "room", "学校阶梯教室周末可以用。"),
    ("education", "teaching", "两位体育老师愿意讲防溺水。"),
    ("health", "skills", "每月来一次，量血压、讲用药。"),
    ("water-company", "teaching", "可以讲家里怎么查漏水。"),
    ("transport", "volunteers", "十二名志愿者，周末可以来。"),
)
KIND: Final = "unit-community"


@transaction.atomic
def settle(society: Society, today: date) -> None:
    """What is tied before the month begins."""
    home = society.ground.places[str(estate_of_the_walk()["village"])]
    town = next(place for place in home.ancestors() if place.kind == Kind.TOWN)
    county = society.ground.of_kind(Kind.COUNTY)[0]
    manager, committee = society.roles["manager"], society.committee(home)
    above = society.staff[society.unit("town-office", town).pk][0]
    for n, unit in enumerate(society.unit(kind, county) for kind in UNITS):
        tie = tying.propose(KIND, Who(body=unit), Who(body=committee), by=manager,
                            purpose="把社区要办的和单位能出的对到一起。")  # fmt: skip
        if n < len(UNITS) - 1:  # the last has not answered yet
            tying.agree(tie, by=society.staff[unit.pk][0])
    _homes(society, manager)
    _lawyers(society, town, county, above)
    _grids(society, home, manager)
    _lists(society, manager, county)


def _homes(society: Society, manager: Actor) -> None:
    """Four homes that agreed; one official of them is in the cast."""
    official = as_resident(society.cast["volunteer"])
    other = as_resident(society.volunteers[0])
    for n, name in enumerate(HOMES):
        who = official if n < 2 else other
        tie = tying.propose("official-household", Who(user=who.user), Who(home=name, consent=True),
                            purpose="隔一阵去坐坐，看有什么要帮的。", by=manager)  # fmt: skip
        tying.agree(tie, by=who)


def _lawyers(society: Society, town: Place, county: Place, above: Actor) -> None:
    """Two firms for the first villages of the town; the others have nobody yet."""
    firms = []
    for n, (name, en) in enumerate((("濑江律师事务所", "Laijiang law firm"),
                                    ("天目律师事务所", "Tianmu law firm"))):  # fmt: skip
        firm = society.open(f"law-{n}", "law-firm", (name, en), county)
        firms.append((firm, society.hold("handler", firm, society.person())))
    villages = society.ground.inside(town, Kind.VILLAGE, Kind.COMMUNITY)
    for n, village in enumerate(villages[:7]):
        firm, lawyer = firms[n % 2]
        committee = society.committee(village)
        tie = tying.propose("lawyer-village", Who(body=firm), Who(body=committee),
                            purpose="每月到村一天，讲法、答问。", by=above)  # fmt: skip
        tying.agree(tie, by=lawyer)
        tying.agree(tie, by=society.staff[committee.pk][0])


def _grids(society: Society, home: Place, manager: Actor) -> None:
    """The home community's branch is responsible for its grids, but for the last."""
    branch = Organisation.objects.get(kind="branch", place=home)
    for grid in society.ground.inside(home, Kind.GRID)[:-1]:
        tie = tying.propose("branch-grid", Who(body=branch), Who(place=grid), by=manager,
                            purpose="网格里的事有组织管。")  # fmt: skip
        tying.agree(tie, by=manager)


def _lists(society: Society, manager: Actor, county: Place) -> None:
    until = clock.today() + timedelta(days=90)
    for topic, words in NEEDS:
        listing.add(KIND, "need", topic=topic, words=words, until=until, by=manager)
    for kind, topic, words in GIVES:
        giver = society.staff[society.unit(kind, county).pk][0]
        listing.add(KIND, "resource", topic=topic, words=words, until=until, by=giver)
    import_string("linli.pairings.actions.bringing.match_every")()  # SciPy: not for every process
    agreed = Match.objects.select_related(
        "need__organisation__place", "offer__organisation__place"
    ).order_by("-weight", "pk")[0]
    listing.say_yes(agreed, by=manager)
    listing.say_yes(agreed, by=society.staff[agreed.offer.organisation_id][0])


@transaction.atomic
def live(society: Society, today: date) -> None:
    """Contacts of the month: most are in touch, some are not."""
    ties = Tie.objects.running().exclude(kind="branch-grid").order_by("kind", "proposed_at", "pk")
    for n, tie in enumerate(ties):
        if n % 3 == 2:
            continue
        keeper = society.staff[tie.organisation_id][0]
        tying.note_contact(tie, tie.rule.contacts[0].id, by=keeper,
                           on=today - timedelta(days=n % 9))  # fmt: skip
