"""A certificate of hours: counted from checking in and out, and open to anyone who has its code."""

from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from linli.activities import service
from linli.activities.models import SignUp
from linli.activities.models.people import Going
from linli.journal.record import record
from linli.lib import clock, ids
from linli.people.actors import Actor
from linli.people.models import User
from linli.people.policies import Denied
from linli.points.models import Certificate

MOST_NAME: Final = 40


def stays(user: User, since: date, until: date) -> list[SignUp]:
    """The stays of these days (both included) that gave time, oldest first."""
    begins = datetime.combine(since, time.min, clock.LOCAL)
    ends = datetime.combine(until + timedelta(days=1), time.min, clock.LOCAL)
    rows = (
        SignUp.objects.filter(user=user, state=Going.OUT, in_at__gte=begins, in_at__lt=ends)
        .select_related("seat", "occurrence__organisation", "occurrence__place")
        .defer("occurrence__place__boundary")
    )
    return [row for row in rows.order_by("in_at", "pk") if service.gives_time(row)]


def minutes_of(row: SignUp) -> int:
    """Whole minutes from in to out."""
    return int(row.time.total_seconds() // 60)


@transaction.atomic
def issue(name: str, since: date, until: date, *, by: Actor) -> Certificate:
    """Certify one's own hours of these days. The name is printed, not stored. Raises Denied."""
    by.check("service.own", own=True)
    said = " ".join(name.split())
    if by.user is None or not said or len(said) > MOST_NAME:
        raise Denied(_("Write the name that shall stand on the paper, at most 40 letters."))
    if since > until:
        raise Denied(_("The first day is after the last one."))
    rows = stays(by.user, since, until)
    minutes = sum(minutes_of(row) for row in rows)
    if not minutes:
        raise Denied(_("There are no hours in these days."))
    code = ids.receipt_word() + ids.receipt_word()
    row = Certificate.objects.create(
        code=code, card_user=by.user, seal=_seal(code, said), first_on=since, last_on=until,
        minutes=minutes, times=len(rows), issued_at=clock.now(),
        hosts=sorted({one.occurrence.organisation.name for one in rows}),
    )  # fmt: skip
    record("service.certified", on=row, by=by, facts={"times": len(rows)})
    return row


@transaction.atomic
def revoke(certificate: Certificate, *, by: Actor) -> None:
    """Say that a paper of one's own is no longer good; its code says so from now on."""
    if by.user is None or certificate.card_user_id != by.user.pk:
        raise Denied(_("In your present role you cannot do this."))
    rows = Certificate.objects.filter(pk=certificate.pk, revoked_at=None)
    if rows.update(revoked_at=clock.now()):
        record("service.certificate_revoked", on=certificate, by=by)


def find(code: str) -> Certificate | None:
    """The certificate with this code, however it is typed."""
    word = ids.normal_word(code) if len(code) <= 40 else ""
    return Certificate.objects.filter(code=word).first() if word else None


def is_name(certificate: Certificate, name: str) -> bool:
    """Whether this name stands on the paper."""
    return constant_time_compare(certificate.seal, _seal(certificate.code, " ".join(name.split())))


def _seal(code: str, name: str) -> str:
    return salted_hmac(f"linli.points.certificate:{code}", name, algorithm="sha256").hexdigest()
