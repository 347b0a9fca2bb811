"""Short secrets of signing in, readable by this installation only.

AES-256-GCM under a key that comes from the secret of the web server, so that a copy of the database
or a look into a browser's cookies shows nothing. What identifies residents is in the vault instead.
"""

import base64
import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE = 12


class Unreadable(ValueError):
    """It was not locked here, for this purpose, or it was changed on the way."""


def lock(text: str, purpose: str) -> str:
    """Encrypt; only `unlock` with the same purpose opens it."""
    nonce = secrets.token_bytes(_NONCE)
    body = _cipher(settings.SECRET_KEY).encrypt(nonce, text.encode(), purpose.encode())
    return base64.urlsafe_b64encode(nonce + body).decode()


def unlock(locked: str, purpose: str) -> str:
    """Decrypt with the present secret or a former one. Raises Unreadable."""
    try:
        raw = base64.urlsafe_b64decode(locked.encode())
    except ValueError as error:
        raise Unreadable(purpose) from error
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return _cipher(key).decrypt(raw[:_NONCE], raw[_NONCE:], purpose.encode()).decode()
        except (InvalidTag, ValueError):
            continue
    raise Unreadable(purpose)


def _cipher(secret: str | bytes) -> AESGCM:
    key = secret.encode() if isinstance(secret, str) else secret
    return AESGCM(hashlib.sha256(b"linli.people.lockbox:" + key).digest())
