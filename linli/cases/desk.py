"""What lies on somebody's desk: five numbers, the lists behind them, and what came before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from linli import playbook
from linli.cases.models import OPEN, Case, Tally
from linli.cases.models.case import CaseQuerySet, Visibility
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.models import Organisation
from linli.people.roles import Role
from linli.places.models import Place, path_range

PAGE = 40
LISTS = {
    "all": _("To be answered"),
    "today": _("Due today"),
    "late": _("Late"),
    "returned": _("Returned to us"),
    "waiting": _("Waiting for the askers' word"),
    "elsewhere": _("With other units"),
}


@dataclass(frozen=True)
class Numbers:
    """The five numbers of the start page, without the gaps in posts."""

    all: int
    today: int
    late: int
    returned: int
    waiting: int


def on_my_desk(actor: Actor) -> CaseQuerySet:
    """What this person's unit has to do; of a post at a building or grid, what goes to that post.

    A sealed case is here only for those whom its kind names as readers.
    """
    if actor.organisation is None:
        return Case.objects.none()
    rows = _readable(Case.objects.filter(owner=actor.organisation), actor)
    if actor.role == Role.GRID:
        post = actor.appointment.post_id if actor.appointment else None
        mine = Q(handler=actor.user) | Q(owner_post=post, owner_post__isnull=False)
        rows = rows.filter(mine | Q(visibility=Visibility.SEALED))
    return rows


def with_other_units(actor: Actor) -> CaseQuerySet:
    """Open cases we answer for without having them: sent on by us, or in our place."""
    unit = actor.organisation
    if unit is None or actor.role == Role.GRID:
        return Case.objects.none()
    ours = Q(first_owner=unit) | Q(sender=unit)
    if is_office(unit) and actor.place_path:
        ours |= path_range(actor.place_path, "place_path")
    rows = Case.objects.filter(ours, due_at__isnull=False).exclude(owner=unit)  # open, by due time
    # Nobody reads what is said about themselves; a sealed matter is its mediator's alone.
    return rows.exclude(about=unit).exclude(visibility=Visibility.SEALED)


def is_office(unit: Organisation) -> bool:
    """Whether it is the office of a place, of which there is one everywhere, or of a trade."""
    return bool(playbook.current().county.organisation(unit.kind).territorial)


def _readable(rows: CaseQuerySet, actor: Actor) -> CaseQuerySet:
    return rows.filter(~Q(visibility=Visibility.SEALED) | Q(kind__in=_sealed_kinds(actor)))


def _sealed_kinds(actor: Actor) -> list[str]:
    """The kinds whose sealed cases this person's post may know of."""
    post = actor.appointment.post.kind if actor.appointment else ""
    return [kind.id for kind in playbook.current().kinds.values() if post in kind.sealed_readers]


def numbers(actor: Actor) -> Numbers:
    """The five numbers, from kept counts; two statements, one for a post at a building or grid."""
    if actor.organisation is None:
        return Numbers(0, 0, 0, 0, 0)
    now = clock.now()
    begin, _end = _today(now)
    if actor.role == Role.GRID:  # a post has few, and no counts of its own are kept
        return _counted(actor, now)
    kept = (
        Tally.objects.filter(owner_id=actor.organisation.pk)
        .filter(sealed_kind__in=["", *_sealed_kinds(actor)])
        .values_list("band")
        .annotate(
            all=Sum("n"),
            before=Sum("n", filter=Q(day__lt=clock.today()), default=0),
            today=Sum("n", filter=Q(day=clock.today()), default=0),
        )
    )
    found = {band: counts for band, *counts in kept}
    owed, before, today = found.get("owed", [0, 0, 0])
    over = 0  # due today, and the hour has passed
    if today:
        over = on_my_desk(actor).filter(band="owed", due_at__gte=begin, due_at__lt=now).count()
    returned, waiting = (found.get(band, [0])[0] for band in ("returned", "waiting"))
    return Numbers(owed, today - over, before + over, returned, waiting)


def _counted(actor: Actor, now: datetime) -> Numbers:
    rows = on_my_desk(actor).filter(band__isnull=False)
    counts = {name: Count("pk", filter=which) for name, which in _lists(now).items()}
    return Numbers(**rows.aggregate(**counts))


