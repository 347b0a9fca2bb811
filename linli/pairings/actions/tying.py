"""Bringing two together, their yes or no, contacts, and the end."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from linli import playbook
from linli.journal.record import record
from linli.lib import clock, text
from linli.pairings.models import Contact, Party, Tie
from linli.pairings.models.tie import LABEL
from linli.pairings.policies import check_arranges, check_keeps, check_party
from linli.people.actors import SYSTEM, Actor
from linli.people.models import Organisation, User
from linli.people.policies import Denied, allowed
from linli.places.models import Place
from linli.playbook.base import LEVEL_OF_PLACE
from linli.playbook.pairing import Pairing, Side
from linli.vault import sealing

LONGEST_LABEL: Final = 12
LONGEST_PURPOSE: Final = 200
BACK: Final = timedelta(days=31)  # how far back a contact can be noted


@dataclass(frozen=True)
class Who:
    """Who shall stand on one side: exactly one of these; a home by what it wants to be called."""

    body: Organisation | None = None
    place: Place | None = None
    user: User | None = None
    home: str = ""
    consent: bool = False  # of the home

    def key(self, ground: Organisation) -> str:
        """The party in one word, the same whenever it is named again."""
        if self.body is not None:
            return f"body:{self.body.pk}"
        if self.place is not None:
            return f"place:{self.place.pk}"
        if self.user is not None:
            return f"user:{self.user.pk}"
        words = f"{ground.pk}|{''.join(self.home.split())}"
        mark = salted_hmac("linli.pairings.home", words, algorithm="sha256").hexdigest()[:40]
        return f"home:{mark}"


def raced() -> Denied:
    """The sentence for whoever was second."""
    return Denied(_("Someone else has just changed this. Look at it again before you go on."))


def tell(tie: Tie, verb: str, *, by: Actor, **facts: object) -> None:
    """One line about a tie: never a person, a home or a word that was said."""
    record(verb, on=tie, by=by, place=tie.place_path, org=str(tie.organisation_id),
           method=tie.rule.method_id, facts={"pairing": tie.kind, **facts})  # fmt: skip


def _check_side(side: Side, who: Who) -> None:
    given = {"body": who.body, "place": who.place, "person": who.user, "home": who.home.strip()}
    if [what for what, value in given.items() if value] != [side.what]:
        raise Denied(_("Something else stands on this side."))
    if who.body is not None and (who.body.kind not in side.bodies or who.body.valid_to):
        raise Denied(_("A body of this kind has no such tie."))
    if who.place is not None and LEVEL_OF_PLACE.get(who.place.kind) != side.at:
        raise Denied(_("A place of this kind has no such tie."))
    if who.user is not None and not who.user.is_active:
        raise Denied(_("This account is closed."))
    if side.what == "home":
        if not who.consent:
            raise Denied(
                _("Nothing is noted without consent: ask first, and tick that they agree.")
            )
        if len(who.home.strip()) > LONGEST_LABEL or text.find_personal(who.home):
            raise Denied(_("A surname or a name of the house is enough."))


def _check_room(rule: Pairing, side: str, key: str) -> None:
    most = rule.side(side).at_most
    there = Party.objects.filter(side=side, key=key, tie__kind=rule.id, tie__in=Tie.objects.open())
    if most is not None and there.count() >= most:
        raise Denied(
            _("This side has %(n)s such ties already; more are not foreseen.") % {"n": most}
        )


def _take_turns(a: Who, b: Who, office: Organisation) -> None:
    """Whoever counts the ties of one party waits for the other: bodies, places, people, in order.

    A home is known under its office alone, so its office stands for it.
    """
    bodies = {office.pk} | {who.body.pk for who in (a, b) if who.body is not None}
    places = {who.place.pk for who in (a, b) if who.place is not None}
    users = {who.user.pk for who in (a, b) if who.user is not None}
    list(Organisation.objects.select_for_update().filter(pk__in=bodies).order_by("pk"))
    list(Place.objects.select_for_update().filter(pk__in=places).order_by("pk").defer("boundary"))
    list(User.objects.select_for_update().filter(pk__in=users).order_by("pk"))


def _ground(a: Who, b: Who, office: Organisation) -> str:
    """On whose ground it is: the place, else the body of the second side, else the office's own."""
    for who in (b, a):
        if who.place is not None:
            return who.place.path
    for who in (b, a):
        if who.body is not None:
            return who.body.place.path
    return office.place.path


@transaction.atomic
def propose(kind: str, a: Who, b: Who, *, purpose: str, by: Actor) -> Tie:
    """Bring two together. It runs once both have said yes; a home's yes is the tick of consent.

    Raises Denied with a sentence.
    """
    rule = playbook.current().pairings.get(kind)
    office = by.organisation
    if rule is None or office is None:
        raise Denied(_("There is no such kind of tie."))
    ground = _ground(a, b, office)
    check_arranges(by, rule, ground)
    clean = purpose.strip()
    if not clean or len(clean) > LONGEST_PURPOSE or text.find_personal(clean):
        raise Denied(_("Say in a sentence what it is for, without any number or address."))
    _check_side(rule.a, a)
    _check_side(rule.b, b)
    keys = {"a": a.key(office), "b": b.key(office)}
    if keys["a"] == keys["b"]:
        raise Denied(_("Nobody is tied to themselves."))
    _take_turns(a, b, office)
    for side, key in keys.items():
        _check_room(rule, side, key)
    try:
        with transaction.atomic():
            tie = Tie.objects.create(kind=rule.id, pair=f"{keys['a']}|{keys['b']}", purpose=clean,
                                     organisation=office, place_path=ground,
                                     proposed_by=by.id)  # fmt: skip
    except IntegrityError as error:
        raise Denied(_("These two are tied already.")) from error
    for side, who in (("a", a), ("b", b)):
        _seat(tie, side, keys[side], who, by)
    tell(tie, "pairing.proposed", by=by)
    _run_if_both(tie, by)
    return tie


