"""Topics from words, groups of one problem, and the commands that measure both."""

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from linli.triage.commands import moment, triage
from linli.triage.features import Features, counts, plain
from linli.triage.groups import Item, groups
from linli.triage.learning import learn
from linli.triage.linear import Linear
from linli.triage.words import common_words, shared, telling

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "messages"
real = pytest.mark.skipif(not DATA.exists(), reason="the real messages are not here")

LAMPS = ["七号楼前面的路灯不亮了", "村口路灯坏了一个星期", "巷子里路灯一直闪", "路灯杆歪了没人修"]
WATER = ["家里自来水压力太小", "三楼经常停水", "自来水有股怪味", "水管爆了一直流水"]
TEXTS, TOPICS = LAMPS + WATER, ["lamps"] * 4 + ["water"] * 4
START = datetime(2026, 11, 4, 9, tzinfo=UTC)


def item(key, text, *, person="", day=0, place="", title=""):
    return Item(key=str(key), person=person or f"p{key}", at=START + timedelta(days=day),
                title=title, text=text, place=place)  # fmt: skip


# ── topics ──────────────────────────────────────────────────────────────────────────────────


def test_numbers_width_and_case_make_no_difference():
    assert plain("７号楼  LED") == plain("12号楼 led")


def test_only_marks_that_two_texts_have_are_kept():
    some = [[counts("路灯", "whole")], [counts("路灯坏", "whole")]]
    assert len(Features.learn(some).marks) == 3  # the two signs and their pair


def test_a_model_says_the_topic_and_which_words_speak_for_it():
    model = learn(TEXTS, TOPICS)
    text = "我们巷子里的路灯又不亮了"
    assert model.best(text, 1) == ["lamps"]
    (words,) = model.reasons(text, ["lamps"])
    assert any("路灯" in word for word in words)
    assert all(word in plain(text) for word in words)


def test_learning_twice_gives_the_same_model():
    one, two = learn(TEXTS, TOPICS), learn(TEXTS, TOPICS)
    assert np.array_equal(one.weights, two.weights)


def test_a_saved_model_answers_as_before_and_holds_no_words(tmp_path):
    model = learn(TEXTS, TOPICS)
    path = tmp_path / "folder" / "topics.npz"
    model.save(path)
    again = Linear.load(path)
    assert np.allclose(again.scores("路灯坏了"), model.scores("路灯坏了"))
    content = path.read_bytes()
    assert all(text.encode(code) not in content for text in TEXTS for code in ("utf-8", "utf-32le"))
    assert [file.name for file in path.parent.iterdir()] == ["topics.npz"]


def test_a_broken_model_is_refused(tmp_path):
    path = tmp_path / "topics.npz"
    path.write_bytes(b"PK\x03\x04 half a file")
    with pytest.raises(ValueError, match="no model"):
        Linear.load(path)
    with pytest.raises(OSError):
        Linear.load(tmp_path / "nothing.npz")


def test_one_topic_is_nothing_to_learn_from():
    with pytest.raises(ValueError, match="two topics"):
        learn(LAMPS, ["lamps"] * 4)


@pytest.mark.parametrize("text", ["", "。", "x", "啊" * 5000])
def test_any_text_gets_an_answer(text):
    model = learn(TEXTS, TOPICS)
    assert set(model.best(text)) == {"lamps", "water"}
    assert len(model.reasons(text, ["lamps", "water"])) == 2


# ── groups ──────────────────────────────────────────────────────────────────────────────────

NOISE = [
    "石桥菜场门口占道经营", "南渡小学放学时堵车", "老年卡不能坐夜班车", "医院挂号排队太久",
    "公园健身器材坏了", "社保缴费记录查不到", "小区电梯困人没人管", "河里漂着很多垃圾",
    "幼儿园收费太高", "宽带装不进来",
]  # fmt: skip
MIXER = [
    "翠湖新城旁边的搅拌站夜里噪音很大", "翠湖新城小区附近搅拌站灰尘噪音扰民",
    "投诉翠湖新城附近建搅拌站，噪音灰尘", "翠湖新城搅拌站噪音太大孩子睡不着",
    "搅拌站噪音吵得翠湖新城居民睡不着",
]  # fmt: skip


def with_noise(*items):
    return [*items, *(item(f"n{at}", text, day=at) for at, text in enumerate(NOISE))]


def test_the_same_place_and_trouble_is_one_group_and_the_rest_is_none():
    told = [item(at, text, day=at) for at, text in enumerate(MIXER)]
    (found,) = groups(with_noise(*told))
    assert {member.key for member in found.members} == {"0", "1", "2", "3", "4"}
    assert (found.people, found.days) == (5, 5)
    assert {"翠湖新城", "搅拌站"} <= set(found.words)


def test_the_order_of_the_rows_changes_nothing():
    told = with_noise(*(item(at, text, day=at) for at, text in enumerate(MIXER)))
    keys = [[m.key for m in group.members] for group in groups(told)]
    assert keys == [[m.key for m in group.members] for group in groups(reversed(told))]


def test_one_person_who_writes_five_times_is_no_group():
    told = [item(at, text, person="same") for at, text in enumerate(MIXER)]
    assert groups(with_noise(*told)) == []


