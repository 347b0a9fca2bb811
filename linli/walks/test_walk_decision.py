"""A village decision from a floor of the forum to a finished road, through seven weeks of days.

Proposed, drafted, published, objected, answered, voted in secret on the web, at the voting machine
and on paper, counted by two, recounted by the separate program, executed, evaluated.
"""

import io
import json
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from PIL import Image
from playwright.sync_api import Error

from linli.lib import clock
from linli.walks.county import served
from linli.walks.visitors import EN, Visitors

TITLE = "东头那段路铺上水泥"
HOUSEHOLDS = 12
RESIDENT = "19900000001"


class Days:
    """The same county on one day after another: who comes, comes on that day."""

    def __init__(self, chromium, data):
        self.chromium, self.data = chromium, data
        self.first = clock.today()

    @contextmanager
    def later(self, days):
        """The county so many days after the first one: `come(part)` opens a page."""
        with served(self.data, days_ahead=days) as county:
            crowd = Visitors(self.chromium, county, {})

            def come(part, **more):
                wide = {"width": 1280} if part not in {"resident", ""} else {}
                return crowd.come(act_as=part, **{**wide, **more})

            yield come
            crowd.leave()
            # A used code is refused with 422, which a browser writes down.
            assert [said for said in crowd.complaints if "status of 422" not in said] == []

    def day(self, days):
        return (self.first + timedelta(days=days)).isoformat()


@pytest.fixture
def days(chromium, built, tmp_path):
    folder = tmp_path / "county"
    shutil.copytree(built, folder)
    return Days(chromium, folder)


