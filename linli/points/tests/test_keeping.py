"""Two years after its end a year is totals that name nobody; the database lets nothing else go."""

from contextlib import contextmanager
from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from linli import playbook
from linli.lib import clock
from linli.people.policies import Denied
from linli.points import guards, keeping, my_file, reading
from linli.points.actions import earning, objecting, reversing, years
from linli.points.models import (
    Account,
    Bulletin,
    Card,
    Certificate,
    Claim,
    Kind,
    Objection,
    Reversal,
    Stars,
    Transfer,
    YearTotal,
)
from linli.points.testing import wipe_allowed

OVER = (2029, 1)


def at(year, month=6):
    return datetime(year, month, 1, 12, tzinfo=clock.LOCAL)


@contextmanager
def refused(words="only grows"):
    """The database itself says no."""
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        yield


@pytest.fixture
def old(ground, moved):
    """One person with a year of points, its stars fixed and its points ended; and the evidence."""
    who = ground.volunteer()
    entry = ground.earned(who, minutes=120)
    objecting.to_line(Transfer.objects.get(), "我那天来了两次", by=who)
    objecting.decide(Objection.objects.get(), upheld=False, answer="王师傅记得一次",
                     by=ground.cast.coordinator)  # fmt: skip
    with moved(at(2027)):
        years.keep_time()
    assert Stars.objects.get().user == who.user
    return who, entry


@pytest.fixture
def folded(old, moved):
    """The same, when its time is over."""
    with moved(at(*OVER)):
        assert keeping.fold() > 0
    return old


def lines():
    """Points and lines by kind."""
    found = {}
    for row in Transfer.objects.all():
        points, n = found.get(row.kind, (0, 0))
        found[row.kind] = (points + row.amount, n + 1)
    return found


def test_a_year_is_folded_two_years_after_its_end_and_not_before(old, moved):
    before = lines()
    assert before
    with moved(datetime(2028, 12, 31, 23, 59, 59, tzinfo=clock.LOCAL)):
        assert not keeping.is_folded(2026)
        assert keeping.fold() == 0
        assert lines() == before
    with moved(datetime(2029, 1, 1, tzinfo=clock.LOCAL)):
        assert keeping.is_folded(2026)
        assert keeping.fold() > 0
        assert keeping.fold() == 0
    assert {row.kind: (row.points, row.lines) for row in YearTotal.objects.all()} == before
    assert set(YearTotal.objects.values_list("year", "people")) == {(2026, 1)}


def test_sums_hold_before_and_after(old, ground, moved):
    with moved(at(2028)):
        ground.earned(old[0], minutes=60)  # a younger year stays line by line
    assert reading.check_sums() == []
    with moved(at(*OVER)):
        keeping.fold()
    assert reading.check_sums() == []
    assert set(Transfer.objects.values_list("card__year", flat=True)) == {2028}
    assert set(Account.objects.values_list("year", flat=True)) == {2028}


def test_nobody_is_named_afterwards_but_total_and_stars_are_the_persons(folded, moved):
    who, _entry = folded
    for model in (Transfer, Account, Claim, Objection, Reversal):
        assert not model.objects.exists(), model
    assert not Card.objects.exclude(user=None).exists()
    assert not [one for one in YearTotal._meta.get_fields() if one.is_relation]
    held, stars = my_file.held(who.user), Stars.objects.get()
    assert (held["points"], held["points_objections"]) == ([], [])
    assert held["points_of_years"] == [{"year": 2026, "points": stars.points, "stars": stars.stars}]
    with moved(at(*OVER)):
        view = reading.mine(who.user, playbook.current().points, 2026)
    assert (view.total, view.is_folded, view.lines) == (stars.points, True, [])


def test_nothing_is_counted_again_in_a_folded_year(folded, moved):
    who, entry = folded
    with moved(at(*OVER)):
        earning.handle([entry])
        with pytest.raises(Denied, match="Only the total"):
            objecting.missing(entry.seq, next(earning.rules_for(entry)).id, "x", by=who)
    assert not Transfer.objects.exists()
    assert Card.objects.count() == 1


def test_the_database_adds_nothing_to_a_folded_year(folded):
    card = Card.objects.get()
    source, target = (
        Account.objects.create(card=None, pool="issued", year=2026, dimension="d"),
        Account.objects.create(card=card, year=2026, dimension="d"),
    )
    with refused("only the total"):
        Transfer.objects.create(
            kind=Kind.EARNED, card=card, source=source, target=target, amount=1, worth=1,
            version="1", evidence=1, on="2026-11-05",
        )  # fmt: skip


def test_no_other_line_may_be_changed_or_deleted(old, ground, moved):
    with moved(at(2028)):
        ground.earned(old[0], minutes=60)
    line = Transfer.objects.filter(card__year=2028)
    with refused():
        Transfer.objects.filter(kind=Kind.LAPSED).delete()
    with moved(at(*OVER)):
        keeping.fold()
    with refused():
        line._raw_delete(line.db)
    with refused():
        line.update(amount=1)
    with refused("stays in its year"):
        Card.objects.filter(year=2028).update(year=2026)
    with refused("only grows|what its lines say"):
        YearTotal.objects.all()._raw_delete(line.db)
    with refused():
        YearTotal.objects.update(points=1)
    assert line.exists()


