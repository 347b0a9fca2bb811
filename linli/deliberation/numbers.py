"""From what was counted to what follows: the verdict of each body, and its words."""

from fractions import Fraction

from django.utils.translation import gettext as _

from linli.ballots.results import Result
from linli.deliberation import quorum
from linli.deliberation.models import Sitting, Step
from linli.deliberation.quorum import Line, Verdict
from linli.deliberation.words import WHOLES
from linli.playbook.procedure import Body
from linli.playbook.share import Share
from linli.web.language import lang


def verdicts_of(sitting: Sitting, result: Result | None = None) -> list[Verdict]:
    """One verdict for each body that sat; of a ballot too small to tell, without its counts."""
    numbers = sitting.numbers
    tie = quorum.leader(sitting.counts)[2] if sitting.counts and not result else None
    if result is None:
        return [quorum.judge(body, numbers, tie=tie) for body in sitting.bodies]
    return [_of_ballot(body, sitting, result) for body in sitting.bodies]


def _of_ballot(body: Body, sitting: Sitting, result: Result) -> Verdict:
    """The ballot answers whether a share was reached, also where it does not say the counts."""
    numbers, rule = sitting.numbers, body.majority
    there = Line.of_share(body.quorum, body.of, numbers.present, numbers.whole(body.of))
    option = "yes" if result.rule == "yes_no" else (result.winners or result.ties or ("",))[0]
    whole = numbers.whole(rule.of)
    if rule.of == "cast":
        whole = result.valid - (result.abstentions or 0)
    count = result.by_option.get(option) if result.by_option is not None else None
    share = rule.share
    reached = bool(option) and whole > 0 and result.reaches(
        option, Fraction(share.over, share.under), whole, strict=share.strict
    )  # fmt: skip
    agreed = Line(str(share), rule.of, count, whole, share.needed(whole), reached)
    return Verdict(there, agreed, bool(result.ties) and not reached)


def outcome_of(verdicts: list[Verdict]) -> str:
    """What the sitting came to. Too few people come before everything else."""
    if not all(verdict.quorum.reached for verdict in verdicts):
        return str(Step.Outcome.NO_QUORUM)
    if quorum.passed_together(verdicts):
        return str(Step.Outcome.PASSED)
    if any(verdict.tie for verdict in verdicts):
        return str(Step.Outcome.TIE)
    return str(Step.Outcome.FAILED)


def reason_of(sitting: Sitting, outcome: str) -> str:
    """Why a motion ended, with its numbers."""
    if outcome == Step.Outcome.TIE:
        return _("There were as many for it as against it.")
    lines = [line_words(verdict["majority"]) for verdict in sitting.verdicts]
    return " ".join(lines)


def line_words(line: dict[str, object]) -> str:
    """One condition in a sentence: "52 of 80 present; 41 were needed (more than half)" """
    share = Share.parse(str(line["share"])).text(lang())
    said = {
        "whole": line["whole"], "of": WHOLES[str(line["of"])], "needed": line["needed"],
        "share": share, "count": line["count"],
    }  # fmt: skip
    if line["count"] is None:
        return _("of %(whole)s (%(of)s) %(needed)s are needed (%(share)s)") % said
    return _("%(count)s of %(whole)s (%(of)s); %(needed)s are needed (%(share)s)") % said
