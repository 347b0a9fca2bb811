"""What no form may ask, in any language, in any kind of case."""

import pytest

from linli.playbook.checks.privacy import forbidden
from linli.playbook.loader import DEFAULT, load
from linli.playbook.schema import Field

EN = [word for rule in forbidden() for word in rule.en]
ZH = [word for rule in forbidden() for word in rule.zh]
NAME = 'id = "{id}", name = {{ zh = "{zh}", en = "{en}" }}'
NEW = "fields = [{{ " + NAME + ', type = "text" }}] # HERE\n'
OLD = 'fields     = [{ id = "wish", name = { zh = "希望", en = "Hope" }, type = "text" }]\n'


def _refused(found):
    problems, file, line = found
    return [p for p in problems if (p.file, p.line) == (file, line) and "is forbidden" in p.message]


@pytest.mark.parametrize("word", EN)
def test_an_english_word_is_found_in_the_id_and_in_the_name(break_it, word):
    assert _refused(break_it(OLD, NEW.format(id=word.replace(" ", "-"), zh="内容", en="Words")))
    assert _by_name(word)


def _by_name(word):
    field = Field.model_validate(
        {"id": "x", "name": {"zh": "内容", "en": f"The {word.upper()} of it"}, "type": "text"}
    )
    return any(rule.found_in(field) for rule in forbidden())


@pytest.mark.parametrize("word", ZH)
def test_a_chinese_word_is_found_inside_the_name(break_it, word):
    assert _refused(break_it(OLD, NEW.format(id="words", zh=f"您的{word}是", en="Words")))


def test_a_private_field_or_a_field_of_a_step_is_no_way_around(break_it):
    new = NEW.format(id="seat", zh="位", en="Seat").replace("}]", ", private = true }]")
    assert _refused(break_it('fields = [{ id = "documents"', new + "#", after='id     = "taken"'))


@pytest.mark.parametrize("name", ["surface", "seating-plan", "template", "tracker-bag", "driveway"])
def test_a_word_that_only_looks_alike_is_no_reason(small, name):
    path = small / "ways.toml"
    path.write_text(
        path.read_text("utf-8").replace(OLD, NEW.format(id=name, zh="路面", en="Surface")), "utf-8"
    )
    assert load(small).kinds["card"].fields[0].id == name


def test_the_passenger_is_asked_nothing_about_themselves():
    card = load(DEFAULT).kinds["comment-card"]
    assert (card.identity, card.place, card.time_grain) == ("none", "line", "week")
    assert card.conflict == "never"
    assert card.fields == []
    assert not {"neighbours", "elderly-care"} & set(card.categories)
    assert card.keep.text_days == 90
    assert card.public_text == "none"
