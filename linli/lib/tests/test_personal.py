"""Invented details only: mobiles of the test range, ID numbers of a region that does not exist."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.lib import ids
from linli.lib.personal import find_personal
from linli.lib.text import MASK, mask

WIDE = {ord(str(n)): 0xFF10 + n for n in range(10)}


def id_number(body):
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


ANNA = id_number("99000019520314001")
WITH_X = next(
    number
    for serial in range(100, 200)
    if (number := id_number(f"99000019771130{serial}")).endswith("X")
)


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        (f"身份证{ANNA}。", "id_number", ANNA),
        (f"{WITH_X}的补贴", "id_number", WITH_X),
        (WITH_X.lower(), "id_number", WITH_X.lower()),
        (f"号码{ANNA.translate(WIDE)}", "id_number", ANNA.translate(WIDE)),
        (f"{ANNA[:6]} {ANNA[6:14]} {ANNA[14:]}", "id_number", None),
        (f"{ANNA[:6]}-{ANNA[6:14]}-{ANNA[14:]}", "id_number", None),
        (".".join(ANNA), "id_number", None),
        (f"3楼 {ANNA}", "id_number", ANNA),
        ("打19900001234", "mobile", "19900001234"),
        ("+8619900001234", "mobile", "+8619900001234"),
        ("（+86）199 0000 1234", "mobile", None),
        ("0086-199-0000-1234", "mobile", "0086-199-0000-1234"),
        ("199 0000 1234", "mobile", None),
        ("199.0000.1234", "mobile", None),
        ("1990000 1234", "mobile", None),
        ("199 00001234", "mobile", None),
        ("1 9 9 0 0 0 0 1 2 3 4", "mobile", None),
        ("１９９００００１２３４", "mobile", None),
        ("①⑨⑨0000①②③④", "mobile", None),
        ("微信同号19900001234张", "mobile", "19900001234"),
        ("2 楼 19900001234 3 楼", "mobile", "19900001234"),
        ("0399-8765432", "landline", None),
        ("(0399)87654321", "landline", None),
        ("0399 8765 4321-8012", "landline", None),
        ("+86 399 87654321", "landline", None),
        ("010-87654321", "landline", None),
        ("电话：87654321", "landline", "87654321"),
        ("座机是 8765432", "landline", "8765432"),
        ("Tel. 8765 4321", "landline", "8765 4321"),
        ("卡号6200000000000005", "bank_card", "6200000000000005"),
        ("4111 1111 1111 1111", "bank_card", None),
        ("5555-5555-5555-4444", "bank_card", None),
        ("6205500000000000004", "bank_card", None),
        ("6205 5000 0000 0000 004 工行", "bank_card", "6205 5000 0000 0000 004"),
        ("4111 1111 1111 1111 5 元", "bank_card", "4111 1111 1111 1111"),
        ("写信到zhang.san@example.org谢谢", "email", "zhang.san@example.org"),
        ("19900001234@example.org", "email", "19900001234@example.org"),
        ("ａ＠example．org", "email", "ａ＠example．org"),
        ("苏D·A1234停在门口", "plate", "苏D·A1234"),
        ("苏DA1234", "plate", None),
        ("苏d a1234", "plate", None),
        ("沪AD12345", "plate", None),
        ("苏D12345F", "plate", None),
        ("苏D1234学", "plate", None),
        ("住在3幢2单元501室", "address", "3幢2单元501室"),
        ("锦绣花园3栋501有噪音", "address", "3栋501"),
        ("12号楼1单元1203", "address", None),
        ("三幢二单元五零一室", "address", None),
        ("三幢五零一", "address", None),
        ("A座1203室", "address", None),
        ("2单元501", "address", None),
        ("人民路12号302室", "address", "12号302室"),
        ("3-2-501室", "address", None),
        ("我家是3组12号。", "address", "3组12号"),
        ("五组二十号家里漏水", "address", "五组二十号"),
        ("３幢５０１室", "address", None),
        ("Building 3, Unit 2, Room 501", "address", None),
        ("block B flat 12", "address", None),
    ],
)
def test_personal_details_are_found(text, kind, found):
    (hit,) = find_personal(text)
    assert (hit.kind, hit.text) == (kind, found or text)
    assert text[hit.start : hit.end] == hit.text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "事项编号 26 3842 0569",
        "2638420569",
        "2026-11-23 09:30",
        "2026.11.13-2026.11.20",
        "2026年11月23日至2027年1月8日",
        "20261123093015",
        "8:30-11:30 13:30-17:00",
        "15300元",
        "共 1,380,000.00 元",
        "1380.0000000",
        "合同号 1380013800138",
        "12345热线",
        "110、119、120",
        "东经119.4842163 北纬31.4158237",
        ANNA[:-1] + ("0" if ANNA[-1] != "0" else "1"),  # wrong check digit
        id_number("99000019521314001"),  # no thirteenth month
        id_number("99000022520314001"),  # not born yet
        "990000520314001",  # the 15-digit form, out of use since 2013
        f"1{ANNA}",
        f"{ANNA}7",
        "9113 2048 1MA1 ABCD 2X",  # a company's code
        "4111111111111112",  # wrong Luhn digit
        "2000000000000006",  # right Luhn digit, but no card begins so
        "12800001234",
        "199000012345",
        "1990000123",
        "@邻里 你好",
        "京东A12345",
        "苏D",
        "川A4纸",
        "新AG20Summit",
        "苏IO1234",
        "3幢楼道灯坏了",
        "3幢2单元的门禁",
        "12号楼1单元楼梯",
        "人民路12号的路灯",
        "302国道",
        "3组12号电杆",
        "12号开会",
        "3幢2026年漏水",
        "3栋500平",
        "建了一座2000吨的水塔",
        "村委会302室",
        "二〇二六年十一月",
        "8765432",
        "0399",
        "building 3 is dark",
        "The flat roof",
    ],
)
def test_what_is_not_personal_passes(text):
    assert find_personal(text) == []


def test_several_details_come_in_order_and_are_masked():
    text = f"张三，{ANNA}，电话199 0000 1234，住3幢501室，a.b@example.org"
    assert [hit.kind for hit in find_personal(text)] == ["id_number", "mobile", "address", "email"]
    assert mask(text) == f"张三，{MASK}，电话{MASK}，住{MASK}，{MASK}"
    assert find_personal(mask(text)) == []


def test_case_numbers_never_look_personal():
    for _ in range(3000):
        number = ids.case_number()
        assert find_personal(f"{number}，{ids.pretty_number(number)}。") == []


def written_somehow(chance, number, groups):
    style = chance.randrange(5)
    if style == 0:
        return number
    if style == 1:
        return number.translate(WIDE)
    sign = chance.choice([" ", "-", "\u3000", "．", "\u2011", "  "])
    if style == 2:
        return sign.join(number)
    parts, start = [], 0
    for size in groups:
        parts.append(number[start : start + size])
        start += size
    return sign.join(parts)


def test_recall_on_a_thousand_of_each():
    chance = random.Random(2026)
    found = dict.fromkeys(["id_number", "mobile"], 0)
    sentences = [
        "我叫张三，{}，请帮忙",
        "联系我:{}",
        "{}",
        "电话{}或者到村里找我",
        "12月3日 {} 3幢",
        "（{}）",
    ]
    for _ in range(1000):
        born = f"{chance.randint(1920, 2020)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
        body = f"99{chance.randrange(10**4):04d}{born}{chance.randrange(10**3):03d}"
        mobile = f"1990000{chance.randrange(10**4):04d}"
        for kind, number, groups in [
            ("id_number", id_number(body), (6, 8, 4)),
            ("mobile", mobile, chance.choice([(3, 4, 4), (3, 8), (7, 4)])),
        ]:
            typed = written_somehow(chance, number, groups)
            if kind == "mobile":
                typed = chance.choice(["", "", "+86", "+86 ", "0086-", "86"]) + typed
            text = chance.choice(sentences).format(typed)
            found[kind] += any(
                hit.kind == kind and typed[-4:] in hit.text for hit in find_personal(text)
            )
    assert found["id_number"] >= 990
    assert found["mobile"] >= 990


@given(st.text(st.sampled_from("019X -.@苏D幢室号单元3组\n（＋８６）a"), max_size=60))
def test_hits_are_real_stretches_without_overlap(text):
    end = 0
    for hit in find_personal(text):
        assert end <= hit.start < hit.end <= len(text)
        assert hit.text == text[hit.start : hit.end]
        end = hit.end


@pytest.mark.parametrize(
    "sign", ["1", "1 ", "a", "a@", "a.", "3幢", "0", "苏D", "二", "电话 ", "-", "（"]
)
def test_a_long_text_takes_no_time(sign):
    text = sign * (20_000 // len(sign))
    started = time.perf_counter()
    find_personal(text)
    assert time.perf_counter() - started < 2
