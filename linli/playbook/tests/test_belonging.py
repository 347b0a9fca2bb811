"""[[membership]] and [[pairing]]: no file takes a right away, and every mistake stands at its line."""

import shutil

import pytest

from linli.playbook.describe import describe
from linli.playbook.grounds import forbidden, forbidden_in
from linli.playbook.loader import DEFAULT, load
from linli.playbook.problems import PlaybookErrors

PARTY, TIES = "member-life-cycle.toml", "area-partnership.toml"
WAYS = {
    "no time to reply": (PARTY, 'reply   = "7 days"', 'reply = "6 days" # HERE', "too short"),
    "no time to appeal": (PARTY, 'appeal  = "30 days"', 'appeal = "1 day" # HERE', "too short"),
    "kept too long": (PARTY, 'lapse   = "12 months"', 'lapse = "13 months" # HERE', "too long"),
    "a length that is none": (PARTY, 'lapse   = "12 months"', 'lapse = "soon" # HERE', "no length"),
    "a petition as a ground": (
        PARTY, '{ id = "breach-of-duty", name = { zh = "不履行',
        '{ id = "petition", name = { zh = "不履行', "never held against anybody",
    ),
    "a petition in other words": (
        PARTY, 'zh = "不履行党员义务', 'zh = "越级上访', "never held against anybody",
    ),
    "belief as a ground": (
        PARTY, 'en = "Duties not done, after a reminder"', 'en = "Goes to church"', "never held",
    ),
    "a step to nowhere": (PARTY, 'to = "activist", needs', 'to = "nobody", needs', "no stage"),
    "a step from nowhere": (PARTY, 'from = ["activist"]', 'from = ["king"]', "no stage"),
    "a stage that leads nowhere": (
        PARTY, '{ id = "left", name = { zh = "已退出", en = "Left" }, ends = true }',
        '{ id = "left", name = { zh = "已退出", en = "Left" } }', "leads nowhere",
    ),
    "an end that leads on": (
        PARTY, 'en = "Candidate" } }', 'en = "Candidate" }, ends = true }', "ends it and leads on",
    ),
    "nobody counts": (
        "volunteers-association.toml", 'en = "Member" }, counts = true,', 'en = "Member" },',
        "ever count",
    ),
    "above alone": (
        PARTY, 'to = "probationary", second = true, above', 'to = "probationary", above',
        "no second person",
    ),
    "tiers upside down": (PARTY, "from = 50", "from = 500", "begins before"),
    "a form of no body": (PARTY, 'body = "general-branch"', 'body = "clan"', "no organisation"),
    "an id twice": (PARTY, 'id = "activist", name', 'id = "applicant", name', "there twice"),
    "a tie of no body": (TIES, '"street-lighting",', '"guild",', "no organisation"),
    "a place without a level": (
        "grid-and-branch.toml", 'what = "place", at = "grid",', 'what = "place",', '"at" is missing',
    ),
    "a body with a level": (
        "grid-and-branch.toml", 'what = "body", bodies', 'what = "body", at = "grid", bodies',
        "another kind of party",
    ),
    "fewer than promised": (
        "grid-and-branch.toml", "at_least = 1, at_most = 1", "at_least = 2, at_most = 1",
        "less than",
    ),
    "an unknown post": (
        "secretary-studio.toml", 'post = "branch-secretary"', 'post = "king"', "no post",
    ),
    "a post on a body": (
        TIES, 'what = "body", at_least = 1, bodies', 'what = "body", post = "manager", bodies',
        "only a person",
    ),
    "lists about people": (
        "young-successors.toml", "[[pairing]]",
        "[[pairing]]\nlists = { unmatched = '1 month', topics = [{ id = 'x', "
        "name = { zh = '甲', en = 'A' } }] }", "lists are public",
    ),
    "a contact twice": (TIES, 'id = "help", name', 'id = "meeting", name', "there twice"),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_what_is_wrong_is_said(tmp_path, way):
    file, old, new, says = WAYS[way]
    folder = shutil.copytree(DEFAULT, tmp_path / "book")
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(PlaybookErrors) as caught:
        load(folder)
    mine = [problem for problem in caught.value.problems if problem.file.endswith(file)]
    assert any(says in problem.message for problem in mine), [str(p) for p in mine]
    line = next(n for n, row in enumerate(
        (folder / file).read_text("utf-8").splitlines(), 1) if "# HERE" in row or n == 1)  # fmt: skip
    if "# HERE" in new:
        line = 1 + (folder / file).read_text("utf-8").split("# HERE")[0].count("\n")
        assert any(problem.line == line for problem in mine)


def test_the_list_of_forbidden_grounds_is_closed():
    assert [row.id for row in forbidden()] == [
        "petition", "complaint", "rating", "appeal", "vote", "forum-post", "belief", "family",
        "health", "declined-visit",
    ]  # fmt: skip
    for row in forbidden():
        assert forbidden_in(row.id) == (row, row.id)
        for word in (*row.words_zh, *row.words_en):
            assert forbidden_in(f"他{word}了" if word in row.words_zh else f"He {word} again.")
    assert forbidden_in("连续六个月没有参加会议。") is None
    assert forbidden_in("He was absent; the village kept a list.") is None
    assert forbidden_in("申诉不成立。", but="appeal") is None


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_is_told_in_plain_words(lang):
    told = describe("member-life-cycle", lang, load(DEFAULT))
    assert {"zh": "先告知、听说明", "en": "notice, reply, two people, appeal"}[lang] in told
    told = describe("area-partnership", lang, load(DEFAULT))
    assert {"zh": "每个至少 1 个", "en": "each at least 1"}[lang] in told
