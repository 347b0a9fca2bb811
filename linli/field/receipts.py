"""Signed receipts: what a telephone must hold before it forgets what it kept (O22).

The key is Ed25519, outside the database. Its public half goes to every telephone with the day's
bundle, and into the journal when it is made, so that a day's seal covers it.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import transaction

from linli.field.models import Item, Rival
from linli.journal import keyfiles
from linli.journal.models import Entry
from linli.journal.record import record

KEY_FILE: Final = "receipt.key"  # Ed25519 private keys in hex, one a line; the first one signs
KEY_SUBJECT: Final = "field.ReceiptKey"
SIGNED: Final = ("id", "missing_photos", "number", "server_time", "sha256")


def of(item: Item) -> dict[str, Any]:
    """The receipt of an item as it stands now; the same item in the same state gives the same."""
    return signed({
        "id": str(item.client_id),
        "sha256": item.sha256,
        "number": item.number,
        "server_time": item.received_at.isoformat(timespec="milliseconds"),
        "missing_photos": missing(item),
    })  # fmt: skip


def of_rival(rival: Rival) -> dict[str, Any]:
    """The receipt of other words under a taken name: these bytes are kept here too."""
    return signed({
        "id": str(rival.client_id),
        "sha256": rival.sha256,
        "number": rival.item.number,
        "server_time": rival.received_at.isoformat(timespec="milliseconds"),
        "missing_photos": [],
    })  # fmt: skip


def missing(item: Item) -> list[str]:
    """The hashes of the pictures that have not come and were not left out, in their order."""
    return [row.sha256 for row in item.photos.all() if not row.arrived_at and not row.left_out_at]


def signed(said: Mapping[str, Any]) -> dict[str, Any]:
    """The same with its signature, over the JSON of SIGNED with sorted keys and no spaces."""
    return {**said, "sig": private_key().sign(_bytes(said)).hex()}


def verify(receipt: Mapping[str, Any], public: str) -> bool:
    """Whether this key (hex) signed this receipt; what is malformed is not signed."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(receipt["sig"]), _bytes(receipt))
    except (InvalidSignature, KeyError, TypeError, ValueError):
        return False
    return True


def public_keys() -> list[str]:
    """The public keys (hex) of this installation, the current one first."""
    private_key()
    return [_public(_parsed(line)) for line in keyfiles.read(KEY_FILE)]


def private_key() -> Ed25519PrivateKey:
    """The key that signs, made on first use."""
    return _parsed(keyfiles.read_or_make(KEY_FILE, _new_key)[0])


def announce_key() -> bool:
    """Write the current public key into the journal unless it stands there; whether it was written.

    The seal of that day covers the line, so a forged key would be seen.
    """
    public = public_keys()[0]
    subject = f"{KEY_SUBJECT}:{public[:16]}"
    with transaction.atomic():
        if Entry.objects.filter(subject=subject).exists():
            return False
        record("field.receipt_key", on=subject, by="system", facts={"ed25519": public})
    return True


def _bytes(said: Mapping[str, Any]) -> bytes:
    kept = {name: said[name] for name in SIGNED}
    return json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _parsed(line: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(line))


def _public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def _new_key() -> str:
    return Ed25519PrivateKey.generate().private_bytes_raw().hex()