def photo():
    file = io.BytesIO()
    Image.new("RGB", (640, 480), (180, 200, 170)).save(file, "JPEG")
    return {"name": "board.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def act(page, name, **values):
    """Fill in the form of this act and send it; what the page says then."""
    form = page.locator(f"main form:has([name=act][value={name}])").first
    assert form.count(), page.locator("main").inner_text()
    if not form.is_visible():
        form.locator("xpath=ancestor::details/summary").first.click()
    for field, value in values.items():
        control = form.locator(f"[name={field}]")
        if control.first.get_attribute("type") == "radio":
            form.locator(f"[name={field}][value='{value}']").check()
        elif control.first.get_attribute("type") == "file":
            control.set_input_files(value)
        else:
            control.fill(str(value))
    form.locator("button").last.click()
    page.wait_for_load_state()
    return page.locator("main").inner_text()


def test_one_decision_from_a_floor_to_a_finished_road(days, tmp_path):
    with days.later(0) as come:
        key = propose_from_a_floor(come)
        bring_the_roll(come)
        draft_and_publish(come, days, key)
        object_and_be_answered(come, key)
    with days.later(9) as come:
        call_the_assembly(come, days, key)
    with days.later(24) as come:
        said = vote_three_ways(come, key)
    with days.later(26) as come:
        board = count_and_close(come, key, said, tmp_path)
    recount(board, tmp_path)
    with days.later(26) as come:
        announce(come, days, key)
    with days.later(36) as come:
        begin_the_work(come, days, key)
    with days.later(50) as come:
        it_is_late_and_then_done(come, key)
    with days.later(60) as come:
        be_evaluated(come, key)


def propose_from_a_floor(come):
    page = come("resident")
    page.goto("/forum/")
    page.locator("main a[href^='/forum/b/']").first.click()
    page.wait_for_load_state()
    links = page.locator("main a[href*='/forum/']").all()
    hrefs = [link.get_attribute("href") or "" for link in links]
    page.goto(next(href for href in hrefs if re.fullmatch(r"/forum/\d+/", href)))
    page.locator("a:has-text('立为议题')").click()
    page.wait_for_url("**/motions/new/**")
    page.fill("[name=title]", TITLE)
    page.fill("[name=text]", "下雨天走不了，建议铺上水泥。")
    page.fill("[name=where]", "燕山社区")
    page.locator("[name=procedure][value=five-steps]").check()
    page.fill("[name=cost]", "120,000")
    page.locator("main form button:has-text('提出来')").click()
    page.wait_for_url(re.compile(r"/motions/[0-9a-f-]{36}/"))
    assert "来自论坛里的一个话题" in page.locator("main").inner_text()
    return page.url.rstrip("/").rpartition("/")[2]


def bring_the_roll(come):
    rows = [f"户{n:02},{RESIDENT if n == 1 else ''}" for n in range(1, HOUSEHOLDS + 1)]
    table = {"name": "households.csv", "mimeType": "text/csv",
             "buffer": "\n".join(["姓名,手机", *rows]).encode()}  # fmt: skip
    page = come("manager")
    page.goto("/desk/motions/")
    page.locator("main a[href$='/households/']").click()
    page.wait_for_load_state()
    page.set_input_files("[name=file]", table)
    page.locator("main form[enctype] button").click()
    page.wait_for_load_state()
    page.locator("form:has([name=kept]) button").click()
    page.wait_for_load_state()
    second = come("coordinator")
    second.goto(page.url)
    second.locator("button[value=agree]").click()
    second.wait_for_load_state()
    assert str(HOUSEHOLDS) in second.locator("main").inner_text()


def draft_and_publish(come, days, key):
    page = come("manager")
    page.goto(f"/desk/motions/{key}/")
    act(page, "take-up")
    act(page, "draft", text="东头三百米路面铺水泥，十二万元，从集体收入里出。", cost="120000")
    act(page, "finish")
    act(page, "publish", spot="村口公示栏")
    said = act(page, "prove", photo=photo(), day=days.day(0))
    assert "公示到" in said


def object_and_be_answered(come, key):
    page = come("resident")
    page.goto(f"/motions/{key}/")
    page.locator("form[action$='/objections/'] textarea").fill("路边的水沟也要一起修。")
    page.locator("form[action$='/objections/'] button").click()
    page.wait_for_load_state()
    desk = come("manager")
    desk.goto(f"/desk/motions/{key}/")
    assert "1 条" in desk.locator("main").inner_text()
    act(desk, "answer", outcome="kept", words="水沟已经列入明年的计划，这次先修路面。")
    page.goto(f"/motions/{key}/")
    assert "水沟已经列入明年的计划" in page.locator("main").inner_text()


def call_the_assembly(come, days, key):
    page = come("manager")
    page.goto(f"/desk/motions/{key}/")
    act(page, "finish")
    said = act(page, "call", body="households", secrecy="secret", day=days.day(24),
               begins="00:00", last_day=days.day(25), spot="社区活动室")  # fmt: skip
    assert "还不能开始" in said
    act(page, "prove", photo=photo(), day=days.day(9))


def vote_three_ways(come, key):
    """One on the web, one at the machine, nine on paper; what the voters were given."""
    desk = come("manager")
    desk.goto(f"/desk/motions/{key}/")
    act(desk, "open")
    act(desk, "presence", present="1-11")
    desk.locator("main a[href*='/desk/ballots/']").first.click()
    desk.wait_for_load_state()
    ballot = desk.url.rstrip("/").rpartition("/")[2]
    slip = print_and_hand_out(desk, ballot)
    home = come("resident")
    home.goto(f"/ballots/{ballot}/vote/")
    receipt = cast(home, "yes")
    machine = come("")
    machine.goto(f"/ballots/{ballot}/kiosk/")
    machine.fill("[name=code]", slip)
    machine.locator("button[value=paper]").click()
    cast(machine, "no")
    after = machine.locator("main").inner_text()
    before = machine.url, machine.locator("main").inner_text()
    with suppress(Error):  # the browser kept nothing that it could go back to
        machine.go_back()
    assert machine.locator("[name=envelope], [name=choice], .plate").count() == 0, before
    machine = machine.context.new_page()
    machine.goto(f"/ballots/{ballot}/kiosk/")
    machine.fill("[name=code]", slip)
    machine.locator("button[value=paper]").click()
    machine.wait_for_load_state()
    assert machine.locator("[name=choice]").count() == 0  # a used code opens nothing
    assert receipt not in after
    return ballot, receipt


def print_and_hand_out(desk, ballot):
    """Ten papers, two slips; number 2 is given a slip, 3 to 11 a paper. The first slip."""
    desk.fill("#codes", "2")
    desk.locator(f"form[action$='{ballot}/codes/'] button").click()
    desk.wait_for_load_state()
    slip = desk.locator(".slips b").first.inner_text()
    desk.goto(f"/desk/ballots/{ballot}/")
    desk.fill("#papers", "10")
    desk.locator(f"form[action$='{ballot}/papers/'] button").click()
    desk.wait_for_load_state()
    for number in range(2, 12):
        desk.fill("[name=number]", str(number))
        desk.locator(f"button[value={'code' if number == 2 else 'paper'}]").click()
        desk.wait_for_load_state()
        assert f"{number} 号" in desk.locator("body").inner_text()
    return slip


def cast(page, choice):
    """Choose, look again, cast; the receipt."""
    page.wait_for_load_state()
    page.locator(f"[name=choice][value={choice}]").check()
    page.locator("form:has([name=choice]) button").last.click()
    page.wait_for_load_state()
    page.locator("button[value=cast]").click()
    page.wait_for_load_state()
    return page.locator("main .plate b").first.inner_text()


def count_and_close(come, key, said, tmp_path):
    ballot, receipt = said
    for who in ("manager", "coordinator"):
        page = come(who)
        page.goto(f"/desk/ballots/{ballot}/count/paper/")
        for field, n in {"n-yes": 7, "n-no": 1, "spoilt": 1, "unused": 1}.items():
            page.fill(f"[name={field}]", str(n))
        page.locator("main form button").click()
        page.wait_for_load_state()
        assert "/count/" not in page.url, page.locator("main").inner_text()
    for who in ("manager", "auditor"):
        page = come(who)
        page.goto(f"/desk/ballots/{ballot}/")
        page.locator("form[action$='/closing/'] button").click()
        page.wait_for_load_state()
    seen = come("", language=EN)
    seen.goto(f"/ballots/{ballot}/board/")
    seen.fill("#receipt", receipt)
    seen.locator("form:has(#receipt) button").click()
    seen.wait_for_load_state()
    assert f"The receipt {receipt} is on the board." in seen.locator("main").inner_text()
    answer = seen.request.get(f"/ballots/{ballot}/BOARD.json")
    board = tmp_path / "BOARD.json"
    board.write_bytes(answer.body())
    program = seen.request.get("/ballots/recount.py")
    board.with_name("recount.py").write_bytes(program.body())
    desk = come("manager")
    desk.goto(f"/desk/motions/{key}/")
    act(desk, "ballot")
    result = json.loads(board.read_text("utf-8"))["result"]
    assert result["counts"] == {"yes": 8, "no": 2}
    seen.goto(f"/motions/{key}/")
    story = seen.locator("main").inner_text()
    for words in (
        "Quorum: 11 of 12",
        "Majority: 8 of 11",
        "For it\n8",
        "Against it\n2",
        "Spoilt\n1",
    ):
        assert words in story, words
    return board


def recount(board, tmp_path):
    """Anybody, elsewhere, with Python alone; and a board in which one figure was changed."""
    words = [sys.executable, "-I", str(board.with_name("recount.py"))]
    done = subprocess.run([*words, str(board)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(board.read_text("utf-8"))
    told["result"]["counts"]["yes"] += 1
    other = tmp_path / "OTHER.json"
    other.write_text(json.dumps(told), "utf-8")
    done = subprocess.run([*words, str(other)], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "TAMPERED" in done.stdout
    assert "'yes': 9" in done.stdout  # what the board says, beside what was counted


def announce(come, days, key):
    page = come("manager")
    page.goto(f"/desk/motions/{key}/")
    act(page, "minutes", text="到会十一户，赞成八户，通过。")
    act(page, "publish", spot="村口公示栏")
    act(page, "prove", photo=photo(), day=days.day(26))


def begin_the_work(come, days, key):
    page = come("manager")
    page.goto(f"/desk/motions/{key}/")
    act(page, "finish")
    said = act(page, "task", what="铺东头三百米水泥路", due=days.day(40), money="118000")
    assert "铺东头三百米水泥路" in said


def it_is_late_and_then_done(come, key):
    seen = come("")
    seen.goto(f"/motions/{key}/")
    assert "定了的事没有办，就是缺口" in seen.locator("main").inner_text()
    page = come("manager")
    page.goto("/desk/motions/")
    assert "铺东头三百米水泥路" in page.locator("main").inner_text()
    page.goto(f"/desk/motions/{key}/")
    page.locator("main summary:has-text('铺东头三百米水泥路')").click()
    act(page, "done", evidence="路面已铺好，验收单在公示栏。", spent="117500", photo=photo())
    act(page, "finish")
    act(page, "publish", spot="村口公示栏")


def be_evaluated(come, key):
    page = come("manager")
    page.goto(f"/desk/motions/{key}/")
    act(page, "finish")
    home = come("resident")
    home.goto(f"/motions/{key}/")
    home.locator("form[action$='/rating/'] button[value=yes]").click()
    home.wait_for_load_state()
    page.goto(f"/desk/motions/{key}/")
    found = {"good": "yes", "words": "路面平整，花的钱比预算少。", "heard": 20, "content": 19}
    assert "报办结的人不能自己评" in act(page, "opinion", **found)
    other = come("coordinator")
    other.goto(page.url)
    act(other, "opinion", **found)
    act(other, "finish")
    seen = come("", language=EN)
    seen.goto(f"/motions/{key}/")
    assert "carried out" in seen.locator("main").inner_text()
