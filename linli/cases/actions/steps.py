"""The special steps of a kind, done as the playbook says: by whom, after what, with which fields."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.cases.actions.asker import settle
from linli.cases.actions.core import fit_for_the_public, tell, win
from linli.cases.actions.handle import _when
from linli.cases.intake_rules import check_field
from linli.cases.models import OPEN, Asker, Case, Claim, State, StepDone
from linli.cases.policies import VERIFIER, may, tie
from linli.cases.steps import Standing, done_of, standings
from linli.lib import clock, workdays
from linli.people.actors import SYSTEM, Actor
from linli.people.policies import Denied
from linli.people.roles import Role
from linli.playbook.schema import Step
from linli.vault import sealing
from linli.web.language import lang

PUBLIC_TEXT = "public-text"  # the field of a publishing step that everybody will read


@transaction.atomic
def do_step(
    case: Case, step_id: str, values: Mapping[str, Any], *, by: Actor, asker: Asker | None = None
) -> StepDone:
    """Do one step. Private values go to the vault; the others into the row of the step."""
    standing = _standing(case, step_id)
    check_can_do(case, standing, by, asker)
    step = standing.step
    data = _checked(case, step, values)
    if step.claim and not _owner_takes_over(case, standing, by):
        _fulfil(case, step, by)
    win(case, states=OPEN)
    entry = tell(case, "case.step", by=by, facts={"step": step.id}, when=_when())
    try:
        with transaction.atomic():
            row = StepDone.objects.create(
                case=case, step=step.id, entry=entry.seq, by=by.id, at=clock.now(), data=data
            )
    except IntegrityError:
        raise Denied(_("Someone else has just done this step.")) from None
    if step.publishes:
        _publish(case, values)
    if case.state == State.ANSWERED:
        case = Case.objects.get(pk=case.pk)
        settle(case, by=by)
    return row


def check_can_do(case: Case, standing: Standing, by: Actor, asker: Asker | None = None) -> None:
    """Whether this person may do this step now; the button asks the same."""
    step = standing.step
    if standing.done:
        raise Denied(_("This step is done."))
    if not standing.ready or not case.is_open:
        raise Denied(_("“%(step)s” cannot be done yet.") % {"step": step.name.text(lang())})
    if not _is_the_one(case, standing, by, asker):
        raise Denied(_("“%(step)s” is for somebody else to do.") % {"step": step.name.text(lang())})
    if step.second_person:
        others = set(case.steps.filter(step__in=step.needs).values_list("by", flat=True))
        if step.after == "answer" and case.handler_id:
            others.add(str(case.handler_id))
        if by.id in others:
            raise Denied(_("This must be done by another person than before."))


def _is_the_one(case: Case, standing: Standing, by: Actor, asker: Asker | None) -> bool:
    who = standing.step.by
    mine = asker is not None and asker.case_id == case.pk
    if who == "asker" or (who == VERIFIER and mine):  # who reported it goes and looks again
        return mine
    if who == "volunteer":
        claim = standing.claim
        mine = claim is not None and by.user is not None and claim.user_id == by.user.pk
        return mine or _owner_takes_over(case, standing, by)
    if not may("case.step", by, case):
        return False
    post = by.appointment.post.kind if by.appointment is not None else ""
    stand = tie(by, case)
    if who == VERIFIER:
        return stand.assigned or stand.in_scope
    if who == "handler":  # somebody who only goes and sees does not also do what they look at
        return stand.assigned or (stand.in_scope and not stand.verifies)
    if who == "mediator":
        return post in case.rule.sealed_readers or post == "mediator"
    return post == who


def _owner_takes_over(case: Case, standing: Standing, by: Actor) -> bool:
    """Whether nobody took it on for so long that the owner does it (a wish falls to the station)."""
    rule = standing.step.claim
    if rule is None or rule.owner_after is None or standing.claim is not None:
        return False
    since = case.published_at or case.received_at
    owner = by.organisation is not None and by.organisation.pk == case.owner_id
    return owner and workdays.add(since, rule.owner_after) < clock.now()


def _standing(case: Case, step_id: str) -> Standing:
    for standing in standings(case):
        if standing.step.id == step_id:
            return standing
    raise Denied(_("This kind of matter has no such step."))


def _checked(case: Case, step: Step, values: Mapping[str, Any]) -> dict[str, Any]:
    """The open values of the step's fields; private ones are sealed and leave only a mark."""
    data: dict[str, Any] = {}
    for field in step.fields:
        value = values.get(field.id)
        check_field(field, value)
        if value in (None, "", []):
            continue
        if field.private:
            if not case.sealed_subject:
                case.sealed_subject = sealing.new_subject()
                case.save(update_fields=["sealed_subject"])
            sealing.seal(case.sealed_subject, f"{step.id}.{field.id}", str(value),
                         purpose=f"step {step.id}")  # fmt: skip
            data[field.id] = "sealed"
        else:
            data[field.id] = value
    if step.returns:
        _check_all_returned(case, step, values)
    return data


