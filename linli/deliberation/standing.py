"""Where a motion stands, and in plain words why it cannot go on yet."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.deliberation.models import Motion, Notice, Objection, RollEntry, Sitting, Step, Task
from linli.deliberation.policies import roll_of
from linli.deliberation.words import PUBLISHED, WHOLES, base_name
from linli.lib import clock
from linli.people.models import Organisation
from linli.playbook.procedure import Body, Procedure, Roster, Stage
from linli.web import dates
from linli.web.language import lang


def why_not(motion: Motion) -> list[str]:
    """Why the present stage is not complete; empty if it is, or if the motion is over."""
    step = motion.step
    if step is None or not motion.is_live:
        return []
    step.motion = motion
    does = {
        "propose": _proposing, "draft": _drafting, "publish": _publishing, "meet": _meeting,
        "do": _doing, "rate": _rating,
    }  # fmt: skip
    return list(does[step.rule.does](step))


def next_stage(motion: Motion) -> Stage | None:
    """The stage behind the present one."""
    stages = motion.rule.stages
    position = [stage.id for stage in stages].index(motion.stage) + 1
    return stages[position] if motion.is_live and position < len(stages) else None


def demanded(motion: Motion) -> str:
    """Who demands that a proposal is dealt with, in words, once enough of them support it."""
    people = motion.supports.values("user")
    for demand in motion.rule.demands:
        roll = roll_of(motion.organisation, demand.base)
        if roll is None:
            continue
        entries = roll.members()
        behind = entries.filter(user__in=people).count()
        if demand.share.reached(behind, entries.count()):
            return _("%(share)s of the %(base)s") % {
                "share": demand.share.text(lang()), "base": base_name(demand.base)
            }  # fmt: skip
    return ""


def notice_of(step: Step, what: str) -> Notice | None:
    """What was put up in this step."""
    return Notice.objects.filter(step=step, what=what).select_related("photo").first()


def why_notice(stage: Stage, notice: Notice | None, what: str) -> Iterator[str]:
    """What a notice still lacks: it is not up, its photo is missing, its time runs."""
    name = str(PUBLISHED[what])
    if notice is None:
        yield _("%(what)s is not published yet") % {"what": name}
        return
    if "board" in stage.proof and notice.photo_id is None:
        yield _("a photo of the board is missing")
    if notice.ends_at > clock.now():
        yield _("the notice ends %(when)s") % {"when": dates.day_and_time(notice.ends_at)}


def _proposing(step: Step) -> Iterator[str]:
    unit = step.motion.organisation.name_for(lang())
    yield _("%(unit)s has not taken it up yet") % {"unit": unit}


def _drafting(step: Step) -> Iterator[str]:
    if not step.motion.drafts.filter(made_at__gte=step.opened_at).exists():
        yield _("there is no draft yet")


def _publishing(step: Step) -> Iterator[str]:
    stage = step.rule
    what = stage.publishes or "draft"
    yield from why_notice(stage, notice_of(step, what), what)
    open_ = Objection.objects.filter(step=step, outcome="").count()
    if open_:
        yield ngettext(
            "%(n)s objection has no answer yet", "%(n)s objections have no answer yet", open_
        ) % {"n": open_}


def _meeting(step: Step) -> Iterator[str]:
    sitting = Sitting.objects.filter(step=step).first()
    if sitting is None or sitting.state == Sitting.State.CALLED:
        yield from why_not_open(step, sitting)
        return
    if sitting.ballot:
        yield _("the ballot is not closed and counted yet")
    elif not sitting.sheets.exists():
        yield _("the hands have not been counted yet")
    else:
        yield _("the two counts do not agree yet, or the second is missing")


def why_not_open(step: Step, sitting: Sitting | None) -> Iterator[str]:
    """Why the meeting cannot be opened."""
    yield from roster_gaps(step.motion.rule, step.motion.organisation)
    if sitting is None:
        yield _("the meeting has not been called")
        return
    for base in bases_of(step, sitting):
        if not size_of(step.motion.organisation, base):
            yield _("there is no roll of the %(base)s yet") % {"base": base_name(base)}
    if step.rule.notice:
        yield from why_notice(step.rule, notice_of(step, "call"), "call")
    if sitting.begins_at > clock.now():
        yield _("the meeting begins %(when)s") % {"when": dates.day_and_time(sitting.begins_at)}


def bases_of(step: Step, sitting: Sitting) -> list[str]:
    """Whose rolls a sitting is held on; two where two stages sit together."""
    sitting.step = step
    return list(dict.fromkeys(body.base for body in sitting.bodies))


def _doing(step: Step) -> Iterator[str]:
    tasks = Task.objects.filter(motion=step.motion)
    if not tasks.exists():
        yield _("nobody has been named who does it")
        return
    open_ = tasks.filter(state=Task.State.OPEN)
    late = open_.filter(due__lt=clock.today()).count()
    if count := open_.count():
        yield ngettext("%(n)s task is open", "%(n)s tasks are open", count) % {"n": count}
    if late:
        yield ngettext(
            "%(n)s of them is overdue: a decision not carried out is a gap",
            "%(n)s of them are overdue: a decision not carried out is a gap", late,
        ) % {"n": late}  # fmt: skip


def _rating(step: Step) -> Iterator[str]:
    if not step.motion.opinions.filter(round=step.round).exists():
        yield _("the supervisors have not said what they found")


# ── rolls and numbers ────────────────────────────────────────────────────────────────────────────


def size_of(organisation: Organisation, base: str) -> int:
    """How many are on a roll now; 0 if there is none."""
    return (
        RollEntry.objects.current().filter(roll__organisation=organisation, roll__base=base).count()
    )


def roster_gaps(rule: Procedure, organisation: Organisation) -> list[str]:
    """What the roll lacks that the procedure asks for."""
    roster = rule.roster
    if roster is None:
        return []
    roll = roll_of(organisation, roster.base)
    rows = list(roll.members().values_list("group", "tags")) if roll else []
    if roll is None or not rows:
        return [_("there is no roll of the %(base)s yet") % {"base": base_name(roster.base)}]
    found = []
    if roster.every_group:
        missing = [group for group in roll.groups if group not in {group for group, _t in rows}]
        if missing:
            found.append(
                _("nobody of %(groups)s is among the %(base)s")
                % {"groups": "、".join(missing), "base": base_name(roster.base)}
            )
    return found + list(_tag_gaps(roster, [tags for _g, tags in rows]))


def _tag_gaps(roster: Roster, tags: list[list[str]]) -> Iterator[str]:
    for tag in roster.tags:
        count = sum(tag.id in row for row in tags)
        name = tag.name.text(lang())
        if roster.few == tag.id:
            if count * 2 >= len(tags):
                yield _("%(name)s are half or more of the %(base)s") % {
                    "name": name, "base": base_name(roster.base)
                }  # fmt: skip
        elif not count:
            yield _("%(name)s is missing among the %(base)s") % {
                "name": name, "base": base_name(roster.base)
            }  # fmt: skip


@dataclass(frozen=True)
class Preview:
    """How many it takes, before anybody sits down."""

    body: Body
    name: str
    base: str
    size: int
    needed: int
    majority: str

    @property
    def words(self) -> str:
        """ "61 of 90 representatives have to be there" """
        return _("%(needed)s of %(size)s %(base)s have to be there") % {
            "needed": self.needed, "size": self.size, "base": self.base
        }  # fmt: skip


def previews(motion: Motion, stage: Stage) -> list[Preview]:
    """For each body that can decide in this stage: its roll, its quorum, its majority."""
    found = []
    for body in stage.bodies:
        size = size_of(motion.organisation, body.base)
        rule = body.majority
        majority = _("%(share)s of %(whole)s have to agree") % {
            "share": rule.share.text(lang()), "whole": WHOLES[rule.of]
        }  # fmt: skip
        needed = body.quorum.needed(size) if size else 0
        name = body.name.text(lang())
        found.append(Preview(body, name, base_name(body.base), size, needed, majority))
    return found
