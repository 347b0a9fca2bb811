"""Somebody says something: one transaction gives a case, an owner, a due time and a receipt."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from linli import playbook
from linli.cases import clocks, contacts, routing
from linli.cases.actions.core import said, tell
from linli.cases.intake_rules import check_draft
from linli.cases.models import Asker, Case, CasePhoto, State, Visibility
from linli.cases.models.asker import word_hash
from linli.cases.policies import check_can_open
from linli.files import photos
from linli.files.models import Photo
from linli.lib import clock, coordinates, ids
from linli.people.actors import Actor
from linli.people.models import Organisation, User
from linli.people.policies import Denied
from linli.places.models import Place
from linli.playbook.schema import CaseKind
from linli.vault import sealing
from linli.web.prepared import Prepared

# Asked in every `receive`, so prepared.
_KNOWN: Final = Prepared(
    lambda client: Asker.objects.filter(client_id=client).values_list("pk"), client=UUID
)
_ASKED: Final = Prepared(
    lambda number: Asker.objects.filter(number=number).values_list("pk"), number=str
)
_TAKEN: Final = Prepared(
    lambda number: Case.objects.filter(number=number).values_list("pk"), number=str
)
TRIES = 5  # a random number is taken about once in seven at a county's yearly volume


@dataclass(frozen=True)
class Draft:
    """What was said, as it came in; `client_id` names the intention and makes resending safe."""

    kind: str
    channel: str
    category: str
    place: Place
    text: str
    client_id: UUID
    spot: str = ""
    lon: float | None = None
    lat: float | None = None
    visibility: str = ""
    named: bool = False
    user: User | None = None
    phone: str = ""
    email: str = ""
    name: str = ""
    language: str = "zh-hans"
    about: Organisation | None = None
    consent: bool = False
    fields: Mapping[str, Any] = field(default_factory=dict)
    photos: Sequence[Photo] = ()

    @property
    def digest(self) -> str:
        """A fingerprint of what was said, to tell a resend from another text under the same id."""
        said = [self.kind, self.category, self.place.code, self.text.strip(), self.spot, self.phone,
                self.email, self.name, self.visibility, dict(self.fields)]  # fmt: skip
        return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


@dataclass(frozen=True)
class Receipt:
    """What the asker takes home."""

    asker: Asker
    case: Case
    word: str
    replayed: bool = False

    @property
    def number(self) -> str:
        return self.asker.number


Then = Callable[[Receipt], None]


class SaidOtherwise(Denied):
    """The same client id came with other words: both are kept, the asker is asked."""

    def __init__(self, number: str) -> None:
        super().__init__(
            _("This was already received as number %(number)s, with other words. "
              "Send it as a new matter if you mean both.") % {"number": ids.pretty_number(number)}
        )  # fmt: skip
        self.number = number


def receive(draft: Draft, *, by: Actor, then: Then = lambda _receipt: None) -> Receipt:
    """Take in a new case, or give the same receipt again if this client id was here before.

    What has to be read is read first, then all is written in one short transaction; `then` is
    called in it with a new receipt, for what must be written with it or not at all.
    Raises Denied with a sentence for anything the kind's rule refuses.
    """
    known = replay(draft)
    if known:
        return known
    rule = playbook.current().kinds[draft.kind]
    check_can_open(rule, by)
    check_draft(draft, rule)
    try:
        return _write(_plan(draft, rule), by, then)
    except IntegrityError:
        known = replay(draft)  # the twin that was faster has committed by now
    if known is None:  # no twin: somebody drew the same number in this very moment; draw again
        known = _write(_plan(draft, rule), by, then)
    return known


def replay(draft: Draft) -> Receipt | None:
    """The receipt already given for this client id; SaidOtherwise if the words differ."""
    if not _KNOWN(client=draft.client_id):
        return None
    asker = Asker.objects.select_related("case__owner").get(client_id=draft.client_id)
    if asker.digest != draft.digest:
        raise SaidOtherwise(asker.number)
    return Receipt(asker, asker.case, receipt_word(draft.client_id), replayed=True)


def receipt_word(client_id: UUID) -> str:
    """The word on the receipt: derived, so that a resend gets the same one and none is stored."""
    secret = salted_hmac("linli.cases.word", str(client_id), algorithm="sha256").digest()
    return ids.word_from(secret)


@dataclass(frozen=True)
class _Plan:
    """Everything decided, nothing written."""

    draft: Draft
    rule: CaseKind
    moment: datetime
    promise: clocks.Promise
    way: routing.Route
    number: str


def _plan(draft: Draft, rule: CaseKind) -> _Plan:
    moment = moment_of(draft, rule)
    return _Plan(
        draft,
        rule,
        moment,
        clocks.promise(rule, draft.category, clocks.start(rule, moment)),
        routing.route(
            rule, draft.category, draft.place, avoid=[draft.about] if draft.about else []
        ),
        free_number(),
    )


@transaction.atomic
def _write(plan: _Plan, by: Actor, then: Then) -> Receipt:
    draft, rule, promise, way = plan.draft, plan.rule, plan.promise, plan.way
    sealed = draft.visibility == Visibility.SEALED
    case = Case.objects.create(
        number=plan.number,
        kind=rule.id,
        playbook=playbook.current().version,
        channel=draft.channel,
        category=draft.category,
        place=draft.place,
        place_path=draft.place.path,
        spot="" if sealed else draft.spot.strip()[:120],
        **_point(draft, sealed),
        text="" if sealed else said(draft.text, _("what it is about")),
        visibility=draft.visibility,
        sealed_subject=_seal_words(draft, rule, sealed),
        data=_open_fields(draft, rule),
        owner=way.organisation,
        owner_post=way.post,
        first_owner=way.organisation,
        about=draft.about,
        received_at=plan.moment,
        accept_due_at=promise.accept,
        answer_due_at=promise.answer,
        due_at=promise.answer,
        state=State.ROUTED,
        alias=contacts.alias(draft.client_id) if rule.alias else "",
    )
    add_photos(case, draft)
    asker = add_asker(case, draft, rule, first=True, at=plan.moment)
    coarse = asker.anonymity == Asker.Anonymity.NOTHING
    when = plan.moment if coarse or clock.is_moved() else None
    tell(case, "case.received", by=by, when=when, coarse=coarse, facts={
        "category": case.category, "channel": case.channel, "anonymity": asker.anonymity,
        "visibility": case.visibility, "due": promise.answer.isoformat(),
    })  # fmt: skip
    tell(case, "case.routed", by=by, when=when, coarse=coarse, facts={
        "to": way.organisation.pk, "rule": way.rule,
        "post": way.post.pk if way.post else None,
    })  # fmt: skip
    receipt = Receipt(asker, case, receipt_word(draft.client_id))
    then(receipt)
    return receipt


def add_asker(case: Case, draft: Draft, rule: CaseKind, *, first: bool, at: datetime) -> Asker:
    """Give a person an own number and receipt; seal what they left of themselves in the vault."""
    nothing = rule.identity == "none" or not (
        draft.user or draft.phone or draft.email or draft.name
    )
    subject = "" if nothing else contacts.keep(draft)
    anonymity = (
        Asker.Anonymity.NOTHING if nothing
        else Asker.Anonymity.HIDDEN if draft.named
        else Asker.Anonymity.SEALED
    )  # fmt: skip
    number = case.number if first else free_number()
    return Asker.objects.create(
        case=case,
        number=number,
        client_id=draft.client_id,
        digest=draft.digest,
        word_hash=word_hash(number, receipt_word(draft.client_id)),
        user=None if nothing else draft.user,
        subject=subject,
        anonymity=anonymity,
        language=draft.language,
        is_first=first,
        joined_at=at,
    )


def add_photos(case: Case, draft: Draft) -> None:
    """Hand the draft's photos to the case, behind those it has; a photo is claimed once."""
    start = case.photos.count() if draft.photos else 0
    for order, photo in enumerate(draft.photos, start):
        if photos.claim(photo):
            CasePhoto.objects.create(case=case, photo=photo, order=order)