def items_of(case: Case, step_id: str) -> list[str]:
    """The things that were handed over in a step, as they were listed."""
    listed = done_of(case).get(step_id, {})
    return [item for value in listed.values() if isinstance(value, list) for item in value]


def _check_all_returned(case: Case, step: Step, values: Mapping[str, Any]) -> None:
    back = set(values.get("returned") or [])
    missing = [item for item in items_of(case, str(step.returns)) if item not in back]
    if missing:
        raise Denied(
            _("Still with us: %(items)s. Tick each original as it is handed back.")
            % {"items": "、".join(missing)}
        )


def _publish(case: Case, values: Mapping[str, Any]) -> None:
    """The alias text goes live: the thing and nothing about the person."""
    words = fit_for_the_public(str(values.get(PUBLIC_TEXT) or "").strip())
    Case.objects.filter(pk=case.pk).update(public_text=words, published_at=clock.now())
    tell(case, "case.published", by=SYSTEM, when=_when())


@transaction.atomic
def claim(case: Case, step_id: str, *, by: Actor) -> Claim:
    """A volunteer promises to do a step; one live claim for a case, by constraint."""
    standing = _standing(case, step_id)
    rule = standing.step.claim
    if rule is None or not standing.ready:
        raise Denied(_("There is nothing to take on here just now."))
    if by.user is None or not by.may("case.claim", own=True):
        raise Denied(_("Please sign in first: the station must know who took it on."))
    if Asker.objects.filter(case=case, user=by.user).exists():
        raise Denied(_("This is your own wish; somebody else will take it on."))
    now = clock.now()
    try:
        with transaction.atomic():
            row = Claim.objects.create(
                case=case, step=step_id, user=by.user, claimed_at=now,
                expires_at=workdays.add(now, rule.expires),
            )  # fmt: skip
    except IntegrityError:
        raise Denied(_("Somebody else has just taken this on. Thank you all the same.")) from None
    tell(case, "case.claimed", by=by, facts={"step": step_id, "until": row.expires_at.isoformat()},
         when=_when())  # fmt: skip
    return row


@transaction.atomic
def release(claim_row: Claim, *, by: Actor, lapsed: bool = False) -> None:
    """Give a claim back, or let it lapse, so that somebody else can take it on."""
    own = by.user is not None and claim_row.user_id == by.user.pk
    if not (own or lapsed or by.role in {Role.MGR, Role.CTY}):
        raise Denied(_("Only who took it on can give it back."))
    if not Claim.objects.filter(pk=claim_row.pk, ended_at=None).update(ended_at=clock.now()):
        raise Denied(_("It was given back already."))
    tell(claim_row.case, "case.claim_ended", by=by,
         facts={"step": claim_row.step, "lapsed": lapsed}, when=_when())  # fmt: skip


def _fulfil(case: Case, step: Step, by: Actor) -> None:
    if by.user is None or not Claim.objects.filter(
        case=case, step=step.id, user=by.user, ended_at=None
    ).update(ended_at=clock.now(), fulfilled=True):
        raise Denied(_("Take it on first."))
