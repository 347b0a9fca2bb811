"""One file for each way to a person, each with the same two names; see Way."""

from typing import Final, Protocol

from linli.letters.templates import Text

PATIENCE: Final = 20.0  # seconds; well inside the lease, or a slow gateway gets a letter twice


class Undeliverable(Exception):
    """This address will not take a letter, however often we try."""


class Way(Protocol):
    """What every channel's file holds."""

    @property
    def address_kind(self) -> str:
        """What the vault must hold for this way to be open, or "" if it needs no address."""

    def send(self, address: str, text: Text, key: str) -> None:
        """Hand the text over; a key that was seen before is done already.

        Returns once the other side has it, within PATIENCE. Raises Undeliverable if the address
        can never take it, anything else if it may work later.
        """