def free_number() -> str:
    """A case number nobody has yet. The unique columns decide if two draw the same at once."""
    for _try in range(TRIES):
        number = ids.case_number()
        if not _ASKED(number=number) and not _TAKEN(number=number):
            return number
    raise RuntimeError("No free case number in five draws: the year's numbers are running out.")


def moment_of(draft: Draft, rule: CaseKind) -> datetime:
    """When it was received, no finer than the kind and the asker's anonymity allow."""
    nobody = draft.user is None and not (draft.phone or draft.email or draft.name)
    if rule.time_grain == "week":
        return clocks.to_the_week(clock.now())
    if nobody or rule.time_grain == "hour":
        return clocks.to_the_hour(clock.now())
    return clock.now()


def _point(draft: Draft, sealed: bool) -> dict[str, float | None]:
    """The pin, kept to a hundred metres where the words are not for everybody (R61)."""
    if draft.lon is None or draft.lat is None or sealed:
        return {"lon": None, "lat": None}
    if draft.visibility == Visibility.PUBLIC:
        return {"lon": draft.lon, "lat": draft.lat}
    lon, lat = coordinates.snap(draft.lon, draft.lat, 100)
    return {"lon": lon, "lat": lat}


def _open_fields(draft: Draft, rule: CaseKind) -> dict[str, Any]:
    """The kind's own fields that are not private; private ones go to the vault."""
    return {f.id: draft.fields[f.id] for f in rule.fields if not f.private and f.id in draft.fields}


def _seal_words(draft: Draft, rule: CaseKind, sealed: bool) -> str:
    """Put what only some may read into the vault; gives the name of that file, or ""."""
    values = {f"field.{f.id}": str(draft.fields[f.id]) for f in rule.fields
              if f.private and draft.fields.get(f.id)}  # fmt: skip
    if sealed:
        values["text"] = said(draft.text, _("what it is about"))
    return sealing.seal_new(values, purpose=f"case {rule.id}") if values else ""
