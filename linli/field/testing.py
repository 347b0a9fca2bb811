"""A telephone's key and its frozen records in Python, for tests and proofs."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature


@dataclass(frozen=True)
class Frozen:
    """Bytes that never change, with what travels beside them."""

    id: UUID
    body: bytes
    form: str
    device: str
    signature: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a request that brings it."""
        return {
            "X-Linli-Id": str(self.id), "X-Linli-Sha256": self.sha256, "X-Linli-Form": self.form,
            "X-Linli-Device": self.device, "X-Linli-Signature": self.signature,
        }  # fmt: skip


@dataclass
class Telephone:
    """The key of a telephone; `device` is the name that the server gave it."""

    device: str = ""
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @property
    def public_key(self) -> str:
        """As a browser exports it: the uncompressed point in base64."""
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return base64.b64encode(point).decode()

    def freeze(self, said: dict[str, Any], *, name: UUID | None = None) -> Frozen:
        """The record as canonical JSON, signed by the telephone if it has been enrolled."""
        return self.freeze_bytes(canonical(said), str(said.get("form", "")), name=name)

    def freeze_bytes(self, body: bytes, form: str, *, name: UUID | None = None) -> Frozen:
        name = name or uuid4()
        sha = hashlib.sha256(body).hexdigest()
        words = f"{name}\n{sha}\n{form}\n{self.device}".encode()
        signature = self._sign(words) if self.device else ""
        return Frozen(name, body, form, self.device, signature)

    def _sign(self, words: bytes) -> str:
        r, s = decode_dss_signature(self.key.sign(words, ec.ECDSA(hashes.SHA256())))
        return base64.b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode()


def canonical(said: dict[str, Any]) -> bytes:
    """The one way in which a telephone writes a record down before it freezes it."""
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
