"""A database with many plausible cases, written in bulk and always the same for the same numbers."""

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from uuid import UUID

from django.db import transaction

from linli import playbook
from linli.cases.models import Asker, Case, State, Words
from linli.journal.models import Entry
from linli.lib import clock, ids
from linli.people.models import Organisation
from linli.places.models import Place
from linli.places.tree import add

BATCH = 2_000
LINES = 20  # of one case's timeline, what the page of a lively case shows
WORDS = (
    "The lamp in front of number seven has been dark since the weekend, and children pass there."
)


def ground() -> Organisation:
    """One county, town and village with the offices that routing needs; returns the village's."""
    county = add(code="320481", kind="county", name="溧阳市", name_en="Liyang")
    town = add(code="320481999", kind="town", name="测试镇", name_en="Bench Town", parent=county)
    village = add(
        code="320481999001", kind="village", name="测试村", name_en="Bench Village", parent=town,
        lon=119.48, lat=31.43,
    )  # fmt: skip
    made = None
    day = clock.today() - timedelta(days=4000)
    for kind, place in (
        ("county-desk", county),
        ("town-office", town),
        ("village-committee", village),
    ):
        made = Organisation.objects.create(
            code=f"bench-{kind}", kind=kind, name=kind, place=place, valid_from=day
        )
    assert made is not None
    return made


def fill(rows: int, *, seed: int = 1, progress: Callable[[int], None] = lambda n: None) -> None:
    """Write `rows` cases with an asker each; every hundredth has a timeline of `LINES` lines."""
    owner = ground()
    village = owner.place
    draw = random.Random(seed)
    topics = [c.id for c in playbook.current().county.categories]
    cases = _cases(rows, owner, village, topics, draw)
    done = 0
    while batch := list(islice(cases, BATCH)):
        with transaction.atomic():
            Case.objects.bulk_create(batch)
            Asker.objects.bulk_create([_asker(case, draw) for case in batch])
            for case in batch[::100]:
                _lines(case)
        done += len(batch)
        progress(done)


def _cases(
    rows: int, owner: Organisation, village: Place, topics: list[str], draw: random.Random
) -> Iterator[Case]:
    now = clock.now()
    for n in range(rows):
        received = now - timedelta(minutes=5 * (rows - n))
        body = f"{received.year % 100:02d}{n % 10**7:07d}"
        done = draw.random() < 0.9
        yield Case(
            id=UUID(int=draw.getrandbits(128), version=4), number=body + ids.check_digit(body),
            kind="request", playbook="bench", channel="web", category=draw.choice(topics),
            place=village, place_path=village.path, text=WORDS, public_text=WORDS,
            published_at=received, visibility="public", owner=owner, first_owner=owner,
            lon=119.48 + draw.random() / 20, lat=31.43 + draw.random() / 20,
            received_at=received, answer_due_at=received + timedelta(days=7),
            state=State.CONFIRMED if done else State.ROUTED,
            due_at=None if done else received + timedelta(days=7),
            answered_at=received + timedelta(days=3) if done else None,
            closed_at=received + timedelta(days=4) if done else None,
        )  # fmt: skip


def _asker(case: Case, draw: random.Random) -> Asker:
    return Asker(
        case=case, number=case.number, client_id=UUID(int=draw.getrandbits(128), version=4),
        digest="", anonymity="L3", is_first=True, joined_at=case.received_at,
    )  # fmt: skip


def _lines(case: Case) -> None:
    subject = f"cases.Case:{case.pk}"
    lines = [
        Entry(
            verb="case.noted" if n % 2 else "case.accepted", subject=subject, place=case.place_path,
            org=str(case.owner_id), actor="system", method="request", facts={"kind": "request"},
            when=case.received_at + timedelta(hours=n),
        )
        for n in range(LINES)
    ]  # fmt: skip
    for entry in Entry.objects.bulk_create(lines):
        Words.objects.create(case=case, entry=entry.seq, purpose="answer", text=WORDS, public=True)
