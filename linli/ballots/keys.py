"""The key of a ballot: what it names, what it seals, and how it is forgotten."""

import base64
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from linli.ballots.models import Ballot, Secret
from linli.vault import keys as vault

ROOM: Final = (
    320  # bytes of every sealed vote, and some more for each option: words of 40 signs fit
)


@dataclass(frozen=True)
class BallotKey:
    """The derived keys of one open ballot. Never stored, never logged."""

    ballot: str
    naming: bytes
    sealing: bytes
    room: int

    def token(self, voter: str) -> str:
        """The name of a voter's slot."""
        return self._named("slot", voter)

    def code(self, code: str) -> str:
        """The name under which a one-time code is kept; `code` in its normal spelling."""
        return self._named("code", code)

    def _named(self, what: str, text: str) -> str:
        return hmac.new(self.naming, f"{what}|{text}".encode(), sha256).hexdigest()

    def seal(self, name: str, vote: dict[str, Any] | None) -> bytes:
        """Bytes of one length for every vote of this ballot, and for none."""
        plain = json.dumps(vote, ensure_ascii=False, separators=(",", ":")).encode()
        if len(plain) > self.room:
            raise ValueError(f"A vote of {len(plain)} bytes does not fit {self.room}.")
        padded = plain.ljust(self.room)
        return vault.encrypt(self.sealing, padded, f"{self.ballot}|{name}")

    def open(self, name: str, sealed: bytes | memoryview) -> dict[str, Any] | None:
        """What a slot holds; None if nobody voted there. WrongKey if it was moved or changed."""
        plain = vault.decrypt(self.sealing, bytes(sealed), f"{self.ballot}|{name}")
        found: dict[str, Any] | None = json.loads(plain)
        return found

    def envelope(self, name: str, vote: dict[str, Any]) -> str:
        """A sealed vote that travels with the voter's page between choosing and casting."""
        return base64.urlsafe_b64encode(self.seal(f"envelope|{name}", vote)).decode()

    def unfold(self, name: str, envelope: str) -> dict[str, Any]:
        """What `envelope` sealed for this slot. Raises WrongKey for anything else."""
        try:
            sealed = base64.urlsafe_b64decode(envelope.encode("ascii", "replace"))
        except ValueError:
            raise vault.WrongKey("This is no sealed vote.") from None
        found = self.open(f"envelope|{name}", sealed)
        if found is None:
            raise vault.WrongKey("This is no sealed vote.")
        return found


def make(ballot: Ballot) -> BallotKey:
    """A new key for a ballot that is being opened."""
    secret = secrets.token_bytes(32)
    master = vault.ring().current
    wrapped = master.wrap(secret, _subject(ballot))
    Secret.objects.create(ballot=ballot, master=master.id, wrapped=wrapped)
    return _derived(ballot, secret)


def of(ballot: Ballot) -> BallotKey:
    """The key of an open ballot. Secret.DoesNotExist after it was closed."""
    row = Secret.objects.get(ballot=ballot)
    secret = vault.ring().of(row.master).unwrap(bytes(row.wrapped), _subject(ballot))
    return _derived(ballot, secret)


def _subject(ballot: Ballot) -> str:
    return f"ballot|{ballot.pk}"


def _derived(ballot: Ballot, secret: bytes) -> BallotKey:
    def part(use: str) -> bytes:
        kdf = HKDF(hashes.SHA256(), length=32, salt=None, info=f"linli ballot {use}".encode())
        return kdf.derive(secret)

    room = ROOM + sum(len(one["id"]) + 3 for one in ballot.options)
    return BallotKey(str(ballot.pk), part("name"), part("seal"), room)


def roll_digest(ballot_id: str, voters: Sequence[tuple[int, str]]) -> str:
    """The fingerprint of a roll: of number and voter, line by line."""
    lines = "\n".join(f"{ballot_id}|{number}|{key}" for number, key in sorted(voters))
    return sha256(lines.encode()).hexdigest()
