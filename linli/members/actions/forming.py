"""Head counts, the form of a body by its size with reasons for exceptions, and successors."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from linli import playbook
from linli.journal.record import record
from linli.lib import clock, ids, text
from linli.members.actions.core import LONGEST_NAME, check_day, raced
from linli.members.actions.entering import mark_of, rule_of
from linli.members.models import FormChange, HeadCount, Member, Move, Successor
from linli.members.policies import check_keeps, check_second_of
from linli.people import actions as people
from linli.people.actors import Actor
from linli.people.models import Organisation
from linli.people.policies import Denied
from linli.playbook.membership import Membership, Tier

LONGEST_REASON = 300
MOST = 1_000_000


def tier_of(rule: Membership, body: Organisation, count: int | None = None) -> Tier:
    """The form that a body has, by its kind; of two of one kind the one nearer to its size."""
    fitting = [tier for tier in rule.tiers if tier.body == body.kind]
    by_size = [tier for tier in fitting if count is None or tier.from_ <= count]
    return (by_size or fitting)[-1]


def _tell(body: Organisation, verb: str, by: Actor, **facts: object) -> None:
    record(verb, on=body, by=by, place=body.place.path, org=str(body.pk), facts=facts)


@transaction.atomic
def count_heads(
    membership: str, body: Organisation, *, by: Actor, on: date | None = None,
    declared: int | None = None,
) -> HeadCount:  # fmt: skip
    """Write down how many full members there are: from the roll today, or as declared for a day.

    Raises Denied; a body with a roll of its own is counted, never typed.
    """
    check_keeps(by, body)
    rule, day = rule_of(membership, body), on or clock.today()
    check_day(day)
    kept = Member.objects.filter(organisation=body, membership=membership).exists()
    if declared is not None and kept:
        raise Denied(_("This body keeps its roll here: it is counted, not typed."))
    if declared is not None and not 0 <= declared <= MOST:
        raise Denied(_("That is no number of people."))
    if declared is None and day != clock.today():
        raise Denied(_("A roll is counted as it is today."))
    full = Member.objects.counting(rule).filter(organisation=body).count()
    row, _new = HeadCount.objects.update_or_create(
        body=body, membership=membership, on=day,
        defaults={"full": full if declared is None else declared, "by": by.id,
                  "declared": declared is not None, "at": clock.now()},
    )  # fmt: skip
    _tell(body, "body.counted", by, membership=membership, declared=row.declared)
    return row


@transaction.atomic
def propose_form(
    count: HeadCount, tier_id: str, *, by: Actor, reason: str = "", until: date | None = None
) -> FormChange:
    """Propose the form of a body. One that its size does not ask for takes a reason and an end."""
    body = count.body
    check_keeps(by, body)
    rule = rule_of(count.membership, body)
    newest = HeadCount.objects.filter(body=body, membership=rule.id).order_by("-on").first()
    if newest is None or newest.pk != count.pk:
        raise Denied(_("There is a newer head count; go by that one."))
    tier = next((row for row in rule.tiers if row.id == tier_id), None)
    if tier is None:
        raise Denied(_("There is no such form."))
    right = rule.tier_for(count.full)
    clean = reason.strip()
    if tier != right:
        _check_exception(clean, until)
    elif clean:
        raise Denied(_("This form fits the size: it needs no reason."))
    if FormChange.objects.filter(body=body, membership=rule.id, state="waiting").exists():
        raise Denied(_("Another change of this body waits for a second person."))
    row = FormChange.objects.create(
        body=body, membership=rule.id, count=count, before=tier_of(rule, body, count.full).id,
        after=tier.id, reason=clean, until=until if clean else None, on=clock.today(), by=by.id,
    )  # fmt: skip
    _tell(body, "body.form_proposed", by, to=tier.id, exception=bool(clean))
    return row


def _check_exception(reason: str, until: date | None) -> None:
    if not 5 <= len(reason) <= LONGEST_REASON:
        raise Denied(
            _("This is not the form that the size asks for: write why, in 5 to %(n)s characters.")
            % {"n": LONGEST_REASON}
        )
    if text.find_personal(reason):
        raise Denied(_("Everybody reads the reason: no number and no address in it."))
    today = clock.today()
    if until is None or not today < until <= date(today.year + 5, today.month, 1):
        raise Denied(_("Say until when the exception holds: five years at most."))


@transaction.atomic
def agree_form(row: FormChange, *, by: Actor) -> None:
    """The second person agrees: the body has this form from today."""
    check_second_of(by, row.body, row.by)
    rows = FormChange.objects.filter(pk=row.pk, state=FormChange.State.WAITING)
    if not rows.update(state=FormChange.State.DONE, second=by.id, on=clock.today()):
        raise raced()
    tier = {one.id: one for one in playbook.current().memberships[row.membership].tiers}[row.after]
    Organisation.objects.filter(pk=row.body_id).update(kind=tier.body)
    row.refresh_from_db()
    _tell(row.body, "body.form_changed", by, before=row.before, to=row.after,
          exception=bool(row.reason))  # fmt: skip


@transaction.atomic
def refuse_form(row: FormChange, *, by: Actor) -> None:
    """Not agreed, or taken back."""
    if by.id == row.by:
        check_keeps(by, row.body)
    else:
        check_second_of(by, row.body, row.by)
    rows = FormChange.objects.filter(pk=row.pk, state=FormChange.State.WAITING)
    second = "" if by.id == row.by else by.id
    if not rows.update(state=FormChange.State.REFUSED, second=second):
        raise raced()
    _tell(row.body, "body.form_refused", by, to=row.after)


@transaction.atomic
def succeed(
    before: Sequence[Organisation], after: Sequence[Organisation], *, by: Actor,
    on: date | None = None,
) -> None:  # fmt: skip
    """Close bodies and write down which came after them; one successor takes the rolls along.

    Raises Denied if a roll would belong to several, or if a successor is not there yet.
    """
    day = on or clock.today()
    if not before or not after or {b.pk for b in before} & {b.pk for b in after}:
        raise Denied(_("Name the bodies that end and the ones that come after them."))
    for body in [*before, *after]:
        check_keeps(by, body)
    if any(body.valid_from > day or (body.valid_to and body.valid_to <= day) for body in after):
        raise Denied(_("A successor has to be there on the day on which the others end."))
    _check_joint(before, after)
    for body in before:
        members = Member.objects.filter(organisation=body, left_on=None)
        if members.exists():
            if len(after) > 1:
                raise Denied(_("Its members would belong to several: move them first."))
            _take_along(body, after[0])
        people.close_organisation(body, by=by, on=day)
        Successor.objects.bulk_create(
            [Successor(before=body, after=one, on=day, by=by.id) for one in after]
        )
        _tell(body, "body.succeeded", by, after=[one.pk for one in after])


@transaction.atomic
def regroup(
    before: Sequence[Organisation], after: Sequence[Organisation], names: Sequence[str], *,
    by: Actor, on: date,
) -> int:  # fmt: skip
    """The same, where some of those that come after have still to be opened; how many come after.

    A new one is of the kind and at the place of the first that ends, from that day on.
    """
    if not before:
        raise Denied(_("Name the bodies that end and the ones that come after them."))
    check_day(on)
    first = before[0]
    check_keeps(by, first)
    fresh = []
    for name in dict.fromkeys(" ".join(name.split()) for name in names if name.strip()):
        if len(name) > LONGEST_NAME or text.find_personal(name):
            raise Denied(_("Write the name of each new body, one a line, and nothing else."))
        fresh.append(
            people.open_organisation(
                code=f"{first.kind[:20]}-{ids.new_uuid().hex[:12]}",
                kind=first.kind,
                name=name,
                place=first.place,
                parent=first.parent,
                valid_from=on,
                by=by,
            )
        )
    every = [*after, *fresh]
    succeed(before, every, by=by, on=on)
    return len(every)


def _check_joint(before: Sequence[Organisation], after: Sequence[Organisation]) -> None:
    """A joint body of those that are too small is of a few only."""
    for rule in playbook.current().memberships.values():
        for one in after:
            if rule.words.joint is None or one.kind != rule.tiers[0].body:
                continue
            size = Successor.objects.filter(after=one).count() + len(before)
            if size > rule.joint_most:
                raise Denied(
                    _("A joint body is of %(n)s at most; this would be of %(size)s.")
                    % {"n": rule.joint_most, "size": size}
                )


def _take_along(body: Organisation, to: Organisation) -> None:
    """Members go over with everything that is theirs, under new numbers."""
    Organisation.objects.select_for_update().get(pk=to.pk)
    for member in Member.objects.filter(organisation=body, left_on=None).order_by("number"):
        rule_of(member.membership, to)
        last = Member.objects.filter(organisation=to, membership=member.membership).aggregate(
            last=Max("number")
        )["last"]
        # The mark is bound to the body; without opening the name it becomes one of its own.
        Member.objects.filter(pk=member.pk).update(
            organisation=to, number=(last or 0) + 1, mark=mark_of(to, member.mark)
        )
        Move.objects.filter(member=member, state=Move.State.WAITING).update(
            state=Move.State.REFUSED, decided_at=clock.now()
        )
