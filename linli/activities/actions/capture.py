"""Noting how it went: at the end of an occurrence, or at each stop. Sent twice, it is one note."""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.activities import notes
from linli.activities.actions.core import tell
from linli.activities.actions.planning import rule_of
from linli.activities.models import Home, Occurrence, Record, Stop
from linli.activities.models.occurrence import State
from linli.activities.models.people import Going
from linli.activities.policies import check, check_is_open, fits_body
from linli.journal.record import record as write
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.models import Organisation
from linli.people.policies import Denied
from linli.places.models import Place
from linli.playbook.schema import ActivityKind
from linli.vault import sealing

OLDEST: Final = timedelta(days=60)  # a phone that was off for so long is believed
EARLY: Final = timedelta(hours=12)  # a note may come so long before the planned beginning


class NotedOtherwise(Denied):
    """The same client id came with another note: both are kept, a person decides."""

    def __init__(self, record: Record) -> None:
        super().__init__(_("This was received already, with other words."))
        self.record = record


def record(
    *,
    client_id: UUID,
    kind: str,
    occurrence: Occurrence | None,
    by: Actor,
    outcome: str,
    fields: Mapping[str, Any],
    when: datetime | None = None,
    stop: Stop | None = None,
    place: Place | None = None,
) -> Record:
    """Note how it went; the same call returns the same record, however often it is sent.

    Of a round each stop has its note; of anything else the note says how the occurrence went and
    closes it. Without an occurrence `place` says where it was. `when` is the clock of whoever
    noted it. Raises Denied with a sentence, NotedOtherwise for other words under the same id.
    """
    digest = _digest(kind, occurrence, stop, outcome, fields)
    known = _replay(client_id, digest)
    if known is not None:
        return known
    rule = rule_of(kind)
    try:
        with transaction.atomic():
            return _record(client_id, digest, rule, occurrence, by, outcome, fields, when, stop,
                           place)  # fmt: skip
    except IntegrityError:
        known = _replay(client_id, digest)  # the twin that was faster has committed by now
        if known is None:
            raise
        return known


def _record(
    client_id: UUID, digest: str, rule: ActivityKind, occurrence: Occurrence | None, by: Actor,
    outcome: str, fields: Mapping[str, Any], when: datetime | None, stop: Stop | None,
    place: Place | None,
) -> Record:  # fmt: skip
    where, body = _ground(rule, occurrence, stop, place, by)
    noted = notes.take(rule, outcome, fields)
    moment = _moment(when)
    row = Record.objects.create(
        client_id=client_id,
        digest=digest,
        kind=rule.id,
        occurrence=occurrence,
        stop=stop,
        home=stop.home if stop else None,
        place=where,
        place_path=where.path,
        organisation=body,
        outcome=outcome,
        fields=noted.open,
        sealed=sorted(noted.sealed),
        subject=sealing.new_subject() if noted.sealed else "",
        user=by.user,
        noted_at=moment,
    )
    for name, words in noted.sealed.items():
        sealing.seal(row.subject, f"field.{name}", words, purpose=f"note {rule.id}")
    if stop is not None:
        _note_stop(stop, rule, outcome, noted, moment)
    elif occurrence is not None and occurrence.is_open:
        with suppress(Denied):  # somebody else has just closed it: this note is kept beside theirs
            close(occurrence, outcome, by=by)
    _tell(row, rule, by, noted.open)
    return row


def _ground(
    rule: ActivityKind, occurrence: Occurrence | None, stop: Stop | None, place: Place | None,
    by: Actor,
) -> tuple[Place, Organisation]:  # fmt: skip
    """Where it was and for whom; Denied if this person cannot note it there."""
    action = "visit.record" if rule.consent == "required" else "activity.note"
    if occurrence is None:
        if place is None or by.organisation is None:
            raise Denied(_("Say where it was."))
        assigned = any(fits_body(by, role.by, by.organisation, place) for role in rule.roles)
        by.check(action, assigned=assigned, in_scope=by.organisation.kind in rule.host)
        return place, by.organisation
    if occurrence.kind != rule.id or (stop and stop.occurrence_id != occurrence.pk):
        raise Denied(_("This note belongs to something else."))
    if occurrence.is_cancelled:
        raise Denied(_("It was cancelled."))
    if clock.now() < occurrence.starts_at - EARLY:
        raise Denied(_("It is too early to say how it went."))
    if rule.stops != "none" and stop is None and occurrence.stops.exists():
        raise Denied(_("Say at which stop it was."))
    check(action, by, occurrence)
    return (stop.place if stop else occurrence.place), occurrence.organisation


