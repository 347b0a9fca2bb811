"""Accounts: opened at the first sign-in, changed by their owner, closed by who may."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from linli.journal.record import record
from linli.lib import clock
from linli.people.actions import handing
from linli.people.actors import SYSTEM, Actor, as_resident
from linli.people.models import Appointment, Invitation, User, Willing
from linli.people.policies import Denied


@transaction.atomic
def open_account(*, display_name: str = "", language: str = "zh-hans", by: Actor = SYSTEM) -> User:
    """An account without any address yet; how its owner is reached goes to the vault."""
    user = User.objects.create_user(display_name=display_name.strip(), language=language)
    record("user.joined", on=user, by=by)
    return user


def seal(user: User, kind: str, value: str) -> None:
    """Hand a contact of the user to the vault, which stands on a higher floor."""
    import_string(settings.LINLI_SEAL)(user.vault_subject, kind, value, purpose="sign-in")


@transaction.atomic
def change_profile(user: User, *, display_name: str, language: str, large_letters: bool) -> None:
    """What the owner says about themselves; the journal keeps that it changed, not what."""
    if language not in dict(settings.LANGUAGES):
        raise Denied(_("This language is not there yet."))
    User.objects.filter(pk=user.pk).update(
        display_name=display_name.strip(), language=language, large_letters=large_letters
    )
    user.refresh_from_db()
    record("user.changed", on=user, by=as_resident(user))


@transaction.atomic
def sign_out_everywhere(user: User, *, by: Actor) -> None:
    """End every session of a person: the secret that all of them are bound to changes."""
    by.check("session.end", own=by.user is not None and by.user.pk == user.pk)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    record("session.ended", on=user, by=by)


@transaction.atomic
def deactivate(user: User, *, by: Actor, in_scope: bool = False) -> None:
    """Close an account: no sign-in, no role, every session over. Appointments stay as history."""
    if by.user is not None and by.user.pk == user.pk:
        raise Denied(_("Nobody closes their own account here; use “my file”."))
    by.check("user.create_disable", in_scope=in_scope)
    _give_on(user, by)
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        raise Denied(_("This account is closed."))
    user.refresh_from_db()
    user.set_unusable_password()
    user.save(update_fields=["password"])
    record("user.closed", on=user, by=by)


def _give_on(user: User, by: Actor) -> None:
    """What is open with somebody whose account ends goes to their units."""
    for row in Appointment.objects.in_force(clock.today()).filter(user=user).with_posts():
        handing.give_on(row, None, by)


@transaction.atomic
def forget(user: User) -> None:
    """What is left of an account erased by its owner: a row that names nobody and opens nothing."""
    _give_on(user, SYSTEM)
    Willing.objects.filter(user=user).delete()
    Invitation.objects.filter(user=user).update(public_name="")
    user.addresses.all().delete()
    Authenticator.objects.filter(user=user).delete()
    user.appointments.update(public_name="", consented=False)
    user.display_name, user.is_active = "", False
    user.set_unusable_password()
    user.save(update_fields=["display_name", "is_active", "password"])
    record("user.erased", on=user, by="system")
