"""Matters with special steps: patrols, cards, errands, wishes, disputes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from linli.cases.actions.handle import accept, answer
from linli.cases.actions.receive import receive
from linli.cases.actions.steps import claim, do_step, release
from linli.cases.models import Case, Reply
from linli.demo.days import Story
from linli.demo.invented import table
from linli.demo.stories import loop
from linli.demo.stories.scene import Scene, again, asker_of, day_of
from linli.lib import clock
from linli.people.actors import ANONYMOUS, Actor, as_resident
from linli.places.models import Place


def step(scene: Scene, case: Case, name: str, by: Actor | None = None, **values: Any) -> Case:
    """Do a step of the playbook, its fields written with underscores."""
    case = again(case)
    given = {key.replace("_", "-"): value for key, value in values.items()}
    do_step(case, name, given, by=by or scene.acting(case))
    return again(case)


def today() -> str:
    return clock.today().isoformat()


def patrol(scene: Scene, start: datetime, grid: Place) -> Story:
    """The grid worker reports, a unit acts, somebody else goes to see."""
    story = scene.rng.choice(table("stories")["patrol"])
    worker = next(a for a in scene.society.holders.values()
                  if a.appointment and a.appointment.post.place_id == grid.pk)  # fmt: skip
    draft = scene.draft("grid-event", "patrol", story["category"], grid,
                        scene.filled(scene.rng.choice(story["said"]), grid),
                        visibility="office", **scene.pin(grid))  # fmt: skip
    yield start
    case = receive(draft, by=worker).case
    yield from loop.take_on(scene, case)
    yield scene.before_due(again(case))
    case = step(scene, case, "handled", what_was_done=story["did"])
    answer(case, scene.rng.choice(story["done"]), by=scene.acting(case))
    yield scene.workdays_on(1)
    case = again(case)
    step(scene, case, "verified", by=scene.society.second_for(case), seen=True)
    yield from loop.have_the_word(scene, case, Reply.SOLVED, satisfied=None)


def card(scene: Scene, start: datetime, line: Place) -> Story:
    """A passenger's card from the box on board: nobody knows whose."""
    story = scene.rng.choices(table("stories")["card"], [10, 2, 1, 1, 1])[0]
    draft = scene.draft("comment-card", "vehicle", story["category"], line,
                        scene.rng.choice(story["said"]), visibility="office")  # fmt: skip
    yield start
    case = receive(draft, by=ANONYMOUS).case
    yield scene.workdays_on(scene.rng.randint(0, 1))
    case = step(scene, case, "screened", nothing_personal_left=True)
    accept(case, by=scene.acting(case))
    yield scene.workdays_on(scene.rng.randint(2, 9))
    case = step(scene, case, "posted", posted_on=today())
    answer(case, scene.rng.choice(story["done"]), by=scene.acting(case))


def errand(scene: Scene, start: datetime, village: Place, *, stop_at: str = "") -> Story:
    """Mandate, originals with a receipt, the window, the result, everything handed back."""
    story = scene.rng.choice(table("stories")["errand"])
    until = day_of(start) + timedelta(days=40)
    draft = scene.draft(
        "errand", scene.rng.choice(["desk", "visit", "phone", "web"]), story["category"], village,
        scene.rng.choice(story["said"]), visibility="office", name=scene.society.name(),
        phone=scene.phone(),
    )  # fmt: skip
    yield start
    case = receive(draft, by=ANONYMOUS).case
    yield scene.at_home(0.5, 3)
    do_step(again(case), "mandate", {
        "what": story["what"], "for-whom": "myself", "which-documents": story["papers"],
        "expires": until.isoformat(), "signed": True,
    }, by=ANONYMOUS, asker=asker_of(case))  # fmt: skip
    yield from loop.take_on(scene, case)
    yield scene.office(1, 5)
    case = step(scene, case, "documents-received", documents=story["items"])
    if stop_at == "documents-received":
        return
    yield scene.workdays_on(1)
    case = step(scene, case, "submitted", window=story["window"], submitted_on=today())
    yield scene.before_due(case)
    case = step(scene, case, "result", outcome="done")
    answer(case, scene.rng.choice(story["done"]), by=scene.acting(case))
    yield scene.office(1, 5)
    case = step(scene, case, "returned", returned=story["items"], no_copies=True)
    if scene.rng.random() < 0.8:
        yield from loop.have_the_word(scene, case, Reply.SOLVED)


