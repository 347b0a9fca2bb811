"""Lists from the office: a dry run first, two people, nothing written before; out without formulas."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from linli import playbook
from linli.lib.tables import TableError
from linli.members.actions import lists
from linli.members.models import Batch, Member
from linli.members.sheets import try_out
from linli.people.contact import parse
from linli.people.policies import Denied, NeedsSecond
from linli.people.sign_in import add_address
from linli.vault import sealing

EN = {"HTTP_ACCEPT_LANGUAGE": "en"}
RULE = playbook.current().memberships["party"]


def csv(*lines, header="姓名,阶段,日期,手机"):
    return io.BytesIO("\n".join([header, *lines]).encode())


def workbook(rows):
    """An Excel file with these rows, the least that one needs."""
    cells = "".join(
        f'<row r="{y}">' + "".join(
            f'<c r="{chr(65 + x)}{y}"' + (
                f"><v>{cell}</v></c>" if isinstance(cell, int)
                else f' t="inlineStr"><is><t>{cell}</t></is></c>'
            ) for x, cell in enumerate(row)
        ) + "</row>" for y, row in enumerate(rows, start=1)
    )  # fmt: skip
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as book:
        book.writestr(
            "xl/worksheets/sheet1.xml", f"{head}<sheetData>{cells}</sheetData></worksheet>"
        )
    return file.getvalue()


def forty():
    """40 lines from the town: 37 new, 2 there already, 1 wrong."""
    rows = [["姓名", "阶段", "日期"]]
    rows += [[f"社员{n}", "正式党员", 45000 + n] for n in range(37)]
    rows += [["甲一", "", "2026-01-05"], ["社员0", "正式党员", 45000]]
    return [*rows, ["乙二", "积极分子二", "2026-01-05"]]


def test_forty_lines_dry(rolls):
    rolls.enter("甲一")
    run = try_out(rolls.branch, RULE, io.BytesIO(workbook(forty())))
    assert (len(run.fresh), len(run.twice), len(run.problems)) == (37, 2, 1)
    assert run.problems == [(41, "there is no stage “积极分子二”")]
    assert run.fresh[0].since == "2023-03-15"  # what Excel counts as day 45000
    assert Member.objects.count() == 1
    assert Batch.objects.count() == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (",,,", "no name"),
        ("张三,入党积极分子,,", "step by step"),
        ("张三,,2026-13-05,", "is no date"),
        ("张三,,明天,", "is no date"),
        ("张三,,2030-01-05,", "lies ahead"),
        ("张三,,,12", "no telephone number"),
        ("张三,11010519491231002X,,", "identity number"),
    ],
)
def test_every_wrong_line_says_why(rolls, line, said):
    run = try_out(rolls.branch, RULE, csv("好人,,,", line))
    if said == "no name":  # an empty row is no row
        assert len(run.fresh) == 1
        run = try_out(rolls.branch, RULE, csv(",正式党员,,"))
    assert said in run.problems[0][1]


@pytest.mark.parametrize("words", ["2026-01-05", "2026/1/5", "2026.01.05", "2026年1月5日"])
def test_days_as_offices_write_them(rolls, words):
    assert try_out(rolls.branch, RULE, csv(f"张三,,{words},")).fresh[0].since == "2026-01-05"


def test_a_file_that_is_no_list(rolls):
    for file in (io.BytesIO(b""), csv("x", header="组别"), io.BytesIO(b"PK\x03\x04 no")):
        with pytest.raises(TableError):
            list(try_out(rolls.branch, RULE, file).fresh)
    with pytest.raises(TableError, match="identity numbers"):
        try_out(rolls.branch, RULE, csv("张三,1", header="姓名,身份证号"))


def test_a_telephone_finds_the_account(rolls):
    person = rolls.person()
    add_address(person.user, parse("19900003456"))
    run = try_out(rolls.branch, RULE, csv("张三,,,19900003456", "李四,,,19900003456"))
    assert run.fresh[0].user == person.id
    assert run.twice == [3]  # one account is one person


def test_two_people_write_it(rolls):
    rolls.enter("甲一")
    run = try_out(rolls.branch, RULE, io.BytesIO(workbook(forty())))
    batch = lists.bring(rolls.branch, "party", run.fresh, by=rolls.secretary)
    assert Member.objects.count() == 1
    with pytest.raises(NeedsSecond):
        lists.agree(batch, by=rolls.secretary)
    with pytest.raises(Denied, match="Another list waits"):
        lists.bring(rolls.branch, "party", run.fresh, by=rolls.secretary)
    rolls.enter("社员5")  # meanwhile
    assert lists.agree(batch, by=rolls.above) == 36
    assert Member.objects.counting(RULE).count() == 36
    assert sorted(Member.objects.values_list("number", flat=True)) == list(range(1, 39))
    assert sealing.is_destroyed(batch.subject)
    with pytest.raises(Denied):
        lists.agree(batch, by=rolls.above)


def test_a_list_that_is_not_agreed_is_destroyed(rolls):
    run = try_out(rolls.branch, RULE, csv("张三,,,"))
    batch = lists.bring(rolls.branch, "party", run.fresh, by=rolls.secretary)
    lists.refuse(batch, by=rolls.above)
    assert Member.objects.count() == 0
    assert sealing.is_destroyed(batch.subject)
    with pytest.raises(Denied, match="nobody new"):
        lists.bring(rolls.branch, "party", [], by=rolls.secretary)


def test_in_the_browser(rolls, client_as):
    rolls.enter("甲一")
    mine, above = client_as(rolls.secretary), client_as(rolls.above)
    where = reverse("members-list", args=[rolls.branch.pk, "party"])
    upload = SimpleUploadedFile("list.xlsx", workbook(forty()))
    page = mine.post(where, {"file": upload}, **EN)
    text = page.content.decode()
    assert "Nothing has been written yet." in text
    assert "Row 41: there is no stage" in text
    kept = text.split('name="kept" value="')[1].split('"')[0]
    assert "too old" in above.post(where, {"kept": kept}, follow=True, **EN).content.decode()
    page = mine.post(where, {"kept": kept}, follow=True, **EN).content.decode()
    assert "37 people would come on the roll." in page
    decide = reverse("members-list-decide", args=[Batch.objects.get().pk])
    assert "must be somebody else" in mine.post(
        decide, {"verb": "agree"}, follow=True, **EN).content.decode()  # fmt: skip
    page = above.post(decide, {"verb": "agree"}, follow=True, **EN).content.decode()
    assert "37 people are on the roll now." in page
    wrong = mine.post(where, {"file": SimpleUploadedFile("x.csv", b"\xff\xfe\x00")}, **EN)
    assert wrong.status_code == 422
    assert "cannot be read" in wrong.content.decode()


def test_out_for_a_reason_and_without_formulas(rolls, client_as):
    rolls.enter("=HYPERLINK(1)")
    client = client_as(rolls.secretary)
    where = reverse("members-file", args=[rolls.branch.pk, "party"])
    assert client.post(where, {"reason": ""}).status_code == 302
    file = client.post(where, {"reason": "the yearly review"}, **EN)
    assert file.headers["Content-Type"].startswith("text/csv")
    assert "'=HYPERLINK(1)" in file.content.decode()
    assert sealing.reads_of(Member.objects.get().subject).count() == 1
    assert client_as(rolls.cast.other_manager).post(where, {"reason": "x"}).status_code == 403
