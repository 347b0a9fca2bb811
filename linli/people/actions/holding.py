"""Appointing somebody to a post, and ending it."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from linli import playbook
from linli.journal.record import record
from linli.lib import clock
from linli.people.actions import handing
from linli.people.actors import Actor
from linli.people.models import Appointment, Post, User
from linli.people.models.appointment import LONGEST_TERM
from linli.people.policies import Denied, NeedsSecond
from linli.people.roles import APART, Role

YEAR: Final = timedelta(days=365)


@transaction.atomic
def appoint(
    post: Post,
    user: User,
    *,
    by: Actor,
    second: Actor | None = None,
    from_date: date | None = None,
    to_date: date | None = None,
    deputy: bool = False,
    public_name: str = "",
    consented: bool = False,
) -> Appointment:
    """Put somebody into a post from one day until the day before another; a year if not said.

    Raises Denied with a sentence: no free seat, too long, already there, roles that do not go
    together, oneself; NeedsSecond for a staff role without a second person.
    """
    start = from_date or clock.today()
    until = to_date or start + YEAR
    # Both rows are locked, the person first: of two who fill the last seat at once one waits, then
    # sees the other's row. On SQLite the transaction itself has the lock (BEGIN IMMEDIATE).
    user = User.objects.select_for_update().get(pk=user.pk)
    post = _locked(post)
    check_can_appoint(post, user, by=by, second=second)
    _check_dates(post, start, until)
    _check_person(post, user, start, until)
    row = Appointment.objects.create(
        post=post,
        user=user,
        role=post.role,
        seat=None if deputy else _free_seat(post, start, until),
        is_deputy=deputy,
        from_date=start,
        to_date=until,
        public_name=public_name.strip(),
        consented=consented,
    )
    facts = {
        "user": str(user.pk), "post": post.kind, "role": post.role, "deputy": deputy,
        "from": start.isoformat(), "to": until.isoformat(), "second": second.id if second else "",
    }  # fmt: skip
    record("post.filled", on=row, by=by, place=post.on_place.path,
           org=str(post.organisation_id), facts=facts)  # fmt: skip
    return row


def check_can_appoint(post: Post, user: User, *, by: Actor, second: Actor | None = None) -> None:
    """Who may give this post to this person: never oneself, and a staff role only by two."""
    if by.is_system:
        return
    if by.user is not None and by.user.pk == user.pk:
        raise Denied(_("Nobody appoints themselves."))
    if not Role(post.role).is_staff:
        by.check("post.fill", in_scope=in_scope(post, by))
        return
    try:
        by.check("role.grant")
    except NeedsSecond:
        if second is None:
            raise
        _check_second(second, by, user)


def _check_second(second: Actor, by: Actor, user: User) -> None:
    with suppress(NeedsSecond):  # that is what the second person is
        second.check("role.grant")
    if second.id in {by.id, str(user.pk)}:
        raise NeedsSecond(_("The second person must be somebody else."))


def in_scope(post: Post, by: Actor) -> bool:
    """Within the place of the body one acts for, or in that body itself."""
    if by.organisation is None:
        return False
    same = post.organisation_id == by.organisation.pk
    return same or (bool(by.place_path) and post.on_place.path.startswith(by.place_path))


def _locked(post: Post) -> Post:
    rows = Post.objects.select_for_update(of=("self",))
    return rows.select_related("organisation__place", "place").get(pk=post.pk)


def _check_dates(post: Post, start: date, until: date) -> None:
    if until <= start:
        raise Denied(_("The end must come after the beginning."))
    if Role(post.role).is_staff and (until - start).days > LONGEST_TERM:
        raise Denied(_("This post is given for twelve months at most; then it is given again."))
    body = post.organisation
    ends = [day for day in (post.valid_to, body.valid_to) if day]
    if start < max(post.valid_from, body.valid_from) or any(until > day for day in ends):
        raise Denied(_("The post does not exist in all of this time."))


def _check_person(post: Post, user: User, start: date, until: date) -> None:
    if not user.is_active:
        raise Denied(_("This account is closed."))
    held = list(
        Appointment.objects.filter(user=user).overlapping(start, until).select_related("post")
    )
    if any(row.post_id == post.pk for row in held):
        raise Denied(_("This person already holds this post in that time."))
    if any(Role(row.role) in APART.get(Role(post.role), frozenset()) for row in held):
        raise Denied(
            _("Whoever checks or runs the system cannot also work in it: these two posts do not go "
              "together.")
        )  # fmt: skip
    kind = playbook.current().posts.get(post.kind)
    if kind and sum(row.post.kind == post.kind for row in held) >= kind.per_person:
        raise Denied(
            _("One person can hold %(n)s of these posts at a time.") % {"n": kind.per_person}
        )


def _free_seat(post: Post, start: date, until: date) -> int:
    taken = Appointment.objects.filter(post=post).main().overlapping(start, until)
    seats = set(range(1, post.seats + 1)) - set(taken.values_list("seat", flat=True))
    if not seats:
        raise Denied(_("Every seat of this post is taken in that time."))
    return min(seats)


@transaction.atomic
def end(
    row: Appointment, *, by: Actor, on: date | None = None, to: Appointment | None = None
) -> None:
    """End an appointment before its time; the right is gone at the person's next request.

    What is open in it goes to `to`, who holds a post in the same body, or to the body itself: in
    this transaction, so that no work is nobody's. If it ends on a later day, it moves on that day.
    """
    day = on or clock.today()
    post = Post.objects.select_related("organisation__place", "place").get(pk=row.post_id)
    if not by.is_system and not (by.user is not None and by.user.pk == row.user_id):
        check_can_end(post, by)
    still = Appointment.objects.filter(pk=row.pk).filter(Q(to_date=None) | Q(to_date__gt=day))
    # One that begins today or later would be of no day: it goes, and the journal keeps that it was.
    unused = row.from_date >= day
    if row.from_date <= clock.today() >= day:
        _check_receiver(row, to)
        handing.give_on(row, to, by)
    done = still.delete()[0] if unused else still.update(to_date=day, **_settled(day))
    if not done:
        raise Denied(_("This appointment has already ended."))
    record("post.left", on=f"people.Appointment:{row.pk}", by=by, place=post.on_place.path,
           org=str(post.organisation_id),
           facts={"user": str(row.user_id), "post": post.kind, "to": day.isoformat()})  # fmt: skip


def _settled(day: date) -> dict[str, datetime]:
    return {"settled_at": clock.now()} if day <= clock.today() else {}


def _check_receiver(row: Appointment, to: Appointment | None) -> None:
    if to is not None and not handing.receivers(row).filter(pk=to.pk).exists():
        raise Denied(_("Only somebody who has a post in the same unit on that day can take over."))


def check_can_end(post: Post, by: Actor) -> None:
    """Taking a right away is safe in one hand: who may give it with a second may end it alone."""
    action = "role.grant" if Role(post.role).is_staff else "post.fill"
    try:
        by.check(action, in_scope=in_scope(post, by))
    except NeedsSecond:
        return
