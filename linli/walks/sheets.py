"""Every type of page, who opens it and how one gets there."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Page

HOUSE = "320481002003-b7"  # Building 7, Peach Garden, of the demonstration
CLUB = "club-320481002003"
GO_ON = "form[data-keep=tell] > p > .button"
Way = Callable[[Page, "Ground"], None]


@dataclass
class Ground:
    """What the sheets stand on: the card at the door, and a matter somebody has just told us."""

    door: str
    place: str  # the code of Building 7
    number: str = ""


@dataclass(frozen=True)
class Sheet:
    """One type of page. `way` leads on from the address."""

    name: str
    path: str
    act_as: str = ""  # a member of the cast, or "" for a stranger
    asks: bool = False  # in the browser of somebody who has just told us something
    status: int = 200
    way: Way | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return self.name


# Once nothing has been asked for during a sixth of a second: modules and drawings are there.
SETTLED = """async () => {
  const asked = () => performance.getEntriesByType('resource').length
  for (let quiet = 0, seen = asked(); quiet < 3; quiet = asked() === seen ? quiet + 1 : 0) {
    seen = asked()
    await new Promise((done) => setTimeout(() => requestAnimationFrame(done), 40))
  }
}"""


def open_sheet(sheet: Sheet, page: Page, ground: Ground) -> None:
    """Go there; the last answer must have the sheet's status."""
    codes = []
    page.on("response", lambda answer: codes.append(answer.status)
            if answer.request.is_navigation_request() else None)  # fmt: skip
    page.goto(sheet.path.format(door=ground.door, place=ground.place, number=ground.number))
    if sheet.way:
        sheet.way(page, ground)
    page.evaluate(SETTLED)
    assert codes[-1] == sheet.status, f"{sheet.name}: {page.url} answers {codes[-1]}"


# ── ways ─────────────────────────────────────────────────────────────────────────────────────────
def told(text: str = "7号楼前面的路灯又不亮了。") -> Way:
    """The second page of telling: the words and the place are there."""

    def go(page: Page, ground: Ground) -> None:
        page.fill("[name=text]", text)
        page.locator(GO_ON).click()

    return go


def sent_empty(page: Page, _ground: Ground) -> None:
    page.locator(GO_ON).click()


def wrong_number(page: Page, _ground: Ground) -> None:
    page.fill("[name=number]", "26 1234 5678")
    page.locator("main form[method=post] .button").click()


def asked_for_code(page: Page, _ground: Ground) -> None:
    page.fill("[name=address]", "19900000001")
    page.locator("main form[method=post] .button").first.click()


def first(selector: str) -> Way:
    """Follow the first link that fits."""

    def go(page: Page, _ground: Ground) -> None:
        page.goto(page.locator(selector).first.get_attribute("href") or "")

    return go


def pressed(selector: str) -> Way:
    """Press the first button that fits, for pages that a form opens because opening is logged."""

    def go(page: Page, _ground: Ground) -> None:
        with page.expect_navigation():
            page.locator(selector).first.click()

    return go


def answered_of_mine(page: Page, _ground: Ground) -> None:
    page.locator("main .row-link a, main .case-row a").first.click()


def sent_without_words(page: Page, _ground: Ground) -> None:
    page.locator("main form[enctype] .actions button").first.click()


def ballot(page_of_it: str, *, last: bool = False) -> Way:
    """From a list of ballots to the first (or last) of them, and there to one of its pages."""

    def go(page: Page, _ground: Ground) -> None:
        links = page.locator("main .row-link a[href*='ballots/']")
        link = links.last if last else links.first
        page.goto((link.get_attribute("href") or "") + page_of_it)

    return go


def looked_at_again(page: Page, ground: Ground) -> None:
    """A vote that is chosen and not cast."""
    ballot("vote/")(page, ground)
    page.locator("main [type=radio]").first.check()
    page.locator("main form.voting .button").click()