def test_a_group_ends_where_nobody_wrote_for_long():
    days = [0, 1, 2, 200, 201]
    told = [item(at, MIXER[0], day=day) for at, day in enumerate(days)]
    assert [len(group.members) for group in groups(with_noise(*told))] == [3, 2]


def test_known_places_that_differ_are_two_problems():
    here = [item(f"h{at}", "路灯坏了三天没人修", place="here") for at in range(2)]
    there = [item(f"t{at}", "路灯坏了三天没人修", place="there") for at in range(2)]
    found = groups(with_noise(*here, *there))
    assert sorted({m.place for m in group.members}.pop() for group in found) == ["here", "there"]
    assert all(len({m.place for m in group.members}) == 1 for group in found)


def test_what_somebody_kept_apart_stays_apart():
    told = [item(at, text, day=at) for at, text in enumerate(MIXER)]
    (found,) = groups(with_noise(*told), apart=lambda one, two: "2" in {one, two})
    assert {member.key for member in found.members} == {"0", "1", "3", "4"}


@pytest.mark.parametrize("n", [0, 1])
def test_nothing_to_compare_is_no_group(n):
    assert groups([item(at, "路灯") for at in range(n)]) == []


def test_texts_without_words_do_no_harm():
    assert groups([item(at, "。。。") for at in range(5)]) == []


def test_shared_words_are_whole():
    assert common_words(["翠湖新城 搅拌站", "翠湖新城的搅拌站"], 2) == ["翠湖新城", "搅拌站"]


def test_a_word_that_stands_in_every_message_is_no_reason():
    assert [word for word in ("我们小区", "一个", "路灯", "的路灯", "led", "the") if telling(word)] == [
        "路灯", "的路灯", "led",
    ]  # fmt: skip
    assert shared("我们小区门口的路灯坏了", "小区路灯不亮，请解决") == ["路灯"]


# ── commands ────────────────────────────────────────────────────────────────────────────────


def write(path, header, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return str(path)


@pytest.fixture
def examples(tmp_path):
    return write(tmp_path / "e.csv", ["category", "text"], zip(TOPICS, TEXTS, strict=True))


def run(*args):
    return CliRunner().invoke(triage, args)


@pytest.mark.parametrize("how", [["--model", "words"], []])
def test_evaluating_prints_what_was_measured(examples, how):
    out = run("evaluate", "--train", examples, "--test", examples, "--json", *how)
    score = json.loads(out.output)
    assert out.exit_code == 0
    assert score["accuracy"] == score["macro_f1"] == 1.0
    assert score["training_seconds"] < 60
    assert score["ms_a_message"] > 0


def test_cross_validation_asks_about_each_message_once(examples):
    out = run("evaluate", "--cv", "2", examples, "--model", "words", "--json")
    assert json.loads(out.output)["tested_on"] == len(TEXTS)


def test_groups_are_printed_with_their_members(tmp_path):
    rows = [(m.key, m.person, m.title, f"2026/11/{4 + at} 9:00:00", m.text)
            for at, m in enumerate(with_noise(*(item(n, t) for n, t in enumerate(MIXER))))]  # fmt: skip
    path = write(tmp_path / "s.csv", ["id", "user", "title", "asked_at", "text"], rows)
    out = run("groups", path)
    assert out.exit_code == 0
    assert "5 people, 5 messages, 5 days" in out.output
    assert "搅拌站" in out.output
    (found,) = run("groups", path, "--json").output.splitlines()
    assert json.loads(found)["people"] == 5


@pytest.mark.parametrize(
    ("header", "row", "said"),
    [
        (["id", "user", "title", "asked_at"], ["1", "a", "t", "2026-01-01"], 'no column "text"'),
        (["id", "user", "title", "asked_at", "text"], ["1", "a", "t", "soon", "x"], "is no time"),
    ],
)
def test_a_wrong_table_gets_a_sentence(tmp_path, header, row, said):
    out = run("groups", write(tmp_path / "x.csv", header, [row]))
    assert out.exit_code == 1
    assert said in out.output


def test_a_choice_of_files_is_asked_for(examples):
    assert "Give either" in run("evaluate", "--train", examples).output


@pytest.mark.parametrize("text", ["2019/2/28 11:25:05", "2019-02-28 11:25:05"])
def test_times_are_read_as_tables_write_them(text):
    assert moment(text) == datetime(2019, 2, 28, 11, 25, 5, tzinfo=UTC)
    assert moment("2019-02-30") is None


@real
def test_real_messages_are_sorted_well_by_words_alone():
    with (DATA / "labelled.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    train = [row for at, row in enumerate(rows) if at % 5]
    test = rows[::5]
    model = learn([row["text"] for row in train], [row["category"] for row in train])
    said = [model.best(row["text"], 1)[0] for row in test]
    f1 = []
    for topic in model.topics:
        right = sum(s == topic == row["category"] for s, row in zip(said, test, strict=True))
        named = sum(s == topic for s in said) + sum(row["category"] == topic for row in test)
        f1.append(2 * right / named)
    assert sum(f1) / len(f1) > 0.87
