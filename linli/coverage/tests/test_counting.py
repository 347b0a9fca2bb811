"""A gap has an owner and a due time, is one row, closes by itself, and only changes are written."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from linli import playbook
from linli.coverage import counting, follow, openings
from linli.coverage.models import Count, Gap
from linli.coverage.owners import Unowned
from linli.journal import followers
from linli.journal.followers import Follower
from linli.journal.models import Entry
from linli.lib import clock
from linli.people import actions
from linli.people.actors import SYSTEM
from linli.people.models import Appointment, Organisation
from linli.places import tree
from linli.places.tree import add

RULE = "building-has-steward"


def count(*rules):
    found = {one.rule: one for one in counting.run(rules or None)}
    for one in found.values():
        assert one.covered + one.gaps + one.tolerated + one.unknown == one.size
    return found[rules[0]] if len(rules) == 1 else found


def test_buildings_without_a_steward_are_gaps_of_their_committee(cast, houses, steward):
    for house in houses[:9]:
        steward(house)
    one = count(RULE)
    assert (one.size, one.opened, one.closed, one.changed) == (14, 4, 0, True)
    gap = Gap.objects.get(place=houses[11])
    assert gap.owner == cast.bodies["committee"]
    assert gap.since == houses[11].valid_from
    assert gap.due_at > clock.now()
    assert {g.place_id for g in Gap.objects.open()} == {
        cast.places["other_building"].pk, *(house.pk for house in houses[9:])
    }  # fmt: skip
    line = Entry.objects.get(verb="coverage.gap_opened")
    assert line.facts["n"] == 4
    assert line.org == str(gap.owner_id)


def test_a_vacancy_is_tolerated_for_a_week_then_a_gap_then_closed_by_a_new_steward(
    cast, houses, steward, moved
):
    row = steward(houses[0], until=100)
    actions.end(row, by=SYSTEM)
    with moved(clock.now() + timedelta(days=6)):
        assert count(RULE).tolerated == 1
    with moved(clock.now() + timedelta(days=7)):
        count(RULE)
        gap = Gap.objects.open().get(place=houses[0])
        assert gap.since == clock.today() - timedelta(days=7)
    with moved(clock.now() + timedelta(days=8)):
        steward(houses[0], since=0)
        one = count(RULE)
        assert one.closed == 1
        gap.refresh_from_db()
        assert (gap.ended, gap.is_open) == ("covered", False)
        assert Entry.objects.get(verb="coverage.gap_closed").facts["gaps"] == [gap.pk]
    with moved(clock.now() + timedelta(days=40)):
        Appointment.objects.filter(post__place=houses[0], to_date__gt=clock.today()).update(
            to_date=clock.today() - timedelta(days=20)
        )
        count(RULE)
        again = Gap.objects.open().get(place=houses[0])
        assert again.pk != gap.pk


def test_a_deputy_fills_the_post_of_a_building(cast, houses, steward):
    steward(houses[0], deputy=True)
    count(RULE)
    assert not Gap.objects.open().filter(place=houses[0]).exists()


def test_counting_again_writes_no_gap_and_no_line(cast, houses, steward):
    steward(houses[0])
    count()
    gaps, lines = list(Gap.objects.values()), Entry.objects.count()
    row = Count.objects.get(pk=RULE)
    with CaptureQueriesContext(connection) as seen:
        again = counting.run()
    assert not any(one.changed or one.opened or one.closed for one in again)
    assert list(Gap.objects.values()) == gaps
    assert Entry.objects.count() == lines
    assert Count.objects.get(pk=RULE).changed_at == row.changed_at
    written = [q["sql"] for q in seen if q["sql"].startswith("INSERT")]
    assert written == []


def test_a_house_that_is_no_more_leaves_the_set_and_closes_its_gap(cast, houses, moved):
    count(RULE)
    with moved(clock.now() + timedelta(days=1)):
        tree.close(houses[0], on=clock.today())
        one = count(RULE)
    assert one.size == 13
    assert Gap.objects.get(place=houses[0]).ended == "gone"


def test_a_rule_that_the_playbook_drops_ends_its_gaps(cast, houses):
    count(RULE)
    openings.drop({})
    assert set(Gap.objects.values_list("ended", flat=True)) == {"dropped"}


def test_a_gap_of_a_body_that_is_closed_goes_to_the_next_office(cast, houses):
    count(RULE)
    Organisation.objects.filter(pk=cast.bodies["committee"].pk).update(valid_to=clock.today())
    count(RULE)
    assert {gap.owner for gap in Gap.objects.open()} == {cast.bodies["town_office"]}
    assert Entry.objects.filter(verb="coverage.gap_passed").exists()


def test_a_place_that_moves_takes_its_gap_along(cast, houses, moved):
    count(RULE)
    with moved(clock.now() + timedelta(days=1)):
        tree.move(houses[0], cast.places["other_community"], on=clock.today())
        count(RULE)
    gap = Gap.objects.open().get(place=houses[0])
    assert gap.place_path.startswith(cast.places["other_community"].path)


def test_the_database_refuses_a_second_open_gap_and_numbers_that_do_not_add_up(cast, houses):
    count(RULE)
    gap = Gap.objects.open().first()
    gap.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        gap.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Count.objects.filter(pk=RULE).update(covered=999)
    with pytest.raises(IntegrityError), transaction.atomic():
        Gap.objects.open().update(closed_at=clock.now())


def test_without_any_office_it_says_so_and_the_nightly_count_waits(db, moved):
    county = add(code="320481", kind="county", name="石里县")
    town = add(code="320481901", kind="town", name="桃园镇", parent=county)
    village = add(code="320481901201", kind="village", name="柳湾村", parent=town)
    add(code="b1", kind="building", name="1号", parent=village)
    with pytest.raises(Unowned, match=r"\w"):
        counting.run([RULE])
    assert counting.run_all() == 0
    assert not Gap.objects.exists()


def test_what_happens_makes_the_rules_it_touches_stale(cast, houses, steward):
    count()
    assert counting.run_stale() == 0
    follower = Follower("coverage", follow.VERBS, follow.handle)
    while followers.run(follower):
        pass
    counting.run_stale()
    steward(houses[0])
    while followers.run(follower):
        pass
    assert set(counting.stale().values_list("rule", flat=True)) == {RULE}
    assert counting.run_stale() == 1
    assert not Gap.objects.open().filter(place=houses[0]).exists()
    assert counting.run_stale() == 0


def test_a_rule_counted_by_somebody_else_meanwhile_is_counted_once_more(cast, houses, monkeypatch):
    examined = []
    plain = counting.examine

    def slowly(rule, ground):
        verdict = plain(rule, ground)
        examined.append(rule.id)
        if len(examined) == 1:
            with clock.moved_to(clock.now() + timedelta(seconds=1)):
                counting.run([RULE])
        return verdict

    monkeypatch.setattr(counting, "examine", slowly)
    assert count(RULE).opened == 0  # the other one opened them
    assert len(examined) == 3
    assert Gap.objects.open().count() == 13


def test_every_rule_of_the_playbook_is_counted(cast):
    found = count()
    assert set(found) == set(playbook.current().coverage)
    assert len(found) >= 15
    assert found["grid-has-worker"].size == 1
    assert found["office-has-handler"].size == 4
    assert found["case-has-owner"].size == 0
