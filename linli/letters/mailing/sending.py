"""Preparing a letter, trying it, sending it (two people where the rights ask for it), calling it back."""

from contextlib import suppress
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linli import playbook
from linli.journal.record import record
from linli.letters.mailing import audiences
from linli.letters.models import Addressee, Campaign
from linli.letters.outbox import Recipient, send
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.policies import Denied, NeedsSecond
from linli.playbook.letter import LetterKind

CALL_BACK: Final = timedelta(minutes=10)
ACTION: Final = "letter.send_by_rule"
State = Campaign.State


def check_here(campaign: Campaign, actor: Actor) -> None:
    """Raise Denied unless the letter is for this person's own area."""
    if not actor.place_path or not campaign.place.startswith(actor.place_path):
        raise Denied(_("This is not in your area."))


def occasion_of(rule: LetterKind, today: date) -> str:
    """The year whose day comes next, or was at most thirty days ago."""
    assert rule.yearly is not None
    year = today.year
    past = rule.yearly.on(year) < today - timedelta(days=30)
    return str(year + 1 if past else year)


@transaction.atomic
def prepare(rule: LetterKind, *, by: Actor) -> Campaign:
    """The letter of this year for the actor's area, made now if it is not there yet."""
    if rule.yearly is None:
        raise Denied(_("This letter leaves by itself when something happens."))
    if not by.place_path:
        raise Denied(_("This is not in your area."))
    known = {
        "kind": rule.id, "occasion": occasion_of(rule, clock.today()), "place": by.place_path
    }  # fmt: skip
    open_ = Campaign.objects.exclude(state=State.CANCELLED)
    campaign, made = open_.get_or_create(**known, defaults={"by": by.id})
    if made:
        _tell(campaign, "letter.prepared", by)
    return campaign


def test_copy(campaign: Campaign, *, by: Actor) -> str:
    """Subject and text to the actor alone; into the own inbox, never outside."""
    check_here(campaign, by)
    if by.user is None:
        raise Denied(_("Please sign in first."))
    subject, _text = campaign.said(get_language() or by.user.language)
    with transaction.atomic():
        send(
            Recipient(by.user, channels=("inapp",), language=by.user.language),
            "letter.test", {"what": subject, "path": reverse("mailing", args=[campaign.pk])},
            key=f"{campaign.pk}:{clock.now().isoformat()}",
        )  # fmt: skip
    return subject


@transaction.atomic
def ask_or_send(campaign: Campaign, *, by: Actor) -> bool:
    """Send it if one person may, else ask for a second; whether it leaves now. Raises Denied."""
    check_here(campaign, by)
    try:
        by.check(ACTION, in_scope=True)
    except NeedsSecond:
        rows = Campaign.objects.filter(pk=campaign.pk, state=State.READY)
        if not rows.update(state=State.ASKED, by=by.id):
            raise _raced() from None
        _tell(campaign, "letter.asked", by)
        return False
    freeze(campaign, was=State.READY, by=by)
    return True


@transaction.atomic
def agree(campaign: Campaign, *, by: Actor) -> None:
    """The second of two people; then the audience is frozen. Raises Denied."""
    check_here(campaign, by)
    if campaign.by == by.id:
        raise Denied(_("You asked for it: somebody else has to agree."))
    with suppress(NeedsSecond):  # the second of the two is here
        by.check(ACTION, in_scope=True)
    freeze(campaign, was=State.ASKED, by=by)


def freeze(campaign: Campaign, *, was: str, by: Actor) -> None:
    """Fix the words and the audience; whoever has this occasion's letter already is left out."""
    rule, now = campaign.rule, clock.now()
    found, _beyond = audiences.of(campaign)
    changes: dict[str, Any] = {
        "state": State.FROZEN, "size": 0, "leaves_at": now + CALL_BACK,
        "playbook": playbook.current().version,
        "words": {t: [rule.subject.text(t), rule.text.text(t)] for t in ("zh", "en")},
        ("second" if was == State.ASKED else "by"): by.id,
    }  # fmt: skip
    if not Campaign.objects.filter(pk=campaign.pk, state=was).update(**changes):
        raise _raced()
    size = address(campaign, found)
    Campaign.objects.filter(pk=campaign.pk).update(size=size)
    campaign.refresh_from_db()
    _tell(campaign, "letter.frozen", by, {"size": size})


def address(campaign: Campaign, people: set[UUID]) -> int:
    """One row for each person who has none on this occasion; how many."""
    out = set() if campaign.rule.law else audiences.without(campaign.kind, people)
    rows = [
        Addressee(
            campaign=campaign, kind=campaign.kind, occasion=campaign.occasion, user_id=person,
            state=Addressee.State.OPTED_OUT if person in out else Addressee.State.WAITING,
        )
        for person in sorted(people)
    ]  # fmt: skip
    Addressee.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return campaign.addressees.count()


@transaction.atomic
def call_back(campaign: Campaign, *, by: Actor) -> None:
    """Stop it while nothing has left; its people can then be written to anew. Raises Denied."""
    check_here(campaign, by)
    stays = Campaign.objects.filter(pk=campaign.pk)
    waiting = stays.filter(state__in=[State.READY, State.ASKED])
    frozen = stays.filter(state=State.FROZEN, leaves_at__gt=clock.now())
    if not (waiting | frozen).update(state=State.CANCELLED):
        raise Denied(_("It has left already and cannot be called back."))
    campaign.addressees.all().delete()
    _tell(campaign, "letter.called_back", by)


def _raced() -> Denied:
    return Denied(_("Someone else has just changed this. Look at it again before you go on."))


def _tell(campaign: Campaign, verb: str, by: Actor, facts: dict[str, Any] | None = None) -> None:
    """One line: which letter and how many, never who."""
    org = str(by.organisation.pk) if by.organisation else ""
    known = playbook.current().letters.get(campaign.kind)
    record(
        verb, on=campaign, by=by, place=campaign.place, org=org,
        method=known.method_id if known else "",
        facts={"letter": campaign.kind, "occasion": campaign.occasion, **(facts or {})},
    )  # fmt: skip
