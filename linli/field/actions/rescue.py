"""A rescue file of a telephone that cannot send: opened with its code, taken in like anything else."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from django.utils.translation import gettext as _

from linli.field import envelope
from linli.field.actions import blobs
from linli.field.actions.sender import Sender
from linli.field.actions.take import Deleted, SaidOtherwise, take
from linli.field.envelope import Envelope, Malformed
from linli.field.models import Device, Item
from linli.lib import ids
from linli.people.actors import Actor
from linli.people.policies import Denied

MARK: Final = "rescue 1"
BOUND: Final = b"linli rescue 1"
MOST_BYTES: Final = 40_000_000
ROUNDS: Final = range(100_000, 2_000_001)


@dataclass
class Imported:
    """What became of a file: counts, and one sentence for each record that was not taken in."""

    new: int = 0
    known: int = 0
    pictures: int = 0
    problems: list[str] = field(default_factory=list)


def unpack(content: bytes, code: str) -> list[dict[str, Any]]:
    """The records of a file. Raises Denied with a sentence."""
    try:
        said = json.loads(content)
        if said["linli"] != MARK or said["rounds"] not in ROUNDS:
            raise ValueError
        key = PBKDF2HMAC(hashes.SHA256(), 32, _raw(said["salt"]), said["rounds"])
        sealed = AESGCM(key.derive(ids.normal_word(code).encode()))
        plain = sealed.decrypt(_raw(said["iv"]), _raw(said["data"]), BOUND)
        records = json.loads(plain)["records"]
        return [record for record in records if isinstance(record, dict)]
    except InvalidTag:
        raise Denied(_("The code does not open this file. Ask for it once more.")) from None
    except (ValueError, KeyError, TypeError):
        raise Denied(_("This is no rescue file of a telephone.")) from None


def take_in(records: list[dict[str, Any]], *, by: Actor) -> Imported:
    """Take in each record under its own name: what the telephone sends later is a repeat.

    The telephone's signature says whose words they are; an unsigned or unknown one is refused.
    """
    made = Imported()
    for record in records:
        tag = str(record.get("id", ""))[:8]
        try:
            _take_one(record, by, made)
        except SaidOtherwise as said:
            made.known += 1
            made.problems.append(f"{tag}: {said}")
        except (Malformed, Denied, Deleted) as said:
            made.problems.append(f"{tag}: {said}")
    return made


def _take_one(record: Mapping[str, Any], by: Actor, made: Imported) -> None:
    if record.get("body"):
        said = envelope.check(
            {"Id": str(record.get("id", "")), "Sha256": str(record.get("sha256", "")),
             "Form": str(record.get("form", "")), "Device": str(record.get("device", "")),
             "Signature": str(record.get("signature", ""))},
            _raw(record["body"]),
        )  # fmt: skip
        sender = _owner(said, by)
        taken = take(said, sender=sender)
        made.known += taken.replayed
        made.new += not taken.replayed
    else:  # its text has arrived before, a picture has not
        rows = Item.objects.select_related("device__user")
        row = next(iter(rows.filter(client_id__in=_names(record))), None)
        if row is None or row.device is None:
            raise Malformed(_("The text of this record has not arrived."))
        sender = Sender(by, row.device)
    for picture in record.get("pictures", []):
        content = _raw(picture.get("data", ""))
        _picture(hashlib.sha256(content).hexdigest(), content, sender)
        made.pictures += 1


def _owner(said: Envelope, by: Actor) -> Sender:
    rows = Device.objects.select_related("user")
    device = rows.filter(pk=said.device).first() if said.device else None
    if device is None or not envelope.signed_by(said, device.public_key):
        raise Malformed(_("The signature of the telephone does not fit."))
    if device.revoked_at:
        raise Denied(_("This telephone was removed."))
    return Sender(by, device)


def _picture(sha256: str, content: bytes, sender: Sender) -> None:
    here = blobs.stand(sha256, sender.person)
    offset = here.offset
    while offset < len(content) and not here.receipts:
        piece = content[offset : offset + blobs.MOST_PIECE]
        here = blobs.put(sha256, offset, len(content), piece, sender=sender)
        offset = here.offset


def _names(record: Mapping[str, Any]) -> list[UUID]:
    """The name of a record; nothing if it carries none."""
    try:
        return [UUID(str(record.get("id", "")))]
    except ValueError:
        return []


def _raw(text: object) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except binascii.Error as error:
        raise Malformed(_("The record was changed on the way. Please send it again.")) from error
