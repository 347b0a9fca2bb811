"""Reading a folder: what it needs, what it refuses, and which playbook is in use."""

import threading

import pytest

from linli import playbook
from linli.playbook.loader import DEFAULT, current, load, use
from linli.playbook.problems import PlaybookErrors


def _problems(folder):
    with pytest.raises(PlaybookErrors) as caught:
        load(folder)
    return caught.value.problems


def test_a_folder_without_county_toml_is_no_playbook(tmp_path):
    (problem,) = _problems(tmp_path)
    assert problem.file == str(tmp_path / "county.toml")
    assert "not there" in problem.message
    assert "county.toml and one file for each method" in problem.hint


def test_broken_toml_is_named_with_its_line(small):
    (small / "broken.toml").write_text('id = "x"\nname = = 1\n', "utf-8")
    (problem,) = _problems(small)
    assert (problem.file, problem.line) == (str(small / "broken.toml"), 2)
    assert problem.message.startswith("this is not TOML")


def test_an_unfinished_file_is_named_at_its_end(small):
    (small / "broken.toml").write_text('id = "x"\nname = """\n\n', "utf-8")
    (problem,) = _problems(small)
    assert problem.line in (2, 3, 4)


def test_a_file_in_another_encoding_is_refused(small):
    (small / "gb.toml").write_bytes('name = "溧阳"'.encode("gb18030"))
    (problem,) = _problems(small)
    assert "not UTF-8" in problem.message


@pytest.mark.parametrize("change", ["\r\n", "\ufeff"])
def test_files_from_windows_are_read(small, change):
    path = small / "ways.toml"
    text = path.read_text("utf-8")
    path.write_bytes((change + text if change == "\ufeff" else text.replace("\n", change)).encode())
    assert "plain" in load(small).kinds


def test_lines_are_right_in_files_from_windows(small):
    path = small / "ways.toml"
    text = path.read_text("utf-8").replace('identity   = "optional"', 'identity = "maybe"')
    line = text[: text.index('"maybe"')].count("\n") + 1
    path.write_bytes(text.replace("\n", "\r\n").encode())
    (problem,) = _problems(small)
    assert problem.line == line


def test_everything_that_is_wrong_is_said_at_once_in_the_order_of_the_files(small):
    path = small / "ways.toml"
    text = path.read_text("utf-8").replace('portfolio = "rural"', "portfolio = 1")
    path.write_text(text.replace('before = "close"', 'before = "never"'), "utf-8")
    county = small / "county.toml"
    county.write_text(
        county.read_text("utf-8").replace('phone  = "12345"', "phone = 12345"), "utf-8"
    )
    problems = _problems(small)
    assert len(problems) == 3
    assert problems == sorted(problems)
    assert str(PlaybookErrors(problems)).count("\n") == 2


def test_a_file_that_cannot_be_read_does_not_make_the_others_look_wrong(small):
    path = small / "ways.toml"
    path.write_text(path.read_text("utf-8").replace('id        = "ways"', "id = 1"), "utf-8")
    (problem,) = _problems(small)
    assert problem.file == str(path)


def test_the_version_follows_the_files(small):
    before = load(small).version
    assert before == load(small).version
    assert len(before) == 12
    path = small / "ways.toml"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    assert load(small).version != before


def test_liyang_is_in_use_unless_the_environment_says_otherwise(small, monkeypatch):
    monkeypatch.delenv("LINLI_PLAYBOOK", raising=False)
    assert current().directory == DEFAULT
    assert current() is current()
    monkeypatch.setenv("LINLI_PLAYBOOK", str(small))
    assert current().county.place == "999901"


def test_use_is_seen_by_other_threads_and_ends(small):
    seen = []
    before = playbook.current().county.place
    with use(small) as book:
        assert playbook.current() is book
        thread = threading.Thread(target=lambda: seen.append(playbook.current()))
        thread.start()
        thread.join()
    assert seen == [book]
    assert playbook.current().county.place == before


def test_nothing_in_a_playbook_can_be_changed(small):
    book = load(small)
    with pytest.raises(ValueError, match="frozen"):
        book.kinds["plain"].identity = "none"
    with pytest.raises(AttributeError):
        book.version = "x"


def test_kinds_and_posts_know_their_method(small):
    book = load(small)
    assert (book.kinds["plain"].method_id, book.kinds["plain"].portfolio) == ("ways", "rural")
    assert book.posts["steward"].method_id == "ways"
    assert book.posts["handler"].method_id == ""


def test_clocks_start_where_their_names_say_unless_the_file_says_otherwise(small):
    kinds = load(small).kinds
    plain, proxy = kinds["plain"], kinds["proxy"]
    assert [plain.accept.from_, plain.answer.from_, plain.confirm.from_] == [
        "received", "received", "answered",
    ]  # fmt: skip
    assert proxy.answer.from_ == "accepted"
    assert proxy.step("returned").within.from_ == "ready"
    assert str(plain.answer_for("lamp").within) == "2 workdays"
    assert str(plain.answer_for("quarrels").within) == "5 workdays"