def _today(now: datetime) -> tuple[datetime, datetime]:
    """The local day, from midnight to midnight."""
    day = now.astimezone(clock.LOCAL).date()
    begin = datetime.combine(day, time.min, clock.LOCAL)
    return begin, datetime.combine(day + timedelta(days=1), time.min, clock.LOCAL)


def _lists(now: datetime) -> dict[str, Q]:
    """What each list of the desk holds, of the open cases on it; each is one range of an index."""
    owed = Q(band="owed")
    return {
        "all": owed,
        "today": owed & Q(due_at__gte=now, due_at__lt=_today(now)[1]),
        "late": owed & Q(due_at__lt=now),
        "returned": Q(returned_due_at__isnull=False),
        "waiting": Q(band="waiting"),
    }


@dataclass(frozen=True)
class Asked:
    """Which list, and narrowed to what; anything the page does not know is left out."""

    name: str = "all"
    kind: str = ""
    state: str = ""
    category: str = ""
    place: str = ""
    after: tuple[datetime, UUID] | None = None

    @property
    def narrowed(self) -> dict[str, str]:
        """The filters in use, as they stand in the address."""
        named = {"kind": self.kind, "state": self.state, "category": self.category,
                 "place": self.place}  # fmt: skip
        return {name: value for name, value in named.items() if value}


def asked(query: Mapping[str, str]) -> Asked:
    """Read the address of a list."""
    book = playbook.current()

    def one_of(name: str, known: Any) -> str:
        value = query.get(name, "")
        return value if value in known else ""

    return Asked(
        name=one_of("list", LISTS) or "all",
        kind=one_of("kind", book.kinds),
        state=one_of("state", {str(state) for state in OPEN}),
        category=one_of("category", {row.id for row in book.county.categories}),
        place=query.get("place", "")[:40],
        after=_key(query.get("after", "")),
    )


def rows(actor: Actor, ask: Asked) -> tuple[list[Case], str]:
    """One page of a list, what is due first first, and the key of the next page ("" if none).

    Pages are found by key, so the hundredth costs what the first costs. At most two statements.
    """
    found = with_other_units(actor) if ask.name == "elsewhere" else (
        on_my_desk(actor).filter(_lists(clock.now())[ask.name])
    )  # fmt: skip
    due_at = "returned_due_at" if ask.name == "returned" else "due_at"
    if ask.kind:
        found = found.filter(kind=ask.kind)
    if ask.state:
        found = found.filter(state=ask.state)
    if ask.category:
        found = found.filter(category=ask.category)
    if ask.place:
        place = Place.objects.current().filter(code=ask.place).first()
        found = found.within(place.path) if place else found.none()
    if ask.after:
        due, pk = ask.after
        # One range for the index first; the second condition only drops what was seen.
        found = found.filter(**{f"{due_at}__gte": due}).exclude(**{due_at: due, "pk__lte": pk})
    page = list(found.with_names().select_related("handler").order_by(due_at, "pk")[: PAGE + 1])
    return page[:PAGE], key_of(page[PAGE - 1]) if len(page) > PAGE else ""


def key_of(case: Case) -> str:
    """Where a case stands in a list: its due time and its id."""
    assert case.due_at is not None
    return f"{case.due_at.isoformat()}~{case.pk.hex}"


def _key(text: str) -> tuple[datetime, UUID] | None:
    due, _tilde, pk = text.partition("~")
    try:
        moment = datetime.fromisoformat(due.replace(" ", "+"))
        return clock.in_utc(moment), UUID(hex=pk)
    except (ValueError, OverflowError):
        return None


def earlier_here(case: Case, actor: Actor) -> list[Case]:
    """What came before at the same spot on the same topic, newest first; one statement."""
    before = (
        Case.objects.filter(place=case.place_id, category=case.category)
        .exclude(pk=case.pk)
        .exclude(visibility=Visibility.SEALED)
    )
    if actor.organisation:
        before = before.exclude(about=actor.organisation)
    rows = before.with_names().select_related("handler").order_by("-received_at", "pk")
    return list(rows[:5])
