"""Letters to an audience, with the wiring that knows who is on a roll."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from django.utils import translation

from linli import playbook
from linli.journal.models import Entry
from linli.letters.mailing import carrying, reading, sending
from linli.letters.models import Addressee, Campaign, Letter, OptOut
from linli.lib import clock
from linli.members.actions import entering
from linli.members.models import Member
from linli.people import actions
from linli.people.actors import SYSTEM, Actor, as_resident, under
from linli.people.cast import Cast
from linli.people.cast import cast as gather
from linli.people.models import Appointment, Organisation, Post
from linli.people.policies import Denied
from linli.site import wiring

START = datetime(2027, 1, 28, 9, 0, tzinfo=clock.LOCAL)
AWAY = "to-those-away"


@dataclass
class Ground:
    """A branch with members; most have an account, some are away."""

    cast: Cast
    branch: Organisation

    def member(self, name: str, stage: str = "full", *, away: bool = False, account: bool = True,
               since: date = date(2026, 1, 5)) -> Member:  # fmt: skip
        user = actions.open_account(display_name=name) if account else None
        rule = playbook.current().memberships["party"]
        with_two = {"first": self.cast.manager.id, "by": self.cast.town_handler}
        assert entering.enter_line(
            rule, self.branch, name=name, stage=stage, on=since, user=user, **with_two
        )
        member = Member.objects.get(user=user, organisation=self.branch, number=Member.objects
                                    .filter(organisation=self.branch).count())  # fmt: skip
        if away:
            entering.set_away(member, True, by=self.cast.manager)
        return member

    def coordinator(self) -> Actor:
        """A second one."""
        post = self.cast.coordinator.appointment.post
        Post.objects.filter(pk=post.pk).update(seats=2)
        post.refresh_from_db()
        user = actions.open_account(display_name="second")
        made = actions.appoint(post, user, by=SYSTEM, from_date=clock.today())
        return under(Appointment.objects.with_posts().get(pk=made.pk))

    def prepared(self, by: Actor | None = None, kind: str = AWAY) -> Campaign:
        rule = playbook.current().letters[kind]
        return sending.prepare(rule, by=by or self.cast.manager)


@pytest.fixture(autouse=True)
def _english(settings, tmp_path):
    settings.DATA = tmp_path
    with translation.override("en"), clock.moved_to(START):
        yield


@pytest.fixture
def ground(db) -> Ground:
    cast = gather()
    branch = actions.open_organisation(
        code="peach-branch", kind="branch", name="桃花社区党支部", name_en="Peach Garden branch",
        place=cast.places["community"], by=SYSTEM, valid_from=START.date() - timedelta(days=900),
    )  # fmt: skip
    return Ground(cast, branch)


def later(**by):
    return clock.moved_to(clock.now() + timedelta(**by))


def test_everybody_who_fits_gets_one_and_nobody_else(ground):
    fits = [ground.member(f"走{n}", away=True) for n in range(5)]
    ground.member("在家")
    ground.member("没有账号", away=True, account=False)
    campaign = ground.prepared()
    assert reading.numbers(campaign).audience == 5
    assert reading.numbers(campaign).beyond == 1
    assert sending.ask_or_send(campaign, by=ground.cast.manager)
    campaign.refresh_from_db()
    assert (campaign.size, campaign.occasion) == (5, "2027")
    assert carrying.carry() == 0  # ten minutes to call it back
    with later(minutes=11):
        assert carrying.carry() == 5
        assert carrying.carry() == 0
    got = set(Letter.objects.filter(template="letter.audience").values_list("user_id", flat=True))
    assert got == {member.user_id for member in fits}
    assert Campaign.objects.get(pk=campaign.pk).state == "done"
    line = Entry.objects.get(verb="letter.sent")
    assert line.facts == {"letter": AWAY, "occasion": "2027", "sent": 5}


def test_the_audience_is_frozen(ground):
    gone, _stays = ground.member("走一", away=True), ground.member("走二", away=True)
    campaign = ground.prepared()
    sending.ask_or_send(campaign, by=ground.cast.manager)
    entering.set_away(gone, False, by=ground.cast.manager)
    ground.member("走三", away=True)
    with later(minutes=11):
        assert carrying.carry() == 2
    assert Campaign.objects.get().size == 2


def test_two_areas_that_overlap_write_once(ground):
    ground.member("走一", away=True)
    sending.ask_or_send(ground.prepared(), by=ground.cast.manager)
    county = ground.prepared(by=ground.cast.coordinator)
    assert not sending.ask_or_send(county, by=ground.cast.coordinator)
    with pytest.raises(Denied, match="somebody else has to agree"):
        sending.agree(county, by=ground.cast.coordinator)
    sending.agree(county, by=ground.coordinator())
    county.refresh_from_db()
    assert county.size == 0
    with later(minutes=11):
        carrying.carry()
    assert Letter.objects.filter(template="letter.audience").count() == 1


def test_called_back_in_time_nobody_gets_it_and_it_can_be_prepared_anew(ground):
    ground.member("走一", away=True)
    campaign = ground.prepared()
    sending.ask_or_send(campaign, by=ground.cast.manager)
    sending.call_back(campaign, by=ground.cast.manager)
    with later(minutes=11):
        assert carrying.carry() == 0
    again = ground.prepared()
    assert again.pk != campaign.pk
    sending.ask_or_send(again, by=ground.cast.manager)
    with later(minutes=11):
        assert carrying.carry() == 1
        with pytest.raises(Denied, match="cannot be called back"):
            sending.call_back(again, by=ground.cast.manager)


def test_who_does_not_want_it_gets_none_unless_the_law_asks(ground, monkeypatch):
    member = ground.member("走一", away=True)
    OptOut.objects.create(user=member.user, kind=AWAY)
    campaign = ground.prepared()
    sending.ask_or_send(campaign, by=ground.cast.manager)
    assert reading.numbers(campaign).out == 1
    with later(minutes=11):
        assert carrying.carry() == 0
    letters = playbook.current().letters
    monkeypatch.setitem(letters, AWAY, letters[AWAY].model_copy(update={"law": True}))
    Campaign.objects.all().delete()
    sending.ask_or_send(ground.prepared(), by=ground.cast.manager)
    with later(minutes=11):
        assert carrying.carry() == 1


def test_years_on_the_roll(ground):
    ground.member("老", since=date(1990, 5, 1))
    ground.member("年轻", since=date(2020, 5, 1))
    campaign = ground.prepared(kind="to-veterans")
    assert reading.numbers(campaign).audience == 1
    with clock.moved_to(datetime(2028, 2, 29, 9, tzinfo=clock.LOCAL)):
        assert reading.numbers(campaign).audience == 1


def test_an_event_writes_to_the_one_it_is_about_once(ground):
    member = ground.member("新", "probationary")
    line = Entry.objects.filter(verb="member.entered").last()
    assert line is not None
    moved = Entry(seq=line.seq, verb="member.moved", subject=line.subject, place=line.place,
                  facts={"to": "probationary"})  # fmt: skip
    carrying.handle([moved])
    carrying.handle([moved])
    assert carrying.carry() == 1
    assert Letter.objects.get(template="letter.audience").user_id == member.user_id
    moved.facts = {"to": "full"}
    carrying.handle([moved])
    assert carrying.carry() == 0


def test_the_letter_of_the_year_lies_ready_before_its_day(ground):
    assert playbook.current().letters[AWAY].yearly.on(2027) == date(2027, 1, 30)
    assert carrying.prepare_yearly() == 2  # members and volunteers who are away
    assert carrying.prepare_yearly() == 0
    row = Campaign.objects.get(kind=AWAY)
    assert (row.state, row.place) == ("ready", ground.cast.places["county"].path)
    with clock.moved_to(START - timedelta(days=30)):
        Campaign.objects.all().delete()
        assert carrying.prepare_yearly() == 0


def test_the_desk_and_the_readers_page(ground, client_as):
    member = ground.member("走一", away=True)
    desk = client_as(ground.cast.manager)
    desk.cookies["django_language"] = "en"
    made = desk.post("/desk/letters/", {"kind": AWAY})
    page = desk.get(made.url).content.decode()
    assert "in the audience today" in page
    assert "走一" not in page
    desk.post(made.url, {"act": "test"})
    assert Letter.objects.filter(template="letter.test").count() == 1
    desk.post(made.url, {"act": "send"})
    assert "in the audience, frozen" in desk.get(made.url).content.decode()
    with later(minutes=11):
        carrying.carry()
    row = Addressee.objects.get()
    reader = client_as(actions_of(member))
    assert "The Spring Festival is near" in english(reader, f"/letters/received/{row.pk}/")
    answer = reader.post(f"/letters/received/{row.pk}/", {"act": "reply"})
    assert answer.url == "/tell/request/"
    reader.post(f"/letters/received/{row.pk}/", {"act": "out"})
    assert OptOut.objects.filter(user=member.user, kind=AWAY).exists()
    assert reading.numbers(Campaign.objects.get()).replied == 1
    stranger = client_as(ground.cast.resident)
    assert stranger.get(f"/letters/received/{row.pk}/").status_code == 404
    assert stranger.get("/desk/letters/").status_code == 403


def test_only_of_the_own_area(ground, client_as):
    county = ground.prepared(by=ground.cast.coordinator)
    with pytest.raises(Denied, match="not in your area"):
        sending.ask_or_send(county, by=ground.cast.manager)
    assert client_as(ground.cast.manager).get(f"/desk/letters/{county.pk}/").status_code == 403


def test_what_the_wiring_names_exists():
    for rule in playbook.current().letters.values():
        assert rule.audience.of in wiring.audiences.SOURCES
        assert rule.when is None or rule.when.verb in wiring.audiences.CONCERNED


def actions_of(member: Member) -> Actor:
    assert member.user is not None
    return as_resident(member.user)


def english(client, path: str) -> str:
    client.cookies["django_language"] = "en"
    return client.get(path).content.decode()
