"""What every verb does: a line in the journal, a lock, a reason for opening a seal."""

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise

from linli.clubs.models import Child, Club
from linli.journal.models import Entry
from linli.journal.record import record
from linli.people.actors import Actor


def tell(club: Club, verb: str, *, by: Actor, facts: dict[str, Any] | None = None) -> Entry:
    """Write one line about a club: counts and ids, never a name."""
    rule = club.rule
    return record(
        verb, on=club, by=by, place=club.facility.place_path,
        org=str(club.facility.organisation_id), method=rule.method_id if rule else club.kind,
        facts=facts or {},
    )  # fmt: skip


def locked(club_id: int) -> Club:
    """The club's row, held until the transaction ends: places are given in turn."""
    Club.objects.select_for_update().filter(pk=club_id).first()
    return Club.objects.with_names().get(pk=club_id)


def locked_child(child_id: Any) -> Child:
    """The child's row, held likewise: nobody's list changes while they are handed over."""
    return Child.objects.select_for_update().get(pk=child_id)


def because(words: Promise) -> str:
    """Why a seal is opened, as the guardian will read it: in the first language, whoever opens."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(words)
