"""Consent and cards, the ledger, and what waits at the desk."""

from linli.points.models.consent import Card, Consent, Stars
from linli.points.models.desk import (
    Bulletin,
    Certificate,
    Claim,
    Correction,
    Objection,
    Reversal,
)
from linli.points.models.kept import YearTotal
from linli.points.models.ledger import Account, Kind, Pool, Transfer

__all__ = [
    "Account", "Bulletin", "Card", "Certificate", "Claim", "Consent", "Correction", "Kind", "Objection",
    "Pool", "Reversal", "Stars", "Transfer", "YearTotal",
]  # fmt: skip