def _note_stop(
    stop: Stop, rule: ActivityKind, outcome: str, noted: notes.Noted, moment: datetime
) -> None:  # fmt: skip
    if not Stop.objects.filter(pk=stop.pk, noted_at=None).update(outcome=outcome, noted_at=moment):
        raise Denied(_("Somebody has noted this stop already."))
    stop.refresh_from_db()
    if stop.home_id is None:
        return
    known = rule.outcome(outcome)
    changes: dict[str, Any] = {"next_visit_on": None}
    if known.held:
        changes["last_visit_on"] = moment.astimezone(clock.LOCAL).date()
        changes["promised_for"] = noted.open.get(rule.promise) if rule.promise else None
    if known.final:
        changes["ended_at"] = clock.now()
    Home.objects.filter(pk=stop.home_id).update(**changes)


def close(occurrence: Occurrence, outcome: str, *, by: Actor) -> None:
    """It took place, or it did not; inside the caller's transaction.

    Who had a seat and was not checked in did not come, if anybody was checked in at all.
    """
    check_is_open(occurrence)
    held = occurrence.rule.outcome(outcome).held
    rows = Occurrence.objects.filter(pk=occurrence.pk, state=State.PLANNED)
    state = State.HELD if held else State.NOT_HELD
    if not rows.update(state=state, outcome=outcome, closed_at=clock.now()):
        raise Denied(_("Someone else has just changed this. Look at it again before you go on."))
    occurrence.refresh_from_db()
    absent = 0
    if held and occurrence.sign_ups.filter(state__in=[Going.IN, Going.OUT]).exists():
        absent = occurrence.sign_ups.filter(state=Going.GOING).update(state=Going.NO_SHOW)
    came = occurrence.sign_ups.filter(state__in=[Going.IN, Going.OUT]).count()
    tell(occurrence, "activity.held", by=by, facts={
        "held": held, "outcome": outcome, "came": came, "absent": absent,
    })  # fmt: skip


@transaction.atomic
def finish_round(occurrence: Occurrence, *, by: Actor) -> None:
    """A round is over once every stop has its note; it was held if anybody was met."""
    rule = occurrence.rule
    check("visit.record" if rule.consent == "required" else "activity.note", by, occurrence)
    left = occurrence.stops.filter(noted_at=None).count()
    if left:
        raise Denied(_("%(n)s stops have no note yet.") % {"n": left})
    outcomes = list(occurrence.stops.order_by("order").values_list("outcome", flat=True))
    if not outcomes:
        raise Denied(_("This round has no stops."))
    held = {row.id for row in rule.outcomes if row.held}
    close(occurrence, next((one for one in outcomes if one in held), outcomes[0]), by=by)


def _tell(row: Record, rule: ActivityKind, by: Actor, fields: Mapping[str, Any]) -> None:
    """Counts and the outcome; of a note at somebody's home not even which occurrence it was."""
    counts = {
        one.id: fields[one.id] for one in rule.fields if one.type == "count" and one.id in fields
    }
    write(
        "activity.recorded", on=row, by=by, place=row.place_path, org=str(row.organisation_id),
        method=rule.id, facts={"kind": rule.id, "outcome": row.outcome, **counts},
        when=row.noted_at,
    )  # fmt: skip


def _replay(client_id: UUID, digest: str) -> Record | None:
    row = Record.objects.filter(client_id=client_id).first()
    if row is not None and row.digest != digest:
        raise NotedOtherwise(row)
    return row


def _digest(
    kind: str, occurrence: Occurrence | None, stop: Stop | None, outcome: str,
    fields: Mapping[str, Any],
) -> str:  # fmt: skip
    """A fingerprint of the note, to tell a resend from another one under the same id."""
    said = [kind, str(occurrence.pk) if occurrence else "", stop.pk if stop else 0, outcome,
            {key: value for key, value in fields.items() if value not in (None, "", [], False)}]  # fmt: skip
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def _moment(when: datetime | None) -> datetime:
    """The phone's clock is evidence: never the future, never older than two months."""
    now = clock.now()
    return now if when is None else max(min(clock.in_utc(when), now), now - OLDEST)
