"""Signing in by a code: ask for one, give it back, and be the owner of that address.

Whoever asks is told the same, known or not: only who can read the code learns whether there is an
account. An unknown address gets one when its code comes back.
"""

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linli.lib import clock
from linli.people import limits
from linli.people.actions.accounts import open_account, seal
from linli.people.contact import Address
from linli.people.models import SignInAddress, SignInCode, User
from linli.people.policies import Denied

LIFE: Final = timedelta(minutes=10)
DIGITS: Final = 6


class WrongCode(Denied):
    """The digits do not match; there are tries left."""


class CodeOver(Denied):
    """This code is used, too old, or its tries are used up: a new one is needed."""


@dataclass(frozen=True)
class Arrival:
    """Who signed in, and whether for the first time."""

    user: User
    is_new: bool


def ask(address: Address) -> UUID:
    """Send a code to the address; the id that the asking browser keeps.

    Raises limits.TooMany, or Denied with a sentence if the gateway does not take it.
    """
    for action in ("sign_in.address", "sign_in.address_day"):
        limits.hit(action, address.digests()[0])
    code = settings.LINLI_DEMO_CODE if settings.DEMO else _fresh_code()
    now = clock.now()
    row = SignInCode(sent_at=now, expires_at=now + LIFE)
    row.digest = _digest(row.pk, address, code)
    row.save(force_insert=True)
    try:  # outside any transaction: a gateway may take its time
        import_string(settings.LINLI_CODE_SENDER)(str(address.channel), address.value, code)
    except Denied:
        row.delete()
        raise
    return row.pk


def _fresh_code() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def confirm(code_id: UUID, address: Address, typed: str) -> Arrival:
    """Whose address it is, if the code is right. Raises WrongCode, CodeOver, Denied."""
    live = SignInCode.objects.filter(
        pk=code_id, used_at=None, expires_at__gt=clock.now(), tries__lt=SignInCode.MOST_TRIES
    )
    # The try is counted before the look, and stays counted whatever happens after.
    if not live.update(tries=F("tries") + 1):
        raise CodeOver(_("This code is no longer good. Ask for a new one."))
    row = SignInCode.objects.get(pk=code_id)
    if not constant_time_compare(row.digest, _digest(row.pk, address, _digits(typed))):
        if row.tries >= SignInCode.MOST_TRIES:
            raise CodeOver(_("That was wrong three times. Ask for a new code."))
        raise WrongCode(_("These are not the digits we sent. Please look again."))
    if not SignInCode.objects.filter(pk=code_id, used_at=None).update(used_at=clock.now()):
        raise CodeOver(_("This code is no longer good. Ask for a new one."))
    arrival = _owner_of(address)
    if not arrival.user.is_active:
        raise Denied(_("This account is closed."))
    return arrival


def _digits(typed: str) -> str:
    """Full-width digits and blanks are what people type."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", typed) if sign.isdigit())


def _digest(code_id: UUID, address: Address, code: str) -> str:
    said = f"{code_id}:{address.channel}:{address.value}:{code}"
    return salted_hmac("linli.people.code", said, algorithm="sha256").hexdigest()


def owner(address: Address) -> User | None:
    """The person who signs in with this address, if there is one."""
    digests = address.digests()
    row = SignInAddress.objects.filter(digest__in=digests).select_related("user").first()
    if row is None:
        return None
    if row.digest != digests[0]:  # kept under a former secret: move it to the present one
        SignInAddress.objects.filter(digest=row.digest).update(digest=digests[0])
    return row.user


def _owner_of(address: Address) -> Arrival:
    known = owner(address)
    if known:
        return Arrival(known, is_new=False)
    try:
        with transaction.atomic():
            user = open_account(language=get_language() or settings.LANGUAGE_CODE)
            add_address(user, address)
    except IntegrityError:  # the same address was confirmed elsewhere in this very moment
        known = owner(address)
        if known is None:
            raise
        return Arrival(known, is_new=False)
    return Arrival(user, is_new=True)


def add_address(user: User, address: Address) -> None:
    """Let a person sign in with an address: the value to the vault, its hash to the register."""
    SignInAddress.objects.create(digest=address.digests()[0], channel=address.channel, user=user)
    seal(user, str(address.channel), address.value)


def forget() -> int:
    """Delete codes that are over; how many."""
    return SignInCode.objects.filter(expires_at__lte=clock.now()).delete()[0]
