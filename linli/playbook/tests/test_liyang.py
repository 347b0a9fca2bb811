"""The methods of Liyang say what their rules promise; another one is one more file."""

import shutil
import time
import tomllib

import pytest

from linli.playbook import current, use
from linli.playbook.loader import DEFAULT, load

BOOK = load(DEFAULT)
METHODS = {
    "county-desk": {"request", "letter"},
    "grid-events": {"grid-event"},
    "small-carriage": {"comment-card"},
    "small-chair": {"visit-voice"},
    "small-square": {"stall-voice"},
    "council-hall": {"dispute"},
    "errand": {"errand"},
    "wish-tree": {"wish"},
    "building-steward": {"steward-message"},
    "order-and-rate": {"service-order"},
    "theme-day": set(),
    "team-outreach": set(),
    "standing-duty": set(),
    "community-registration": set(),
    "road-one": set(),
    "civic-talks": set(),
    "five-steps": set(),
    "four-and-two": set(),
    "villagers-say": set(),
    "estate-board": set(),
    "cooperative": set(),
    "alliance": set(),
    "part-time-seats": set(),
    "service-centre": set(),
    "village-canteen": set(),
    "children-club": set(),
    "living-classroom": set(),
    "five-halls": set(),
    "three-in-one-incubator": set(),
    "member-life-cycle": set(),
    "volunteers-association": set(),
    "star-grades": set(),
    "area-partnership": set(),
    "three-letters": set(),
    "three-channel-help": set(),
    "secretary-studio": set(),
    "young-successors": set(),
    "commissioned-trainees": set(),
    "village-lawyer": set(),
    "grid-and-branch": set(),
    "contact-household": set(),
}


def test_the_methods_and_their_kinds_of_case():
    found = {name: {kind.id for kind in m.cases} for name, m in BOOK.methods.items()}
    assert found == METHODS
    assert BOOK.county.intake == "request"
    assert BOOK.county.desk.phone == "12345"


@pytest.mark.parametrize("name", METHODS)
def test_a_method_is_short(name):
    lines = [line for line in (DEFAULT / f"{name}.toml").read_text("utf-8").splitlines() if line]
    tables = sum(line.startswith("[[") and line.count(".") == 0 for line in lines)
    ways = lines.count("[[membership]]")  # many stages, each with its papers
    assert 20 <= len(lines) <= 20 + 25 * (tables + 2 * ways)


def test_categories_are_real_and_can_be_suggested():
    assert 20 <= len(BOOK.county.categories) <= 30
    for category in BOOK.county.categories:
        chinese = [word for word in category.words if not word.isascii()]
        assert len(chinese) >= 3
        assert len(chinese) < len(category.words), f"{category.id} has no English word"
    assert BOOK.county.category("neighbours").sensitive


def test_a_grid_event_is_seen_by_a_second_person_before_it_is_closed():
    kind = BOOK.kinds["grid-event"]
    seen = kind.step("verified")
    assert "anyone" not in kind.opens_by
    assert (seen.by, seen.after, seen.before) == ("verifier", "answer", "close")
    assert seen.second_person
    assert str(seen.within.within) == "1 day"


def test_a_dispute_is_sealed_and_its_topic_needs_both_consents():
    kind = BOOK.kinds["dispute"]
    assert kind.is_sealed
    assert set(kind.sealed_readers) == {"asker", "party", "mediator"}
    assert len(kind.public_needs) == 2
    assert kind.fields[0].private
    assert kind.step("session").field("minutes").private
    route = {"sorted": {"route": "explain"}}
    assert kind.missing("answer", route) == []
    talked = {"sorted": {"route": "mediate"}, "session": {}, "agreement": {"outcome": "not-agreed"}}
    assert [step.id for step in kind.missing("answer", talked)] == ["legal-referral"]


def test_an_errand_is_free_keeps_no_copies_and_gives_everything_back():
    kind = BOOK.kinds["errand"]
    assert kind.fee == 0
    assert not kind.keeps_copies
    mandate = kind.step("mandate")
    assert mandate.by == "asker"
    assert {"what", "for-whom", "which-documents", "expires", "signed"} == {
        field.id for field in mandate.fields if field.required
    }
    back = kind.step("returned")
    assert (back.returns, back.before, str(back.within.within)) == (
        "documents-received", "close", "1 day",
    )  # fmt: skip


