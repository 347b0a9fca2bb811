"""Master keys. They wrap the key of each subject and never lie in the database.

They come from `LINLI_MASTER_KEY` ("id:key", several separated by commas, the current one first) or
from `<DATA>/secrets/master.key` (one "id:key" a line), made on first use. A key is 32 bytes in
base64. Whoever holds a backup of the database without this file holds nothing readable.
"""

import base64
import binascii
import hmac
import os
import re
import secrets
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from linli.journal import keyfiles
from linli.vault.models import SubjectKey

FILE: Final = "master.key"
VARIABLE: Final = "LINLI_MASTER_KEY"
_NONCE: Final = 12  # bytes, as NIST SP 800-38D asks; random, one key seals few values


class WrongKey(RuntimeError):
    """What is sealed does not open: wrong key, or somebody changed or moved the ciphertext."""


@dataclass(frozen=True)
class Master:
    """One master key and what is derived from it."""

    id: str
    secret: bytes

    def wrap(self, key: bytes, subject: str) -> bytes:
        return encrypt(self._wrapping, key, f"key|{self.id}|{subject}")

    def unwrap(self, wrapped: bytes, subject: str) -> bytes:
        return decrypt(self._wrapping, wrapped, f"key|{self.id}|{subject}")

    def blind(self, kind: str, normal: str) -> str:
        """The blind index of a normalised value: the same value gives the same 64 hex digits."""
        return hmac.new(self._indexing, f"{kind}|{normal}".encode(), sha256).hexdigest()

    @cached_property
    def _wrapping(self) -> bytes:
        return self._derived("wrap")

    @cached_property
    def _indexing(self) -> bytes:
        return self._derived("index")

    def _derived(self, use: str) -> bytes:
        kdf = HKDF(hashes.SHA256(), length=32, salt=None, info=f"linli vault {use}".encode())
        return kdf.derive(self.secret)


@dataclass(frozen=True)
class Ring:
    """The master keys in use: the current one seals, all of them open."""

    masters: tuple[Master, ...]

    @property
    def current(self) -> Master:
        return self.masters[0]

    def of(self, id_: str) -> Master:
        """The master key with this id; WrongKey if the ring does not hold it."""
        for master in self.masters:
            if master.id == id_:
                return master
        raise WrongKey(
            f"The master key {id_!r} is not in the key ring; restore it from its backup."
        )


def ring() -> Ring:
    """The key ring as it is now: a file that was rotated is seen at once by every process."""
    given = os.environ.get(VARIABLE, "")
    lines = given.split(",") if given else keyfiles.read(FILE) or _first_key()
    return _parsed(tuple(lines))


def _first_key() -> list[str]:
    if SubjectKey.objects.filter(wrapped__isnull=False).exists():
        raise WrongKey(
            f"{keyfiles.path_of(FILE)} is missing, and what is sealed needs it. "
            "Restore it from the key backup; a new key would open nothing."
        )
    return keyfiles.read_or_make(FILE, new_line)


def new_line() -> str:
    """A new master key as a line of the key file."""
    return f"{secrets.token_hex(4)}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


@cache
def _parsed(lines: tuple[str, ...]) -> Ring:
    masters = []
    for line in lines:
        name, _, text = line.strip().rpartition(":")
        try:
            secret = base64.b64decode(text, validate=True)
        except binascii.Error:
            secret = b""
        if len(secret) != 32 or not re.fullmatch(r"\w{0,20}", name, re.ASCII):
            raise WrongKey(
                f"{VARIABLE} or {FILE}: a master key is id:base64 of 32 bytes. "
                "Make one with: linli vault new-key"
            )
        masters.append(Master(name or sha256(secret).hexdigest()[:8], secret))
    if len({master.id for master in masters}) < len(masters):
        raise WrongKey(f"{VARIABLE} or {FILE}: two master keys have the same id.")
    return Ring(tuple(masters))


def encrypt(key: bytes, plain: bytes, bound_to: str) -> bytes:
    """AES-256-GCM; the result opens only with the same `bound_to`."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to.encode())


def decrypt(key: bytes, sealed: bytes, bound_to: str) -> bytes:
    """The plain bytes; WrongKey if anything was changed, moved or sealed with another key."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to.encode())
    except (InvalidTag, ValueError):
        raise WrongKey("This does not open: wrong key, or the ciphertext was changed.") from None
