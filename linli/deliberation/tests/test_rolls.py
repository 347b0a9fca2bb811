"""Rolls: two people, counts alone in public, names in the vault, lists as CSV and Excel."""

import io
import zipfile

import pytest

from linli.deliberation import my_file
from linli.deliberation.actions import rolls
from linli.deliberation.models import Roll, RollChange, RollEntry
from linli.deliberation.sheets import Line, ReadList, read_list
from linli.deliberation.standing import roster_gaps
from linli.journal.models import Entry
from linli.lib.tables import TableError
from linli.people.contact import parse
from linli.people.policies import Denied, NeedsReason, NeedsSecond
from linli.people.sign_in import add_address
from linli.vault import sealing
from linli.vault.models import Sealed

NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(rows):
    """A small workbook as Excel writes it: shared strings and inline ones."""
    shared = sorted({cell for row in rows for cell in row if cell})

    def one(column, n, cell):
        return f'<c r="{"ABCDEF"[column]}{n}" t="s"><v>{shared.index(cell)}</v></c>' if cell else ""

    lines = "".join(
        f'<row r="{n}">{"".join(one(c, n, cell) for c, cell in enumerate(row))}</row>'
        for n, row in enumerate(rows, 1)
    )
    strings = "".join(f"<si><t>{word}</t></si>" for word in shared)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as book:
        book.writestr("xl/sharedStrings.xml", f'<sst xmlns="{NS}">{strings}</sst>')
        book.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{NS}"><sheetData>{lines}</sheetData></worksheet>',
        )
    file.seek(0)
    return file


def test_a_list_from_excel_and_from_csv_is_the_same(db):
    rows = [["姓名", "小组", "手机"], ["甲一", "1组", ""], ["乙二", "2组", ""]]
    csv = "\n".join(",".join(row) for row in rows).encode("gb18030")
    assert read_list(workbook(rows), {}) == read_list(io.BytesIO(csv), {})
    assert [line.name for line in read_list(workbook(rows), {}).lines] == ["甲一", "乙二"]
    assert read_list(io.BytesIO(csv), {}).groups == ["1组", "2组"]


def test_what_is_wrong_with_a_list_is_said_by_row(db):
    csv = "姓名,身份,电话\n,,\n甲一,老师,\n乙二,,123\n丙三,,11010519491231002X\n".encode()
    found = read_list(io.BytesIO(csv), {"老教师": "teacher"})
    assert [row for row, _said in found.problems] == [3, 4, 5]
    assert "老教师" in found.problems[0][1]
    with pytest.raises(TableError):
        read_list(io.BytesIO("名字叫什么\n甲".encode()), {})
    with pytest.raises(TableError):
        read_list(io.BytesIO(b"PK\x03\x04 not a zip"), {})
    empty = read_list(io.BytesIO("姓名\n".encode()), {})
    assert empty.lines == []


