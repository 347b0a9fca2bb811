"""The life of one community, arranged so that the walk-throughs work on the day it is built.

The manager's desk shows seven matters due today, two late, one returned, five that wait for the
askers' word, three gaps. A resident finds that two neighbours have reported the lamp by Building 7.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import cycle
from typing import Any

from linli import playbook
from linli.cases import contacts
from linli.cases.actions.asker import reply
from linli.cases.actions.handle import accept, answer, extend, note, publish
from linli.cases.actions.join import join
from linli.cases.actions.pass_on import refuse, transfer
from linli.cases.actions.receive import Draft, receive
from linli.cases.actions.steps import claim
from linli.cases.clocks import promise
from linli.cases.models import Reply
from linli.demo.days import Story, at, local_day
from linli.demo.homes import estate_of_the_walk
from linli.demo.stories import matters, stepped
from linli.demo.stories.scene import Scene, again, asker_of
from linli.lib import workdays
from linli.people.actors import ANONYMOUS, Actor, as_resident
from linli.people.models import Organisation
from linli.places.models import Kind, Place

LAMP = "7号楼前面的路灯不亮了，晚上走路看不清。"


class Walk:
    """The stories of the community of the walk-throughs."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.society = scene, scene.society
        self.today = local_day(scene.until)
        places = scene.society.ground.places
        code = estate_of_the_walk()["village"]
        self.village, self.house = places[code], places[f"{code}-b7"]
        self.grid = places[f"{code}-g1"]
        self.manager = scene.society.roles["manager"]

    def stories(self) -> Iterator[Story]:
        yield from (self.lamp(), self.earlier_lamp(), self.returned(), self.of_the_resident())
        yield from self.due_today()
        yield from self.late()
        yield from self.waiting()
        yield from self.still_open()
        yield self.to_be_seen()
        yield from self.of_the_steward()
        yield from self.of_others()
        yield from self.long_ago()

    # ── walk 1: the lamp that two neighbours have reported ───────────────────────────────────
    def lamp(self) -> Story:
        scene, day = self.scene, self.today - timedelta(days=2)
        yield at(day, time(19, 40))
        draft = scene.draft("request", "door-card", "street-light", self.house, LAMP,
                            visibility="public", spot="单元门前面的那一盏", phone=scene.phone())  # fmt: skip
        case = receive(draft, by=ANONYMOUS).case
        yield at(day, time(20, 5))
        publish(again(case), LAMP, by=self.society.acting_for(case))
        yield at(day, time(20, 30))
        same = scene.draft("request", "web", "street-light", self.house, "楼前的路灯坏了，今晚全黑。",
                           visibility="public", phone=scene.phone())  # fmt: skip
        join(again(case), same, by=ANONYMOUS)

    def earlier_lamp(self) -> Story:
        scene = self.scene
        yield at(self.today - timedelta(days=27), time(20, 10))
        draft = scene.draft("request", "web", "street-light", self.house,
                            "7号楼前面的路灯一闪一闪的，看着头晕。", visibility="public",
                            phone=scene.phone())  # fmt: skip
        case = receive(draft, by=ANONYMOUS).case
        lighting = self.society.roles["lighting"]
        yield scene.workdays_on(1)
        publish(again(case), draft.text, by=lighting)
        accept(again(case), by=lighting)
        yield scene.workdays_on(2)
        answer(again(case), "整流器老化，已更换，当晚试亮正常。", by=lighting)
        yield scene.at_home(3, 20)
        reply(asker_of(case), Reply.SOLVED, by=ANONYMOUS, satisfied=True)

    # ── walk 3: the manager's desk ───────────────────────────────────────────────────────────
    def returned(self) -> Story:
        """The water company says that it is not theirs."""
        yield self.moment(2, time(9, 15))
        draft = self.said("property", "地下车库顶上的水管一直滴水，车都停不了。")
        case = receive(draft, by=ANONYMOUS).case
        yield self.moment(2, time(10, 30))
        accept(again(case), by=self.manager)
        water = self.society.unit("water-company", self.society.ground.of_kind(Kind.COUNTY)[0])
        yield self.moment(2, time(14, 20))
        transfer(again(case), water, "现场看像是自来水管漏水，请派人检查。", by=self.manager)
        yield self.moment(1, time(10, 40))
        refuse(again(case), "不归我们：漏的是小区内部消防管，建议由物业或社区处理。",
               by=self.society.staff[water.pk][0], suggested=self.firm())  # fmt: skip

    def firm(self) -> Organisation:
        return self.society.unit("property-firm", self.village)

    def due_today(self) -> Iterator[Story]:
        office: dict[str, Any] = {"visibility": "office"}
        yield self.due_on(self.today, self.said("property", "单元门禁坏了，谁都能进来。"))
        yield self.due_on(
            self.today, self.said("cleaning", "垃圾分类亭旁边堆了几个旧沙发。", house=2)
        )
        yield self.due_on(
            self.today, self.said("other", "活动室的空调不制冷，能不能修一下？", house=1)
        )
        yield self.due_on(
            self.today, self.said("neighbours", "楼上晾衣服老滴水，想请社区说一声。", **office)
        )
        yield self.due_on(self.today, self.visit("独居老人家里的灯不亮，爬高不方便，想请人换一下。"),
                          by=self.manager)  # fmt: skip
        yield self.due_on(self.today, self.stall("问小区加装充电桩要走哪些手续。"), by=self.manager)
        worker = next(a for a in self.society.holders.values() if self._holds(a, self.grid))
        event = self.scene.draft("grid-event", "patrol", "cleaning", self.grid,
                                 "垃圾亭旁边积存装修垃圾约一方。", visibility="office")  # fmt: skip
        yield self.due_on(self.today, event, by=worker)

    def late(self) -> Iterator[Story]:
        yield self.due_on(
            self.workday(1), self.said("property", "电梯按钮失灵，等了一个多星期。", house=3)
        )
        yield self.due_on(
            self.workday(3), self.said("cleaning", "地下室积水发臭，一直没人抽。", house=9)
        )

    def waiting(self) -> Iterator[Story]:
        """Five answers that wait for a word; the resident's own is one of them."""
        texts = [
            ("property", "楼道的声控灯不灵，跺脚都不亮。", "声控开关已更换六个，逐层试过。"),
            ("cleaning", "绿化带里有狗粪，孩子踩到了。", "已清理并装了两个拾便箱。"),
            ("other", "社区图书角的书能不能换一批？", "已和图书馆约好，每季度换一百本。"),
            ("neighbours", "对门的鞋柜放在楼道里，挡路。", "已和对门商量好，鞋柜今天搬进屋里了。"),
        ]
        for n, (category, text, done) in enumerate(texts):
            yield self.answered(self.said(category, text), done, days_ago=1 + n)

    def still_open(self) -> Iterator[Story]:
        yield self.left_open(
            self.said("property", "快递柜占了消防通道，请协调挪一下。"), days_ago=1
        )
        yield self.left_open(
            self.said("cleaning", "楼后面的落叶堵住了排水沟。", house=5), days_ago=1
        )
        yield self.left_open(self.visit("想在楼下装两个休息的凳子，老人买菜回来能歇一歇。"), days_ago=1,
                             by=self.manager)  # fmt: skip

    def to_be_seen(self) -> Story:
        """Dealt with by another unit since the day before yesterday; nobody has gone to look."""
        worker = next(a for a in self.society.holders.values() if self._holds(a, self.grid))
        draft = self.scene.draft("grid-event", "patrol", "drainage", self.grid,
                                 "三号楼后面的雨水井盖松动，踩上去会晃。", visibility="office")  # fmt: skip
        yield self.moment(2, time(8, 20))
        case = receive(draft, by=worker).case
        yield self.moment(2, time(10, 30))
        accept(again(case), by=self.society.acting_for(case))
        yield self.moment(1, time(15, 40))
        stepped.step(self.scene, case, "handled", what_was_done="换了新井盖，周围抹了水泥。")
        answer(again(case), "井盖已更换并固定。", by=self.society.acting_for(case))

    # ── the others of the cast ───────────────────────────────────────────────────────────────
    def of_the_resident(self) -> Story:
        """The resident's own matter: answered, and somebody has looked at the number."""
        scene, resident = self.scene, self.society.cast["resident"]
        actor = as_resident(resident)
        yield self.moment(6, time(8, 50))
        draft = scene.draft("request", "web", "property", self.house, "单元门口的台阶松了，老人容易绊倒。",
                            visibility="public", user=resident)  # fmt: skip
        case = receive(draft, by=actor).case
        yield self.moment(5, time(9, 10))
        accept(again(case), by=self.manager)
        publish(again(case), draft.text, by=self.manager)
        contacts.reveal(again(case), asker_of(case), by=self.manager, reason="约上门看台阶的时间")
        yield self.moment(3, time(15, 10))
        answer(again(case), "台阶已重新砌好，边上加了防滑条。", by=self.manager)

    def of_the_steward(self) -> Iterator[Story]:
        message = self.scene.draft("steward-message", "door-card", "cleaning", self.house,
                                   "楼道里有人放了旧床垫，麻烦看一下。", visibility="office",
                                   phone=self.scene.phone())  # fmt: skip
        yield self.left_open(message, days_ago=0)
        for n in range(3):
            start = at(self.today - timedelta(days=25 - n), time(18, 20))
            yield matters.steward_message(self.scene, start, self.house, fate="solved")

    def of_others(self) -> Iterator[Story]:
        for days in (4, 12, 15, 18):
            yield stepped.dispute(self.scene, at(self.workday(days), time(9, 30)), self.village)
        yield stepped.errand(self.scene, at(self.workday(2), time(10, 0)), self.village,
                             stop_at="documents-received")  # fmt: skip
        yield self.promised_wish()

    def promised_wish(self) -> Story:
        scene, station = self.scene, self.society.roles["station"]
        yield at(self.workday(6), time(10, 20))
        town = next(p for p in self.village.ancestors() if p.kind == Kind.TOWN)
        draft = scene.draft("wish", "desk", "daily-life", town, "想要一盏护眼台灯，晚上看书用。",
                            visibility="public", consent=True, name="小朋友的家长",
                            phone=scene.phone())  # fmt: skip
        case = receive(draft, by=ANONYMOUS).case
        yield at(self.workday(5), time(9, 40))
        stepped.step(scene, case, "verified", station, for_whom="adult", wisher_agrees=True)
        accept(again(case), by=station)
        stepped.step(
            scene, case, "published", station, public_text="一盏护眼台灯", price_band="middle"
        )
        yield at(self.workday(3), time(19, 0))
        claim(again(case), "bought", by=as_resident(self.society.cast["volunteer"]))

    def long_ago(self) -> Iterator[Story]:
        """What was done here before: answered and confirmed, so that it lies on nobody's desk."""
        here = cycle([self.house, self.grid, self.village])
        for n in range(10):
            day = self.today - timedelta(days=29 - n // 2)
            start = at(day, time(8 + n, 10))
            yield matters.request(self.scene, start, next(here), fate="solved", quick=True)

    # ── the turns they are made of ───────────────────────────────────────────────────────────
    def said(self, category: str, text: str, *, house: int = 7, **more: Any) -> Draft:
        kept = {"visibility": "public", "phone": self.scene.phone(), **more}
        place = self.society.ground.places[f"{self.village.code}-b{house}"]
        return self.scene.draft("request", "web", category, place, text, **kept)

    def visit(self, text: str) -> Draft:
        return self.scene.draft("visit-voice", "visit", "other", self.village, text,
                                visibility="office", consent=True,
                                fields={"read-back": True, "copy": "slip"})  # fmt: skip

    def stall(self, text: str) -> Draft:
        fields = {"slip-given": True, "said-there": "当场给了办理流程"}
        return self.scene.draft("stall-voice", "stall", "other", self.village, text,
                                visibility="office", consent=True, fields=fields)  # fmt: skip

    def due_on(self, day: date, draft: Draft, by: Actor = ANONYMOUS) -> Story:
        """Received so that its answer is due on that day; on a day of rest by an extension."""
        rule = playbook.current().kinds[draft.kind]
        due = day if workdays.is_workday(day) else self.workday(1, before=day)
        start = next(
            moment for moment in (at(due - timedelta(days=n), time(9, 20)) for n in range(60))
            if local_day(promise(rule, draft.category, moment).answer) == due
        )  # fmt: skip
        yield start
        case = receive(draft, by=by).case
        yield at(local_day(start), time(11, 30))
        accept(again(case), by=self.society.acting_for(case))
        note(again(case), self.scene.one("notes"), by=self.society.acting_for(case))
        if due == day:
            return
        yield at(due, time(15, 0))
        case = again(case)
        until = at(day, time(23, 59, 59))
        extend(case, until, "居民约在休息日在家，当天上门。", by=self.society.acting_for(case))

    def answered(self, draft: Draft, done: str, *, days_ago: int) -> Story:
        yield self.moment(days_ago + 2, time(8, 40))
        case = receive(draft, by=ANONYMOUS).case
        yield self.moment(days_ago + 1, time(9, 0))
        accept(again(case), by=self.manager)
        yield self.moment(days_ago, time(16, 0))
        answer(again(case), done, by=self.manager)

    def left_open(self, draft: Draft, *, days_ago: int, by: Actor = ANONYMOUS) -> Story:
        """Received lately and not yet taken on."""
        if days_ago:
            yield self.moment(days_ago, time(17, 5))
        else:
            yield max(self.scene.until - timedelta(hours=1), at(self.today, time(0, 1)))
        receive(draft, by=by)

    def moment(self, workdays_ago: int, when: time) -> datetime:
        return at(self.workday(workdays_ago), when)

    def workday(self, ago: int, before: date | None = None) -> date:
        """The working day so many working days before today."""
        day = before or self.today
        while ago > 0:
            day -= timedelta(days=1)
            ago -= workdays.is_workday(day)
        return day

    @staticmethod
    def _holds(actor: Actor, place: Place) -> bool:
        return actor.appointment is not None and actor.appointment.post.place_id == place.pk
