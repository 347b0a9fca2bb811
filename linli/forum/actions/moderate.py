"""What moderators do: every act has a reason out of the closed list and a line in the public log."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from linli.forum import boards
from linli.forum.actions.core import changed, lose, tell
from linli.forum.actions.own import gone
from linli.forum.models import (
    Board,
    Decision,
    Floor,
    FloorState,
    Reason,
    Report,
    Topic,
    TopicState,
    Verb,
)
from linli.forum.models.moderation import ReportKind
from linli.forum.policies import check_can_moderate, check_can_settle
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.policies import Denied

# verb -> (states it starts from, the state it leads to, whether a reason is needed)
FLOOR_VERBS = {
    Verb.HIDE: ((FloorState.VISIBLE, FloorState.FOLDED, FloorState.HELD), FloorState.HIDDEN, True),
    Verb.FOLD: ((FloorState.VISIBLE,), FloorState.FOLDED, True),
    Verb.SHOW: ((FloorState.HIDDEN, FloorState.FOLDED, FloorState.HELD), FloorState.VISIBLE, False),
}
TOPIC_VERBS = {
    Verb.LOCK: ((TopicState.OPEN,), TopicState.LOCKED, True),
    Verb.UNLOCK: ((TopicState.LOCKED,), TopicState.OPEN, False),
    Verb.HIDE_TOPIC: ((TopicState.OPEN, TopicState.LOCKED), TopicState.HIDDEN, True),
    Verb.SHOW_TOPIC: ((TopicState.HIDDEN,), TopicState.OPEN, False),
}


@transaction.atomic
def moderate_floor(
    floor: Floor, verb: str, *, by: Actor, reason: str = "", report: Report | None = None
) -> None:
    """Hide, fold or show a floor. Whatever waited about it is settled by that.

    `report`: the appeal that this answers. Raises Denied with a sentence.
    """
    if report is not None:
        check_can_settle(report, by)
    else:
        check_can_moderate(floor.topic, by, floor=floor)
        _leave_appeals(floor, by)
    before, after, needs = _rule(FLOOR_VERBS, verb)
    reason = _reason(reason, needs)
    moved = Floor.objects.filter(pk=floor.pk, state__in=before).update(
        state=after, reason=reason, state_at=clock.now() if after == FloorState.HIDDEN else None
    )
    if not moved:
        raise Denied(_("Somebody else has just decided about this floor."))
    appeal = report is not None and report.kind == ReportKind.APPEAL
    _log(floor.topic, verb, by, floor=floor.number, reason=reason, after_appeal=appeal)
    _settle(floor)
    if after == FloorState.HIDDEN:
        gone(floor.topic, floor)
    else:
        changed(floor.topic)
    if after == FloorState.VISIBLE and floor.number == 1:
        _let_in(floor.topic)
    floor.refresh_from_db()


def _leave_appeals(floor: Floor, by: Actor) -> None:
    """An appeal is not settled past the rule that another unit decides it."""
    for row in floor.reports.filter(settled_at=None, kind=ReportKind.APPEAL):
        check_can_settle(row, by)


def _let_in(topic: Topic) -> None:
    """A new topic that the advert screen held back comes in with its first floor."""
    waiting = Topic.objects.filter(pk=topic.pk, state=TopicState.HIDDEN, reason=Reason.ADVERT)
    waiting.update(state=TopicState.OPEN, reason="")


@transaction.atomic
def uphold(report: Report, *, by: Actor) -> None:
    """A moderator has looked: a reported floor may stay, or a hidden one stays hidden."""
    floor = report.floor
    check_can_settle(report, by)
    if not Report.objects.filter(pk=report.pk, settled_at=None).update(settled_at=clock.now()):
        raise Denied(_("Somebody else has just decided about this floor."))
    if report.kind == ReportKind.APPEAL:
        verb = Verb.FOLD if floor.state == FloorState.FOLDED else Verb.HIDE
        _log(floor.topic, verb, by, floor=floor.number, reason=floor.reason, after_appeal=True)
        changed(floor.topic)
    elif report.kind == ReportKind.REPORT:
        tell(floor.topic, "forum.report_settled", by=by, facts={"floor": floor.number})


@transaction.atomic
def moderate_topic(topic: Topic, verb: str, *, by: Actor, reason: str = "") -> None:
    """Close, open, hide or show a whole topic. Raises Denied with a sentence."""
    check_can_moderate(topic, by)
    before, after, needs = _rule(TOPIC_VERBS, verb)
    reason = _reason(reason, needs)
    rows = Topic.objects.filter(pk=topic.pk, state__in=before, joined_to=None)
    if not rows.update(state=after, reason=reason if after != TopicState.OPEN else ""):
        raise Denied(_("Somebody else has just decided about this topic."))
    if after == TopicState.HIDDEN:
        lose(topic)
    _log(topic, verb, by, reason=reason)
    changed(topic)
    topic.refresh_from_db()


@transaction.atomic
def pin(topic: Topic, *, by: Actor, up: bool) -> None:
    """Keep a topic on top of its board, or let it go down with the others."""
    check_can_moderate(topic, by)
    if Topic.objects.filter(pk=topic.pk, pinned=not up).update(pinned=up):
        _log(topic, Verb.PIN if up else Verb.UNPIN, by)
        changed(topic)
        topic.refresh_from_db()


@transaction.atomic
def move(topic: Topic, code: str, *, by: Actor) -> None:
    """Put a topic on another board; its address and its numbers stay. Raises Denied."""
    check_can_moderate(topic, by)
    found = boards.find(code)
    if found is None:
        raise Denied(_("There is no such board."))
    target = boards.written(found)
    old = topic.board_id
    if target.pk == old:
        raise Denied(_("The topic is on this board already."))
    if not Topic.objects.filter(pk=topic.pk, board=old).update(board=target):
        raise Denied(_("Somebody else has just decided about this topic."))
    size = Topic.objects.values_list("floors", flat=True).get(pk=topic.pk)
    # In the order of their keys, so that two moves never wait for each other in a circle.
    for pk, sign in sorted([(old, -1), (target.pk, 1)]):
        Board.objects.filter(pk=pk).update(
            topics=F("topics") + sign, floors=F("floors") + sign * size,
            revision=F("revision") + 1,
        )  # fmt: skip
    topic.refresh_from_db()
    _log(topic, Verb.MOVE, by)
    changed(topic)


@transaction.atomic
def join(topic: Topic, into: Topic, *, by: Actor) -> None:
    """Close a topic and lead its readers to another about the same; both keep their floors.

    Numbers never change: a link to a floor goes on leading to it. Raises Denied.
    """
    check_can_moderate(topic, by)
    check_can_moderate(into, by)
    if into.pk == topic.pk or into.joined_to_id is not None or not into.is_open:
        raise Denied(_("Join it to another topic that is open."))
    rows = Topic.objects.filter(pk=topic.pk, joined_to=None).exclude(state=TopicState.HIDDEN)
    if not rows.update(joined_to=into, state=TopicState.LOCKED, reason=Reason.DOUBLE):
        raise Denied(_("Somebody else has just decided about this topic."))
    _log(topic, Verb.JOIN, by, reason=Reason.DOUBLE)
    changed(topic)
    topic.refresh_from_db()


@transaction.atomic
def ask_for_case(floor: Floor, *, by: Actor) -> None:
    """Ask the author whether the floor may become a matter for the office; they decide."""
    check_can_moderate(floor.topic, by, floor=floor)
    if floor.author is None or not floor.is_readable:
        raise Denied(_("Nobody can be asked about this floor."))
    if Floor.objects.filter(pk=floor.pk, asked_for_case=False).update(asked_for_case=True):
        tell(floor.topic, "forum.case_asked", by=by, facts={"floor": floor.number})


def _rule(table: dict[Verb, Any], verb: str) -> Any:
    if verb not in table:
        raise Denied(_("There is no such verb."))
    return table[Verb(verb)]


def _reason(reason: str, needs: bool) -> str:
    if not needs:
        return ""
    if reason not in Reason.values:
        raise Denied(_("Please choose a reason; everybody will see it."))
    return reason


def _settle(floor: Floor) -> None:
    floor.reports.filter(settled_at=None).update(settled_at=clock.now())


def _log(
    topic: Topic, verb: str, by: Actor, *, floor: int = 0, reason: str = "",
    after_appeal: bool = False,
) -> None:  # fmt: skip
    """One line for everybody, and one in the journal."""
    Decision.objects.create(
        topic=topic, floor=floor, verb=verb, reason=reason, unit=by.organisation,
        after_appeal=after_appeal, at=clock.now(),
    )  # fmt: skip
    tell(topic, "forum.moderated", by=by, facts={
        "act": str(verb), "reason": str(reason), **({"floor": floor} if floor else {}),
    })  # fmt: skip