def wish(scene: Scene, start: datetime, town: Place, story: Mapping[str, Any]) -> Story:
    """Verified, hung on the tree under an alias, taken on, brought, delivered."""
    draft = scene.draft("wish", scene.rng.choice(["desk", "visit", "web"]), "daily-life", town,
                        story["said"], visibility="public", consent=True,
                        name=scene.society.name(), phone=scene.phone())  # fmt: skip
    yield start
    case = receive(draft, by=ANONYMOUS).case
    yield scene.workdays_on(1)
    child = bool(story.get("child"))
    case = step(scene, case, "verified", for_whom="child" if child else "adult", wisher_agrees=True)
    if child:
        yield scene.at_home(1, 10)
        do_step(again(case), "guardian-consent", {"guardian-agrees": True}, by=ANONYMOUS,
                asker=asker_of(case))  # fmt: skip
        yield scene.office(1, 3)
    accept(again(case), by=scene.acting(case))
    case = step(scene, case, "published", public_text=story["public"], price_band=story["band"])
    yield from _granted(scene, case, story)


def _granted(scene: Scene, case: Case, story: Mapping[str, Any]) -> Story:
    fate = scene.rng.choices(["granted", "given back", "waiting"], [65, 15, 20])[0]
    if fate == "waiting":
        return
    giver = scene.rng.choice(scene.society.volunteers)
    yield scene.at_home(5, 90)
    row = claim(again(case), "bought", by=as_resident(giver))
    if fate == "given back":
        yield scene.at_home(30, 90)
        release(row, by=as_resident(giver))
        return
    yield scene.at_home(20, 120)
    do_step(again(case), "bought", {"spent": story["spent"]}, by=as_resident(giver))
    yield scene.workdays_on(scene.rng.randint(1, 3))
    case = step(scene, case, "delivered", received=True)
    answer(case, "心愿已经送到。", by=scene.acting(case))
    yield from loop.have_the_word(scene, case, Reply.SOLVED)


def dispute(scene: Scene, start: datetime, village: Place) -> Story:
    """Sealed from the first word; only the two sides and the mediator know what it was."""
    story = scene.rng.choice(table("stories")["dispute"])
    n = scene.rng.randrange(len(story["said"]))
    draft = scene.draft(
        "dispute", scene.rng.choice(["web", "desk", "phone"]), story["category"], village,
        story["said"][n], visibility="sealed", consent=True, name=scene.society.name(),
        phone=scene.phone(), fields={"other-party": story["other"][min(n, len(story["other"]) - 1)]},
    )  # fmt: skip
    yield start
    case = receive(draft, by=ANONYMOUS).case
    yield scene.workdays_on(1)
    case = step(scene, case, "sorted", route="mediate")
    accept(case, by=scene.acting(case))
    yield scene.workdays_on(scene.rng.randint(2, 4))
    case = step(scene, case, "session", held_on=today(), minutes=story["minutes"])
    yield scene.workdays_on(scene.rng.randint(1, 5))
    agreed = scene.rng.random() < 0.8
    topic = scene.rng.random() < 0.5
    ticks: dict[str, Any] = {"asker_agrees_topic": topic, "other_agrees_topic": topic}
    case = step(scene, case, "agreement", outcome="agreed" if agreed else "not-agreed",
                terms=story["terms"] if agreed else "", **ticks)  # fmt: skip
    if not agreed:
        case = step(
            scene, case, "legal-referral", where="可以到人民法院起诉，法律援助中心免费帮写诉状。"
        )
    answer(case, story["done"][0], by=scene.acting(case), public=False)
    yield from loop.have_the_word(scene, case, Reply.SOLVED if agreed else Reply.UNSURE)
