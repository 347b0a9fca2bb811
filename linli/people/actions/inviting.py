"""Asking somebody to hold a post, their answer, and giving the post after a yes."""

from datetime import date, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli import playbook
from linli.journal.record import record
from linli.lib import clock
from linli.people.actions.holding import YEAR, appoint, in_scope
from linli.people.actors import SYSTEM, Actor, as_resident, under
from linli.people.models import Appointment, Invitation, Post, User, Willing
from linli.people.policies import Denied, NeedsSecond
from linli.people.roles import Role
from linli.places.models import VILLAGES, Place

ANSWER_WITHIN: Final = timedelta(days=7)
KEEP: Final = timedelta(days=365)
State = Invitation.State


@transaction.atomic
def be_asked(user: User, place: Place, kinds: list[str]) -> Willing:
    """The person's own word: offices near this village may ask me for these posts (none: any)."""
    if place.kind not in VILLAGES:
        raise Denied(_("Choose a village or a community, nothing nearer."))
    unknown = set(kinds) - set(playbook.current().posts)
    if unknown:
        raise Denied(_("The playbook knows no such post: %(kind)s") % {"kind": min(unknown)})
    row, _made = Willing.objects.update_or_create(
        user=user, defaults={"place": place, "kinds": sorted(kinds)}
    )
    record("user.willing", on=user, by=as_resident(user))  # not where: that is theirs
    return row


@transaction.atomic
def be_left_alone(user: User) -> None:
    """Take it back; at once, and without a trace of what was there."""
    if Willing.objects.filter(user=user).delete()[0]:
        record("user.unwilling", on=user, by=as_resident(user))


@transaction.atomic
def invite(
    post: Post, user: User, *, by: Actor, deputy: bool = False, until: date | None = None
) -> Invitation:
    """Ask somebody to hold a post, for a year if not said; they have a week to answer.

    Raises Denied: not in one's area, oneself, already asked, no seat free.
    """
    check_can_invite(post, by)
    if by.user is not None and by.user.pk == user.pk:
        raise Denied(_("Nobody appoints themselves."))
    # The post's row is held: two who ask for the same seat at once take turns.
    post = Post.objects.select_for_update(of=("self",)).select_related("organisation__place",
                                                                       "place").get(pk=post.pk)  # fmt: skip
    today = clock.today()
    if not deputy and _free_seats(post, today) < 1:
        raise Denied(_("Every seat is taken, or somebody has been asked already."))
    try:
        with transaction.atomic():
            row = Invitation.objects.create(
                post=post, user=user, is_deputy=deputy, from_date=today,
                to_date=until or today + YEAR, asked_under=by.appointment,
                asked_at=clock.now(), expires_at=clock.now() + ANSWER_WITHIN,
            )  # fmt: skip
    except IntegrityError:
        raise Denied(_("This person has been asked already.")) from None
    _tell("post.invited", row, by)
    return row


def check_can_invite(post: Post, by: Actor) -> None:
    """Asking is open to whoever fills posts in this area; giving a staff post is not (confirm)."""
    by.check("post.fill", in_scope=in_scope(post, by))


def _free_seats(post: Post, day: date) -> int:
    held = post.holders(day).main().count()
    asked = post.invitations.filter(
        state__in=[State.ASKED, State.AGREED], is_deputy=False, expires_at__gt=clock.now()
    )
    return post.seats - held - asked.count()


@transaction.atomic
def answer(row: Invitation, yes: bool, *, by: Actor, public_name: str = "") -> Invitation:
    """The person's own answer; with a yes, what the door card may call them ("" = nothing).

    A post of a volunteer or driver is theirs at once; one of staff waits for two (confirm).
    """
    if by.user is None or by.user.pk != row.user_id:
        raise Denied(_("Only who was asked can answer."))
    if row.state == State.ASKED and not row.is_open:
        raise Denied(_("The time to answer is over. The office can ask again."))
    _win(row, State.ASKED, State.AGREED if yes else State.DECLINED,
         public_name=public_name.strip()[:40], answered_at=clock.now())  # fmt: skip
    _tell("post.agreed" if yes else "post.declined", row, by)
    if yes and not Role(row.post.role).is_staff:
        _hold(row, _asker(row))
    return row


