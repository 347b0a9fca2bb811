"""In the meeting: who is there, who stands aside, what two people counted, and the verdict."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from linli.ballots.models import Ballot
from linli.ballots.models import RollEntry as BallotEntry
from linli.ballots.results import NotClosed, Result
from linli.ballots.results import of as result_of
from linli.deliberation import quorum
from linli.deliberation.actions.core import end, enter, go_back, go_on, leave, raced, tell
from linli.deliberation.models import Motion, Sheet, Sitting, Slip, State, Step
from linli.deliberation.numbers import outcome_of, reason_of, verdicts_of
from linli.deliberation.policies import check_carries, check_public_words
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.policies import Denied

LONGEST_MINUTES = 8000


def opened(motion: Motion) -> Sitting:
    """The meeting that sits now. Raises Denied if none does."""
    step = motion.step
    sitting = Sitting.objects.filter(step=step, state=Sitting.State.OPEN).first() if step else None
    if step is None or sitting is None:
        raise Denied(_("No meeting is open."))
    step.motion = motion
    sitting.step = step
    return sitting


@transaction.atomic
def stand_aside(motion: Motion, numbers: Sequence[int], *, by: Actor) -> int:
    """Who it is about themselves stands aside: they are not due, and do not vote."""
    check_carries(by, motion)
    sitting = _before_counting(motion)
    if sitting.ballot:
        raise Denied(_("The ballot is open: who may vote was frozen with it."))
    _check_on_roll(sitting, numbers)
    sitting.slips.update(aside=False)
    count = sitting.slips.filter(number__in=numbers).update(
        aside=True, present=False, spoken_for_by=None
    )
    _count_presence(sitting)
    tell(motion, "motion.stood_aside", by=by, facts={"count": count})
    return count


@transaction.atomic
def note_presence(
    motion: Motion,
    present: Sequence[int],
    *,
    by: Actor,
    spoken_for: Mapping[int, int] | None = None,
) -> Sitting:
    """Write down who is there, by the numbers of the roll; said again it replaces what was said.

    `spoken_for`: number of somebody away -> number of who speaks for them. Raises Denied.
    """
    check_carries(by, motion)
    sitting = _before_counting(motion)
    pairs = dict(spoken_for or {})
    _check_on_roll(sitting, [*present, *pairs, *pairs.values()])
    aside = set(sitting.slips.filter(aside=True).values_list("number", flat=True))
    if wrong := sorted(aside & {*present, *pairs}):
        raise Denied(_("Number %(n)s stands aside.") % {"n": wrong[0]})
    _check_proxies(sitting, present, pairs)
    sitting.slips.update(present=False, spoken_for_by=None)
    sitting.slips.filter(number__in=present).update(present=True)
    for absent, carrier in pairs.items():
        sitting.slips.filter(number=absent).update(spoken_for_by=carrier)
    _count_presence(sitting)
    tell(motion, "motion.presence_noted", by=by,
         facts={"present": sitting.present, "spoken_for": sitting.spoken_for})  # fmt: skip
    return sitting


def _before_counting(motion: Motion) -> Sitting:
    sitting = opened(motion)
    if sitting.sheets.exists():
        raise Denied(_("Hands have been counted: who was there does not change any more."))
    return sitting


def _check_on_roll(sitting: Sitting, numbers: Sequence[int]) -> None:
    known = set(sitting.slips.values_list("number", flat=True))
    if strange := sorted(set(numbers) - known):
        raise Denied(_("Number %(n)s is not on the roll.") % {"n": strange[0]})


def _check_proxies(sitting: Sitting, present: Sequence[int], pairs: dict[int, int]) -> None:
    most = min(body.proxies for body in sitting.bodies)
    if pairs and (not most or sitting.ballot):
        raise Denied(_("Here everybody speaks for themselves."))
    try:
        quorum.check_proxies(pairs, present, most)
    except quorum.ProxyError as error:
        code, number = error.args
        raise Denied(
            {
                "own": _("Number %(n)s cannot speak for themselves by proxy."),
                "there": _("Number %(n)s is there, and speaks for themselves."),
                "carrier": _("Number %(n)s is not there, so they speak for nobody."),
                "many": _("Number %(n)s speaks for too many."),
            }[code]
            % {"n": number}
        ) from error


def _count_presence(sitting: Sitting) -> None:
    slips = sitting.slips
    sitting.aside = slips.filter(aside=True).count()
    sitting.spoken_for = slips.filter(spoken_for_by__isnull=False).count()
    sitting.present = slips.filter(present=True).count() + sitting.spoken_for
    sitting.save(update_fields=["aside", "spoken_for", "present"])


@transaction.atomic
def count_hands(
    motion: Motion, *, by: Actor, yes: int = 0, no: int = 0, abstained: int = 0,
    counts: Mapping[str, int] | None = None,
) -> Sitting:  # fmt: skip
    """Hand in what one person counted. A second person who counts the same closes the meeting."""
    check_carries(by, motion)
    sitting = opened(motion)
    if sitting.secrecy != "hands":
        raise Denied(_("This is decided by ballot, not by hands."))
    votes = _votes(motion, yes, no, counts or {})
    if min([abstained, *votes.values()]) < 0 or sum(votes.values()) + abstained > sitting.present:
        raise Denied(_("More votes than people: %(n)s are there.") % {"n": sitting.present})
    mine = Sheet(sitting=sitting, by=by.id, abstained=abstained,
                 yes=votes.get("yes", 0), no=votes.get("no", 0),
                 counts={} if motion.choice == "yes_no" else votes)  # fmt: skip
    other = sitting.sheets.exclude(by=by.id).order_by("pk").first()
    sitting.sheets.filter(by=by.id).delete()
    mine.save()
    tell(motion, "motion.hands_counted", by=by, facts={"first": other is None})
    if other is None:
        return sitting
    if not mine.same(other):
        return sitting  # both see that they differ, and count again
    _take(sitting, mine, votes)
    return _close(sitting, verdicts_of(sitting), by=by, second=other.by)


def _votes(motion: Motion, yes: int, no: int, counts: Mapping[str, int]) -> dict[str, int]:
    if motion.choice == "yes_no":
        return {"yes": yes, "no": no}
    known = {str(option["id"]) for option in motion.options}
    if set(counts) - known:
        raise Denied(_("There is no such option."))
    return {name: int(counts.get(name, 0)) for name in sorted(known)}


def _take(sitting: Sitting, sheet: Sheet, votes: dict[str, int]) -> None:
    sitting.yes, sitting.no, sitting.abstained = sheet.yes, sheet.no, sheet.abstained
    if sheet.counts:
        _name, most, _tie = quorum.leader(votes)
        sitting.counts = votes
        sitting.yes, sitting.no = most, sum(votes.values()) - most


@transaction.atomic
def take_ballot(motion: Motion, *, by: Actor) -> Sitting:
    """The ballot is closed and counted: take its result and say what follows."""
    check_carries(by, motion)
    sitting = opened(motion)
    if not sitting.ballot:
        raise Denied(_("No ballot is held here."))
    ballot = Ballot.objects.get(pk=sitting.ballot)
    try:
        result = result_of(ballot)
    except NotClosed as error:
        raise Denied(_("The ballot is not closed and counted yet.")) from error
    came = BallotEntry.objects.filter(ballot=ballot, took_part=True).values_list("key", flat=True)
    sitting.slips.filter(key__in=list(came)).update(present=True)
    _count_presence(sitting)
    _take_result(sitting, result)
    return _close(sitting, verdicts_of(sitting, result), by=by, second="ballot")


def _take_result(sitting: Sitting, result: Result) -> None:
    sitting.spoilt = result.spoilt
    # Papers of people who only voted are counted by the ballot, whoever was in the room.
    sitting.present = max(sitting.present, result.cast)
    if result.by_option is None:
        return
    sitting.abstained = result.abstentions or 0
    sitting.counts = dict(result.by_option)
    if result.rule == "yes_no":
        sitting.yes, sitting.no = result.by_option["yes"], result.by_option["no"]
    elif result.rule == "single":
        _name, most, _tie = quorum.leader(result.by_option)
        sitting.yes, sitting.no = most, sum(result.by_option.values()) - most


def _close(
    sitting: Sitting, verdicts: list[quorum.Verdict], *, by: Actor, second: str
) -> Sitting:  # fmt: skip
    step, motion = sitting.step, sitting.step.motion
    sitting.verdicts = [verdict.as_dict() for verdict in verdicts]
    sitting.state, sitting.closed_at = Sitting.State.CLOSED, clock.now()
    if not Sitting.objects.filter(pk=sitting.pk, state=Sitting.State.OPEN).update(
        state=Sitting.State.CLOSED, closed_at=sitting.closed_at
    ):
        raise raced()
    sitting.save()
    outcome = outcome_of(verdicts)
    tell(motion, "motion.voted", by=by, facts={"size": sitting.size, "present": sitting.present,
         "as": outcome, "second": second, "sitting": sitting.pk})  # fmt: skip
    leave(step, outcome, by=by)
    _follow(sitting, outcome, by)
    return sitting


def _follow(sitting: Sitting, outcome: str, by: Actor) -> None:
    """What comes of the verdict: on, again, back to the draft, or the end."""
    step, motion = sitting.step, sitting.step.motion
    stage = step.rule
    last = step.merged or step.stage
    if outcome == Step.Outcome.PASSED:
        if step.merged:
            _merged(step, by)
        if motion.rule.last_meeting().id == last:
            _decide(sitting, by)
        go_on(motion, last, by=by)
    elif outcome == Step.Outcome.NO_QUORUM or (
        outcome == Step.Outcome.TIE and stage.tie == "again"
    ):
        go_back(motion, step.stage, by=by)
    elif stage.if_not == "redraft" and (draft := motion.rule.first("draft")):
        go_back(motion, draft.id, by=by)
    else:
        end(motion, State.REJECTED, by=by, reason=reason_of(sitting, outcome))


def _merged(step: Step, by: Actor) -> None:
    """The stage that was sat together is gone through as well."""
    other = enter(step.motion, step.motion.rule.stage(step.merged))
    other.motion = step.motion
    leave(other, Step.Outcome.PASSED, by=by)


def _decide(sitting: Sitting, by: Actor) -> None:
    motion = sitting.step.motion
    chosen = quorum.leader(sitting.counts)[0] if motion.options else ""
    if motion.options and not chosen and sitting.ballot:
        chosen = result_of(Ballot.objects.get(pk=sitting.ballot)).winners[0]
    now = clock.now()
    if not Motion.objects.filter(pk=motion.pk, state=State.RUNNING).update(
        state=State.DOING, decided_at=now, chosen=chosen
    ):
        raise raced()
    motion.state, motion.decided_at, motion.chosen = State.DOING, now, chosen
    tell(motion, "motion.adopted", by=by, facts={"option": chosen} if chosen else None)


@transaction.atomic
def write_minutes(sitting: Sitting, text: str, *, by: Actor) -> Sitting:
    """The minutes are public: what was said and agreed, offices by name and residents by none."""
    motion = sitting.step.motion
    check_carries(by, motion)
    if sitting.state == Sitting.State.CALLED:
        raise Denied(_("The meeting has not been held yet."))
    if sitting.minutes:
        raise Denied(_("The minutes are written, and stay as they are."))
    words = check_public_words(text, _("the minutes"), most=LONGEST_MINUTES)
    if not Sitting.objects.filter(pk=sitting.pk, minutes="").update(minutes=words):
        raise raced()
    sitting.minutes = words
    tell(motion, "motion.minuted", by=by, facts={"sitting": sitting.pk})
    return sitting


def slip_numbers(sitting: Sitting) -> list[Slip]:
    """The frozen roll in the order of its numbers."""
    return list(sitting.slips.order_by("number"))
