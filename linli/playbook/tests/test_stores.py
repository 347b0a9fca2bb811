"""What is wrong with a store is said with its line."""

import shutil

import pytest

from linli.playbook.loader import DEFAULT, load
from linli.playbook.problems import PlaybookErrors

WRONG = {
    "twice": ('id = "oil"', 'id = "rice"', "a group of goods is there twice"),
    "money": ('id = "oil"', 'id = "money"', "a group of goods is there twice"),
    "no such wish": ('wishes       = ["wish"]', 'wishes = ["wsh"]', 'there is no case "wsh"'),
    "names": ('names        = "730 days"', 'names = "3 workdays"', "kept for days"),
    "soon": ('soon         = "30 days"', 'soon = "30 hours"', "good for days"),
    "a key": ("least_money", "lest_money", '"lest_money" is not a key here'),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_store_is_refused_with_its_line(name, tmp_path):
    old, new, says = WRONG[name]
    folder = shutil.copytree(DEFAULT, tmp_path / "book")
    file = folder / "wish-tree.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(PlaybookErrors) as refused:
        load(folder)
    [problem] = refused.value.problems
    assert says in problem.message
    line = file.read_text("utf-8").splitlines()[problem.line - 1]
    assert new.split("=")[0].strip() in line or "goods" in line


def test_the_station_of_liyang_keeps_food_and_money():
    store = load(DEFAULT).facilities["giving-station"].store
    assert store is not None
    assert store.second_above == 50_000
    assert [one.id for one in store.goods if one.spoils] == ["rice", "oil", "milk"]
    assert store.item("rice").unit.en == "kg"
    assert store.item("gold") is None
