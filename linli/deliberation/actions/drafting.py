"""The draft is written in versions; every one of them stays."""

from django.db import transaction
from django.utils.translation import gettext as _

from linli.deliberation import money
from linli.deliberation.actions.core import go_on, leave, open_step, tell
from linli.deliberation.models import Draft, Motion, Step
from linli.deliberation.policies import check_public_words, check_sets
from linli.deliberation.standing import why_not
from linli.people.actors import Actor
from linli.people.policies import Denied

LONGEST = 8000


@transaction.atomic
def write_draft(motion: Motion, *, text: str, cost_fen: int | None, by: Actor) -> Draft:
    """A new version of what is to be decided. Raises Denied outside the drafting stage."""
    check_sets(by, motion)
    open_step(motion, "draft")
    last = motion.draft
    draft = Draft.objects.create(
        motion=motion,
        version=last.version + 1 if last else 1,
        text=check_public_words(text, _("the draft"), most=LONGEST),
        cost_fen=money.check(cost_fen),
    )
    Motion.objects.filter(pk=motion.pk).update(cost_fen=cost_fen)
    motion.cost_fen = cost_fen
    tell(motion, "motion.drafted", by=by, facts={"version": draft.version, "cost_fen": cost_fen})
    return draft


@transaction.atomic
def finish_draft(motion: Motion, *, by: Actor) -> None:
    """The draft stands: the next stage opens, and nobody changes it any more."""
    check_sets(by, motion)
    step = open_step(motion, "draft")
    if lacking := why_not(motion):
        raise Denied(_("It cannot go on yet: %(why)s.") % {"why": "; ".join(lacking)})
    leave(step, Step.Outcome.DONE, by=by)
    go_on(motion, step.stage, by=by)
