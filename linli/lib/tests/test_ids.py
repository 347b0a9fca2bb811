import random
import uuid
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.lib import clock, ids

SAMPLE = random.Random(20261123)
NUMBERS = [
    body + ids.check_digit(body) for body in (f"{SAMPLE.randrange(10**9):09d}" for _ in range(200))
]


def test_the_example_of_damms_paper():
    assert ids.check_digit("572") == "4"


def test_a_case_number_is_the_local_year_seven_random_digits_and_a_check():
    with clock.moved_to(datetime(2027, 1, 1, 0, 30, tzinfo=clock.LOCAL)):
        numbers = {ids.case_number() for _ in range(500)}
    assert len(numbers) > 490
    for number in numbers:
        assert number.startswith("27")
        assert ids.parse_number(number) == number


def test_every_single_wrong_digit_is_caught():
    for number in NUMBERS:
        for place, right in enumerate(number):
            for wrong in set("0123456789") - {right}:
                with pytest.raises(ids.WrongNumber) as caught:
                    ids.parse_number(number[:place] + wrong + number[place + 1 :])
                assert caught.value.reason == "check"


def test_every_swap_of_neighbours_is_caught():
    swaps = 0
    for number in NUMBERS:
        for place in range(len(number) - 1):
            one, other = number[place : place + 2]
            if one == other:
                continue
            swaps += 1
            with pytest.raises(ids.WrongNumber):
                ids.parse_number(number[:place] + other + one + number[place + 2 :])
    assert swaps > 1500


def test_a_number_is_read_as_people_type_it():
    number = NUMBERS[0]
    wide = number.translate({ord(str(n)): 0xFF10 + n for n in range(10)})
    pretty = ids.pretty_number(number)
    assert pretty == f"{number[:2]} {number[2:6]} {number[6:]}"
    for typed in (
        pretty,
        pretty.replace(" ", "-"),
        pretty.replace(" ", "\u3000"),
        wide,
        f" {wide}\n",
    ):
        assert ids.parse_number(typed) == number


def test_pretty_number_groups_two_four_four():
    assert ids.pretty_number("2638420567") == "26 3842 0567"


@pytest.mark.parametrize(
    "text", ["", "26", "26 3842 05690", "26 3842 056X", "路灯", "二六三八四二零五六九"]
)
def test_what_has_not_ten_digits_is_told_how_many(text):
    with pytest.raises(ids.WrongNumber, match="has 10 digits") as caught:
        ids.parse_number(text)
    assert caught.value.reason == "length"


def test_the_sentences_show_a_number_that_works():
    assert ids.parse_number("26 3842 0569") == "2638420569"


def test_receipt_words_are_six_clear_characters():
    words = {ids.receipt_word() for _ in range(2000)}
    assert len(words) > 1990
    assert {len(word) for word in words} == {6}
    assert set("".join(words)) == set(ids.WORD_ALPHABET)
    assert not set(ids.WORD_ALPHABET) & set("0OQI1LZSGBV")


def test_a_word_derived_from_a_secret_is_always_the_same():
    assert ids.word_from(b"a" * 32) == ids.word_from(b"a" * 32) != ids.word_from(b"b" * 32)
    assert len(ids.word_from(b"\0" * 16)) == 6
    with pytest.raises(ValueError, match="at least 16 bytes"):
        ids.word_from(b"short")


@given(st.binary(min_size=16, max_size=32))
def test_a_printed_word_is_its_own_normal_spelling(secret):
    word = ids.word_from(secret)
    assert ids.normal_word(word) == word
    assert ids.normal_word(f" {word[:3].lower()}-{word[3:]} ") == word


def test_look_alikes_are_read_as_what_was_printed():
    assert ids.normal_word("ｋ7mp4w") == "K7MP4W"
    assert ids.normal_word("zsgbv0") == "2568UD"


def test_uuids_of_both_kinds():
    assert ids.new_uuid().version == 4
    made = [ids.uuid7() for _ in range(1000)]
    assert len(set(made)) == 1000
    assert {(one.version, one.variant) for one in made} == {(7, uuid.RFC_4122)}


def test_uuid7_sorts_by_the_moment_and_holds_it():
    start = datetime(2026, 11, 23, 9, 0, 0, 999_998, tzinfo=clock.LOCAL)
    made = []
    for micros in (0, 1, 2, 1500, 10**9):
        with clock.moved_to(start + timedelta(microseconds=micros)):
            made.append(ids.uuid7())
    assert made == sorted(made)
    assert made[0].int >> 80 == int(start.timestamp() * 1000)
