"""What leaves the house: no name, no place, no topic (R64), in both languages."""

import re
from pathlib import Path

import pytest
from django.conf import settings as conf

from linli import playbook
from linli.letters import templates
from linli.letters.models import Channel
from linli.letters.templates import TEMPLATES, render

FOLDER = Path(templates.__file__).parent / "jinja2" / "letters"
LANGUAGES = [code for code, _name in conf.LANGUAGES]
OUTSIDE = [Channel.SMS, Channel.EMAIL]
# One for each kind of thing that must not get out.
CANARIES = {
    "number": "26 3842 0567", "name": "Canary Wang", "unit": "Canary Lighting Unit",
    "place": "Canary Village", "topic": "canary-lamp", "text": "canary words", "phone": "19900007777",
}  # fmt: skip
LINK = "https://linli.example.org/r/token/"


@pytest.fixture(params=LANGUAGES)
def language(request):
    return request.param


def outside(name, channel, language):
    return render(name, channel, language, {**CANARIES, "path": "/r/token/"})


@pytest.mark.parametrize("channel", OUTSIDE)
@pytest.mark.parametrize("name", TEMPLATES)
def test_no_canary_gets_out(name, channel, language):
    text = outside(name, channel, language)
    for canary in CANARIES.values():
        assert canary not in text.subject + text.body
    assert LINK in text.body
    assert not re.search(r"\d", (text.subject + text.body).replace(LINK, "").translate(
        str.maketrans("", "", "123")  # the three replies
    ))  # fmt: skip


def test_this_check_would_notice(monkeypatch):
    """The same texts, were the inbox's words sent outside."""
    text = render("case.answered", Channel.INAPP, "en", {**CANARIES, "path": "/r/token/"})
    assert CANARIES["number"] in text.subject


def test_the_quiet_texts_are_given_the_link_and_nothing_else():
    """Whatever a template may ask for in future, there is only one thing to print."""
    for path in FOLDER.glob("quiet/*.txt"):
        asked = set(re.findall(r"\w+=(\w+)", path.read_text()))
        assert asked <= ({"code"} if path.stem == "code" else {"link"}), path.name
        assert not re.search(r"{%|{#", path.read_text()), path.name


def topics():
    """The words by which a matter could be recognised: categories, kinds, bodies, places."""
    book = playbook.current()
    names = [thing.name for thing in (*book.county.categories, *book.kinds.values())]
    names += [book.county.name, *(post.name for post in book.posts.values())]
    return {text for name in names for text in (name.zh, name.en.lower())}


def filled(needs, value):
    """A context with this value everywhere, but for what must be a number of things."""
    return {need: 2 if need == "count" else value for need in needs}


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_topic_of_the_playbook_stands_in_a_quiet_text(name, language):
    text = outside(name, Channel.SMS, language)
    said = (text.subject + text.body).lower()
    assert len(topics()) > 40
    assert [topic for topic in topics() if topic in said] == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_letters_of_one_kind_of_silence_look_alike(name, language):
    """Nobody can tell from the words whether a matter was declined, passed on or is late."""
    if TEMPLATES[name].quiet == "message":
        assert outside(name, Channel.SMS, language) == outside(
            "case.received", Channel.SMS, language
        )


@pytest.mark.parametrize("name", [name for name, one in TEMPLATES.items() if one.inbox])
def test_the_inbox_says_which_matter(name, language):
    said = filled(TEMPLATES[name].needs, "26 3842 0567")
    text = render(name, Channel.INAPP, language, said)
    assert ("26 3842 0567" in text.subject) == bool(set(said) - {"path", "count"})
    assert text.body
    assert "\n" not in text.body


def test_languages_differ_and_chinese_is_complete():
    for name, one in TEMPLATES.items():
        zh, en = (outside(name, Channel.SMS, language) for language in ("zh-hans", "en"))
        assert re.search(r"[\u4e00-\u9fff]", zh.subject)
        assert re.search(r"^【邻里】[\u4e00-\u9fff]", zh.body)
        assert en.body.startswith("[Linli] ")
        if one.inbox:
            said = render(name, Channel.INAPP, "zh-hans", filled(one.needs, "1"))
            assert re.search(r"[\u4e00-\u9fff]", said.subject)
            assert re.search(r"[\u4e00-\u9fff]", said.body)


def test_every_template_has_its_files_and_no_file_is_left_over():
    inbox = {path.stem for path in FOLDER.glob("inbox/*.txt")}
    assert inbox == {name for name, one in TEMPLATES.items() if one.inbox}
    quiet = {path.stem for path in FOLDER.glob("quiet/*.txt")}
    assert quiet == {one.quiet for one in TEMPLATES.values()} | {"code"}


def test_a_link_is_not_escaped(settings):
    settings.SITE_URL = "https://linli.example.org/"
    text = render("case.answered", Channel.SMS, "en", {"path": "/r/t/?a=1&b=2"})
    assert "https://linli.example.org/r/t/?a=1&b=2" in text.body


def test_the_one_question_says_how_to_answer(language):
    body = outside("case.answered", Channel.SMS, language).body
    assert all(digit in body for digit in "123")


def test_a_code_is_the_only_number_in_its_message(language):
    text = templates.code("482915", language)
    assert re.findall(r"\d+", text.subject + text.body) == ["482915"]


def test_a_chinese_message_without_its_link_fits_in_one_part():
    """70 signs are one text message; the link takes the rest of the second."""
    for name in TEMPLATES:
        assert len(outside(name, Channel.SMS, "zh-hans").body.replace(LINK, "")) <= 70
