"""Into the pool's book: by oneself, or by a body with the person's yes; and out again."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from linli import playbook
from linli.lib import clock, text
from linli.people.actors import Actor
from linli.people.models import User
from linli.people.policies import Denied
from linli.playbook.talent import Pool
from linli.talent.actions.core import raced, said, tell
from linli.talent.models import Candidate, TierBook
from linli.talent.policies import check_hosts, check_nominates, check_own

LONGEST = 400
LONGEST_NAME = 40
State = Candidate.State


def rule_of(pool: str) -> Pool:
    """The pool in the playbook. Denied: there is none."""
    rule = playbook.current().pools.get(pool)
    if rule is None:
        raise Denied(_("There is no such pool."))
    return rule


@transaction.atomic
def nominate_self(pool: str, words: str, *, by: Actor) -> Candidate:
    """Propose oneself. Raises Denied with a sentence."""
    rule = rule_of(pool)
    by.check("talent.own", own=True)
    if by.user is None:
        raise Denied(_("Sign in first."))
    row = _enter(rule, by.user, said(words, LONGEST, rule=rule), State.NOMINATED, by)
    tell(row, "talent.nominated", by=by, by_body=False)
    return row


@transaction.atomic
def nominate(pool: str, user: User, words: str, *, by: Actor) -> Candidate:
    """A body proposes somebody, who is asked first. Raises Denied."""
    rule = rule_of(pool)
    check_nominates(by, rule)
    if by.user is not None and by.user.pk == user.pk:
        raise Denied(_("For yourself, use your own page."))
    row = _enter(rule, user, said(words, LONGEST, rule=rule), State.ASKED, by)
    tell(row, "talent.asked", by=by, by_body=True)
    return row


def _enter(rule: Pool, user: User, words: str, state: str, by: Actor) -> Candidate:
    body = by.organisation if state == State.ASKED else None
    try:
        with transaction.atomic():
            return Candidate.objects.create(pool=rule.id, user=user, body=body, words=words,
                                            nominated_by=by.id, state=state)  # fmt: skip
    except IntegrityError as error:
        raise Denied(_("This person is proposed or in the pool already.")) from error


def _to(candidate: Candidate, before: str, after: str, **more: object) -> None:
    rows = Candidate.objects.filter(pk=candidate.pk, state=before, tier=candidate.tier)
    if not rows.update(state=after, **more):
        raise raced()
    candidate.refresh_from_db()


@transaction.atomic
def answer(candidate: Candidate, yes: bool, *, by: Actor) -> None:
    """The person's own yes or no. No reason is asked for."""
    check_own(by, candidate)
    if yes:
        _to(candidate, State.ASKED, State.NOMINATED)
        tell(candidate, "talent.nominated", by=by, by_body=True)
        return
    _to(candidate, State.ASKED, State.DECLINED, ended_at=clock.now(), words="")
    tell(candidate, "talent.declined", by=by)


@transaction.atomic
def leave(candidate: Candidate, *, by: Actor) -> None:
    """The person leaves, at any time; the place of the tier is free again."""
    check_own(by, candidate)
    if candidate.state not in (State.NOMINATED, State.POOL):
        raise Denied(_("There is nothing to leave."))
    _end(candidate, State.LEFT)
    tell(candidate, "talent.left", by=by)


@transaction.atomic
def graduate(candidate: Candidate, *, by: Actor) -> None:
    """The host says that somebody's time in the pool is over. Raises Denied."""
    check_hosts(by, candidate.rule)
    if candidate.state != State.POOL:
        raise Denied(_("Only somebody in the pool graduates."))
    _end(candidate, State.GRADUATED)
    tell(candidate, "talent.graduated", by=by)


def _end(candidate: Candidate, state: str) -> None:
    tier = candidate.tier
    more = {"shown_as": ""} if state == State.LEFT else {}
    _to(candidate, candidate.state, state, tier="", ended_at=clock.now(), **more)
    release(candidate.pool, tier)


@transaction.atomic
def show_as(candidate: Candidate, name: str, *, by: Actor) -> None:
    """The name under which the person wants to stand on the public page; "" for not at all."""
    check_own(by, candidate)
    clean = name.strip()
    if len(clean) > LONGEST_NAME or text.find_personal(clean):
        raise Denied(_("A name of at most %(n)s characters, without any number.")
                     % {"n": LONGEST_NAME})  # fmt: skip
    if candidate.state not in (State.POOL, State.GRADUATED):
        raise Denied(_("Only somebody in the pool is named."))
    Candidate.objects.filter(pk=candidate.pk, state=candidate.state).update(shown_as=clean)
    tell(candidate, "talent.shown" if clean else "talent.hidden", by=by)


def take(rule: Pool, tier_id: str) -> None:
    """A place of the tier. Denied: none is free. To be called inside a transaction."""
    tier = rule.tier(tier_id)
    if tier is None:
        return
    TierBook.objects.get_or_create(pool=rule.id, tier=tier_id, defaults={"places": tier.places})
    rows = TierBook.objects.filter(pool=rule.id, tier=tier_id)
    if tier.places is not None:
        rows = rows.filter(filled__lt=tier.places)
    if not rows.update(filled=F("filled") + 1, places=tier.places):
        raise Denied(_("All %(n)s places of this tier are taken.") % {"n": tier.places})


def release(pool: str, tier_id: str) -> None:
    """A place of the tier is free again."""
    TierBook.objects.filter(pool=pool, tier=tier_id, filled__gt=0).update(filled=F("filled") - 1)
