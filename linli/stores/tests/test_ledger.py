"""In = out + there; nothing is below zero, changed or removed; two are two."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from linli.journal.models import Entry
from linli.lib import clock, ids
from linli.people.policies import Denied, NeedsReason, NeedsSecond
from linli.stores import guards
from linli.stores.actions import correcting, giving, moving
from linli.stores.models import Account, Gift, Leg, Movement, Request
from linli.stores.sums import check_sums
from linli.vault import sealing


def test_what_came_is_what_went_and_what_is_there(yard):
    yard.gift("money", 40_000)
    yard.gift("quilt", 6)
    yard.buy("rice", 50, 30_000, best_before=yard.day(60))
    yard.hand("rice", 20)
    yard.hand("quilt", 2)
    moving.move(yard.station, yard.other, "quilt", 3, by=yard.worker, key=ids.new_uuid())
    assert (yard.there("money"), yard.there("rice"), yard.there("quilt")) == (10_000, 30, 1)
    assert yard.there("quilt", yard.other) == 3
    assert check_sums() == []


def test_a_broken_ledger_is_found(yard):
    yard.gift("quilt", 6)
    with transaction.atomic():
        guards.take_down(connection)
        Account.objects.filter(side="shelf").update(balance=7)
        [wrong] = check_sums(yard.station)
        assert (wrong.item, wrong.came, wrong.went, wrong.there) == ("quilt", 6, 0, 7)
        Account.objects.filter(side="shelf").update(balance=6)
        guards.put_up(connection)


def test_the_database_refuses_what_no_action_looked_at(yard):
    gift = yard.gift("quilt", 2)
    lot, leg = gift.lots.get(), Leg.objects.get()
    people = Account.objects.create(facility=yard.station, item="quilt", side="people")
    coats = Account.objects.create(facility=yard.station, item="coat", side="people")
    far = Account.objects.create(facility=yard.other, item="quilt", side="people")
    row = leg.movement
    broken = [
        lambda: Account.objects.filter(pk=lot.pk).update(balance=3),
        lambda: Account.objects.create(facility=yard.station, item="quilt", side="shelf", balance=1),
        lambda: Leg.objects.create(movement=row, source=lot, target=people, amount=3),
        lambda: Leg.objects.create(movement=row, source=lot, target=coats, amount=1),
        lambda: Leg.objects.create(movement=row, source=lot, target=far, amount=1),
        lambda: Leg.objects.create(movement=row, source=people, target=coats, amount=1),
        lambda: Leg.objects.update(amount=1),
        lambda: Leg.objects.all().delete(),
        lambda: Movement.objects.update(by="nobody"),
        lambda: Movement.objects.filter(pk=row.pk)._raw_delete("default"),
        lambda: Movement.objects.create(kind="spoiled", facility=yard.station, by="a", on=row.on),
        lambda: Movement.objects.create(kind="given", facility=yard.station, by="a", second="a",
                                        on=row.on),
        lambda: Movement.objects.create(kind="handed", facility=yard.station, by="a", on=row.on),
    ]  # fmt: skip
    for act in broken:
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert yard.there("quilt") == 2


def test_nobody_hands_out_more_than_is_there(yard):
    yard.gift("quilt", 2)
    with pytest.raises(Denied):
        yard.hand("quilt", 3)
    with pytest.raises(Denied):
        moving.move(yard.station, yard.other, "quilt", 3, by=yard.worker, key=ids.new_uuid())
    for item, amount in (("quilt", 0), ("quilt", -1), ("gold", 1)):
        with pytest.raises(Denied):
            yard.hand(item, amount)


def test_what_expires_first_goes_first_and_expired_food_stays(yard):
    late = yard.gift("rice", 10, best_before=yard.day(90))
    soon = yard.gift("rice", 4, best_before=yard.day(5))
    yard.hand("rice", 6)
    assert soon.lots.get().balance == 0
    assert late.lots.get().balance == 8
    old = yard.gift("rice", 3, best_before=yard.day(1))
    with clock.moved_to(clock.now() + timedelta(days=2)):
        with pytest.raises(Denied):
            yard.hand("rice", 9)
        yard.hand("rice", 8)
        assert old.lots.get().balance == 3
    with pytest.raises(Denied, match=r".+"):
        yard.gift("rice", 1, best_before=yard.day(-1))
    with pytest.raises(Denied):
        giving.receive(yard.station, "rice", 1, by=yard.worker, key=ids.new_uuid())


def test_things_go_to_a_wish_by_its_number_and_the_wish_is_not_touched(yard):
    yard.gift("quilt", 2)
    case = yard.wish()
    before = case.revision
    row = yard.hand("quilt", 1, wish=f" {case.number[:2]} {case.number[2:]} ")
    assert row.case_number == case.number
    case.refresh_from_db()
    assert case.revision == before
    line = Entry.objects.get(verb="store.handed")
    assert line.subject == f"stores.Movement:{row.pk}"
    assert line.facts == {"moved": {"quilt": 1}, "wish": f"cases.Case:{case.pk}"}
    unknown = "2600000009"
    for words in ("12", unknown, case.number[:-1] + str((int(case.number[-1]) + 1) % 10)):
        with pytest.raises(Denied):
            yard.hand("quilt", 1, wish=words)
    with pytest.raises(Denied):
        yard.hand("quilt", 1, wish=case.number, household="梅花三号")
    with pytest.raises(Denied):
        yard.hand("quilt", 1, household="")
    with pytest.raises(Denied):
        yard.hand("quilt", 1, household="19900001234")


def test_only_the_body_of_the_station_writes_in_its_ledger(yard):
    for nobody in (yard.cast.town_handler, yard.cast.coordinator, yard.cast.volunteer):
        with pytest.raises(Denied):
            giving.receive(yard.station, "quilt", 1, by=nobody, key=ids.new_uuid())


def test_a_form_sent_twice_counts_once(yard):
    key = ids.new_uuid()
    first = giving.receive(yard.station, "quilt", 2, by=yard.worker, key=key)
    assert giving.receive(yard.station, "quilt", 2, by=yard.worker, key=key) == first
    yard.gift("money", 10_000)
    key = ids.new_uuid()
    for _n in range(2):
        moving.buy(yard.station, "coat", 1, 5_000, by=yard.worker, key=key)
    assert (yard.there("quilt"), yard.there("money"), Gift.objects.count()) == (2, 5_000, 2)


def test_money_above_the_limit_needs_a_second_person_also_in_parts(yard):
    yard.gift("money", 200_000)
    yard.buy("coat", 1, 40_000)
    asked = yard.buy("coat", 1, 10_001)
    assert isinstance(asked, Request)
    assert yard.there("money") == 160_000
    with pytest.raises(NeedsSecond):
        correcting.agree(asked, by=yard.worker)
    with pytest.raises(Denied):
        correcting.agree(asked, by=yard.cast.volunteer)
    row = correcting.agree(asked, by=yard.second)
    assert (row.by, row.second) == (yard.worker.id, yard.second.id)
    assert yard.there("coat") == 2
    with pytest.raises(Denied):
        correcting.agree(asked, by=yard.second)
    assert isinstance(yard.hand("money", 20_000), Request)
    assert isinstance(yard.hand("money", 5_000), Movement)
    with clock.moved_to(clock.now() + timedelta(days=1)):
        assert isinstance(yard.buy("coat", 1, 50_000), Movement)


def test_a_second_of_the_office_above_may_agree_and_a_no_moves_nothing(yard):
    yard.gift("money", 200_000)
    asked = yard.buy("coat", 1, 60_000)
    correcting.decline(asked, by=yard.cast.town_handler)
    with pytest.raises(Denied):
        correcting.agree(asked, by=yard.second)
    assert yard.there("money") == 200_000
    again = yard.buy("coat", 1, 60_000)
    correcting.agree(again, by=yard.cast.town_handler)
    assert yard.there("money") == 140_000


def test_a_count_writes_its_difference_with_a_reason_and_two_people(yard):
    yard.gift("quilt", 5)

    def count(found, why="", item="quilt", **more):
        return correcting.count(
            yard.station, item, found, why, by=yard.worker, key=ids.new_uuid(), **more
        )

    assert count(5) is None
    assert Entry.objects.filter(verb="store.agrees").count() == 1
    with pytest.raises(Denied):
        count(4)
    less = count(4, "少了一床，没找到")
    assert yard.there("quilt") == 5
    correcting.agree(less, by=yard.second)
    assert yard.there("quilt") == 4
    correcting.agree(count(6, "多出两床"), by=yard.second)
    assert yard.there("quilt") == 6
    correcting.agree(count(0, "全部被水泡了"), by=yard.second)
    assert yard.there("quilt") == 0
    with pytest.raises(Denied):
        count(3, "多出三公斤", item="rice")
    correcting.agree(count(3, "多出三公斤", "rice", best_before=yard.day(9)), by=yard.second)
    assert yard.there("rice") == 3


def test_expired_food_is_written_off_by_two(yard):
    lot = yard.gift("rice", 5, best_before=yard.day(1)).lots.get()
    with clock.moved_to(clock.now() + timedelta(days=3)):
        asked = correcting.write_off(lot, 5, "过期", by=yard.worker, key=ids.new_uuid())
        with pytest.raises(Denied):
            correcting.write_off(lot, 6, "过期", by=yard.worker, key=ids.new_uuid())
        correcting.agree(asked, by=yard.second)
    assert yard.there("rice") == 0
    assert Movement.objects.get(kind="spoiled").second == yard.second.id


def test_a_mistake_is_taken_back_once_and_the_old_line_stays(yard):
    gift = yard.gift("quilt", 50)
    wrong = gift.lots.get().came.get().movement
    handed = yard.hand("quilt", 1)
    asked = correcting.take_back(wrong, "多写了一个零", by=yard.worker, key=ids.new_uuid())
    with pytest.raises(Denied):  # one of them is gone already
        correcting.agree(asked, by=yard.second)
    assert Request.objects.get().state == "open"
    yard.back(handed)
    assert yard.there("quilt") == 50
    correcting.agree(asked, by=yard.second)
    assert yard.there("quilt") == 0
    for movement in (wrong, handed, Movement.objects.filter(kind="reversed").first()):
        with pytest.raises(Denied):
            correcting.take_back(movement, "再来一次", by=yard.worker, key=ids.new_uuid())
    assert Movement.objects.count() == 4


def test_moving_and_moving_back_keep_both_ledgers(yard):
    gift = yard.gift("rice", 10)
    moving.move(yard.station, yard.other, "rice", 4, by=yard.worker, key=ids.new_uuid())
    row = Movement.objects.get(kind="moved")
    assert gift.lots.get(facility=yard.other).best_before == yard.day(100)
    yard.back(row)
    assert (yard.there("rice"), yard.there("rice", yard.other)) == (10, 0)
    with pytest.raises(Denied):
        moving.move(yard.station, yard.station, "rice", 4, by=yard.worker, key=ids.new_uuid())


def test_the_name_of_a_giver_is_sealed_read_with_a_reason_and_forgotten(yard):
    with pytest.raises(Denied):
        yard.gift(name="王测试")
    gift = yard.gift(name="王测试", agreed=True)
    assert "王测试" not in str(list(Entry.objects.values_list("facts", flat=True)))
    with pytest.raises(NeedsReason):
        giving.read_name(gift, "", by=yard.worker)
    with pytest.raises(Denied):
        giving.read_name(gift, "好奇", by=yard.cast.volunteer)
    assert giving.read_name(gift, "写感谢信", by=yard.worker) == "王测试"
    assert sealing.reads_of(gift.subject).count() == 1
    with clock.moved_to(clock.now() + timedelta(days=731)):
        assert giving.forget() == 1
        assert giving.forget() == 0
    subject = gift.subject
    gift.refresh_from_db()
    assert gift.subject == ""
    assert sealing.kinds_of(subject) == []
    other = yard.gift(name="王测试", agreed=True)
    giving.forget_giver(other, by=yard.worker)
    other.refresh_from_db()
    with pytest.raises(Denied):
        giving.read_name(other, "写感谢信", by=yard.worker)


def test_a_second_row_of_a_side_is_refused(yard):
    yard.gift("quilt", 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(facility=yard.station, item="quilt", side="givers")