def of_roll(page_of_it: str) -> Way:
    """From the rolls to one page of the first."""

    def go(page: Page, _ground: Ground) -> None:
        page.goto((page.locator(ROLL_OF_MEMBERS).first.get_attribute("href") or "") + page_of_it)

    return go


def worked_out(page: Page, _ground: Ground) -> None:
    """From the question for the best sites to its answer."""
    page.locator("main form[method=post] .button").last.click()
    page.wait_for_url(re.compile(r"/desk/travel/sites/[0-9a-f-]{36}/"))


TOPIC = "main section:last-of-type .case-row a"
CASE = "main .case-row a[href^='/case/']"
ACTIVITY = "main .case-row a[href^='/activities/']"
RUN = "main .case-row a[href^='/desk/activities/']"
GAP = "main .case-row a[href^='/desk/gaps/']"
POST = "main .case-row a[href^='/posts/']"
HAND_OVER = "main a[href^='/posts/held/']"
MOTION = "main .case-row a[href^='/motions/']"
DESK_MOTION = "main .case-row a[href^='/desk/motions/']"
ROLL = "main .case-row a[href^='/desk/rolls/']"
ROLL_OF_MEMBERS = "main section:last-of-type .case-row a[href$='/party/']"
MEMBER = "main .case-row a[href^='/desk/members/one/']"
AGAINST = "main section:nth-of-type(2) .case-row a[href^='/desk/members/one/']"
BODY = "main .case-row a[href^='/desk/bodies/']"
STORE = "/desk/facilities/giving-station-320481/store/"
GIFT = "main a[href*='/gifts/']:not([href$='/gifts/'])"
TAKE_BACK = "main a[href$='/back/']"
CANDIDATE = "main a[href*='/desk/talent/people/']"
TIE = "main .case-row a[href^='/ties/']"
DESK_CASE = "main .case-row a[href^='/desk/case/']"

