"""Entering somebody on a roll, noting papers, and working away."""

from collections.abc import Mapping
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from linli import playbook
from linli.lib import clock, text
from linli.members.actions.core import LONGEST_NAME, check_day, raced, tell
from linli.members.models import Member, Move, Paper
from linli.members.models.member import NAME
from linli.members.policies import check_keeps, check_reads_names
from linli.people.actors import Actor
from linli.people.models import Organisation, User
from linli.people.policies import Denied
from linli.playbook.membership import Membership, Stage
from linli.vault import sealing

SALT = "linli.members"
PURPOSE = "the roll of a body"


def mark_of(body: Organisation, name: str) -> str:
    """The same name has the same mark on every roll of one body."""
    words = f"{body.pk}|{''.join(name.split()).casefold()}"
    return salted_hmac(SALT, words, algorithm="sha256").hexdigest()


def rule_of(membership: str, body: Organisation) -> Membership:
    """The membership, if this body keeps such a roll. Raises Denied."""
    rule = playbook.current().memberships.get(membership)
    if rule is None or body.kind not in rule.bodies:
        raise Denied(_("This body keeps no such roll."))
    return rule


def check_name(name: str) -> str:
    """The name without space around; Denied if there is none, or something personal besides."""
    clean = " ".join(name.split())
    if not clean or len(clean) > LONGEST_NAME:
        raise Denied(_("Write the name, at most %(n)s characters.") % {"n": LONGEST_NAME})
    if text.find_personal(clean):
        raise Denied(_("The name alone: no number of any kind is kept on a roll."))
    return clean


def _stage(rule: Membership, stage_id: str) -> Stage:
    at = next((row for row in rule.stages if row.id == stage_id), None)
    if at is None or (at != rule.first and not at.enters):
        raise Denied(_("Nobody comes in at this stage: they begin where everybody begins."))
    return at


@transaction.atomic
def enter(
    membership: str, body: Organisation, *, name: str, by: Actor, stage: str = "",
    on: date | None = None, user: User | None = None, papers: Mapping[str, date] | None = None,
) -> Member:  # fmt: skip
    """Put somebody on the roll. Who comes in at a later stage waits for a second person's yes.

    Raises Denied with a sentence.
    """
    check_keeps(by, body)
    rule, clean, day = rule_of(membership, body), check_name(name), on or clock.today()
    at = _stage(rule, stage or rule.first.id)
    check_day(day)
    if user is not None and user.pk == (by.user.pk if by.user else None):
        raise Denied(_("This is about yourself, so somebody else does it."))
    first = at == rule.first
    try:
        with transaction.atomic():
            member = _put_on(rule, body, clean, "" if not first else at.id, day, user)
    except IntegrityError as error:
        raise Denied(
            _("Somebody of this name, or with this account, is on a roll already. If it is "
              "another person, add what tells them apart.")
        ) from error  # fmt: skip
    Move.objects.create(
        member=member, to_stage=at.id, on=day, by=by.id, by_body=by.organisation,
        state=Move.State.DONE if first else Move.State.WAITING,
        decided_at=clock.now() if first else None,
    )  # fmt: skip
    _keep_papers(member, papers or {}, by)
    tell(member, "member.entered", by=by, facts={"to": at.id, "waits": not first})
    return member


def _put_on(
    rule: Membership, body: Organisation, name: str, stage: str, day: date, user: User | None
) -> Member:
    """The row and its sealed name; numbers are given one after another. Raises IntegrityError."""
    Organisation.objects.select_for_update().get(pk=body.pk)
    last = Member.objects.filter(organisation=body, membership=rule.id).aggregate(n=Max("number"))
    return Member.objects.create(
        membership=rule.id, organisation=body, number=(last["n"] or 0) + 1, user=user,
        subject=sealing.seal_new({NAME: name}, purpose=PURPOSE), mark=mark_of(body, name),
        stage=stage, since=day, entered_on=day,
    )  # fmt: skip


def enter_line(
    rule: Membership, body: Organisation, *, name: str, stage: str, on: date, user: User | None,
    first: str, by: Actor,
) -> bool:  # fmt: skip
    """Enter somebody of a list that two people agreed to; False if they are there by now."""
    try:
        with transaction.atomic():
            member = _put_on(rule, body, check_name(name), _stage(rule, stage).id, on, user)
    except IntegrityError:
        return False
    Move.objects.create(
        member=member, to_stage=stage, on=on, by=first, second=by.id, state=Move.State.DONE,
        decided_at=clock.now(),
    )  # fmt: skip
    tell(member, "member.entered", by=by, facts={"to": stage, "waits": False})
    return True


def _keep_papers(member: Member, papers: Mapping[str, date], by: Actor) -> None:
    Paper.objects.bulk_create(
        [
            Paper(member=member, kind=kind, dated=day, noted_by=by.id)
            for kind, day in papers.items()
        ],
        ignore_conflicts=True,
    )


def kinds_of_paper(rule: Membership, stage_id: str) -> dict[str, str]:
    """Every kind of paper that this stage expects or the steps from it need, id -> Chinese name."""
    found: dict[str, str] = {}
    if stage_id:
        for paper in rule.stage(stage_id).papers:
            found[paper.id] = paper.name.zh
        for step in rule.steps_from(stage_id):
            for need in step.needs:
                found.setdefault(need.id, need.name.zh)
    return found


@transaction.atomic
def note_paper(member: Member, kind: str, dated: date, *, by: Actor) -> Paper:
    """Note that a paper with this day is there. Raises Denied for a kind that nothing asks for."""
    check_keeps(by, member.organisation)
    if member.left_on or kind not in kinds_of_paper(member.rule, member.stage):
        raise Denied(_("Nothing at this stage asks for such a paper."))
    check_day(dated)
    row, new = Paper.objects.get_or_create(
        member=member, kind=kind, dated=dated, defaults={"noted_by": by.id}
    )
    if new:
        tell(member, "member.paper_noted", by=by, facts={"paper": kind})
    return row


@transaction.atomic
def set_away(member: Member, away: bool, *, by: Actor) -> None:
    """Note that somebody works elsewhere, or is back. Never where."""
    check_keeps(by, member.organisation)
    rows = Member.objects.current().filter(pk=member.pk, away_since__isnull=away)
    if not rows.update(away_since=clock.today() if away else None):
        raise raced()
    tell(member, "member.away" if away else "member.back", by=by)


@transaction.atomic
def read_names(members: list[Member], *, by: Actor, reason: str) -> dict[str, str]:
    """The names of these members of one body by their ids; each reading is logged for the person."""
    found = {}
    for body in {member.organisation_id: member.organisation for member in members}.values():
        check_reads_names(by, body, reason)
    for member in members:
        found[str(member.pk)] = sealing.reveal(member.subject, NAME, by=by, reason=reason)
    return found
