"""A motion is proposed, supported, taken up, or declined with a reason."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from linli import playbook
from linli.deliberation import money
from linli.deliberation.actions.core import end, enter, go_on, leave, open_step, raced, tell
from linli.deliberation.models import Choice, Concern, Motion, State, Step, Support
from linli.deliberation.policies import (
    check_can_support,
    check_carries,
    check_public_words,
    in_scope,
)
from linli.deliberation.standing import demanded
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.models import Organisation
from linli.people.policies import Denied
from linli.places.models import Place
from linli.playbook.base import LEVEL_OF_PLACE
from linli.playbook.procedure import Procedure
from linli.web.language import lang

LONGEST_TITLE = 80
LONGEST_TEXT = 4000
MOST_OPEN = 5  # proposals of one person that wait at the same time


def host_of(rule: Procedure, place: Place) -> Organisation | None:
    """The body that carries this procedure there: at the place, or the nearest above it."""
    # `codes` are the places from the county down to this one.
    rows = Organisation.objects.filter(
        kind__in=rule.host, place__code__in=[*place.codes, place.code], valid_to=None
    ).select_related("place")
    return max(rows, key=lambda unit: (len(unit.place.path), -unit.pk), default=None)


@transaction.atomic
def propose(
    *, procedure: str, place: Place, title: str, text: str, by: Actor,
    organisation: Organisation | None = None, about: str = "", cost_fen: int | None = None,
    choice: str = Choice.YES_NO, options: Sequence[str] = (), persons: bool = False,
    concern: Concern | None = None,
) -> Motion:  # fmt: skip
    """Bring a motion. It is public at once and waits to be taken up by the body that carries it.

    Raises Denied with a sentence: no such body there, not for this person, words that name people.
    """
    rule = playbook.current().procedures.get(procedure)
    if rule is None:
        raise Denied(_("There is no such procedure."))
    if LEVEL_OF_PLACE.get(place.kind) != rule.at:
        raise Denied(_("“%(name)s” is not for such a place.") % {"name": rule.name.text(lang())})
    host = organisation or host_of(rule, place)
    if host is None or host.kind not in rule.host:
        raise Denied(_("No body here carries “%(name)s”.") % {"name": rule.name.text(lang())})
    _check_proposer(rule, host, place, by)
    if concern is not None and concern.motion_id is not None:
        raise Denied(_("A motion has been made of this already."))
    motion = Motion.objects.create(
        procedure=rule.id, playbook=playbook.current().version,
        rules=rule.model_dump(mode="json", by_alias=True), place=place, place_path=place.path,
        organisation=host, about=about, proposer=by.user, persons=persons, choice=choice,
        title=check_public_words(title, _("a title"), most=LONGEST_TITLE),
        text=check_public_words(text, _("what you propose"), most=LONGEST_TEXT),
        options=_options(rule, choice, options), cost_fen=money.check(cost_fen),
        stage=rule.stages[0].id,
    )  # fmt: skip
    enter(motion, rule.stages[0])
    if concern is not None:
        _tie(concern, motion)
    tell(motion, "motion.proposed", by=by, facts={"about": about} if about else None)
    return motion


def _check_proposer(rule: Procedure, host: Organisation, place: Place, by: Actor) -> None:
    by.check("matter.propose")
    if by.is_system:
        return
    if by.organisation is not None and in_scope(by, host, place.path):
        return
    if "resident" not in rule.proposes:
        raise Denied(_("Here only the body itself proposes. Tell it what you wish for."))
    waiting = Motion.objects.filter(proposer=by.user, state=State.PROPOSED).count()
    if waiting >= MOST_OPEN:
        raise Denied(
            _("%(n)s proposals of yours wait already. Let them be dealt with first.")
            % {"n": waiting}
        )


def _options(rule: Procedure, choice: str, options: Sequence[str]) -> list[dict[str, object]]:
    if choice not in rule.choices:
        raise Denied(_("This procedure does not decide in that way."))
    words = [check_public_words(one, _("the options"), most=120) for one in options if one.strip()]
    if choice == "yes_no":
        return []
    if not 2 <= len(words) <= 12 or len(set(words)) < len(words):
        raise Denied(_("Write between two and twelve different options, one on each line."))
    return [{"id": f"o{n}", "text": text, "cost": None} for n, text in enumerate(words, 1)]


def _tie(concern: Concern, motion: Motion) -> None:
    if not Concern.objects.filter(pk=concern.pk, motion=None).update(motion=motion):
        raise raced()


@transaction.atomic
def support(motion: Motion, *, by: Actor) -> int:
    """Stand behind a proposal; gives how many do. Twice changes nothing."""
    check_can_support(by, motion)
    _row, new = Support.objects.get_or_create(motion=motion, user=by.user)
    count = motion.supports.count()
    if new:
        tell(motion, "motion.supported", by="anonymous", facts={"count": count})
    return count


@transaction.atomic
def take_up(motion: Motion, *, by: Actor) -> Motion:
    """The body takes it up: the next stage opens."""
    check_carries(by, motion)
    step = open_step(motion, "propose")
    now = clock.now()
    if not Motion.objects.filter(pk=motion.pk, state=State.PROPOSED).update(
        state=State.RUNNING, taken_at=now
    ):
        raise raced()
    motion.state, motion.taken_at = State.RUNNING, now
    leave(step, Step.Outcome.DONE, by=by)
    go_on(motion, step.stage, by=by)
    return motion


@transaction.atomic
def decline(motion: Motion, *, reason: str, by: Actor) -> Motion:
    """Not taken up, with a reason that everybody reads; never against those who demand it."""
    check_carries(by, motion)
    step = open_step(motion, "propose")
    if who := demanded(motion):
        raise Denied(
            _("It cannot be declined: %(who)s demand that it is dealt with.") % {"who": who}
        )
    said = check_public_words(reason, _("why, and who it could be brought to"))
    leave(step, Step.Outcome.FAILED, by=by)
    end(motion, State.DECLINED, by=by, reason=said)
    return motion


@transaction.atomic
def withdraw(motion: Motion, *, reason: str, by: Actor) -> Motion:
    """Whoever proposed it takes it back, as long as it has not been taken up."""
    if by.user is None or motion.proposer_id != by.user.pk:
        raise Denied(_("Only whoever proposed it takes it back."))
    step = open_step(motion, "propose")
    said = check_public_words(reason, _("why you take it back"))
    leave(step, Step.Outcome.FAILED, by=by)
    end(motion, State.WITHDRAWN, by=by, reason=said)
    return motion
