"""Stands in for the letters: keeps the codes that were sent, and what was sealed."""

from linli.people.policies import Denied

CODES: list[tuple[str, str, str]] = []
SEALED: list[tuple[str, str, str]] = []


def fail(channel: str, address: str, code: str) -> None:
    raise Denied("The gateway sleeps.")


def send_code(channel: str, address: str, code: str) -> None:
    CODES.append((channel, address, code))


def seal(subject: str, kind: str, value: str, *, purpose: str) -> None:
    SEALED.append((subject, kind, value))
