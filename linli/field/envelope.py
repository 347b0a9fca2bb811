"""What stands around the frozen bytes: name, hash, form, telephone, signature. Plain checks only."""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.utils.translation import gettext as _

MOST_BYTES: Final = 256_000  # one item's text; pictures travel by themselves
HEADERS: Final = ("Id", "Sha256", "Form", "Device", "Signature")
_SHA: Final = re.compile(r"[0-9a-f]{64}")


class Malformed(ValueError):
    """Not what the sender meant to send; the message says what does not fit."""


@dataclass(frozen=True)
class Envelope:
    """One item on its way. `body` are exactly the bytes that were frozen on the telephone."""

    id: UUID
    sha256: str
    form: str
    device: UUID | None
    signature: str
    body: bytes

    @property
    def signed_words(self) -> bytes:
        """What the telephone's key signs."""
        return f"{self.id}\n{self.sha256}\n{self.form}\n{self.device or ''}".encode()


def read(headers: Mapping[str, str], body: bytes) -> Envelope:
    """The envelope of a request; raises Malformed if the bytes are not the ones it names."""
    said = {name: headers.get(f"X-Linli-{name}", "").strip() for name in HEADERS}
    return check(said, body)


def check(said: Mapping[str, str], body: bytes) -> Envelope:
    """The same from plain values, for a rescue file."""
    try:
        name = UUID(said["Id"])
        device = UUID(said["Device"]) if said.get("Device") else None
    except ValueError as error:
        raise Malformed(_("This record carries no valid name.")) from error
    if not body:
        raise Malformed(_("The record is empty."))
    sha = said["Sha256"]
    if not is_sha(sha) or hashlib.sha256(body).hexdigest() != sha:
        raise Malformed(_("The record was changed on the way. Please send it again."))
    return Envelope(name, sha, said["Form"][:80], device, said.get("Signature", ""), body)


def is_sha(text: object) -> bool:
    return isinstance(text, str) and _SHA.fullmatch(text) is not None


def signed_by(envelope: Envelope, public_key: str) -> bool:
    """Whether the key of a telephone signed this envelope; what is malformed is not signed."""
    try:
        raw = base64.b64decode(envelope.signature, validate=True)
        key = ec.EllipticCurvePublicKey.from_encoded_point(
            ec.SECP256R1(), base64.b64decode(public_key, validate=True)
        )
        r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:64], "big")
        key.verify(encode_dss_signature(r, s), envelope.signed_words, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def is_public_key(text: str) -> bool:
    """Whether this is a point of P-256 as a telephone exports it."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(
            ec.SECP256R1(), base64.b64decode(text, validate=True)
        )
    except (ValueError, binascii.Error):
        return False
    return True
