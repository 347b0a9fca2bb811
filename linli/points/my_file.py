"""What points hold about a person: the yes, own lines, certificates; and cutting the tie to them."""

from typing import Any

from linli.people.models import User
from linli.points.models import (
    Card,
    Certificate,
    Claim,
    Consent,
    Correction,
    Objection,
    Stars,
    Transfer,
)


def held(user: User) -> dict[str, Any]:
    """Consents, cards with every line and its evidence, certificates and corrections."""
    lines = Transfer.objects.filter(card__user=user).select_related("card").order_by("pk")
    return {
        "points_consents": [
            {"since": row.since.isoformat(), "until": row.until.isoformat() if row.until else None}
            for row in Consent.objects.filter(user=user).order_by("since")
        ],
        "points": [
            {"year": row.card.year, "kind": row.kind, "rule": row.rule, "amount": row.amount,
             "day": row.on.isoformat(), "evidence": row.evidence, "reason": row.reason}
            for row in lines
        ],
        "points_of_years": [
            {"year": row.card.year, "points": row.points, "stars": row.stars}
            for row in Stars.objects.filter(user=user).select_related("card").order_by("pk")
        ],
        "points_waiting": [
            {"rule": row.rule, "evidence": row.evidence, "state": row.state}
            for row in Claim.objects.filter(card__user=user).order_by("pk")
        ],
        "points_objections": [
            {"rule": row.rule, "words": row.words, "answer": row.answer, "state": row.state}
            for row in Objection.objects.filter(card__user=user).order_by("pk")
        ],
        "certificates": [
            {"code": row.code, "from": row.first_on.isoformat(), "to": row.last_on.isoformat(),
             "minutes": row.minutes}
            for row in Certificate.objects.filter(card_user=user).order_by("pk")
        ],
        "corrections": [
            {"what": row.title, "words": row.words, "answer": row.answer}
            for row in Correction.objects.filter(user=user).order_by("pk")
        ],
    }  # fmt: skip


def erase(user: User) -> None:
    """Lines stay without a person, so that the ledger adds up; what was written in words goes."""
    Objection.objects.filter(card__user=user).update(words="—")
    for tied in (Card, Stars):
        tied._default_manager.filter(user=user).update(user=None)
    Certificate.objects.filter(card_user=user).update(card_user=None)
    for model in (Consent, Correction):
        model._default_manager.filter(user=user).delete()
