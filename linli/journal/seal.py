"""Sealing the journal: after each day the head of the hash chain is signed and published.

Whoever changes a sealed line changes every head after it, and the heads are public: another office,
a newspaper, anybody keeps a copy. So a change needs the signing key to fool `verify()`, and even
then it does not fool a witness who kept the old heads (`check.py`).
"""

import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import IntegrityError, transaction
from django.db.models import Max

from linli.journal import chain, gaps, keyfiles
from linli.journal.models import Entry, Seal
from linli.lib import clock

KEY_FILE: Final = "seal.key"  # Ed25519 private keys in hex, one a line; the first one signs
PATIENCE: Final = 30.0  # seconds to wait for transactions that may still add a line


class NotSettled(RuntimeError):
    """A transaction has run for too long to say which lines the day has; try again later."""


def seal_up_to_yesterday() -> list[Seal]:
    """Seal each local day that is over and has no seal yet, days without a line too.

    Run it at any hour, as often as you like; of two at once one does nothing. Raises NotSettled.
    """
    return _seal_up_to(clock.today() - timedelta(days=1))


def seal_now() -> Seal | None:
    """Seal today so far as well; None if no line was written since the last seal."""
    _seal_up_to(clock.today() - timedelta(days=1))
    newest = Entry.objects.aggregate(upto=Max("seq"))["upto"]
    last = _last()
    if newest is None or (last is not None and newest <= last.upto_seq):
        return None
    return _make(clock.today(), newest, last)


def document() -> dict[str, Any]:
    """All that is published, oldest first: what a witness keeps."""
    return {
        "rule": (
            "head = SHA-256(head before, line as JSON in UTF-8: keys sorted, no spaces, UTC with "
            f"microseconds); the first head before all is {chain.START}; the signature is Ed25519 "
            "over the other fields of a seal, without key and signature, in the same JSON"
        ),
        "heads": [published(seal) for seal in Seal.objects.order_by("number").iterator()],
    }


def statement(seal: Seal) -> dict[str, Any]:
    """What the signature of a seal covers."""
    return {
        "number": seal.number,
        "day": seal.day.isoformat(),
        "upto_seq": seal.upto_seq,
        "count": seal.count,
        "head": seal.head,
        "previous": seal.previous,
        "made_at": chain.moment(seal.made_at),
    }


def published(seal: Seal) -> dict[str, Any]:
    """A seal as others keep it: what was signed, with which key, and the signature."""
    return {**statement(seal), "key": seal.key, "signature": seal.signature}


def public_keys() -> list[str]:
    """The public keys (hex) that this installation signs and has signed with, the current first."""
    return [_public(key) for key in _keys(keyfiles.read(KEY_FILE))]


def _seal_up_to(day: date) -> list[Seal]:
    made = []
    for due in _days_due(day):
        last = _last()
        start = last.upto_seq if last else 0
        lines = Entry.objects.filter(seq__gt=start, at__lt=_end_of(due))
        upto = lines.aggregate(upto=Max("seq"))["upto"]
        if last and (last.day > due or (last.day == due and upto is None)):
            continue
        seal = _make(due, upto if upto is not None else start, last)
        made += [seal] if seal else []
    return made


def _days_due(until: date) -> Iterator[date]:
    last = _last()
    if last is not None:
        day = last.day  # again: it may have been sealed before it was over
    else:
        first = Entry.objects.order_by("seq").values_list("at", flat=True).first()
        if first is None:
            return
        day = first.astimezone(clock.LOCAL).date()
    while day <= until:
        yield day
        day += timedelta(days=1)


def _make(day: date, upto: int, last: Seal | None) -> Seal | None:
    """Sign the chain up to a line; None if another process has just sealed."""
    _wait_until_final(last.upto_seq if last else 0, upto)
    count, head = 0, last.head if last else chain.START
    for line in chain.lines(last.upto_seq if last else None, upto):
        count, head = count + 1, chain.link(head, line)
    key = _keys(keyfiles.read_or_make(KEY_FILE, _new_key))[0]
    seal = Seal(
        number=last.number + 1 if last else 1,
        day=day,
        upto_seq=upto,
        count=count,
        head=head,
        previous=last.head if last else chain.START,
        key=_public(key),
        made_at=clock.now(),
    )
    seal.signature = key.sign(chain.canonical(statement(seal))).hex()
    try:
        with transaction.atomic():
            seal.save(force_insert=True)
    except IntegrityError:  # the number is taken: two sealed at once
        return None
    return seal


def _wait_until_final(start: int, upto: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while gaps.settled(start, upto - start) < upto:
        if time.monotonic() > deadline:
            raise NotSettled(
                f"A transaction that began before line {upto} was written is still running; "
                "the day is sealed when it has ended. Try again later."
            )
        time.sleep(0.1)


def _last() -> Seal | None:
    return Seal.objects.order_by("-number").first()


def _end_of(day: date) -> datetime:
    """Midnight at the end of a local day."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=clock.LOCAL)


def _new_key() -> str:
    return Ed25519PrivateKey.generate().private_bytes_raw().hex()


def _keys(lines: list[str]) -> list[Ed25519PrivateKey]:
    try:
        return [Ed25519PrivateKey.from_private_bytes(bytes.fromhex(line)) for line in lines]
    except ValueError:
        raise keyfiles.UnsafeKeyFile(
            f"{keyfiles.path_of(KEY_FILE)}: a signing key is 64 hex digits. "
            "Restore the file from the key backup."
        ) from None


def _public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()
