"""What pages show of points: one's own lines with their evidence, and the published totals."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import F, Sum
from django.urls import reverse

from linli import playbook
from linli.activities.models import Occurrence
from linli.cases.models import Case
from linli.journal.models import Entry
from linli.lib import clock
from linli.people.models import User
from linli.playbook.award import PointScheme
from linli.points import keeping
from linli.points.actions import years
from linli.points.models import Account, Bulletin, Card, Kind, Stars, Transfer, YearTotal
from linli.web.language import lang

PAGE: Final = 30


@dataclass(frozen=True)
class Proof:
    """What a line stands on: the number in the journal, and where it can be looked at."""

    seq: int
    words: str
    href: str = ""


@dataclass(frozen=True)
class Line:
    """One line of somebody's own points."""

    row: Transfer
    name: str
    dimension: str
    proof: Proof | None
    taken_back: bool

    @property
    def signed(self) -> str:
        """+4 or −4."""
        return f"+{self.row.amount}" if self.row.kind == Kind.EARNED else f"−{self.row.amount}"


@dataclass
class Mine:
    """Somebody's own year."""

    year: int
    total: int = 0
    stars: int = 0
    next_from: int | None = None
    is_fixed: bool = False
    is_folded: bool = False  # only the total is kept
    dimensions: list[tuple[str, int]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    next_before: int | None = None


def rule_name(rule: str) -> str:
    """A rule in words; its id if the playbook has dropped it."""
    found = playbook.current().awards.get(rule)
    return found.name.text(lang()) if found else rule


def dimension_name(dimension: str) -> str:
    """A dimension in words; its id if the playbook has dropped it."""
    scheme = playbook.current().points
    names = {one.id: one.name.text(lang()) for one in scheme.dimensions} if scheme else {}
    return names.get(dimension, dimension)


def mine(user: User, scheme: PointScheme, year: int, before: int | None = None) -> Mine:
    """The year of a person: sums by dimension, stars, and lines from the newest on."""
    view = Mine(year)
    card = Card.objects.of(user).filter(year=year).first()
    balances: dict[str, int] = {}
    if card is not None:
        rows = Account.objects.filter(card=card)
        balances = dict(rows.values_list("dimension", "balance"))
        _add_lines(view, card, before)
    view.dimensions = [
        (one.name.text(lang()), balances.get(one.id, 0)) for one in scheme.dimensions
    ]
    view.total = sum(balances.values())
    fixed = Stars.objects.filter(user=user, card__year=year).first()
    view.is_fixed = fixed is not None
    view.stars = fixed.stars if fixed else scheme.stars_for(view.total)
    if fixed:
        view.total = fixed.points
        view.is_folded = card is None and keeping.is_folded(year)
    above = [row.from_ for row in scheme.stars if row.from_ > view.total]
    view.next_from = above[0] if above and not fixed else None
    return view


def _add_lines(view: Mine, card: Card, before: int | None) -> None:
    rows = Transfer.objects.filter(card=card).select_related("source", "target", "reversal")
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    view.next_before = found[PAGE - 1].pk if len(found) > PAGE else None
    view.lines = lines(found[:PAGE])


def lines(rows: Sequence[Transfer]) -> list[Line]:
    """Transfers in words, each with its evidence; four statements at most."""
    proofs = proofs_of({row.evidence for row in rows})
    return [
        Line(
            row, rule_name(row.rule) if row.rule else row.get_kind_display(),
            dimension_name(row.target.dimension), proofs.get(row.evidence),
            hasattr(row, "reversal"),
        )
        for row in rows
    ]  # fmt: skip


def proofs_of(numbers: Collection[int]) -> dict[int, Proof]:
    """Lines of the journal in words, with a link where everybody may look."""
    entries = list(Entry.objects.filter(seq__in=set(numbers) - {0}))
    links = _links({entry.subject for entry in entries})
    found = {}
    for entry in entries:
        words, href = links.get(entry.subject, ("", ""))
        found[entry.seq] = Proof(entry.seq, words, href)
    return found


def _links(subjects: Collection[str]) -> dict[str, tuple[str, str]]:
    """What the subjects are called and where they are; sealed ones are not among them."""
    keys: dict[str, list[str]] = {}
    for subject in subjects:
        model, _colon, key = subject.partition(":")
        keys.setdefault(model, []).append(key)
    found = {}
    for row in Occurrence.objects.with_names().filter(pk__in=keys.get("activities.Occurrence", [])):
        href = reverse("activity", args=[row.uid])
        found[f"activities.Occurrence:{row.pk}"] = (row.name_for(lang()), href)
    for case in Case.objects.listed().filter(pk__in=keys.get("cases.Case", [])):
        href = reverse("case", args=[case.number])
        found[f"cases.Case:{case.pk}"] = (case.pretty_number, href)
    for key in keys.get("deliberation.Motion", []):
        found[f"deliberation.Motion:{key}"] = ("", reverse("motion", args=[key]))
    return found


def bulletins(limit: int = 8) -> list[dict[str, Any]]:
    """What was published, newest first, with the dimensions in words."""
    rows = Bulletin.objects.order_by("-year", "-quarter")[:limit]
    return [
        {
            "row": row, **row.figures,
            "rows": [
                {**one, "name": dimension_name(one["dimension"])} for one in row.figures["rows"]
            ],
        }
        for row in rows
    ]  # fmt: skip


def years_kept() -> list[dict[str, Any]]:
    """Years of which only totals are kept, newest first: what was given out, by dimension.

    Too few people are not shown. Nor is a dimension of which some quarters were published and
    others had too few people: the year less the published quarters would be just those few.
    """
    found: dict[int, list[dict[str, Any]]] = {}
    for row in YearTotal.objects.filter(kind=Kind.EARNED).order_by("-year", "pk"):
        shown = row.people >= years.FEWEST and not _would_tell(row)
        found.setdefault(row.year, []).append({
            "name": dimension_name(row.dimension), "lines": row.lines, "people": row.people,
            "points": row.points if shown else None,
        })  # fmt: skip
    return [{"year": year, "rows": rows} for year, rows in found.items()]


def _would_tell(total: YearTotal) -> bool:
    published = Bulletin.objects.filter(year=total.year).values_list("figures", flat=True)
    points = [
        row["points"] for figures in published for row in figures["rows"]
        if row["dimension"] == total.dimension
    ]  # fmt: skip
    return None in points and any(points)


def check_sums() -> list[str]:
    """What does not add up, in words; nothing in a ledger that keeps its promise."""
    said = [
        f"account {account.pk}: {account.balance} stands, {account.counted()} is the sum"
        for account in Account.objects.filter(card__isnull=False)
        if account.balance != account.counted()
    ]
    whole = sum(account.counted() for account in Account.objects.all())
    if whole:
        said.append(f"all accounts together: {whole}")
    return said + over_caps() + keeping.check()


def over_caps() -> list[str]:
    """Cards on which a rule gave more than a cap of the playbook in use."""
    rules, said = playbook.current().awards, []
    rows = Transfer.objects.standing().filter(rule__in=rules, version=playbook.current().version)
    sums: dict[tuple[int, str, str, object], int] = {}
    for row in rows.annotate(year=F("card__year")):
        for cap in rules[row.rule].caps:
            key = (row.card_id, row.rule, cap.per, _period(row, cap.per))
            sums[key] = sums.get(key, 0) + row.amount
    for (card, rule, per, when), points in sums.items():
        most = next(cap.points for cap in rules[rule].caps if cap.per == per)
        if points > most:
            said.append(f"card {card}: {rule} gave {points} in {per} {when}, {most} is the cap")
    return said


def _period(row: Transfer, per: str) -> object:
    return {
        "day": row.on, "month": row.on.month, "quarter": (row.on.month - 1) // 3,
        "year": row.card.year if per == "year" else 0,
    }[per]  # fmt: skip


def this_year() -> int:
    """The year in the county."""
    return clock.today().year


def issued(card: Card) -> int:
    """Everything a card ever earned and kept."""
    return Transfer.objects.standing().filter(card=card).aggregate(n=Sum("amount"))["n"] or 0
