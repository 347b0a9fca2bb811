"""Topics are suggested from the words of the text."""

import csv
from pathlib import Path

import pytest

from linli.playbook.loader import DEFAULT, load
from linli.playbook.suggest import suggest

COUNTY = load(DEFAULT).county
REAL = Path(__file__).parents[4] / "shared" / "data" / "messages" / "labelled.csv"


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("我们楼下的路灯三天不亮了，晚上漆黑一片", "street-light"),
        ("自来水发黄，水压也小", "water-supply"),
        ("隔壁工地夜间施工，吵得睡不着", "noise"),
        ("化工厂半夜排放废气，臭味很重", "environment"),
        ("老板拖欠工资三个月", "wages"),
        ("The STREET LIGHT at the corner is out", "street-light"),
    ],
)
def test_the_likeliest_topic_comes_first(text, topic):
    assert suggest(text, COUNTY)[0].id == topic


def test_at_most_three_and_none_where_nothing_fits():
    words = "路灯不亮，自来水停水，垃圾没人清运，停车位被占，流浪狗咬人"
    assert len(suggest(words, COUNTY)) == 3
    assert suggest("您好", COUNTY) == []


CLASSES = {
    "劳动和社会保障": {"social-security", "wages"},
    "教育文体": {"education"},
    "卫生计生": {"medical"},
    "环境保护": {"environment", "noise", "rivers", "cleaning"},
}


@pytest.mark.skipif(not REAL.exists(), reason="the labelled messages are not here")
def test_three_suggestions_hold_the_topic_of_most_real_messages():
    with REAL.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["category"] in CLASSES]
    hits = sum(
        bool({c.id for c in suggest(row["text"], COUNTY)} & CLASSES[row["category"]])
        for row in rows
    )
    assert hits / len(rows) > 0.7
