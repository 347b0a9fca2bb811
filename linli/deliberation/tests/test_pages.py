"""The pages: where a motion stands, why it cannot go on, and the body's forms one by one."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse

from linli.deliberation.actions import concerns, proposing, showing
from linli.deliberation.models import Concern, Motion, Roll, RollChange, Sitting, State
from linli.deliberation.tests.conftest import START, picture
from linli.lib import clock
from linli.people.roles import Role, table

DAY = timedelta(days=1)


@pytest.fixture
def english():
    return {"HTTP_ACCEPT_LANGUAGE": "en"}


def text(response):
    return response.content.decode()


def post(client, motion, act, **said):
    return client.post(reverse("desk-motion", args=[motion.pk]), {"act": act, **said}, follow=True,
                       HTTP_ACCEPT_LANGUAGE="en")  # fmt: skip


def test_everybody_reads_where_it_stands_and_why_not(council, client, english):
    motion = council.drafted()
    showing.publish(motion, by=council.manager, spot="村口公告栏")
    page = text(client.get(reverse("motion", args=[motion.pk]), **english))
    assert "Step 3 of 5" in page
    assert "a photo of the board is missing" in page
    assert "the notice ends" in page
    assert "修 600 米水泥路" in page
    assert "180,000 yuan" in page
    assert "Sign in to object" in page
    listed = text(client.get(reverse("motions"), {"where": "桃花"}, **english))
    assert "修村口的路" in listed
    assert "修村口的路" not in text(client.get(reverse("motions"), {"where": "梅林"}, **english))
    assert "修村口的路" not in text(client.get(reverse("motions"), {"state": "over"}, **english))
    assert "修村口的路" in text(client.get(reverse("have-a-say"), **english))


def test_a_resident_proposes_objects_and_takes_it_back(council, client_as, english):
    client = client_as(council.resident)
    form = reverse("propose-motion")
    assert client.get(form).status_code == 200
    said = {"procedure": "five-steps", "where": "桃花社区", "title": "装路灯", "text": "北门太黑。",
            "cost": "1,200.50"}  # fmt: skip
    wrong = client.post(form, said | {"where": "不知道", "cost": "很多"}, **english)
    assert "We know no place of that name." in text(wrong)
    assert "Write the sum in yuan" in text(wrong)
    client.post(form, said)
    motion = Motion.objects.get()
    assert motion.cost_fen == 120_050
    other = client_as(council.person())
    other.post(reverse("motion-support", args=[motion.pk]))
    assert motion.supports.count() == 1
    proposing.take_up(motion, by=council.manager)
    motion = council.drafted(title="第二件")
    showing.publish(motion, by=council.manager)
    other.post(reverse("motion-object", args=[motion.pk]), {"words": "太贵了。"})
    page = text(other.get(reverse("motion", args=[motion.pk]), **english))
    assert "太贵了。" in page
    assert "Take it back" in page
    other.post(reverse("objection-back", args=[motion.pk, 1]))
    assert motion.objections.get().outcome == "taken_back"


def test_the_body_carries_it_by_its_forms(council, client_as, moved):
    council.representatives(9)
    motion = council.propose()
    boss = client_as(council.manager)
    post(boss, motion, "take-up")
    post(boss, motion, "draft", text="修 600 米。", cost="180000")
    post(boss, motion, "finish")
    post(boss, motion, "publish", spot="公告栏")
    page = text(post(boss, motion, "prove", day=clock.today().isoformat(), photo=picture()))
    assert "The photo is kept with its date." in page
    post(boss, motion, "paper", words="纸上的意见")
    post(boss, motion, "answer", number="1", outcome="kept", words="已经考虑。")
    with moved(START + 8 * DAY):
        boss = client_as(council.manager)
        post(boss, motion, "finish")
        day = (START + 20 * DAY).date().isoformat()
        page = text(post(boss, motion, "call", body="representatives", secrecy="hands", day=day,
                         begins="09:00", spot="会议室"))  # fmt: skip
        assert "The meeting is called." in page
        assert "6 of 9 representatives have to be there" in page
        refused = text(post(boss, motion, "open"))
        assert "It cannot open yet" in refused
        post(boss, motion, "prove", day=clock.today().isoformat(), photo=picture("blue"))
    with moved(START + 20 * DAY):
        boss, second = client_as(council.manager), client_as(council.second)
        assert "frozen with 9 entries" in text(post(boss, motion, "open"))
        post(boss, motion, "aside", numbers="9")
        assert "7 of 9 are there" in text(post(boss, motion, "presence", present="1-6, 8"))
        assert "is no number" in text(post(boss, motion, "presence", present="eins"))
        hands = {"v-yes": "6", "v-no": "1", "abstained": "0"}
        assert "without seeing yours" in text(post(boss, motion, "hands", **hands))
        assert "Both counted the same" in text(post(second, motion, "hands", **hands))
        post(boss, motion, "minutes", text="同意修路。")
        post(boss, motion, "publish")
        post(boss, motion, "prove", day=clock.today().isoformat(), photo=picture("green"))
    with moved(START + 29 * DAY):
        boss = client_as(council.manager)
        post(boss, motion, "finish")
        due = clock.today().isoformat()
        post(
            boss, motion, "task", what="浇路面", doer=council.committee.pk, due=due, money="180000"
        )
        post(boss, motion, "done", number="1", evidence="验收合格", spent="175000", photo=picture())
        post(boss, motion, "finish")
        post(boss, motion, "publish")
    with moved(START + 40 * DAY):
        boss, second = client_as(council.manager), client_as(council.second)
        post(boss, motion, "finish")
        page = text(post(second, motion, "opinion", good="yes", words="路好。", heard="20",
                         content="19"))  # fmt: skip
        assert "done as decided" in page
        post(second, motion, "finish")
    motion.refresh_from_db()
    assert motion.state == State.DONE
    page = text(
        client_as(council.manager).get(
            reverse("motion", args=[motion.pk]), HTTP_ACCEPT_LANGUAGE="en"
        )
    )
    for words in ("同意修路。", "175,000 yuan", "19 of 20 residents asked are content", "reached"):
        assert words in page


def test_the_sheet_shows_names_only_for_a_reason(council, client_as, moved):
    council.representatives(9)
    motion = council.called()
    with moved(START + 9 * DAY):
        client = client_as(council.manager)
        address = reverse("sign-in-sheet", args=[motion.pk])
        assert "代表0" not in text(client.get(address))
        assert "代表0" not in text(client.post(address, {"reason": " "}))
        assert "代表0" in text(client.post(address, {"reason": "打印签到表"}))
        assert client_as(council.resident).get(address).status_code in (403, 404)


def test_a_list_is_tried_out_and_agreed_by_a_second(council, client_as, english):
    boss, second = client_as(council.manager), client_as(council.second)
    address = reverse("desk-roll", args=[council.committee.pk, "representatives"])
    file = io.BytesIO("姓名,小组\n甲,1组\n乙,2组\n乙,2组\n".encode())
    file.name = "list.csv"
    tried = boss.post(address, {"file": file}, **english)
    assert "2 come, 0 leave, 0 stay" in text(tried)
    assert not Roll.objects.exists()
    kept = text(tried).split('name="kept" value="')[1].split('"')[0]
    boss.post(address, {"kept": kept})
    change = RollChange.objects.get()
    second.post(address, {"kept": kept})  # signed for somebody else
    assert RollChange.objects.count() == 1
    boss.post(reverse("roll-change", args=[change.pk]), {"verb": "agree"})
    assert Roll.objects.get().members().count() == 0
    page = text(second.get(reverse("motions-desk"), **english))
    assert "Lists that wait for a second person" in page
    second.post(reverse("roll-change", args=[change.pk]), {"verb": "agree"})
    assert Roll.objects.get().members().count() == 2
    bad = io.BytesIO("名,组\n甲,1\n".encode())
    bad.name = "bad.csv"
    assert boss.post(address, {"file": bad}).status_code == 422


def test_the_log_of_the_hall(council, client_as, english):
    hall, place = council.cast.bodies["council_hall"], council.cast.places["community"]
    client = client_as(council.cast.mediator)
    address = reverse("concerns", args=["council-hall"])
    client.post(address, {"where": place.code, "group": "2组", "topic": "水渠谁来清？"})
    one = Concern.objects.get()
    assert (one.organisation, one.group) == (hall, "2组")
    sort = reverse("sort-concern", args=[one.pk])
    client.post(sort, {"route": "refer", "answer": ""})
    one.refresh_from_db()
    assert one.route == ""
    client.post(sort, {"route": "deliberate"})
    client.post(sort, {"verb": "motion"})
    motion = Motion.objects.get()
    assert (motion.title, motion.organisation) == ("水渠谁来清？", hall)
    client.post(sort, {"verb": "motion"})
    assert Motion.objects.count() == 1
    other = concerns.note(procedure="council-hall", organisation=hall, place=place,
                          topic="两家的墙", by=council.cast.mediator)  # fmt: skip
    client.post(reverse("sort-concern", args=[other.pk]), {"route": "mediate"})
    assert "Open the sealed mediation" in text(client.get(address, **english))
    for stranger in (council.resident, council.manager, council.cast.auditor):
        assert client_as(stranger).get(address).status_code in (403, 404)


@pytest.mark.parametrize("role", list(Role))
def test_doors_of_the_table(council, client_as, client, role):
    parts = {Role.RES: "resident", Role.VOL: "volunteer", Role.GRID: "grid_worker",
             Role.MGR: "manager", Role.CTY: "coordinator", Role.AUD: "auditor",
             Role.ADM: "administrator"}  # fmt: skip
    if role not in parts and role is not Role.ANON:
        return
    actor = getattr(council.cast, parts[role]) if role in parts else None
    browser = client_as(actor) if actor else client
    motion = council.propose()
    for name, action, args in (
        ("motions", "matter.read", []), ("motion", "matter.read", [motion.pk]),
        ("propose-motion", "matter.propose", []), ("motions-desk", "matter.carry", []),
    ):  # fmt: skip
        code = table()[action][role]
        opens = browser.get(reverse(name, args=args)).status_code == 200
        # As themselves everybody signed in proposes: reading rule 3 keeps that for own things only.
        assert opens is (code != "-"), (name, role)


def test_nothing_waits_for_a_stranger(council, client_as):
    motion = council.propose()
    lighting = client_as(council.cast.lighting_handler)
    assert lighting.get(reverse("desk-motion", args=[motion.pk])).status_code in (403, 404)
    assert not Sitting.objects.exists()
