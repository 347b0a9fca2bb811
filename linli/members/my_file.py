"""What rolls hold about one person, for their own file; and cutting the tie."""

from typing import Any

from linli.members.models import Member
from linli.members.reading import paper_names
from linli.people.models import User


def held(user: User) -> dict[str, Any]:
    """Memberships with their steps and papers, as plain values."""
    rows = Member.objects.filter(user=user).with_bodies().prefetch_related("moves", "papers")
    return {"memberships": [_one(row) for row in rows.order_by("entered_on", "pk")]}


def _one(row: Member) -> dict[str, Any]:
    names = paper_names(row.rule)
    return {
        "body": row.organisation.name, "membership": row.membership, "number": row.number,
        "stage": row.stage, "since": row.since.isoformat(),
        "away_since": row.away_since.isoformat() if row.away_since else None,
        "steps": [
            {"to": move.to_stage, "on": move.on.isoformat(), "state": move.state}
            for move in row.moves.all()
        ],
        "papers": [
            {"paper": names.get(paper.kind, paper.kind), "dated": paper.dated.isoformat()}
            for paper in row.papers.all()
        ],
    }  # fmt: skip


def subjects(user: User) -> set[str]:
    """What is sealed of a person on rolls, so that they see who opened it."""
    rows = Member.objects.filter(user=user)
    against = rows.filter(proceedings__isnull=False)
    return set(
        rows.values_list("subject", flat=True)
        .union(against.values_list("proceedings__subject", flat=True))
    )  # fmt: skip


def erase(user: User) -> None:
    """The account goes; the body's own roll stays, as on paper, without a tie to it."""
    Member.objects.filter(user=user).update(user=None)
