"""What time does: quarters are published, stars are fixed, points of past years end."""

from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, Sum

from linli import playbook
from linli.journal.record import record
from linli.lib import clock
from linli.people.actors import SYSTEM
from linli.playbook.award import PointScheme
from linli.points.actions.core import locked, pool
from linli.points.models import (
    Account,
    Bulletin,
    Card,
    Kind,
    Objection,
    Pool,
    Reversal,
    Stars,
    Transfer,
)

FEWEST: Final = 5  # people behind a number that is published
PUBLISHED_AFTER: Final = timedelta(days=8)  # after the quarter: entries come within 7 days
FIRST_KEPT: Final = 8  # quarters that are looked at for one that was not published


def first_day(year: int, quarter: int) -> date:
    """The first day of a quarter; quarter 5 is the first of the next year."""
    return date(year + (quarter - 1) // 4, (quarter - 1) % 4 * 3 + 1, 1)


def publishes_on(year: int, quarter: int) -> date:
    """The day on which the totals of a quarter are published."""
    return first_day(year, quarter + 1) + PUBLISHED_AFTER - timedelta(days=1)


def publish() -> None:
    """Publish the quarters whose day has come, each once and for ever."""
    scheme = playbook.current().points
    today = clock.today()
    if scheme is None:
        return
    year, quarter = today.year, (today.month - 1) // 3 + 1
    for back in range(FIRST_KEPT, 0, -1):
        number = year * 4 + quarter - 1 - back
        at_year, at_quarter = number // 4, number % 4 + 1
        if publishes_on(at_year, at_quarter) <= today:
            _publish(at_year, at_quarter, scheme)


@transaction.atomic
def _publish(year: int, quarter: int, scheme: PointScheme) -> None:
    since, until = first_day(year, quarter), first_day(year, quarter + 1)
    if Bulletin.objects.filter(year=year, quarter=quarter).exists():
        return
    if not Transfer.objects.filter(on__gte=since, on__lt=until).exists():
        return
    row, new = Bulletin.objects.get_or_create(
        year=year, quarter=quarter,
        defaults={"published_at": clock.now(), "figures": totals(since, until, scheme)},
    )  # fmt: skip
    if new:
        record("points.published", on=row, by=SYSTEM, facts={"year": year, "quarter": quarter})


def totals(since: date, until: date, scheme: PointScheme) -> dict[str, Any]:
    """Points and people by dimension. Too few people are not shown, nor in any sum."""
    rows = Transfer.objects.standing().filter(on__gte=since, on__lt=until)
    by = {
        row["target__dimension"]: row
        for row in rows.values("target__dimension").annotate(
            points=Sum("amount"), lines=Count("pk"), people=Count("card", distinct=True)
        )
    }
    shown = [
        {"dimension": one.id, **{k: by[one.id][k] for k in ("points", "lines", "people")}}
        if one.id in by and by[one.id]["people"] >= FEWEST
        else {"dimension": one.id, "points": None if one.id in by else 0}
        for one in scheme.dimensions
    ]
    objections = Objection.objects.filter(filed_at__date__gte=since, filed_at__date__lt=until)
    return {
        "rows": shown,
        "points": sum(row["points"] or 0 for row in shown),
        "objections": objections.count(),
        "upheld": objections.filter(state=Objection.State.UPHELD).count(),
        "reversed": Transfer.objects.filter(
            kind=Kind.REVERSED, on__gte=since, on__lt=until
        ).count(),
    }


def fix_stars() -> None:
    """Fix the stars of past years, once their last quarter could be objected to."""
    scheme, today = playbook.current().points, clock.today()
    if scheme is None:
        return
    cards = Card.objects.filter(year__lt=today.year, stars=None)
    for card in cards.order_by("pk"):
        if scheme.objection.after(publishes_on(card.year, 4)) < today:
            _fix(card, scheme)


@transaction.atomic
def _fix(card: Card, scheme: PointScheme) -> None:
    card = locked(card)
    waits = Objection.objects.filter(card=card, state=Objection.State.OPEN).exists()
    waits = waits or Reversal.objects.filter(transfer__card=card, agreed_at=None).exists()
    if waits or Stars.objects.filter(card=card).exists():
        return
    points = Account.objects.filter(card=card).aggregate(n=Sum("balance"))["n"] or 0
    Stars.objects.create(
        user=card.user, card=card, points=points, stars=scheme.stars_for(points),
        version=playbook.current().version, fixed_at=clock.now(),
    )  # fmt: skip
    record("points.stars_fixed", on=card, by=SYSTEM, facts={"year": card.year})


def lapse() -> None:
    """End the points of past years, once their stars are fixed."""
    scheme, today = playbook.current().points, clock.today()
    if scheme is None:
        return
    rows = Account.objects.filter(
        card__isnull=False, balance__gt=0, year__lt=today.year, card__stars__isnull=False
    )
    for account in rows.select_related("card").order_by("pk"):
        if scheme.lapse.after(date(account.year, 12, 31)) < today:
            _lapse(account)


@transaction.atomic
def _lapse(account: Account) -> None:
    assert account.card is not None  # only accounts of cards are asked for
    card = locked(account.card)
    account.refresh_from_db()
    if account.balance < 1:
        return
    Transfer.objects.create(
        kind=Kind.LAPSED, card=card, source=account,
        target=pool(Pool.LAPSED, account.year, account.dimension), amount=account.balance,
        worth=account.balance, version=playbook.current().version, on=clock.today(), at=clock.now(),
    )  # fmt: skip


def keep_time() -> None:
    """All of it, in its order; what the worker calls."""
    publish()
    fix_stars()
    lapse()


def star_counts(year: int) -> list[tuple[int, int]] | None:
    """How many people have how many stars, without names; None where that would show somebody."""
    rows = Stars.objects.filter(card__year=year, stars__gte=1).values("stars")
    found = [(row["stars"], row["n"]) for row in rows.annotate(n=Count("pk")).order_by("stars")]
    return found if found and all(n >= FEWEST for _stars, n in found) else None
