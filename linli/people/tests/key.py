"""A passkey in software: what a phone would answer, so that the whole way can be walked."""

import hashlib
import json
import secrets
import struct
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class Key:
    """One credential for one person at one origin."""

    def __init__(self, origin: str = "https://testserver") -> None:
        self.origin = origin
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.user = b""
        self.count = 0

    def add(self, options: dict[str, Any]) -> str:
        """Answer `navigator.credentials.create`."""
        asked = options["publicKey"]
        self.user = websafe_decode(asked["user"]["id"])
        public = cbor.encode(ES256.from_cryptography_key(self.private.public_key()))
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        data = self._data(asked["rp"]["id"], PRESENT | VERIFIED | ATTESTED) + attested
        said = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked["challenge"])
        return self._answer(
            {"clientDataJSON": client, "attestationObject": said}, {"credProps": {"rk": True}}
        )

    def show(self, options: dict[str, Any]) -> str:
        """Answer `navigator.credentials.get`."""
        asked = options["publicKey"]
        self.count += 1
        data = self._data(asked["rpId"], PRESENT | VERIFIED)
        client = self._client("webauthn.get", asked["challenge"])
        signed = self.private.sign(
            data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256())
        )
        response = {"clientDataJSON": client, "authenticatorData": data, "signature": signed,
                    "userHandle": self.user}  # fmt: skip
        return self._answer(response, {})

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin}
        return json.dumps(said).encode()

    def _data(self, place: str, flags: int) -> bytes:
        return hashlib.sha256(place.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _answer(self, response: dict[str, bytes], extra: dict[str, Any]) -> str:
        name = websafe_encode(self.id)
        written = {key: websafe_encode(value) for key, value in response.items()}
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "response": written,
             "clientExtensionResults": extra}
        )  # fmt: skip
