"""Letters about posts and gaps: who was asked, who stands in, what a unit has to fill."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any, Final

from django.urls import reverse
from django.utils import translation

from linli.journal.models import Entry
from linli.letters.outbox import Recipient, send
from linli.lib import clock
from linli.people import work
from linli.people.models import Appointment, Ask, Handover, Invitation, StandIn, User
from linli.people.roles import Role
from linli.web import dates
from linli.web.language import lang

STALE: Final = timedelta(days=7)  # a worker that was off for a month does not flood inboxes
Words = Callable[[], str]


def handle(entries: Sequence[Entry]) -> None:
    """Write the letters that these lines call for; the keys make a second reading harmless."""
    for entry in entries:
        if clock.now() - entry.when <= STALE:
            _TELL[entry.verb](entry)


def _key(entry: Entry) -> str:
    return entry.subject.partition(":")[2]


def _send(
    users: Iterable[User], template: str, entry: Entry, path: str, **said: Words | int
) -> None:
    """One letter for each of them, in their language."""
    for user in users:
        if not user.is_active:
            continue
        with translation.override(user.language):
            context: dict[str, Any] = {
                name: words() if callable(words) else words for name, words in said.items()
            }
        send(
            Recipient(user=user, language=user.language), template, {**context, "path": path},
            key=str(entry.seq), about=entry.subject,
        )  # fmt: skip


def _invited(entry: Entry) -> None:
    row = Invitation.objects.with_names().filter(pk=_key(entry)).first()
    if row is not None and row.is_open:
        _send([row.user], "post.invited", entry, reverse("invitation", args=[row.pk]),
              what=lambda: row.post.title(lang()))  # fmt: skip


def _handover(entry: Entry) -> None:
    rows = Handover.objects.select_related("giver__post__organisation", "giver__post__place",
                                           "receiver__user")  # fmt: skip
    row = rows.filter(pk=_key(entry), state=Handover.State.PROPOSED).first()
    if row is not None:
        _send([row.receiver.user], "post.handover", entry, reverse("handover", args=[row.pk]),
              what=lambda: row.giver.post.title(lang()))  # fmt: skip


def _asked(entry: Entry) -> None:
    rows = Ask.objects.select_related("user", "stand_in__user")
    ask = rows.filter(pk=entry.facts.get("ask"), state=Ask.State.ASKED).first()
    if ask is not None:
        _send([ask.user], "post.asked", entry, reverse("stand-in", args=[ask.pk]),
              what=lambda: words_of(ask.stand_in))  # fmt: skip


def _stood_in(entry: Entry) -> None:
    row = StandIn.objects.select_related("user").filter(pk=_key(entry)).first()
    if row is not None:
        _send([row.user], "post.stood_in", entry, reverse("cannot-come"),
              what=lambda: words_of(row))  # fmt: skip


def _missing(entry: Entry) -> None:
    """The person who cannot come, and the managers of the host."""
    row = StandIn.objects.select_related("user").filter(pk=_key(entry)).first()
    if row is not None:
        people = dict.fromkeys([row.user, *_managers(entry.org)])
        _send(people, "post.stand_in_missing", entry, reverse("cannot-come"),
              what=lambda: words_of(row))  # fmt: skip


def words_of(row: StandIn) -> str:
    """What it is about, in the language in use: what, and when."""
    title = work.DUTIES[row.holder].title(row.key) if row.holder in work.DUTIES else ""
    return f"{title} {dates.day_and_time(row.starts_at)}".strip()


def _gaps(entry: Entry) -> None:
    """One letter for the gaps of one night, however many lines of rules they stand in."""
    day = clock.today().isoformat()
    for user in _managers(entry.org):
        send(
            Recipient(user=user, channels=("inapp",), language=user.language), "coverage.gaps",
            {"path": reverse("desk-gaps")}, key=f"{entry.org}:{day}", about=entry.subject,
        )  # fmt: skip


def _managers(organisation: str) -> list[User]:
    """Who acts for this body; handlers where it has no manager."""
    if not organisation.isdecimal():
        return []
    rows = Appointment.objects.in_force(clock.today()).filter(
        post__organisation=int(organisation), role__in=[Role.MGR, Role.CTY]
    ).select_related("user", "post")  # fmt: skip
    found = list(rows)
    managers = [row.user for row in found if row.post.kind == "manager"]
    return managers or [row.user for row in found]


_TELL: Final[dict[str, Callable[[Entry], None]]] = {
    "post.invited": _invited,
    "post.handover_proposed": _handover,
    "post.asked": _asked,
    "post.stood_in": _stood_in,
    "post.stand_in_missing": _missing,
    "coverage.gap_opened": _gaps,
}
VERBS: Final = tuple(sorted(_TELL))