def test_a_workbook_with_entities_is_refused(db):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as book:
        book.writestr("xl/worksheets/sheet1.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    file.seek(0)
    with pytest.raises(TableError):
        read_list(file, {})


def test_an_account_is_found_by_its_telephone_and_the_number_is_not_kept(council):
    person = council.person("有手机的")
    add_address(person.user, parse("19900004321"))
    read = read_list(io.BytesIO("姓名,手机\n甲一,199 0000 4321\n".encode()), {})
    assert read.lines[0].user == person.id
    council.roll("adults", read.lines)
    entry = RollEntry.objects.get()
    assert entry.user_id == person.user.pk
    assert sealing.kinds_of(entry.subject) == ["name"]


def test_it_takes_two_and_the_list_is_gone_afterwards(council):
    read = ReadList(lines=[Line("甲", "1组"), Line("乙", "2组"), Line("乙", "2组")])
    run = rolls.try_out(council.committee, "representatives", read)
    assert (len(run.came), run.stayed, run.left, run.twice) == (2, 0, 0, 1)
    assert not Roll.objects.exists()
    change = rolls.bring(council.committee, "representatives", read, by=council.manager)
    assert Roll.objects.get().members().count() == 0
    with pytest.raises(NeedsSecond):
        rolls.agree(change, by=council.manager)
    with pytest.raises(Denied):
        rolls.bring(council.committee, "representatives", read, by=council.second)
    rolls.agree(change, by=council.second)
    assert Roll.objects.get().members().count() == 2
    assert sealing.is_destroyed(change.subject)
    with pytest.raises(Denied):
        rolls.agree(change, by=council.second)


def test_a_later_list_keeps_numbers_and_only_counts_are_public(council):
    council.representatives(3)
    council.roll("representatives", [Line("代表0", "1组"), Line("新人", "2组")])
    now = {entry.number: entry.left_at is None for entry in RollEntry.objects.all()}
    assert now == {1: True, 2: False, 3: False, 4: True}
    change = RollChange.objects.get(left=2)
    assert (change.came, change.left, change.stayed) == (1, 2, 1)
    facts = Entry.objects.filter(verb="roll.changed").last().facts
    assert facts == {"base": "representatives", "came": 1, "left": 2, "stayed": 1}


def test_a_list_can_be_refused(council):
    change = rolls.bring(council.committee, "adults", ReadList(lines=[Line("甲")]),
                         by=council.manager)  # fmt: skip
    rolls.refuse(change, by=council.manager)
    assert sealing.is_destroyed(change.subject)
    assert not RollEntry.objects.exists()


def test_names_take_a_reason_and_everybody_sees_who_read(council):
    roll = council.representatives(3)
    with pytest.raises(NeedsReason):
        rolls.read_names(roll, by=council.manager, reason=" ")
    for other in (council.resident, council.cast.lighting_handler, council.cast.coordinator):
        with pytest.raises(Denied):
            rolls.read_names(roll, by=other, reason="我想看看")
    names = rolls.read_names(roll, by=council.manager, reason="打印签到表")
    assert names == {1: "代表0", 2: "代表1", 3: "代表2"}
    subject = RollEntry.objects.get(number=1).subject
    assert [read.reason for read in sealing.reads_of(subject)] == ["打印签到表"]
    assert not Sealed.objects.filter(ciphertext__contains="代表0".encode()).exists()


def test_only_those_of_the_place_change_a_roll(council):
    read = ReadList(lines=[Line("甲")])
    for other in (council.resident, council.cast.lighting_handler, council.cast.auditor):
        with pytest.raises(Denied):
            rolls.bring(council.committee, "adults", read, by=other)
    with pytest.raises(Denied):
        rolls.bring(council.committee, "kings", read, by=council.manager)
    with pytest.raises(Denied):
        rolls.bring(council.committee, "adults", ReadList(), by=council.manager)


def test_a_roster_has_to_be_complete(council, cast_rule):
    hall = council.cast.bodies["council_hall"]
    rule = cast_rule("council-hall")
    assert roster_gaps(rule, hall) == ["there is no roll of the councillors yet"]
    Roll.objects.create(organisation=hall, base="councillors", groups=["1组", "2组"])
    roll = Roll.objects.get()
    for n, (group, tags) in enumerate([("1组", ["retired-member"]), ("1组", ["teacher"])], 1):
        RollEntry.objects.create(roll=roll, number=n, group=group, tags=tags, subject=str(n),
                                 mark=str(n))  # fmt: skip
    assert roster_gaps(rule, hall) == [
        "nobody of 2组 is among the councillors",
        "a retired official is missing among the councillors",
    ]
    RollEntry.objects.create(roll=roll, number=3, group="2组", tags=["retired-official"],
                             subject="3", mark="3")  # fmt: skip
    assert roster_gaps(rule, hall) == []


def test_part_time_members_are_never_half(council, cast_rule):
    rule = cast_rule("part-time-committee")
    council.roll("committee", [Line("甲"), Line("乙", tags=["part-time"])])
    assert roster_gaps(rule, council.committee) == [
        "part-time members are half or more of the committee members"
    ]
    council.roll("committee", [Line("甲"), Line("丙"), Line("乙", tags=["part-time"])])
    assert roster_gaps(rule, council.committee) == []


def test_who_is_forgotten_is_on_no_roll_under_their_account(council):
    person = council.person()
    council.roll("adults", [Line("甲", user=person.id)])
    assert my_file.held(person.user)["rolls"][0]["number"] == 1
    my_file.erase(person.user)
    assert RollEntry.objects.get().user is None
    assert my_file.held(person.user) == {"rolls": [], "proposals": [], "objections": []}