SHEETS = [
    Sheet("home", "/"),
    Sheet("door card", "/at/{door}/"),
    Sheet("tell", "/tell/"),
    Sheet("tell with errors", "/tell/", way=sent_empty, status=422),
    Sheet("tell details", "/tell/?at={place}", way=told()),
    Sheet("wish details", "/tell/wish/?at={place}", way=told("想要一盏台灯。")),
    Sheet("receipt", "/receipt/{number}/", asks=True),
    Sheet("my matter", "/mine/{number}/", asks=True),
    Sheet("my answered matter", "/mine/", act_as="resident", way=answered_of_mine),
    Sheet("my matters", "/mine/", act_as="resident"),
    Sheet("where", "/where/"),
    Sheet("where with errors", "/where/", way=wrong_number, status=422),
    Sheet("public case", "/near/", way=first(CASE)),
    Sheet("near", "/near/?where=燕山"),
    Sheet("search", "/search/?q=路灯"),
    Sheet("say", "/say/"),
    Sheet("claims", "/claims/", act_as="volunteer"),
    Sheet("desk", "/desk/", act_as="manager"),
    Sheet("desk of a mediator", "/desk/", act_as="mediator"),
    Sheet("gaps", "/desk/gaps/", act_as="manager"),
    Sheet("a gap", "/desk/gaps/", act_as="manager", way=first(GAP)),
    Sheet("posts", "/posts/", act_as="manager"),
    Sheet("a post", "/posts/", act_as="manager", way=first(POST)),
    Sheet("what is on", "/activities/"),
    Sheet("something that is on", "/activities/", way=first(ACTIVITY)),
    Sheet("my service", "/service/", act_as="volunteer"),
    Sheet("my times", "/service/times/", act_as="volunteer"),
    Sheet("today in the field", "/field/", act_as="volunteer"),
    Sheet("what waits on the telephone", "/field/queue/", act_as="volunteer"),
    Sheet("my telephones", "/field/phones/", act_as="volunteer"),
    Sheet("telephones outside", "/desk/field/", act_as="coordinator"),
    Sheet("activities of a body", "/desk/activities/", act_as="manager"),
    Sheet("running an activity", "/desk/activities/", act_as="manager", way=first(RUN)),
    Sheet("planning an activity", "/desk/activities/plan/civic-talk/", act_as="manager"),
    Sheet("a home agrees", "/desk/homes/home-visits/", act_as="manager"),
    Sheet("the week", "/desk/week/", act_as="manager"),
    Sheet("a new rota", "/desk/rotas/new/", act_as="manager"),
    Sheet("how far it is", "/travel/?mode=ebike"),
    Sheet("what if", "/desk/travel/what-if/?at=320481002003", act_as="coordinator"),
    Sheet(
        "what if with errors", "/desk/travel/what-if/?at=Nowhere", act_as="coordinator", status=422
    ),
    Sheet("best next sites", "/desk/travel/sites/", act_as="coordinator"),
    Sheet(
        "a study of sites", "/desk/travel/sites/?kind=canteen", act_as="coordinator", way=worked_out
    ),
    Sheet("places to go", "/facilities/?near=燕山"),
    Sheet("a canteen", "/facilities/canteen-320481002003/", act_as="resident"),
    Sheet("a service centre", "/facilities/service-centre-320481002003/"),
    Sheet("incubators", "/incubators/"),
    Sheet("an incubator", "/incubators/incubator-yanshan/", act_as="resident"),
    Sheet("applying for desks", "/incubators/incubator-yanshan/application/", act_as="neighbour"),
    Sheet(
        "my tenancy",
        "/incubators/incubator-yanshan/",
        act_as="resident",
        way=first("main a[href^='/incubators/mine/']"),
    ),
    Sheet("the desk of an incubator", "/desk/incubators/incubator-yanshan/", act_as="coordinator"),
    Sheet(
        "a tenant",
        "/desk/incubators/incubator-yanshan/",
        act_as="coordinator",
        way=first("main .case-row a[href^='/desk/incubators/']"),
    ),
    Sheet("five halls by town", "/facilities/bundles/five-halls/"),
    Sheet("five halls by village", "/facilities/bundles/five-halls/?town=320481002"),
    Sheet(
        "a room",
        "/facilities/service-centre-320481002003/",
        act_as="resident",
        way=first("main a[href*='/rooms/']"),
    ),
    Sheet("my bookings", "/bookings/", act_as="resident"),
    Sheet("facilities of the desk", "/desk/facilities/", act_as="manager"),
    Sheet("desk of a canteen", "/desk/facilities/canteen-320481002003/", act_as="manager"),
    Sheet("desk of a centre", "/desk/facilities/service-centre-320481002003/", act_as="manager"),
    Sheet("store of a station", "/facilities/giving-station-320481/store/"),
    Sheet("store in all", "/facilities/giving-station-320481/store/?period=all"),
    Sheet(
        "movements of a store",
        "/facilities/giving-station-320481/store/movements/?item=rice&way=in",
    ),
    Sheet("finding a gift", "/gifts/?code=nothing", status=422),
    Sheet("desk of a store", STORE, act_as="station"),
    Sheet("a gift", STORE, act_as="station", way=first(GIFT)),
    Sheet("taking a gift in", STORE + "in/", act_as="station"),
    Sheet("handing out", STORE + "out/", act_as="station"),
    Sheet("writing off", STORE + "waste/", act_as="station"),
    Sheet("taking a movement back", STORE, act_as="station", way=first(TAKE_BACK)),
    Sheet("clubs", "/clubs/"),
    Sheet("a club", f"/clubs/{CLUB}/", act_as="manager"),
    Sheet("asking for a place", f"/clubs/{CLUB}/place/", act_as="neighbour"),
    Sheet("my children at clubs", "/me/children/", act_as="resident"),
    Sheet("a child of mine", "/me/children/", act_as="resident", way=first("main .case-row a")),
    Sheet("clubs of the desk", "/desk/clubs/", act_as="manager"),
    Sheet("desk of a club", f"/desk/clubs/{CLUB}/", act_as="manager"),
    Sheet(
        "a child at the desk",
        f"/desk/clubs/{CLUB}/",
        act_as="manager",
        way=pressed("main form[action*='/children/'] .button"),
    ),
    Sheet("the door of a club", f"/clubs/{CLUB}/door/", act_as="manager"),
    Sheet(
        "a child at the door",
        f"/clubs/{CLUB}/door/",
        act_as="manager",
        way=pressed("main form[action*='/children/']:not([action*='pick-up']) .button"),
    ),
    Sheet(
        "handing over a child",
        f"/clubs/{CLUB}/door/",
        act_as="manager",
        way=pressed("main form[action*='pick-up'] .button"),
    ),
    Sheet("coverage", "/coverage/"),
    Sheet("a promise of cover", "/coverage/building-has-steward/"),
    Sheet("may be asked", "/me/asked/", act_as="neighbour"),
    Sheet("cannot come", "/cannot-come/", act_as="volunteer"),
    Sheet("hand over", "/me/", act_as="manager", way=first(HAND_OVER)),
    Sheet("handling", "/desk/?list=today", act_as="manager", way=first(DESK_CASE)),
    Sheet(
        "handling a returned one", "/desk/?list=returned", act_as="manager", way=first(DESK_CASE)
    ),
    Sheet("handling a dispute", "/desk/", act_as="mediator", way=first(DESK_CASE)),
    Sheet("handling a wish", "/desk/", act_as="station", way=first(DESK_CASE)),
    Sheet("rolls", "/desk/members/", act_as="manager"),
    Sheet("a roll", "/desk/members/", act_as="manager", way=first(ROLL_OF_MEMBERS)),
    Sheet("a member", "/desk/members/", act_as="manager", way=first(MEMBER)),
    Sheet("a step against somebody", "/desk/members/", act_as="manager", way=first(AGAINST)),
    Sheet("entering a member", "/desk/members/", act_as="manager", way=of_roll("new/")),
    Sheet("a list of people", "/desk/members/", act_as="manager", way=of_roll("list/")),
    Sheet("forms of bodies", "/desk/bodies/party/", act_as="manager"),
    Sheet("the form of a body", "/desk/bodies/party/", act_as="manager", way=first(BODY)),
    Sheet("regrouping bodies", "/desk/bodies/party/regroup/", act_as="manager"),
    Sheet("bodies in numbers", "/bodies/"),
    Sheet("my membership", "/membership/", act_as="volunteer"),
    Sheet("ties in numbers", "/ties/"),
    Sheet("three lists", "/ties/unit-community/lists/", act_as="manager"),
    Sheet("a line of the lists", "/ties/unit-community/lists/new/", act_as="manager"),
    Sheet("ties of the desk", "/desk/ties/", act_as="manager"),
    Sheet("bringing two together", "/desk/ties/official-household/", act_as="manager"),
    Sheet("my ties", "/ties/mine/", act_as="volunteer"),
    Sheet("a tie", "/ties/mine/", act_as="volunteer", way=first(TIE)),
    Sheet("talent and training", "/talent/"),
    Sheet("a pool", "/talent/successors/"),
    Sheet("proposing oneself", "/talent/successors/propose/", act_as="resident"),
    Sheet("my pools and cohorts", "/talent/mine/", act_as="volunteer"),
    Sheet(
        "appealing", "/talent/mine/", act_as="steward", way=first("main a[href*='/talent/appeal/']")
    ),
    Sheet("a cohort", "/talent/", way=first("main a[href*='/talent/cohorts/']")),
    Sheet("talent of the desk", "/desk/talent/", act_as="coordinator"),
    Sheet("somebody to review", "/desk/talent/", act_as="coordinator", way=first(CANDIDATE)),
    Sheet("an appeal", "/desk/talent/?list=appeals", act_as="coordinator", way=first(CANDIDATE)),
    Sheet("proposing somebody", "/desk/talent/successors/nominate/", act_as="manager"),
    Sheet("announcing a cohort", "/desk/talent/cohorts/new/", act_as="coordinator"),
    Sheet(
        "a cohort of the desk",
        "/desk/talent/",
        act_as="coordinator",
        way=first("main a[href*='/desk/talent/cohorts/']:not([href$='/new/'])"),
    ),
    Sheet("ledger", "/ledger/"),
    Sheet("forum", "/forum/"),
    Sheet("board", "/forum/b/320481002003/"),
    Sheet("topic", "/forum/", act_as="resident", way=first(TOPIC)),
    Sheet("floor to moderate", "/forum/3/3/more/", act_as="manager"),
    Sheet("floor to case", "/forum/3/8/case/", act_as="resident"),
    Sheet(
        "new topic with errors",
        "/forum/b/ideas/new/",
        act_as="resident",
        status=422,
        way=sent_without_words,
    ),
    Sheet("forum search", "/forum/search/?q=水泥"),
    Sheet("moderators' queue", "/forum/queue/", act_as="manager"),
    Sheet("moderators' log", "/forum/log/"),
    Sheet("ballots", "/ballots/"),
    Sheet("open ballot", "/ballots/", act_as="resident", way=ballot("")),
    Sheet("counted ballot", "/ballots/", way=ballot("", last=True)),
    Sheet("voting paper", "/ballots/", act_as="resident", way=ballot("vote/")),
    Sheet("vote to look at again", "/ballots/", act_as="resident", way=looked_at_again),
    Sheet("voting machine", "/ballots/", way=ballot("kiosk/")),
    Sheet("board of a ballot", "/ballots/", way=ballot("board/", last=True)),
    Sheet("ballots of the desk", "/desk/ballots/", act_as="manager"),
    Sheet("open a ballot", "/desk/ballots/open/", act_as="manager"),
    Sheet("ballot at the desk", "/desk/ballots/", act_as="manager", way=ballot("")),
    Sheet("counters' sheet", "/desk/ballots/", act_as="manager", way=ballot("papers/")),
    Sheet("motions", "/motions/"),
    Sheet("a motion", "/say/", act_as="resident", way=first(MOTION)),
    Sheet("a motion carried out", "/motions/?state=over", way=first(MOTION)),
    Sheet("propose a motion", "/motions/new/", act_as="resident"),
    Sheet("motions of the desk", "/desk/motions/", act_as="manager"),
    Sheet("carrying a motion", "/desk/motions/", act_as="manager", way=first(DESK_MOTION)),
    Sheet("a roll", "/desk/motions/", act_as="manager", way=first(ROLL)),
    Sheet("what people brought", "/desk/concerns/villagers-say/", act_as="manager"),
    Sheet("overview", "/overview/", act_as="coordinator"),
    Sheet("overview for everybody", "/overview/"),
    Sheet("overview cases", "/overview/", act_as="coordinator", way=first(".stats a.stat")),
    Sheet("sign in", "/sign-in/"),
    Sheet("code", "/sign-in/", way=asked_for_code),
    Sheet("me", "/me/", act_as="manager"),
    Sheet("keys", "/me/keys/", act_as="manager"),
    Sheet("acting", "/acting/", act_as="steward"),
    Sheet("inbox", "/inbox/", act_as="resident"),
    Sheet("letters to an audience", "/desk/letters/", act_as="coordinator"),
    Sheet(
        "a letter to an audience",
        "/desk/letters/",
        act_as="coordinator",
        way=first('main a[href^="/desk/letters/"]'),
    ),
    Sheet("my file", "/my-file/", act_as="resident"),
    Sheet("parts of my file", "/my-file/everything/", act_as="resident"),
    Sheet("dead letters", "/letters/dead/", act_as="administrator"),
    Sheet("about", "/about/"),
    Sheet("privacy", "/privacy/"),
    Sheet("journal", "/journal/"),
    Sheet("design", "/design/"),
    Sheet("not there", "/there/is/nothing/", status=404),
    Sheet("not for me", "/desk/", act_as="resident", status=403),
]
NUMBER = re.compile(r"/receipt/(\d{10})/")
