"""Workbooks as files of rows: what Excel, WPS and the hostile make of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from tui.client.juzi.service import CAPABILITIES
from tui.desk.batch import workbook
from tui.desk.batch.items import ImportFile, read_sheet
from tui.desk.batch.workbook import sheet_rows
from tui.model.change import Kind
from tui.model.errors import InvalidError

HEADER = ("客户", "跟进内容", "时间")


def saved(*sheets: Sequence[Sequence[object]], change: Callable[[Workbook], object] | None = None) -> bytes:
    """A workbook whose `sheets` have these rows."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"Sheet{number}")
        for row in rows:
            sheet.append(list(row))
    if change is not None:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def follows(data: bytes, sheet: str = "") -> ImportFile:
    return read_sheet(data, "f.xlsx", Kind.FOLLOW, CAPABILITIES, "rocky", sheet=sheet)


def refusal(data: bytes, sheet: str = "") -> str:
    with pytest.raises(InvalidError) as refused:
        follows(data, sheet)
    return f"{refused.value.message()} · {refused.value.hint()}"


def repacked(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook `data` with one `part` changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, change(content) if name == part else content)
    return out.getvalue()


def test_follow_ups_come_from_a_workbook_as_from_csv_and_are_the_same_file() -> None:
    rows = [HEADER, ("wm1", "来电", datetime(2024, 11, 20, 14, 2)), ("wm2", '说 "好"', "2024-11-21 9:30")]  # noqa: DTZ001  # no zone
    sheet = follows(saved(rows))
    text = '客户,跟进内容,时间\nwm1,来电,2024-11-20 14:02:00\nwm2,"说 ""好""",2024-11-21 9:30\n'
    same = read_sheet(text.encode(), "f.csv", Kind.FOLLOW, CAPABILITIES, "rocky")
    assert [item.request for item in sheet.items] == [item.request for item in same.items]
    assert sheet.digest == same.digest


def test_numbers_days_and_texts_are_what_a_person_sees() -> None:
    rows = [("a", "b", "c", "d", "e"), (13812345678, 12.5, 0.1 + 0.2, date(2024, 11, 20), True), ("0138", "", None)]
    found = [row.cells for row in sheet_rows(saved(rows), "f")]
    assert found[1:] == [["13812345678", "12.5", "0.3", "2024-11-20", "TRUE"], ["0138"]]


def test_an_id_that_was_a_number_of_18_digits_is_refused_with_its_place() -> None:
    sheet = follows(saved([HEADER, (112957001234567890, "来电")]))
    (told,) = sheet.refusals
    assert (told.line, told.column) == (2, "customer")
    assert "15 digits" in told.text


def test_a_formula_is_its_value_and_without_one_it_is_refused_with_line_and_column() -> None:
    data = saved([HEADER, ("wm1", "=1+1"), ("wm2", "来电")])
    sheet = follows(data)
    assert [item.customer for item in sheet.items] == ["wm2"]
    assert str(sheet.refusals[0]).startswith("line 2, content: found the formula =1+1, and no value")
    valued = repacked(
        data, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
    )
    assert [item.request["texts"][0]["content"] for item in follows(valued).items] == ["2", "来电"]


def test_an_error_of_the_spreadsheet_is_no_value() -> None:
    (told,) = follows(saved([HEADER, ("wm1", "#N/A")])).refusals
    assert "#N/A" in told.text


def test_the_first_sheet_with_something_in_it_is_read_or_the_one_that_is_named() -> None:
    data = saved([], [HEADER, ("wm1", "二")], [HEADER, ("wm2", "三")])
    assert [item.customer for item in follows(data).items] == ["wm1"]
    assert [item.customer for item in follows(data, "sheet3").items] == ["wm2"]
    assert "no sheet Other · There are: Sheet1, Sheet2, Sheet3." in refusal(data, "Other")

    def hide(book: Workbook) -> None:
        book.worksheets[0].sheet_state = "hidden"

    assert [
        item.customer for item in follows(saved([HEADER, ("wm0", "x")], [HEADER, ("wm1", "y")], change=hide)).items
    ] == ["wm1"]
    assert "no rows" in refusal(saved([], []))
    with pytest.raises(InvalidError, match="has no sheets"):
        follows("客户,跟进内容\nwm1,x\n".encode(), "Sheet1")


def test_merged_cells_are_refused_with_their_range() -> None:
    def merge(book: Workbook) -> None:
        book.worksheets[0].merge_cells("A2:A3")

    assert "the cells A2:A3 are merged" in refusal(saved([HEADER, ("wm1", "a"), (None, "b")], change=merge))


def test_lines_are_the_sheets_own_and_a_million_empty_rows_cost_nothing() -> None:
    def far(book: Workbook) -> None:
        sheet = book.worksheets[0]
        sheet.cell(5, 1, "wm2")
        sheet.cell(1_048_576, 1, " ")

    sheet = follows(saved([HEADER, ("wm1", "来电")], change=far))
    assert [item.line for item in sheet.items] == [2]
    assert [refused.line for refused in sheet.refusals] == [5]


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_UNPACKED", 1024 * 1024)
    data = repacked(saved([HEADER]), "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * 2_000_000)
    assert len(data) < 100_000
    assert "unpacks to more than 1 MiB" in refusal(data)


def test_entities_and_links_to_elsewhere_are_not_followed() -> None:
    def declare(xml: bytes) -> bytes:
        return b'<!DOCTYPE x [<!ENTITY a "b">]>' + xml

    assert "declares a document type" in refusal(repacked(saved([HEADER]), "xl/workbook.xml", declare))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xd0\xcf\x11\xe0 old", ("old workbook (.xls)", ".xlsx")),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), ("protected by a password",)),
        (b"PK\x03\x04 cut off", ("damaged", "CSV")),
        (saved([HEADER, ("wm1", "x")])[:-400], ("damaged",)),
    ],
)
def test_what_is_no_workbook_that_can_be_read_says_what_it_is(data: bytes, words: tuple[str, ...]) -> None:
    told = refusal(data)
    assert all(word in told for word in words), told


def test_another_packed_file_is_no_workbook() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert "no .xlsx workbook" in refusal(out.getvalue())
    broken = repacked(saved([HEADER, ("wm1", "x")]), "xl/worksheets/sheet1.xml", lambda xml: xml[:-200])
    assert "damaged" in refusal(broken)
