"""Who may take a case from its unit: the table's Y reaches as far as the county, with a reason."""

import pytest

from linli.cases.actions.pass_on import transfer
from linli.cases.models import Case, Words
from linli.cases.tests.conftest import hold
from linli.journal.models import Entry
from linli.people.models import Organisation
from linli.people.policies import Denied
from linli.people.roles import Code, Role, grant
from linli.places.tree import add


@pytest.fixture
def elsewhere(ground):
    """The coordinator of another county on the same installation."""
    place = add(code="320482", kind="county", name="邻市", name_en="Next County")
    unit = Organisation.objects.create(
        code="t-next", kind="county-desk", name="邻市服务台", place=place,
        valid_from=ground.units["county-desk"].valid_from,
    )  # fmt: skip
    return hold("next", "coordinator", unit, "CTY", None)


def dispute(ground):
    return ground.say(
        kind="dispute", category="neighbours", place=ground.village, visibility="sealed",
        phone="19900001234", name="王", consent=True, text="他家的水漏到我家",
        fields={"other-party": "楼上的人"},
    ).case  # fmt: skip


def test_the_table_says_yes_to_the_coordinator():
    assert grant("case.reassign", Role.CTY) is Code.YES


def test_the_coordinator_of_the_county_takes_any_open_case_with_a_reason(ground):
    case = ground.say().case
    with pytest.raises(Denied):
        transfer(case, ground.units["water-company"], "  ", by=ground.staff("county"))
    transfer(case, ground.units["water-company"], "管道漏水所致", by=ground.staff("county"))
    line = Entry.objects.get(verb="case.transferred")
    assert line.actor == str(ground.staff("county").user.pk)
    assert line.facts["taken"] is True
    assert Words.objects.get(entry=line.seq).text == "管道漏水所致"
    assert Words.objects.get(entry=line.seq).public


def test_another_countys_coordinator_does_not(ground, elsewhere):
    case = ground.say().case
    with pytest.raises(Denied):
        transfer(case, ground.units["water-company"], "管道漏水所致", by=elsewhere)
    assert Case.objects.get(pk=case.pk).owner == ground.units["street-lighting"]
    assert not Entry.objects.filter(verb="case.transferred").exists()


def test_a_sealed_case_is_moved_by_its_readers_alone_and_only_to_readers(ground):
    case = dispute(ground)
    with pytest.raises(Denied):
        transfer(case, ground.units["town-office"], "请接着办", by=ground.staff("county"))
    with pytest.raises(Denied, match="能看它的人"):
        transfer(case, ground.units["town-office"], "请接着办", by=ground.staff("mediator"))
    other = Organisation.objects.create(
        code="t-hall", kind="council-hall", name="镇议事堂", place=ground.town,
        valid_from=ground.units["council-hall"].valid_from,
    )  # fmt: skip
    hold("mediator2", "mediator", other, "MGR", None)
    transfer(case, other, "请接着办", by=ground.staff("mediator"))
    assert Case.objects.get(pk=case.pk).owner == other


def test_a_unit_that_sends_its_own_case_on_took_it_from_nobody(ground):
    case = ground.say().case
    transfer(case, ground.units["water-company"], "管道漏水所致", by=ground.staff("lamps"))
    assert Entry.objects.get(verb="case.transferred").facts["taken"] is False
