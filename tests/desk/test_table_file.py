"""Tables as files: what a spreadsheet makes of them, and what is there when writing fails."""

from __future__ import annotations

import csv
import errno
import io
import json
import stat
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.pace import slow
from tui.desk import table_file
from tui.desk.batch.cell_reader import read_cell
from tui.desk.table_file import Cell, TableColumn, format_of, row_writer, whole_file
from tui.model.errors import InvalidError, StorageError

COLUMNS = (TableColumn("id", "编号"), TableColumn("name", "Name"))


def written(format: str, *rows: list[Cell], header: bool = True, mark: bool = False) -> bytes:
    out = io.BytesIO()
    writer = row_writer(out.write, format, COLUMNS, header=header, mark=mark)
    for row in rows:
        writer.write(row)
    writer.finish()
    return out.getvalue()


def csv_rows(*rows: list[Cell]) -> list[list[str]]:
    return list(csv.reader(io.StringIO(written("csv", *rows).decode())))[1:]


@pytest.mark.parametrize("text", ["=1+1", "=HYPERLINK(1)", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd", "＝1+1"])
def test_a_name_that_begins_like_a_formula_stays_a_text_and_comes_back_whole(text: str) -> None:
    ((_id, cell),) = csv_rows(["1", text])
    assert cell == f"'{text}"
    assert read_cell("name", cell) == text
    assert f"'{text}".encode() in written("tsv", ["1", text])


@pytest.mark.parametrize("text", ["0138", "139000000000000123", "+8613812345678", "1E5", "3-4", "00.5"])
def test_what_a_spreadsheet_would_reshape_is_guarded_in_csv_and_plain_for_programs(text: str) -> None:
    ((_id, cell),) = csv_rows(["1", text])
    assert cell == f'="{text}"'
    assert read_cell("name", cell) == text
    assert written("tsv", ["1", text], header=False) == f"1\t{text}\n".encode()


@pytest.mark.parametrize("text", ["李四", "13812345678", "12.5", "2024-11-20", "a-b", "don't", "- see below", "# 1"])
def test_what_is_harmless_is_written_as_it_is(text: str) -> None:
    ((_id, cell),) = csv_rows(["1", text])
    assert cell == (f"'{text}" if text.startswith("-") else text)


def test_csv_quotes_what_has_commas_quotes_and_lines_and_controls_are_gone() -> None:
    assert csv_rows(["1", 'a,"b"\r\nc\x1b[31m\x07']) == [["1", 'a,"b"\nc[31m']]
    assert written("tsv", ["1", "a\tb\nc"], header=False) == b"1\ta b c\n"


def test_excel_knows_utf_8_by_the_mark_and_only_csv_has_one() -> None:
    assert written("csv", ["1", "x"], mark=True) == "\ufeff编号,Name\n1,x\n".encode()
    assert written("tsv", mark=True).startswith("编号".encode())
    assert written("csv", ["1", "x"], header=False) == b"1,x\n"


def test_json_lines_are_objects_by_key_with_moments_and_numbers() -> None:
    (line,) = written("jsonl", ["0138", datetime(2024, 11, 20, 14, 2)]).splitlines()  # noqa: DTZ001  # cells have no zone
    told = json.loads(line)
    assert told["id"] == "0138"
    assert datetime.fromisoformat(told["name"]).tzinfo is not None
    assert json.loads(written("jsonl", ["\ud800", 5])) == {"id": "\N{REPLACEMENT CHARACTER}", "name": 5}


def test_cells_of_a_workbook_are_texts_but_for_numbers_and_moments() -> None:
    rows: list[list[Cell]] = [
        ["0138", "=1+1"], ["139000000000000123", "#N/A"], ["a\x1b", 12.5], [None, date(2024, 11, 20)],
    ]  # fmt: skip
    sheet = load_workbook(io.BytesIO(written("xlsx", *rows))).active
    assert sheet is not None
    cells = [[(cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows()]
    assert cells == [
        [("编号", "s"), ("Name", "s")],
        [("0138", "s"), ("=1+1", "s")],
        [("139000000000000123", "s"), ("#N/A", "s")],
        [("a", "s"), (12.5, "n")],
        [(None, "n"), (datetime(2024, 11, 20), "d")],  # noqa: DTZ001  # cells have no zone
    ]


def test_a_workbook_goes_on_in_another_sheet_and_tells_what_it_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_file, "MOST_SHEET_ROWS", 3)
    out = io.BytesIO()
    writer = row_writer(out.write, "xlsx", COLUMNS)
    for number in range(5):
        writer.write([number, "x" * 40_000])
    writer.finish()
    assert writer.cut == 5
    sheets = load_workbook(out).worksheets
    assert [[row[0] for row in sheet.iter_rows(values_only=True)] for sheet in sheets] == [
        ["编号", 0, 1], ["编号", 2, 3], ["编号", 4],
    ]  # fmt: skip


def test_a_table_without_rows_is_a_file_all_the_same() -> None:
    assert written("csv") == "编号,Name\n".encode()
    assert load_workbook(io.BytesIO(written("xlsx"))).active is not None
    assert written("jsonl") == b""


def test_formats_go_by_the_ending() -> None:
    assert [format_of(Path(name)) for name in ("a.CSV", "b.xlsx", "c.ndjson", "d.txt")] == ["csv", "xlsx", "jsonl", ""]


def test_a_file_is_for_its_owner_alone_and_there_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    with whole_file(path) as file:
        file.write(b"x")
        assert not path.exists()
    assert path.read_bytes() == b"x"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def fail_halfway(path: Path, *, overwrite: bool = False) -> None:
    with whole_file(path, overwrite=overwrite) as file:
        file.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_file_that_is_there_stays_unless_it_is_to_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"before")
    with pytest.raises(InvalidError, match="is there already"), whole_file(path):
        pass
    with pytest.raises(StorageError):
        fail_halfway(path, overwrite=True)
    assert path.read_bytes() == b"before"
    with whole_file(path, overwrite=True) as file:
        file.write(b"after")
    assert path.read_bytes() == b"after"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_leaves_nothing_behind_and_says_so(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="No space left"):
        fail_halfway(tmp_path / "list.csv")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StorageError, match="nowhere"), whole_file(tmp_path / "nowhere" / "list.csv"):
        pass


def test_a_device_is_written_to_and_never_replaced() -> None:
    with whole_file(Path("/dev/null")) as file:
        file.write(b"x")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


PEAK = """
import resource, sys
from tui.desk.table_file import TableColumn, row_writer
columns = [TableColumn(f"c{n}", f"C{n}") for n in range(4)]
with open("/dev/null", "wb") as out:
    writer = row_writer(out.write, sys.argv[1], columns)
    for number in range(int(sys.argv[2])):
        writer.write([str(number), f"客户 {number}", "=x", number])
    writer.finish()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak(format: str, rows: int) -> int:
    """Kilobytes of memory that a process takes to write `rows`."""
    done = subprocess.run(
        [sys.executable, "-c", PEAK, format, str(rows)], capture_output=True, text=True, check=True, timeout=300
    )
    return int(done.stdout)


@pytest.mark.parametrize("format", ["csv", "jsonl", pytest.param("xlsx", marks=slow)])
def test_ten_times_the_rows_take_no_more_memory(format: str) -> None:
    rows = 50_000 if format == "xlsx" else 200_000
    assert peak(format, rows) < 1.15 * peak(format, rows // 10)