def test_a_wish_is_under_an_alias_verified_claimed_and_delivered_by_the_station():
    kind = BOOK.kinds["wish"]
    assert kind.alias
    assert kind.public_text == "alias"
    assert [step.id for step in kind.missing("accept", {"verified": {"for-whom": "child"}})] == [
        "guardian-consent"
    ]
    assert kind.step("published").publishes
    assert str(kind.step("bought").claim.expires) == "14 days"
    assert str(kind.step("delivered").within.within) == "30 days"
    assert kind.step("delivered").by != "volunteer"


def test_a_visit_needs_consent_and_leaves_a_copy():
    kind = BOOK.kinds["visit-voice"]
    assert kind.consent is not None
    assert kind.on_behalf
    assert {"read-back", "copy"} == {field.id for field in kind.fields if field.required}


def test_a_steward_answers_within_a_day_and_may_pass_on():
    kind = BOOK.kinds["steward-message"]
    assert str(kind.answer.within) == "1 day"
    assert (kind.owner[0].post, kind.owner[0].body, kind.owner[0].at) == (
        "building-steward", None, "building",
    )  # fmt: skip
    assert "property-firm" in kind.refuse.pass_to


def test_both_languages_everywhere():
    def texts(value):
        if isinstance(value, dict):
            if "zh" in value or "en" in value:
                yield value
            for inner in value.values():
                yield from texts(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from texts(inner)

    for file in DEFAULT.glob("*.toml"):
        for text in texts(tomllib.loads(file.read_text("utf-8"))):
            assert set(text) == {"zh", "en"}
            assert text["zh"].strip()
            assert text["en"].strip()


def test_liyang_loads_quickly():
    assert min(_seconds() for _ in range(3)) < 0.4


def _seconds():
    start = time.process_time()
    load(DEFAULT)
    return time.process_time() - start


TENTH = """\
id        = "lost-and-found"
name      = { zh = "失物招领", en = "Lost and found" }
portfolio = "urban"
stream    = "service"
summary   = { zh = "捡到东西交到社区，失主来认领。", en = "Found things go to the committee." }
source    = { zh = "别的县自己写的。", en = "Written by another county." }

[[post]]
id   = "keeper"
name = { zh = "保管员", en = "Keeper" }
duty = { zh = "登记、保管、归还。", en = "Lists, keeps and gives back." }
on   = "organisation"
role = "GRID"
term = "365 days"

[[case]]
id         = "found-thing"
name       = { zh = "捡到东西", en = "Found thing" }
prompt     = { zh = "捡到了什么？在哪里？", en = "What did you find, and where?" }
channels   = ["web", "desk"]
opens_by   = ["anyone", "keeper"]
identity   = "optional"
visibility = "public"
public_text = "redacted"
place      = "village"
categories = ["other"]
accept     = "1 day"
answer     = "30 days"
confirm    = "7 days"
survey     = { zh = "还得顺利吗？", en = "Did it go well?" }
late       = { zh = "交给派出所。", en = "Goes to the police." }

[[case.step]]
id     = "kept"
name   = { zh = "入库", en = "Kept" }
by     = "keeper"
before = "accept"
fields = [{ id = "things", name = { zh = "东西", en = "Things" }, type = "items" }]

[[case.step]]
id      = "handed-back"
name    = { zh = "归还", en = "Handed back" }
by      = "handler"
needs   = ["kept"]
before  = "close"
returns = "kept"
"""


def test_a_stranger_adds_a_tenth_method_as_one_file(tmp_path):
    folder = tmp_path / "elsewhere"
    shutil.copytree(DEFAULT, folder)
    (folder / "lost-and-found.toml").write_text(TENTH, "utf-8")
    with use(folder):
        kind = current().kinds["found-thing"]
        assert kind.method_id == "lost-and-found"
        assert [step.id for step in kind.missing("close", {})] == ["kept", "handed-back"]
        assert "keeper" in current().posts
    assert "found-thing" not in current().kinds