def _asker(row: Invitation) -> Actor:
    """The office that asked, if its post still holds; otherwise nobody can give this post."""
    if row.asked_under_id is None:
        return SYSTEM
    held = Appointment.objects.in_force(clock.today()).with_posts()
    found = held.filter(pk=row.asked_under_id).first()
    if found is None:
        raise Denied(_("Whoever asked you is no longer in office. Please ask the office again."))
    return under(found)


@transaction.atomic
def confirm(row: Invitation, *, by: Actor) -> Appointment | None:
    """Give a staff post to somebody who said yes; the second of two people makes it hold.

    None after the first of them. Raises Denied, or NeedsSecond for the same person twice.
    """
    row = Invitation.objects.select_for_update(of=("self",)).with_names().get(pk=row.pk)
    if row.state != State.AGREED:
        raise Denied(_("There is no yes that waits to be confirmed."))
    _check_gives(by, row)
    first = row.confirmed_under
    held = Appointment.objects.in_force(clock.today()).with_posts()
    standing = held.filter(pk=first.pk).first() if first else None
    if standing is None or first is None:
        Invitation.objects.filter(pk=row.pk).update(confirmed_under=by.appointment)
        _tell("post.confirmed", row, by)
        return None
    if str(first.user_id) == by.id:
        raise NeedsSecond(_("The second person must be somebody else."))
    return _hold(row, under(standing), second=by)


def _check_gives(by: Actor, row: Invitation) -> None:
    if by.user is not None and by.user.pk == row.user_id:
        raise Denied(_("Nobody appoints themselves."))
    try:
        by.check("role.grant")
    except NeedsSecond:
        return


def _hold(row: Invitation, by: Actor, second: Actor | None = None) -> Appointment:
    held = appoint(
        row.post, row.user, by=by, second=second, from_date=max(row.from_date, clock.today()),
        to_date=row.to_date, deputy=row.is_deputy, public_name=row.public_name,
        consented=bool(row.public_name),
    )  # fmt: skip
    _win(row, State.AGREED, State.HELD)
    return held


@transaction.atomic
def take_back(row: Invitation, *, by: Actor) -> None:
    """The office no longer asks."""
    check_can_invite(row.post, by)
    if row.state not in (State.ASKED, State.AGREED):
        raise Denied(_("This question has been answered already."))
    _win(row, row.state, State.WITHDRAWN)
    _tell("post.invitation_withdrawn", row, by)


@transaction.atomic
def lapse() -> int:
    """End the questions that nobody answered in time; how many."""
    rows = Invitation.objects.waiting().filter(expires_at__lte=clock.now()).with_names()
    done = 0
    for row in rows:
        _win(row, State.ASKED, State.LAPSED)
        _tell("post.invitation_lapsed", row, SYSTEM)
        done += 1
    return done


def forget() -> int:
    """Erase the questions that came to nothing, a year after they were asked."""
    over = [State.DECLINED, State.WITHDRAWN, State.LAPSED]
    old = Invitation.objects.filter(state__in=over, asked_at__lt=clock.now() - KEEP)
    return old.delete()[0]


def _win(row: Invitation, was: str, becomes: str, **changes: object) -> None:
    """Change the row if it is still as it was; of two answers at once one counts."""
    rows = Invitation.objects.filter(pk=row.pk, state=was)
    if not rows.update(state=becomes, **changes):
        raise Denied(_("This question has been answered already."))
    row.refresh_from_db(fields=["state", *changes])


def _tell(verb: str, row: Invitation, by: Actor) -> None:
    post = row.post
    record(verb, on=row, by=by, place=post.on_place.path, org=str(post.organisation_id),
           facts={"post": post.kind, "user": str(row.user_id), "deputy": row.is_deputy})  # fmt: skip
