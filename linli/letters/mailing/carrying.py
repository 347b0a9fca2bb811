"""What time does with letters to an audience: prepare those of the day, and put them in the outbox."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from linli import playbook
from linli.journal.models import Entry
from linli.journal.record import record
from linli.letters.mailing import audiences
from linli.letters.mailing.sending import address
from linli.letters.models import Addressee, Campaign
from linli.letters.outbox import Recipient, send
from linli.lib import clock
from linli.people.actors import SYSTEM
from linli.places.models import Kind, Place
from linli.playbook.letter import VERBS as HAPPENS

BATCH: Final = 200
AHEAD: Final = timedelta(days=14)  # so that somebody can read it before its day
VERBS: Final = HAPPENS
State = Campaign.State


def prepare_yearly() -> int:
    """Two weeks before its day each yearly letter lies ready for the county's desk; how many."""
    made, today = 0, clock.today()
    county = Place.objects.current().filter(kind=Kind.COUNTY).first()
    for rule in playbook.current().letters.values() if county else ():
        if rule.yearly is None or county is None:
            continue
        for year in (today.year, today.year + 1):
            if today <= rule.yearly.on(year) <= today + AHEAD:
                made += _prepare(rule.id, str(year), county.path)
    return made


def _prepare(kind: str, occasion: str, place: str) -> bool:
    """Called back is called back: it is not prepared again by itself."""
    if Campaign.objects.filter(kind=kind, occasion=occasion, place=place).exists():
        return False
    return Campaign.objects.get_or_create(kind=kind, occasion=occasion, place=place)[1]


def handle(entries: Sequence[Entry]) -> None:
    """The follower: a letter to the person a line is about. Twice changes nothing."""
    for entry in entries:
        for rule in playbook.current().letters.values():
            happens = rule.when
            if happens is None or happens.verb != entry.verb:
                continue
            person = audiences.CONCERNED[entry.verb](entry)
            if entry.facts.get("to") in happens.to and person is not None:
                _one(rule.id, entry, person)


def _one(kind: str, entry: Entry, person: UUID) -> None:
    rule, now = playbook.current().letters[kind], clock.now()
    words = {t: [rule.subject.text(t), rule.text.text(t)] for t in ("zh", "en")}
    campaign, _made = Campaign.objects.get_or_create(
        kind=kind, occasion=f"line {entry.seq}", place=entry.place,
        defaults={"state": State.FROZEN, "by": "system", "size": 1, "leaves_at": now,
                  "words": words, "playbook": playbook.current().version},
    )  # fmt: skip
    found, _beyond = audiences.of(campaign)
    address(campaign, found & {person})


def carry() -> int:
    """Put what has left into the outbox, a batch at a time; how many letters."""
    done = 0
    leaving = Campaign.objects.filter(state=State.FROZEN, leaves_at__lte=clock.now())
    for campaign in leaving.order_by("leaves_at"):
        while some := _some(campaign):
            done += some
        _close(campaign)
    return done


@transaction.atomic
def _some(campaign: Campaign) -> int:
    rows = campaign.addressees.filter(state=Addressee.State.WAITING)
    batch = list(rows.select_related("user").order_by("pk")[:BATCH])
    for row in batch:
        subject, _text = campaign.said(row.user.language)
        send(
            Recipient(row.user, language=row.user.language), "letter.audience",
            {"what": subject, "path": reverse("received", args=[row.pk])},
            key=f"{row.kind}:{row.occasion}", about=f"letters.Campaign:{campaign.pk}",
        )  # fmt: skip
    Addressee.objects.filter(
        pk__in=[row.pk for row in batch], state=Addressee.State.WAITING
    ).update(state=Addressee.State.SENT, sent_at=clock.now())
    return len(batch)


@transaction.atomic
def _close(campaign: Campaign) -> None:
    waits = Addressee.objects.filter(campaign=OuterRef("pk"), state=Addressee.State.WAITING)
    rows = Campaign.objects.filter(~Exists(waits), pk=campaign.pk, state=State.FROZEN)
    if rows.update(state=State.DONE, done_at=clock.now()):
        sent = campaign.addressees.filter(state=Addressee.State.SENT).count()
        record("letter.sent", on=campaign, by=SYSTEM, place=campaign.place,
               facts={"letter": campaign.kind, "occasion": campaign.occasion, "sent": sent})  # fmt: skip
