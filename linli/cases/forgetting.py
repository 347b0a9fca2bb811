"""What is forgotten of closed matters, and when (promises R10 to R14, R21).

Counts, times, topic, community and the answer stay, so no rate changes. Each function may be run
twice and killed half-way: a matter is one transaction, and what is done is not found again.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from linli import playbook
from linli.cases import searching
from linli.cases.models import Asker, Case, CasePhoto, Claim, StepDone, Words
from linli.files import photos
from linli.journal.models import Entry
from linli.journal.record import subject_of
from linli.letters.models import Letter, State
from linli.lib import clock
from linli.people.actors import SYSTEM
from linli.places.models import Kind, ancestors_of
from linli.vault import sealing
from linli.vault.models import SubjectKey

RECEIPTS: Final = timedelta(days=90)  # R12
NOTES: Final = timedelta(days=365)  # R14
PUBLISHED: Final = timedelta(days=5 * 365)  # R13
UNKNOWN_KIND: Final = timedelta(days=365)  # of a kind that the playbook dropped
REASON: Final = "kept as long as promised"
SETTLEMENTS: Final = (Kind.VILLAGE, Kind.COMMUNITY)


def contacts() -> int:
    """Destroy what reached the asker of a matter closed for long enough; how many askers (R10).

    An account's own file stays with the account. Whoever has not been told yet is told first (R30).
    Who promised to grant the wish is forgotten with them (R28).
    """
    unsent = Letter.objects.filter(
        subject=OuterRef("subject"), state__in=[State.WAITING, State.DEAD]
    )
    count = 0
    for kind, keep in _keeps("contact_days"):
        before = {"case__kind": kind, "case__closed_at__lt": clock.now() - keep}
        rows = Asker.objects.filter(**before).exclude(subject="")
        rows = rows.exclude(user__vault_subject=F("subject")).exclude(Exists(unsent))
        for asker in list(rows):
            with transaction.atomic():
                sealing.destroy(asker.subject, by=SYSTEM, reason=REASON)
                Asker.objects.filter(pk=asker.pk).update(subject="")
                count += 1
        Claim.objects.filter(**before).exclude(ended_at=None).delete()
    return count


def texts() -> int:
    """Erase what was written, photographed and sealed, and whose it was; how many matters (R11, R21).

    The topic, the community, the times and the answer stay.
    """
    count = 0
    for kind, keep in _keeps("text_days"):
        before = clock.now() - keep
        sealed = SubjectKey.objects.filter(subject=OuterRef("sealed_subject"), destroyed_at=None)
        rows = Case.objects.filter(Exists(sealed) | ~Q(text=""), kind=kind, closed_at__lt=before)
        for case in _ripe(rows, before):
            with transaction.atomic():
                _forget(case)
                count += 1
    return count


def _forget(case: Case) -> None:
    if case.sealed_subject:
        sealing.destroy(case.sealed_subject, by=SYSTEM, reason=REASON)
    for row in CasePhoto.objects.filter(case=case).select_related("photo"):
        photos.erase(row.photo)
    said = Words.objects.filter(case=case)
    said.exclude(purpose=Words.Purpose.ANSWER, sealed=False).exclude(public=True).delete()
    StepDone.objects.filter(case=case).update(data={})
    Asker.objects.filter(case=case).update(user=None, word_hash="")
    around = [case.place, *ancestors_of([case.place])[case.place_id]]
    where = next((place for place in around if place.kind in SETTLEMENTS), case.place)
    changes: dict[str, Any] = {"text": "", "spot": "", "lon": None, "lat": None, "data": {}, "handler": None,
               "place": where, "place_path": where.path}  # fmt: skip
    Case.objects.filter(pk=case.pk).update(**changes)
    searching.index(case)


def receipts() -> int:
    """The word on the receipt of a matter without a name opens nothing any more (R12)."""
    rows = Asker.objects.filter(
        anonymity=Asker.Anonymity.NOTHING, case__closed_at__lt=clock.now() - RECEIPTS
    )
    return rows.exclude(word_hash="").update(word_hash="")


def notes() -> int:
    """What units wrote to themselves (R14)."""
    rows = Words.objects.filter(purpose=Words.Purpose.NOTE, case__closed_at__lt=clock.now() - NOTES)
    return rows.delete()[0]


def published() -> int:
    """What everybody could read becomes a line of topic and place (R13); how many matters."""
    before, count = clock.now() - PUBLISHED, 0
    rows = Case.objects.filter(closed_at__lt=before)
    for case in _ripe(rows.filter(~Q(public_text="") | Exists(_words())), before):
        with transaction.atomic():
            Words.objects.filter(case=case).delete()
            Case.objects.filter(pk=case.pk).update(public_text="")
            searching.index(case)
            count += 1
    return count


def _words() -> QuerySet[Words]:
    return Words.objects.filter(case=OuterRef("pk"))


def _ripe(cases: QuerySet[Case], before: datetime) -> Iterator[Case]:
    """These, but one that was brought in from elsewhere only if that was long enough ago, too."""
    for key in list(cases.order_by("pk").values_list("pk", flat=True)):
        case = Case.objects.select_related("place").get(pk=key)
        received = Entry.objects.filter(subject=subject_of(case), verb="case.received")
        if not case.source or not received.filter(at__gte=before).exists():
            yield case


def _keeps(what: Literal["contact_days", "text_days"]) -> Iterator[tuple[str, timedelta]]:
    """Each kind of matter there is, and how long the playbook keeps this part of it."""
    kinds = playbook.current().kinds
    for kind in Case.objects.order_by().values_list("kind", flat=True).distinct():
        known = kinds.get(kind)
        yield kind, timedelta(days=getattr(known.keep, what)) if known else UNKNOWN_KIND
