"""[[coverage]]: short forms, and every way to get it wrong is refused at its line."""

import pytest

from linli.playbook.describe import describe
from linli.playbook.loader import load

FILE = "cover.toml"

DOORS = 'has       = { post = "keeper-of-doors", deputy = true }'
ROUNDS = 'has    = { activity = "round", every = "31 days" }'

WAYS = {
    "no set": ('each      = "building"', "each = {} # HERE", "not clear what is counted"),
    "two sets": (
        'each      = "building"', 'each = { place = "building", post = "handler" } # HERE',
        "not clear what is counted",
    ),
    "an unknown level": ('each      = "building"', 'each = "street" # HERE', "street"),
    "no thing": (DOORS, "has = {} # HERE", "not clear what each of them should have"),
    "a thing of later": (DOORS, 'has = { canteen = "hall" } # HERE', '"canteen" is not a key'),
    "how often is missing": (ROUNDS, 'has = { activity = "round" } # HERE', "belong together"),
    "a period that is not in days": (
        ROUNDS, 'has = { activity = "round", every = "20 workdays" } # HERE',
        "cannot be counted against dates",
    ),
    "a tolerance in hours": (
        'tolerance = "7 days"', 'tolerance = "7 hours" # HERE', "cannot be counted against dates"
    ),
    "a deputy of an activity": (
        ROUNDS, 'has = { activity = "round", every = "31 days", deputy = true } # HERE',
        "only a post has a deputy",
    ),
    "less than at least": (
        DOORS, 'has = { post = "keeper-of-doors", at_least = 2, at_most = 1 } # HERE',
        '"at_most" is less',
    ),
    "an unknown post": (DOORS, 'has = { post = "keeper-of-door" } # HERE', "there is no post"),
    "a post on something else": (
        'each      = "building"\n' + DOORS,
        'each = "grid"\nhas = { post = "keeper-of-doors" } # HERE', "is held on a building",
    ),
    "an unknown activity": (
        ROUNDS, 'has = { activity = "rounds", every = "31 days" } # HERE', "there is no activity"
    ),
    "an unknown series": (
        'each   = { place = "village", with = "grid" }', 'each = { series = "rounds" } # HERE',
        "there is no activity",
    ),
    "an unknown body that gets the gap": (
        'owner     = [{ body = "village-committee", at = "village" }]',
        'owner = [{ body = "king", at = "village" }] # HERE', "there is no organisation",
    ),
    "a body of a body": (
        'each      = "building"\n' + DOORS,
        'each = { bodies = ["lighting"] }\nhas = { body = "lighting" } # HERE',
        "only a place has a body",
    ),
    "an unknown body in the set": (
        'each      = "building"', 'each = { bodies = ["king"] } # HERE', "there is no organisation"
    ),
    "an unknown body at a place": (
        DOORS, 'has = { body = "king" } # HERE', "there is no organisation"
    ),
    "households with a post": (
        'has    = { activity = "round", every = "365 days" }',
        'has = { post = "handler" } # HERE', "can only be reached by an activity",
    ),
    "firms with a post": (
        'each      = "building"\n' + DOORS,
        'each = { firms = true }\nhas = { post = "handler" } # HERE', "can only be near a facility",
    ),
    "an unknown facility": (
        DOORS, 'has = { facility = "palace" } # HERE', "there is no facility"
    ),
    "an hour without a facility": (
        DOORS, 'has = { post = "building-steward", hour = "Tu 10:00" } # HERE',
        "only a facility has minutes",
    ),
    "an hour that is none": (
        DOORS, 'has = { facility = "hall", hour = "Tuesday" } # HERE', "hour",
    ),
    "cases with a post": (
        'each      = "building"\n' + DOORS,
        'each = { cases = true }\nhas = { post = "handler" } # HERE', "what cases have",
    ),
    "places with less inside": (
        'each   = { place = "village", with = "grid" }',
        'each = { place = "grid", with = "village" } # HERE', "holds no",
    ),
    "parts of something that has none": (
        DOORS, 'has = { tiled_by = "grid" } # HERE', "is not made of",
    ),
    "the same rule twice": ('id     = "rounds"', 'id = "doors" # HERE', "is there twice"),
    "no time to close it": ('within = "90 days"', "", '"within" is missing'),
}  # fmt: skip


@pytest.mark.parametrize("name", WAYS)
def test_what_cannot_be_counted_is_refused_at_its_line(break_it, name):
    old, new, says = WAYS[name]
    marked = new if "# HERE" in new else new + "# HERE"
    problems, file, line = break_it(old, marked, FILE)
    said = "\n".join(map(str, problems)) or "nothing was refused"
    here = [p for p in problems if p.file == file and ("# HERE" not in new or p.line == line)]
    assert any(says in problem.message for problem in here), said
    assert all(problem.hint for problem in problems)


def test_short_forms_and_numbers(small):
    book = load(small)
    doors, rounds, homes = (book.coverage[name] for name in ("doors", "rounds", "homes"))
    assert (doors.each.kind, doors.each.place, doors.has.kind) == ("place", "building", "post")
    assert (doors.tolerated_days, doors.every_days, doors.method_id) == (7, 0, "cover")
    assert (rounds.each.with_, rounds.every_days, rounds.tolerated_days) == ("grid", 31, 0)
    assert (homes.each.kind, homes.has.kind) == ("households", "activity")


def test_it_is_told_in_words(small):
    book = load(small)
    told = describe("cover", "en", book)
    assert "Promise of cover: Every building has a keeper (doors)" in told
    assert "7 days" in told
    assert "每栋楼有人看门" in describe("cover", "zh", book)