def test_a_total_that_is_not_what_the_lines_say_is_refused(old):
    [earned] = [one for one in keeping.totals(2026) if one.kind == Kind.EARNED]
    for field in ("lines", "points", "people", "year"):
        [wrong] = [one for one in keeping.totals(2026) if one.kind == Kind.EARNED]
        setattr(wrong, field, getattr(wrong, field) + 1)
        with refused("what its lines say"):
            wrong.save()
    earned.save()
    with refused():  # this one kind is counted, the end of the points is not
        Transfer.objects.filter(kind=Kind.LAPSED).delete()


def test_broken_lines_lost_behind_the_ledger_are_found(old):
    """Without the guards somebody counts too few, and a line stays behind: both are said."""
    for total in keeping.totals(2026):
        total.save()
    assert any("only totals are kept" in words for words in reading.check_sums())
    with wipe_allowed():
        YearTotal.objects.filter(kind=Kind.EARNED).update(points=1)
    assert any("given out" in words for words in keeping.check())


def test_broken_guards_without_the_fold_let_nothing_go(old, moved):
    """Under the guards of before, folding fails as a whole and leaves everything."""
    before = lines()
    with wipe_allowed():
        guards.put_up_without_totals(connection)
        with moved(at(*OVER)), refused():
            keeping.fold()
        guards.take_down(connection)  # of before; those of now come back behind the block
    assert lines() == before
    assert not YearTotal.objects.exists()


def test_an_open_objection_holds_its_year_until_it_is_answered(ground, moved):
    who = ground.volunteer()
    ground.earned(who, minutes=120)
    objecting.to_line(Transfer.objects.get(), "不是我", by=who)
    with moved(at(*OVER)):
        assert keeping.fold() == 0
        objecting.decide(Objection.objects.get(), upheld=True, answer="是的",
                         by=ground.cast.coordinator)  # fmt: skip
        assert keeping.fold() > 0
    kinds = dict(YearTotal.objects.values_list("kind", "lines"))
    assert kinds == {Kind.EARNED: 1, Kind.REVERSED: 1}
    assert Stars.objects.get().points == 0
    assert reading.check_sums() == []


def test_a_line_that_was_asked_back_does_not_hold_it(ground, moved):
    ground.earned(ground.volunteer(), minutes=120)
    reversing.ask(Transfer.objects.get(), "x", by=ground.cast.manager)
    with moved(at(*OVER)):
        assert keeping.fold() > 0
    assert not Reversal.objects.exists()
    assert not Card.objects.exists()


def test_a_year_that_cutting_alone_had_folded_is_folded_whole(old, moved):
    Card.objects.update(user=None)
    with moved(at(*OVER)):
        assert keeping.fold() > 0
    assert not Transfer.objects.exists()
    assert Stars.objects.get().user is not None


def test_a_rehearsal_that_is_rolled_back_changes_nothing(old, moved):
    before = lines()
    with moved(at(*OVER)):
        with transaction.atomic():
            n = keeping.fold()
            transaction.set_rollback(True)
        assert lines() == before
        assert not YearTotal.objects.exists()
        assert Card.objects.exclude(user=None).exists()
        assert n == keeping.fold() > 0


def test_bulletins_and_certificates_stay_as_they_were(old, moved, ground):
    published = Bulletin.objects.filter(year=2026)
    figures = list(published.values_list("figures", flat=True))
    assert figures
    Certificate.objects.create(
        code="abcdefghijkl", card_user=old[0].user, seal="s", minutes=120, times=1,
        first_on="2026-11-05", last_on="2026-11-05", issued_at=clock.now(),
    )  # fmt: skip
    with moved(at(*OVER)):
        keeping.fold()
    assert list(published.all().values_list("figures", flat=True)) == figures
    assert Certificate.objects.get().card_user == old[0].user


def test_the_page_shows_no_total_of_few_people(folded, client, moved):
    with moved(at(*OVER)):
        text = client.get("/points/totals/?lang=en").content.decode()
    [year] = reading.years_kept()
    assert year["year"] == 2026
    assert [row["points"] for row in year["rows"]] == [None]
    assert "2026" in text


def kept(people, *quarters):
    """The year on the page, with these quarters published (None: too few)."""
    YearTotal.objects.all()._raw_delete("default")
    YearTotal.objects.create(year=2020, dimension="d", kind="earned", lines=9, points=30,
                             people=people)  # fmt: skip
    Bulletin.objects.all().delete()
    for number, points in enumerate(quarters, 1):
        Bulletin.objects.create(
            year=2020, quarter=number, published_at=clock.now(),
            figures={"rows": [{"dimension": "d", "points": points}]},
        )  # fmt: skip
    return reading.years_kept()[0]["rows"][0]["points"]


def test_a_year_does_not_tell_what_a_quarter_kept_to_itself(db):
    with wipe_allowed():
        assert kept(4, 0, 30) is None
        assert kept(5, 0, 30) == 30
        assert kept(5, 20, 10) == 30
        assert kept(5, None, None) == 30
        assert kept(9, 0, 28, None) is None
        YearTotal.objects.all()._raw_delete("default")


def test_who_looks_at_a_folded_year_reads_that_only_the_total_is_kept(folded, client_as, moved):
    with moved(at(*OVER)):
        text = client_as(folded[0]).get("/points/?year=2026").content.decode()
    assert "Only the total of that year is kept" in text


def test_who_is_erased_leaves_no_stars_either(old):
    who, _entry = old
    my_file.erase(who.user)
    assert Stars.objects.get().user is None