def _seat(tie: Tie, side: str, key: str, who: Who, by: Actor) -> None:
    """The row of one side. Whoever arranges it and speaks for the side has said yes with it."""
    subject = ""
    if who.home:
        subject = sealing.seal_new({LABEL: who.home.strip()}, purpose=f"pairing {tie.kind}")
    party = Party.objects.create(tie=tie, side=side, key=key, body=who.body, place=who.place,
                                 user=who.user, subject=subject)  # fmt: skip
    own = by.organisation
    mine = own is not None and who.body is not None and own.pk == who.body.pk
    if who.home or who.place is not None or mine:
        _say_yes(party, by)


def _say_yes(party: Party, by: Actor) -> None:
    rows = Party.objects.filter(pk=party.pk, agreed_at=None)
    if not rows.update(agreed_at=clock.now(), agreed_by=by.id):
        raise raced()


def _run_if_both(tie: Tie, by: Actor) -> None:
    if tie.parties.filter(agreed_at=None).exists():
        return
    today, rule = clock.today(), tie.rule
    days = {"starts_on": today, "ends_on": rule.term.after(today),
            "next_due": rule.every.after(today)}  # fmt: skip
    rows = Tie.objects.filter(pk=tie.pk, state=Tie.State.PROPOSED)
    if not rows.update(state=Tie.State.RUNNING, **days):
        raise raced()
    tie.refresh_from_db()
    tell(tie, "pairing.began", by=by)


@transaction.atomic
def agree(tie: Tie, *, by: Actor) -> None:
    """One side says yes; with the other's it runs from today."""
    party = check_party(by, tie)
    if tie.state != Tie.State.PROPOSED:
        raise Denied(_("This waits for nobody any more."))
    _say_yes(party, by)
    tell(tie, "pairing.agreed", by=by, side=party.side)
    _run_if_both(tie, by)


@transaction.atomic
def decline(tie: Tie, *, by: Actor) -> None:
    """One side says no, or the office takes it back. No reason is asked for."""
    if not allowed(check_keeps, by, tie):
        check_party(by, tie)
    rows = Tie.objects.filter(pk=tie.pk, state=Tie.State.PROPOSED)
    if not rows.update(state=Tie.State.DECLINED):
        raise raced()
    _forget_home(tie, by)
    tell(tie, "pairing.declined", by=by)


@transaction.atomic
def note_contact(tie: Tie, kind: str, *, on: date, by: Actor) -> Contact:
    """That the two were in touch. The next one is due a whole period later."""
    if not allowed(check_keeps, by, tie):
        check_party(by, tie)
    if kind not in {row.id for row in tie.rule.contacts}:
        raise Denied(_("Choose how you were in touch."))
    today = clock.today()
    if tie.state != Tie.State.RUNNING or tie.starts_on is None:
        raise Denied(_("This tie does not run."))
    if not max(tie.starts_on, today - BACK) <= on <= today:
        raise Denied(_("The day lies ahead, before the beginning, or more than a month back."))
    row, new = Contact.objects.get_or_create(tie=tie, kind=kind, on=on, defaults={"by": by.id})
    if not new:
        raise Denied(_("This contact is noted already."))
    last = tie.contacts.order_by("-on").values_list("on", flat=True)[0]
    Tie.objects.filter(pk=tie.pk).update(next_due=tie.rule.every.after(last))
    tell(tie, "pairing.contact", by=by, how=kind)
    return row


@transaction.atomic
def end(tie: Tie, why: str, *, by: Actor) -> None:
    """The tie ends, at the wish of one side or of the office."""
    if not allowed(check_keeps, by, tie):
        check_party(by, tie)
        why = Tie.End.WISH
    if why not in (Tie.End.WISH, Tie.End.MOVED, Tie.End.DONE):
        raise Denied(_("Say why it ends."))
    _end(tie, why, by)


def _end(tie: Tie, why: str, by: Actor) -> None:
    rows = Tie.objects.filter(pk=tie.pk, state=Tie.State.RUNNING)
    if not rows.update(state=Tie.State.ENDED, ended_at=clock.now(), ended_why=why):
        raise raced()
    _forget_home(tie, by)
    tell(tie, "pairing.ended", by=by, why=why)


def _forget_home(tie: Tie, by: Actor) -> None:
    """What a home wants to be called is destroyed with the tie."""
    for party in tie.parties.exclude(subject=""):
        sealing.destroy(party.subject, by=by, reason="the tie is over")


def end_terms() -> int:
    """What has come to the end of its term. For the worker."""
    count = 0
    for tie in Tie.objects.running().filter(ends_on__lte=clock.today()):
        with transaction.atomic():
            _end(tie, Tie.End.TERM, SYSTEM)
            count += 1
    return count


@transaction.atomic
def read_home(tie: Tie, *, by: Actor, reason: str) -> str:
    """What a home wants to be called, for its official or its village, with a reason it can see."""
    if not allowed(check_keeps, by, tie):
        check_party(by, tie)
    party = tie.parties.exclude(subject="").first()
    if party is None:
        raise Denied(_("There is no home in this tie."))
    return sealing.reveal(party.subject, LABEL, by=by, reason=reason)
