"""One problem, many askers: dealing with cases together, and saying that one does not belong.

Nothing here changes whose a case is or by when it is answered. An answer given together is given
to each case by itself: its own line, its own letters, its own asker's word.
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from linli.cases.actions import handle
from linli.cases.actions.core import tell
from linli.cases.actions.handle import _when
from linli.cases.models import Case, Group, Member
from linli.cases.models.case import WORKING
from linli.cases.policies import check_state, may, tie
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.policies import Denied

ACTION = "case.group"
IN, PROPOSED, OUT = Member.State.IN, Member.State.PROPOSED, Member.State.OUT


def check_can_group(case: Case, actor: Actor) -> None:
    """Whether this person may deal with this case together with others."""
    if not may(ACTION, actor, case) or not tie(actor, case).in_scope:
        raise Denied(_("Only the unit that has this matter can do that."))


@transaction.atomic
def make_joint(group: Group, lead: Case, cases: Sequence[Case], *, by: Actor) -> None:
    """Deal with these cases of a found group together; `lead` is where the work is written down.

    Cases of the group that are not among them leave it: they may be found again with others.
    """
    if len(cases) < 2 or lead not in cases:
        raise Denied(_("A joint task takes two matters or more, and one of them leads."))
    for case in cases:
        check_can_group(case, by)
        check_state(case, *WORKING)
    _win(group, (Group.State.FOUND,), state=Group.State.JOINT, lead=lead, joint_at=clock.now())
    rows = Member.objects.filter(group=group, live=True)
    if rows.filter(case__in=cases).update(state=IN) != len(cases):
        raise Denied(_changed())
    rows.exclude(case__in=cases).delete()
    for case in cases:
        _say(case, "case.grouped", group, by)


@transaction.atomic
def add(group: Group, case: Case, *, by: Actor) -> None:
    """A case that was found since belongs to the joint task as well."""
    check_can_group(case, by)
    check_state(case, *WORKING)
    _win(group, (Group.State.JOINT,))
    if not Member.objects.filter(group=group, case=case, state=PROPOSED).update(state=IN):
        raise Denied(_changed())
    _say(case, "case.grouped", group, by)


@transaction.atomic
def take_out(group: Group, case: Case, *, by: Actor) -> None:
    """Not the same problem: it leaves the group, and nobody is shown it together with it again."""
    check_can_group(case, by)
    if group.lead_id == case.pk:
        raise Denied(_("This matter leads the joint task. End the joint task instead."))
    _win(group, (Group.State.FOUND, Group.State.JOINT))
    rows = Member.objects.filter(group=group, case=case, live=True)
    was_in = rows.filter(state=IN).exists()
    if not rows.update(state=OUT, live=False):
        raise Denied(_changed())
    if group.state == Group.State.JOINT and was_in:
        _say(case, "case.ungrouped", group, by)
    if Member.objects.filter(group=group, live=True, state=IN).count() < 2:
        _end(group, by)


@transaction.atomic
def end(group: Group, *, by: Actor) -> None:
    """Each case by itself again. They are shown as a group once more if they still read as one."""
    assert group.lead is not None
    check_can_group(group.lead, by)
    _win(group, (Group.State.JOINT,))
    _end(group, by)


def answer_each(
    cases: Sequence[Case], words: str, *, by: Actor, public: bool = True
) -> tuple[list[Case], list[tuple[Case, str]]]:
    """Give each case the same answer, one after the other: which were, and which were not and why.

    Each is an answer like any other, with all its rules; one that is refused stops no other.
    """
    done, refused = [], []
    for case in cases:
        try:
            handle.answer(case, words, by=by, public=public)
        except Denied as denied:
            refused.append((case, str(denied)))
        else:
            done.append(case)
    return done, refused


def _end(group: Group, by: Actor) -> None:
    joint = Member.objects.filter(group=group, live=True, state=IN).select_related("case__place")
    if group.state == Group.State.JOINT:
        for member in joint:
            _say(member.case, "case.ungrouped", group, by)
    Member.objects.filter(group=group, live=True).update(live=False)
    Group.objects.filter(pk=group.pk).update(state=Group.State.OVER, over_at=clock.now())
    group.refresh_from_db()


def _win(group: Group, states: tuple[str, ...], **changes: object) -> None:
    """Change the group if it is still as we saw it; else say that somebody was faster."""
    rows = Group.objects.filter(pk=group.pk, revision=group.revision, state__in=states)
    if not rows.update(revision=F("revision") + 1, **changes):
        raise Denied(_changed())
    group.refresh_from_db()


def _say(case: Case, verb: str, group: Group, by: Actor) -> None:
    facts = {"group": group.pk, "lead": str(group.lead_id)}
    tell(case, verb, by=by, facts=facts, when=_when())


def _changed() -> str:
    return _("This group has just changed. Look at it again before you go on.")
