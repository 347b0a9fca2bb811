import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.lib.tables import Row, TableError, read_rows, write_rows

TABLE = "编号,名称,备注\r\n1,新桥村,\r\n2,戴埠镇,靠山\r\n"
RUNS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠A1",
    "﹦1",
    " =1",
    "\u3000+1",
    "'=1",
    "'' @",
]


def rows_of(text, encoding="utf-8"):
    return list(read_rows(io.BytesIO(text.encode(encoding))))


def written(header, rows, **options):
    file = io.StringIO(newline="")
    count = write_rows(file, header, rows, **options)
    return count, file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_encodings_that_offices_use(encoding, tmp_path):
    path = tmp_path / "places.csv"
    path.write_bytes(TABLE.encode(encoding))
    expected = [
        Row(2, {"编号": "1", "名称": "新桥村", "备注": ""}),
        Row(3, {"编号": "2", "名称": "戴埠镇", "备注": "靠山"}),
    ]
    assert list(read_rows(path)) == list(read_rows(str(path))) == expected
    with path.open("rb") as file:
        assert list(read_rows(file)) == expected


def test_an_open_text_file_works_too():
    assert [row["名称"] for row in read_rows(io.StringIO("\ufeff" + TABLE))] == ["新桥村", "戴埠镇"]


def test_empty_rows_are_skipped_but_counted():
    rows = rows_of("a,b\n\n1,2\n , \n\n3,4\n")
    assert [(row.number, row["a"]) for row in rows] == [(3, "1"), (6, "3")]


def test_a_cell_with_a_line_break_is_one_row_as_in_the_spreadsheet():
    rows = rows_of('a,b\n"1\n2",x\n3,y\n')
    assert [(row.number, row["a"]) for row in rows] == [(2, "1\n2"), (3, "3")]


def test_short_rows_are_filled_and_empty_columns_at_the_end_dropped():
    assert [row.cells for row in rows_of("a,b,,\n1\n2,3,,\n")] == [
        {"a": "1", "b": ""},
        {"a": "2", "b": "3"},
    ]


def test_a_row_answers_by_column():
    (row,) = rows_of("a,b\n 1 ,2\n")
    assert (row["a"], row.get("b"), row.get("c"), row.get("c", "-")) == ("1", "2", "", "-")
    with pytest.raises(TableError, match='Row 2: there is no column "c"; there are: a, b'):
        row["c"]


@pytest.mark.parametrize(
    ("content", "row", "sentence"),
    [
        (b"", None, "The file is empty"),
        (b"\n\n , ,\n", None, "The file is empty"),
        (b"a;b;c\n1;2;3\n", 1, "separated by semicolons, not by commas"),
        (b"a\tb\n1\t2\n", 1, "separated by tabs"),
        ("编号，名称\n".encode(), 1, "separated by full-width commas"),
        ("编号；名称\n".encode("gb18030"), 1, "separated by full-width semicolons"),
        (b"a,,c\n", 1, "column 2 has no name"),
        (b"\na,b,a\n", 2, 'the column "a" is there twice'),
        (b"a,b\n1,2\n1,2,3\n", 3, "3 cells for 2 columns"),
        (b'a,b\n1,2\n"1"x,2\n', 3, "look at its quotation marks"),
        (b'a,b\n1,"2\n3,4\n', 2, "look at its quotation marks"),
        (b"PK\x03\x04\x14\x00", None, "spreadsheet's own file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", None, "spreadsheet's own file"),
        ("a,b".encode("utf-16"), None, "UTF-16"),
    ],
)
def test_a_wrong_file_is_told_its_row_and_what_would_be_right(content, row, sentence):
    with pytest.raises(TableError, match=sentence) as caught:
        list(read_rows(io.BytesIO(content)))
    assert caught.value.row == row
    assert str(caught.value).startswith(f"Row {row}: ") is (row is not None)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_damaged_utf8_file_names_the_row_and_is_not_read_as_noise(mark):
    content = mark + TABLE.encode().replace("戴".encode(), "戴".encode()[:2])
    with pytest.raises(TableError, match="Row 3: a character is damaged"):
        list(read_rows(io.BytesIO(content)))


def test_bytes_that_are_no_text_name_their_row():
    content = "编号,名称\n1,新桥\n2,\n".encode("gb18030")[:-1] + b"\xff\xff\n"
    with pytest.raises(TableError, match=r"Row 3: .*neither UTF-8 nor GB18030"):
        list(read_rows(io.BytesIO(content)))


def test_the_header_is_checked_before_the_first_row_is_taken():
    with pytest.raises(TableError, match="semicolons"):
        read_rows(io.BytesIO(b"a;b\n"))


@pytest.mark.parametrize("cell", RUNS)
def test_no_text_can_start_a_formula(cell):
    _, text = written(["a", cell], [["x", cell]], mark=False)
    header, row = csv.reader(io.StringIO(text, newline=""))
    assert header[1] == row[1] == f"'{cell}"


def test_harmless_cells_stay_as_they_are():
    cells = [
        "新桥村",
        "a=b",
        "'quoted'",
        3,
        -5,
        -0.5,
        Decimal("-2.50"),
        None,
        date(2026, 11, 23),
        "",
    ]
    _, text = written(list("abcdefghij"), [cells], mark=False)
    assert text.splitlines()[1] == "新桥村,a=b,'quoted',3,-5,-0.5,-2.50,,2026-11-23,"


def test_written_tables_open_in_a_spreadsheet():
    count, text = written(["编号"], [["1"], ["2"]])
    assert count == 2
    assert text == "\ufeff编号\r\n1\r\n2\r\n"
    assert written(["a"], []) == (0, "\ufeffa\r\n")


def test_a_row_of_another_width_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="Row 2 has 1 cells for 2 columns"):
        written(["a", "b"], [[1, 2], [1]])


texts = st.text(st.sampled_from(" '=+-@\t\r\n＝,\"a溧1"), max_size=6)


@given(st.lists(st.tuples(texts, texts), max_size=4))
def test_reading_gives_back_what_was_written(rows):
    _, text = written(["a", "b"], rows)
    back = [(row["a"], row["b"]) for row in read_rows(io.BytesIO(text.encode()))]
    stripped = [(one.strip(), other.strip()) for one, other in rows]
    # A row of nothing but space is written, and read as the empty row it looks like.
    assert [row for row in back if any(row)] == [row for row in stripped if any(row)]
