"""One spelling for telephones and e-mails, however a person typed them."""

import unicodedata
from dataclasses import dataclass
from typing import Final

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from linli.people.models.user import Channel

HOME: Final = "CN"
LONGEST: Final = 120
MOBILE: Final = (
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
)


class NoAddress(ValueError):
    """It is neither a telephone nor an e-mail; the message says what would be right."""


@dataclass(frozen=True)
class Address:
    """Where a code can be sent: a mobile telephone (E.164) or an e-mail (lower case)."""

    channel: str
    value: str

    @property
    def masked(self) -> str:
        """Enough for its owner to see whether it is right: "199 **** 1234"."""
        if self.channel == Channel.PHONE:
            digits = self.value.removeprefix("+86")
            return f"{digits[:3]} **** {digits[-4:]}"
        name, _at, host = self.value.partition("@")
        return f"{name[:1]}***@{host}"

    def digests(self) -> list[str]:
        """The keyed hashes under which it may be stored, that of the present key first."""
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        said = f"{self.channel}:{self.value}"
        return [
            salted_hmac("linli.people.address", said, secret=key, algorithm="sha256").hexdigest()
            for key in keys
        ]


def parse(words: str) -> Address:
    """The address that somebody typed into the one field. Raises NoAddress with a sentence."""
    plain = unicodedata.normalize("NFKC", words).strip()[:LONGEST]
    if "@" in plain:
        email = normal_email(plain)
        if not email:
            raise NoAddress(_("This e-mail address does not look complete."))
        return Address(Channel.EMAIL, email)
    number = _number(plain)
    if number is None or not phonenumbers.is_valid_number(number):
        raise NoAddress(
            _("This is neither a mobile number nor an e-mail address. Example: 199 0000 1234")
        )
    if phonenumbers.number_type(number) not in MOBILE:
        raise NoAddress(_("This is a landline; it cannot take a message. Give a mobile number."))
    return Address(Channel.PHONE, _e164(number))


def normal_phone(words: str) -> str:
    """A telephone as "+8619900001234", landlines too; "" if it is none."""
    number = _number(unicodedata.normalize("NFKC", words).strip())
    return _e164(number) if number and phonenumbers.is_possible_number(number) else ""


def normal_email(words: str) -> str:
    """An e-mail in lower case; "" if it is none."""
    plain = unicodedata.normalize("NFKC", words).strip().casefold()
    try:
        validate_email(plain)
    except ValidationError:
        return ""
    return plain


def _number(plain: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(plain, HOME)
    except phonenumbers.NumberParseException:
        return None


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
