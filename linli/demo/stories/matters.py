"""Matters without special steps: requests, messages to stewards, home visits, stalls."""

from datetime import datetime

from linli.cases.actions.receive import Draft, receive
from linli.cases.models import Case, Reply
from linli.demo.days import Story
from linli.demo.invented import table
from linli.demo.stories import loop
from linli.demo.stories.scene import Scene
from linli.people.actors import ANONYMOUS, Actor
from linli.places.models import Kind, Place

# How often a matter goes which way, out of a hundred.
FATES = {
    "solved": 42, "silent": 14, "unsure": 3, "unsolved": 8, "unsolved twice": 2, "extended": 6,
    "sent on": 7, "refused": 4, "refused twice": 2, "late": 6, "declined": 3, "taken back": 1,
    "forgotten": 2,
}  # fmt: skip


def fate_of(scene: Scene) -> str:
    return scene.rng.choices(list(FATES), list(FATES.values()))[0]


def matter(
    scene: Scene, start: datetime, draft: Draft, by: Actor, done: str, fate: str,
    *, neighbours: int = 0, public: bool = False,
) -> Story:  # fmt: skip
    """From the first word to the last, by one of the FATES."""
    yield start
    case = receive(draft, by=by).case
    yield from _on_the_way(scene, case, fate, neighbours=neighbours, public=public)
    if fate in {"declined", "taken back", "forgotten"}:
        return
    if fate == "refused twice":
        done = scene.one("backstop_answers")
    yield from loop.give_answer(scene, case, done, late=fate == "late")
    yield from ends(scene, case, fate)


def _on_the_way(scene: Scene, case: Case, fate: str, *, neighbours: int, public: bool) -> Story:
    if fate == "taken back":
        yield from loop.take_back(scene, case)
        return
    if public:
        yield from loop.make_public(scene, case)
    yield from loop.neighbours_join(scene, case, neighbours)
    if fate.startswith("refused"):
        yield from loop.say_no(scene, case, times=2 if fate == "refused twice" else 1)
    elif fate == "sent on":
        yield from loop.send_on(scene, case)
    if fate == "declined":
        yield from loop.give_up(scene, case)
        return
    yield from loop.take_on(scene, case)
    if fate == "extended":
        yield from loop.more_time(scene, case)
    elif scene.rng.random() < 0.06:
        yield from loop.say_more(scene, case)


def ends(scene: Scene, case: Case, fate: str) -> Story:
    """What the asker says in the end, or does not."""
    if fate == "silent":
        return
    if fate == "unsure":
        yield from loop.have_the_word(scene, case, Reply.UNSURE, satisfied=None)
        return
    if fate.startswith("unsolved"):
        yield from loop.reopen(scene, case, times=2 if fate == "unsolved twice" else 1)
    satisfied = scene.rng.choices([True, False, None], [80, 12, 8])[0]
    yield from loop.have_the_word(scene, case, Reply.SOLVED, satisfied=satisfied)


# ── where the words come from ────────────────────────────────────────────────────────────────────
def request(
    scene: Scene, start: datetime, place: Place, *, fate: str = "", quick: bool = False
) -> Story:
    """Somebody tells the county's desk: from the web, by telephone, by message, at the counter.

    A `quick` one is about something that is answered within days, and nobody joins it.
    """
    stories = [s for s in table("requests")["story"] if not (quick and s["category"] in SLOW)]
    story = scene.rng.choice(stories)
    ways = ["web", "phone", "sms", "desk", "door-card"]
    channel = scene.rng.choices(ways, [50, 24, 6, 8, 12])[0]
    if channel == "door-card" and place.kind != Kind.BUILDING:
        channel = "web"
    open_to_all = scene.rng.random() < 0.78 and story["category"] not in SENSITIVE
    contact = scene.contact(none=0.1 if channel in {"phone", "sms"} else 0.4)
    draft = scene.draft(
        "request", channel, story["category"], place,
        scene.polite(scene.filled(scene.rng.choice(story["said"]), place)),
        visibility="public" if open_to_all else "office", **contact, **scene.pin(place),
    )  # fmt: skip
    by = ANONYMOUS
    if channel in {"phone", "desk"}:  # the county's desk writes it down for the caller
        county = scene.society.ground.of_kind(Kind.COUNTY)[0]
        by = scene.society.staff[scene.society.unit("county-desk", county).pk][0]
    joining = scene.rng.choices([0, 1, 2, 4], [84, 9, 5, 2])[0]
    return matter(
        scene, start, draft, by, scene.rng.choice(story["done"]), fate or fate_of(scene),
        neighbours=joining if open_to_all and not quick else 0,
        public=open_to_all and scene.rng.random() < 0.85,
    )  # fmt: skip


