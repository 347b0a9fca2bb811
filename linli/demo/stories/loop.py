"""The turns that any matter can take, one after the other, all through the real actions."""

from linli.cases.actions.asker import add_words, reply, withdraw
from linli.cases.actions.handle import accept, answer, decline, extend, note, publish
from linli.cases.actions.join import join, merge
from linli.cases.actions.pass_on import refuse, transfer
from linli.cases.models import OPEN, Asker, Case, Reply, State
from linli.cases.models.case import WORKING, Visibility
from linli.demo.days import Story
from linli.demo.stories.scene import Scene, again, asker_of
from linli.lib import workdays
from linli.people.actors import ANONYMOUS, as_resident
from linli.people.models import Organisation
from linli.places.models import Kind

SOLVED = Reply.SOLVED
DESK = "county-desk"


def working(case: Case) -> bool:
    return case.state in WORKING


def take_on(scene: Scene, case: Case) -> Story:
    """The unit accepts it in a few office hours."""
    yield scene.office()
    case = again(case)
    if case.state == State.ROUTED:
        accept(case, by=scene.acting(case))
        if scene.rng.random() < 0.25:
            note(case, scene.one("notes"), by=scene.acting(case))


def make_public(scene: Scene, case: Case) -> Story:
    """A person reads the text and lets everybody read it."""
    yield scene.office(0.2, 2)
    case = again(case)
    if case.visibility == Visibility.PUBLIC and case.state != State.MERGED:
        publish(case, case.text, by=scene.acting(case))


def neighbours_join(scene: Scene, case: Case, count: int) -> Story:
    for _n in range(count):
        yield scene.at_home(2, 30)
        case = again(case)
        if working(case):
            draft = scene.draft(case.kind, "web", case.category, case.place, case.text,
                                visibility=case.visibility, **scene.contact())  # fmt: skip
            join(case, draft, by=ANONYMOUS)


def more_time(scene: Scene, case: Case) -> Story:
    """An extension, asked for before the time runs out."""
    yield scene.office(4, 20)
    case = again(case)
    if not working(case) or case.is_late or not case.rule.may_extend:
        return
    until = workdays.add(case.answer_due_at, workdays.Span(scene.rng.randint(2, 4), "workdays"))
    most = case.rule.at_most
    if most:
        until = min(until, workdays.add(case.received_at, most.within))
    if until > case.answer_due_at:
        extend(case, until, scene.one("extensions"), by=scene.acting(case))


def office_above(scene: Scene, case: Case) -> Organisation | None:
    """The town's office for this place."""
    for place in reversed([*case.place.ancestors(), case.place]):
        if place.kind == Kind.TOWN:
            return scene.society.unit("town-office", place)
    return None


def send_on(scene: Scene, case: Case, to: Organisation | None = None) -> Story:
    """Somebody else's duty: sent there with the reason."""
    yield scene.office(1, 6)
    case = again(case)
    target = to or office_above(scene, case)
    if target and working(case) and target.pk not in {case.owner_id, case.about_id}:
        transfer(case, target, scene.one("transfers"), by=scene.acting(case))


def say_no(scene: Scene, case: Case, *, times: int) -> Story:
    """ "Not ours", once or twice; what comes back to the county's desk is sent on by it."""
    for n in range(times):
        yield scene.office(1, 8)
        case = again(case)
        if not working(case) or case.backstopped or case.owner.kind == DESK:
            return
        phrase = "refusals" if n == 0 else "second_refusals"
        refuse(case, scene.one(phrase), by=scene.acting(case))
        case = again(case)
        if case.owner.kind == DESK and not case.backstopped:
            yield from send_on(scene, case)


def give_up(scene: Scene, case: Case) -> Story:
    """Nobody here can do it: declined with the reason and the right address."""
    yield scene.office(4, 20)
    case = again(case)
    if working(case):
        reason, address = scene.one("declines")
        decline(case, reason, address, by=scene.acting(case))


def take_back(scene: Scene, case: Case) -> Story:
    yield scene.at_home(1, 8)
    case = again(case)
    if case.state in OPEN and case.askers_count == 1:
        withdraw(asker_of(case), by=ANONYMOUS)


def say_more(scene: Scene, case: Case) -> Story:
    yield scene.at_home(3, 30)
    case = again(case)
    if case.is_open:
        add_words(asker_of(case), scene.one("added"), by=ANONYMOUS)


def give_answer(scene: Scene, case: Case, words: str, *, late: bool = False) -> Story:
    case = again(case)
    yield scene.after_due(case) if late else scene.before_due(case)
    case = again(case)
    if case.state == State.ROUTED:
        accept(case, by=scene.acting(case))
    if working(case):
        answer(case, words, by=scene.acting(case))


def have_the_word(
    scene: Scene, case: Case, word: str, *, satisfied: bool | None = True, only_first: bool = False
) -> Story:
    """Every asker says whether it is solved, each at an own moment."""
    first = asker_of(case)
    for asker in Asker.objects.filter(case=case).order_by("-is_first", "joined_at"):
        if only_first and asker.pk != first.pk:
            continue
        yield scene.at_home(2, 60)
        case = again(case)
        asker.refresh_from_db()
        if case.state != State.ANSWERED or asker.asked_at is None or asker.reply:
            return
        words = (
            scene.one("solved" if word == SOLVED else "unsolved") if word != Reply.UNSURE else ""
        )
        by = as_resident(asker.user) if asker.user else ANONYMOUS
        reply(asker, word, by=by, satisfied=satisfied, words=words)


def reopen(scene: Scene, case: Case, *, times: int) -> Story:
    """ "Not solved", and a new answer each time; the second time one level up."""
    for _n in range(times):
        yield from have_the_word(scene, case, Reply.UNSOLVED, satisfied=False, only_first=True)
        case = again(case)
        if not working(case):
            return
        yield scene.workdays_on(scene.rng.randint(1, 2))
        case = again(case)
        if case.state == State.ROUTED:
            accept(case, by=scene.acting(case))
        if working(case):
            answer(case, scene.one("second_answers"), by=scene.acting(case))


def become_one(scene: Scene, case: Case, into: Case) -> Story:
    """The unit sees that two matters are the same thing."""
    yield scene.office(1, 6)
    case, into = again(case), again(into)
    if working(case) and working(into) and case.owner_id == into.owner_id:
        merge(case, into, by=scene.acting(into))
