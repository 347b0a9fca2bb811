"""Points come of the journal, for those who joined; the ledger balances and only grows."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Sum

from linli import playbook
from linli.people.policies import Denied
from linli.points import reading
from linli.points.actions import earning, joining
from linli.points.models import Account, Card, Claim, Consent, Pool, Transfer
from linli.points.tests.conftest import START


def test_a_stay_earns_with_its_evidence(ground):
    who = ground.volunteer()
    line = ground.earned(who, minutes=95)
    row = Transfer.objects.get()
    assert (row.amount, row.worth, row.rule) == (3, 3, "theme-day-hours")
    assert row.evidence == line.seq
    assert row.version == playbook.current().version
    assert row.card.user_id == who.user.pk
    assert row.on == (START + timedelta(days=1)).date()
    assert row.source.pool == Pool.ISSUED
    assert row.target.balance == row.target.counted()
    assert reading.check_sums() == []


def test_the_same_line_never_counts_twice(ground):
    who = ground.volunteer()
    line = ground.earned(who, minutes=60)
    earning.handle([line, line])
    assert Transfer.objects.count() == 1
    row = Transfer.objects.get()
    row.pk = None
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save(force_insert=True)


def test_whoever_did_not_join_has_no_account(ground):
    who = ground.volunteer(joins=False)
    ground.earned(who, minutes=120)
    assert not Card.objects.exists()
    assert not Account.objects.exists()


def test_what_was_before_joining_or_after_leaving_does_not_count(ground, moved):
    who = ground.volunteer(joins=False)
    before = ground.stay(who, minutes=60)
    with moved(START + timedelta(days=2)):
        joining.join(by=who)
        joining.join(by=who)
        assert Consent.objects.count() == 1
        earning.handle([before])
        during = ground.stay(who, minutes=60)
    with moved(START + timedelta(days=5)):
        joining.leave(by=who)
        earning.handle([during])  # heard late: the yes stood when it happened
        after = ground.stay(who, minutes=60)
        earning.handle([after])
    assert [row.evidence for row in Transfer.objects.all()] == [during.seq]


def test_a_resident_is_refused(ground):
    with pytest.raises(Denied, match="hold a post"):
        joining.join(by=ground.person())
    assert not Consent.objects.exists()


def test_a_holder_of_a_post_may_join(ground):
    joining.join(by=ground.cast.volunteer)
    assert Consent.objects.get().user_id == ground.cast.volunteer.user.pk


def test_caps_hold_by_day_and_year(ground, moved):
    who = ground.volunteer()
    ground.earned(who, minutes=180)  # worth 6
    ground.earned(who, minutes=180, days=1)  # the same day: 8 is the cap
    assert [row.amount for row in Transfer.objects.order_by("pk")] == [6, 2]
    assert Transfer.objects.order_by("-pk")[0].is_capped
    ground.earned(who, minutes=60)
    assert Transfer.objects.count() == 2  # nothing left today: no line of nothing
    for days in (3, 4, 5):
        with moved(START + timedelta(days=days)):
            ground.earned(who, minutes=180)
    assert Transfer.objects.aggregate(n=Sum("amount"))["n"] == 20  # of the year
    assert reading.check_sums() == []


def test_a_short_stay_earns_nothing(ground):
    who = ground.volunteer()
    ground.earned(who, minutes=29)
    assert not Transfer.objects.exists()


def test_what_a_rule_wants_looked_at_becomes_a_claim(ground):
    holder = ground.cast.volunteer
    joining.join(by=holder)
    line = ground.task(holder)
    earning.handle([line, line])
    claim = Claim.objects.get()
    assert (claim.rule, claim.evidence, claim.state) == ("village-task", line.seq, "waiting")
    assert not Transfer.objects.exists()
    earning.handle([ground.task(holder, procedure="villagers-say")])
    assert Claim.objects.count() == 1


@pytest.mark.parametrize("change", ["update", "delete", "balance", "pool", "begin"])
def test_the_database_refuses_to_change_the_ledger(ground, change):
    who = ground.volunteer()
    ground.earned(who, minutes=60)
    acts = {
        "update": lambda: Transfer.objects.update(amount=1),
        "delete": lambda: Transfer.objects.all()._raw_delete("default"),
        "balance": lambda: Account.objects.filter(card__isnull=False).update(balance=50),
        "pool": lambda: Account.objects.filter(card=None).update(balance=5),
        "begin": lambda: Account.objects.create(
            card=Card.objects.get(), year=2026, dimension="learning", balance=3
        ),
    }
    with pytest.raises(DatabaseError), transaction.atomic():
        acts[change]()
    assert reading.check_sums() == []


def test_cards_begin_anew_every_year(ground, moved):
    who = ground.volunteer()
    ground.earned(who, minutes=60)
    with moved(START + timedelta(days=60)):
        ground.earned(who, minutes=60)
    assert sorted(Card.objects.values_list("year", flat=True)) == [2026, 2027]
    assert Transfer.objects.get(card__year=2027).on == date(2027, 1, 4)
