"""What a station keeps, every movement of it, what waits for a second person, and gifts."""

from linli.stores.models.gift import Gift
from linli.stores.models.ledger import Account, Kind, Leg, Movement, Side
from linli.stores.models.request import Request

__all__ = ["Account", "Gift", "Kind", "Leg", "Movement", "Request", "Side"]
