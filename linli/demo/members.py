"""Rolls in the demonstration: a branch and a volunteers' chapter with invented members, a town's
branches by size, and the regrouping of some years ago."""

import io
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from django.db import transaction

from linli import playbook
from linli.demo.homes import estate_of_the_walk
from linli.demo.society import Society
from linli.members.actions import adverse, entering, forming, lists, moving
from linli.members.models import Member
from linli.members.sheets import try_out
from linli.people.actors import Actor
from linli.people.models import Organisation
from linli.places.models import Kind, Place

REGROUPED: Final = date(2020, 7, 1)
FOUNDED: Final = date(2000, 7, 1)
SIZES: Final = (34, 61, 12, 47, 118, 26, 4, 55, 73, 19, 40, 8)
EVIDENCE: Final = "一月到六月没有参加一次会议，三月和五月两次书面提醒后仍没有参加。"


@transaction.atomic
def settle(society: Society, today: date) -> None:
    """Everything that the rolls hold before the month begins."""
    home = society.ground.places[str(estate_of_the_walk()["village"])]
    town = next(place for place in home.ancestors() if place.kind == Kind.TOWN)
    manager = society.roles["manager"]
    above = society.staff[society.unit("town-office", town).pk][0]
    _town(society, town, home, above)
    branch = _open(society, home, "branch", "党支部", "branch")
    chapter = _open(society, home, "volunteer-chapter", "志愿者分会", "volunteers' chapter")
    rng = Random("the rolls")
    _whole(society, branch, "party", "正式党员", 22, (manager, above), rng)
    _whole(society, chapter, "volunteers", "正式会员", 31, (manager, above), rng)
    _on_the_way(society, branch, (manager, above))
    _the_cast(society, branch, chapter, (manager, above))
    forming.count_heads("party", branch, by=manager)
    forming.count_heads("volunteers", chapter, by=manager)


def _open(society: Society, place: Place, kind: str, name: str, en: str) -> Organisation:
    names = (f"{place.name}{name}", f"{place.name_en or place.name} {en}")
    return society.open(f"{kind}-{place.code}", kind, names, place)


def _town(society: Society, town: Place, home: Place, above: Actor) -> None:
    """The other branches of the town: regrouped in 2020, counted now, some of another form."""
    villages = [p for p in society.ground.inside(town, Kind.VILLAGE, Kind.COMMUNITY) if p != home]
    old = [_dated(society, f"old-branch-{n}", f"{town.name}第{n}支部", town, FOUNDED)
           for n in range(1, 4)]  # fmt: skip
    new = [_dated(society, f"branch-{place.code}", f"{place.name}党支部", place, REGROUPED)
           for place in villages[: len(SIZES)]]  # fmt: skip
    for n, body in enumerate(old):
        forming.succeed([body], new[n::3], by=above, on=REGROUPED)
    for body, size in zip(new, SIZES, strict=False):
        count = forming.count_heads("party", body, by=above, declared=size)
        neighbour = society.staff[society.committee(body.place).pk][0]
        if size == 118:
            reason = "三个自然村明年才合并，合并前先按总支运行。"
            change = forming.propose_form(count, "general-branch", reason=reason, by=above,
                                          until=date(count.on.year + 1, 12, 31))  # fmt: skip
            forming.agree_form(change, by=neighbour)
        elif size in (61, 73):
            change = forming.propose_form(count, "general-branch", by=above)
            if size == 61:
                forming.agree_form(change, by=neighbour)


def _dated(society: Society, code: str, name: str, place: Place, since: date) -> Organisation:
    """A body that is older than the demonstration."""
    body = society.open(code, "branch", (name, ""), place)
    Organisation.objects.filter(pk=body.pk).update(valid_from=since)
    body.valid_from = since
    return body


def _whole(
    society: Society, body: Organisation, membership: str, stage: str, count: int,
    two: tuple[Actor, Actor], rng: Random,
) -> None:  # fmt: skip
    """A roll as it comes from the office: a list, a dry run, two people."""
    words = ["姓名,阶段,日期"]
    for n in range(count):
        since = date(rng.randint(1996, 2024), rng.randint(1, 12), rng.randint(1, 28))
        words.append(f"{society.name()}{n + 1},{stage},{since.isoformat()}")
    rule = playbook.current().memberships[membership]
    run = try_out(body, rule, io.BytesIO("\n".join(words).encode()))
    lists.agree(lists.bring(body, membership, run.fresh, by=two[0]), by=two[1])


def _on_the_way(society: Society, branch: Organisation, two: tuple[Actor, Actor]) -> None:
    """Applicants and what waits: one can go on, one waits for a second, one lacks papers."""
    since, one = society.since, two[0]
    long_ago = since - timedelta(days=140)

    def enter(name: str, on: date, papers: tuple[str, ...], **given: Any) -> Member:
        dated = {paper: on + timedelta(days=20) for paper in papers}
        return entering.enter("party", branch, name=name, on=on, papers=dated, by=one, **given)

    ready = enter("小顾", long_ago, ("application", "talk", "recommendation"))
    entering.note_paper(ready, "branch-decision", since - timedelta(days=4), by=one)
    enter("小陶", long_ago + timedelta(days=60), ("application",))
    waits = enter("小丁", since - timedelta(days=372), (), stage="probationary")
    moving.agree(waits.moves.get(), by=two[1])
    waits.refresh_from_db()
    for paper in ("full-application", "full-meeting", "full-approval"):
        entering.note_paper(waits, paper, since - timedelta(days=2), by=one)
    moving.propose(waits, "confirm", by=one)
    full = Member.objects.filter(organisation=branch, stage="full").order_by("number")
    for away in full[2:5]:
        entering.set_away(away, True, by=one)
    for member in full[:14]:
        entering.note_paper(member, "yearly-review", since - timedelta(days=90), by=one)
    adverse.give_notice(full[9], "correct", ground="no-part-half-year", evidence=EVIDENCE, by=one)


def _the_cast(
    society: Society, branch: Organisation, chapter: Organisation, two: tuple[Actor, Actor]
) -> None:  # fmt: skip
    """The volunteer sees a page of their own; the resident applies."""
    one, above = two
    member = entering.enter("volunteers", chapter, name="何师傅", stage="active", by=one,
                            on=society.since - timedelta(days=200),
                            user=society.cast["volunteer"])  # fmt: skip
    moving.agree(member.moves.get(), by=above)
    for n, user in enumerate(society.volunteers[:3]):  # at home elsewhere, and reached by letter
        away = entering.enter("party", branch, name=f"{user.display_name}{n}", stage="full",
                              on=society.since - timedelta(days=400), by=one, user=user)  # fmt: skip
        moving.agree(away.moves.get(), by=above)
        entering.set_away(away, True, by=one)
    entering.enter("party", branch, name="周先生", by=one, on=society.since - timedelta(days=30),
                   user=society.cast["resident"])  # fmt: skip