SLOW = {"land", "housing"}
SENSITIVE = {"elderly-care", "neighbours"}


def steward_message(scene: Scene, start: datetime, building: Place, *, fate: str = "") -> Story:
    """A message to the steward of the building; a quick answer, most of the time."""
    story = scene.rng.choice(table("stories")["steward"])
    draft = scene.draft("steward-message", scene.rng.choice(["door-card", "door-card", "web", "sms"]),
                        story["category"], building, scene.polite(scene.rng.choice(story["said"])),
                        visibility="office", **scene.contact(0.5))  # fmt: skip
    fate = fate or scene.rng.choices(["solved", "silent", "late", "extended"], [60, 28, 8, 4])[0]
    return matter(scene, start, draft, ANONYMOUS, scene.rng.choice(story["done"]), fate)


def visit_voice(scene: Scene, start: datetime, village: Place, *, fate: str = "") -> Story:
    """Written down at a kitchen table, read back, a slip left there."""
    story = scene.rng.choice(table("stories")["visit"])
    committee = scene.society.staff[scene.society.committee(village).pk][0]
    slip = scene.rng.random() < 0.6
    contact = {} if slip else {"phone": scene.phone()}
    draft = scene.draft(
        "visit-voice", "visit", story["category"], village, scene.rng.choice(story["said"]),
        visibility="office", consent=True, **contact,
        fields={"read-back": True, "copy": "slip" if slip else "message"},
    )  # fmt: skip
    return matter(scene, start, draft, committee, scene.rng.choice(story["done"]),
                  fate or fate_of(scene))  # fmt: skip


def stall_voice(scene: Scene, start: datetime, village: Place, *, fate: str = "") -> Story:
    """What could not be settled at the stall on the square."""
    story = scene.rng.choice(table("stories")["stall"])
    keeper = scene.society.staff[scene.society.committee(village).pk][0]
    draft = scene.draft(
        "stall-voice", "stall", story["category"], village, scene.rng.choice(story["said"]),
        visibility="office", consent=True, **scene.contact(0.4),
        fields={"slip-given": True, "said-there": story["there"]},
    )  # fmt: skip
    return matter(scene, start, draft, keeper, scene.rng.choice(story["done"]),
                  fate or fate_of(scene))  # fmt: skip


def same_thing_twice(
    scene: Scene, start: datetime, later: datetime, place: Place
) -> tuple[Story, Story]:
    """Two people write about one thing without seeing each other; the unit joins the two."""
    story = next(s for s in table("requests")["story"] if s["category"] == "drainage")
    said = [scene.filled(text, place) for text in scene.rng.sample(story["said"], 2)]
    met: list[Case] = []

    def first() -> Story:
        yield start
        draft = scene.draft("request", "web", "drainage", place, said[0], visibility="public",
                            **scene.contact(0), **scene.pin(place))  # fmt: skip
        case = receive(draft, by=ANONYMOUS).case
        met.append(case)
        yield from loop.make_public(scene, case)
        yield from loop.take_on(scene, case)
        yield from loop.give_answer(scene, case, story["done"][0])
        yield from loop.have_the_word(scene, case, Reply.SOLVED)

    def second() -> Story:
        yield later
        draft = scene.draft("request", "web", "drainage", place, said[1], visibility="public",
                            **scene.contact(0), **scene.pin(place))  # fmt: skip
        case = receive(draft, by=ANONYMOUS).case
        yield from loop.become_one(scene, case, met[0])

    return first(), second()
