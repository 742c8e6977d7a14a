"""`--format`, `--columns`, `--no-header`, `--output` and `--overwrite`, as scripts and spreadsheets use them."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.conftest import CUSTOMERS, Kehu

LISI = "wmfvEMCAAAPHR9XslvYqTFgCJTULiZgg"

pytestmark = pytest.mark.usefixtures("data_dir")


@pytest.fixture
def seen(kehu: Kehu) -> Kehu:
    """The command, after all of juzi's customers were read."""
    assert kehu("sync").code == 0
    return kehu


def sheet_rows(path: Path) -> list[tuple[object, ...]]:
    book = load_workbook(path)
    assert book.active is not None
    return list(book.active.iter_rows(values_only=True))


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_page_as_csv_has_every_column_of_the_table_with_whole_values(kehu: Kehu) -> None:
    run = kehu("list", "--size", "3", "--format", "csv")
    first, *others = rows_of(run.out)
    assert list(first) == ["Id", "Name", "Remark", "Company", "Phone", "E-mail", "Owner", "Added"]
    assert (first["Id"], first["Name"], first["Added"], len(others)) == (LISI, "李四", "2020-10-30", 2)
    assert run.err == f"1–3 of {CUSTOMERS}\n"


def test_an_id_a_line_for_other_programs(kehu: Kehu) -> None:
    run = kehu("list", "--size", "2", "--format", "tsv", "--columns", "id", "--no-header")
    assert run.out.splitlines()[0] == LISI
    assert kehu("show", run.out.splitlines()[1], "--format", "tsv", "--columns", "id", "--no-header").out in run.out


def test_json_lines_are_whole_records_or_the_columns_that_are_named(kehu: Kehu) -> None:
    whole = json.loads(kehu("show", LISI, "--json").out)
    assert json.loads(kehu("show", LISI, "--format", "jsonl").out) == whole
    named = kehu("list", "--size", "1", "--format", "jsonl", "--columns", "姓名,tags").out
    assert json.loads(named) == {"name": "李四", "tags": "标签名; 个人标签名"}


def test_everybody_comes_in_any_format(seen: Kehu) -> None:
    assert len(rows_of(seen("list", "--all", "--format", "csv").out)) == CUSTOMERS
    assert len(seen("list", "--all", "--format", "table").out.splitlines()) == CUSTOMERS + 1
    assert len(seen("find", "", "--all").out.splitlines()) == CUSTOMERS
    found = rows_of(seen("find", "李", "--all", "--format", "csv").out)
    assert {row["Id"] for row in found} == {
        json.loads(line)["id"] for line in seen("list", "--query", "李", "--all").out.splitlines()
    }
    assert 0 < len(rows_of(seen("find", "owner:rocky sort:name", "--all", "--format", "csv").out)) < CUSTOMERS


def test_a_workbook_by_the_ending_of_its_name(seen: Kehu, tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    run = seen("find", "name:李", "--all", "--columns", "id,name,last", "--output", str(path))
    assert (run.code, run.out) == (0, "")
    rows = sheet_rows(path)
    assert rows[0][:2] == ("Id", "Name")
    assert run.err == f"{len(rows) - 1} rows written to {path}\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_is_there_is_not_written_over_unasked(kehu: Kehu, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("mine")
    run = kehu("list", "--output", str(path))
    assert (run.code, path.read_text()) == (2, "mine")
    assert "is there already" in run.err
    assert kehu("list", "--output", str(path), "--overwrite").code == 0
    assert path.read_text().startswith("\ufeffId,Name")


def test_a_table_in_a_file_is_whole(kehu: Kehu, tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    assert kehu("list", "--size", "3", "--output", str(path), "--no-header").code == 0
    assert path.read_text().splitlines()[0].split()[:2] == [LISI, "李四"]


def test_options_that_make_no_sense_together_are_refused(kehu: Kehu) -> None:
    for options in (("--json", "--format", "csv"), ("--overwrite",), ("--json", "--no-header")):
        assert kehu("list", *options).code == 2
    assert kehu("show", LISI, "--linked", "--format", "csv").code == 2
    run = kehu("list", "--format", "csv", "--columns", "nmae")
    assert (run.code, "there is no column 'nmae'" in run.err) == (2, True)


def test_an_export_is_in_the_journal_with_who_what_and_how_many(seen: Kehu, tmp_path: Path) -> None:
    path = tmp_path / "some.csv"
    seen("find", "name:李", "--limit", "2", "--output", str(path))
    seen("find", "name:李", "--limit", "2", "--output", str(path))  # refused
    seen("list", "--size", "1", "--format", "jsonl")
    seen("list", "--size", "1")
    entries = seen("journal", "--kind", "export", "--json").json()
    assert [(entry["user_id"], entry["request"]["query"], entry["request"]["count"]) for entry in entries] == [
        ("rocky", "list --page 1", 1), ("rocky", "name:李", 2),
    ]  # fmt: skip
    assert entries[1]["request"]["target"] == f"csv {path}"
    assert "2 customers · name:李" in seen("journal").out
    assert seen("journal", "--undo", str(entries[0]["id"])).code == 2


def kehu_process(*arguments: str, **how: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "tui", *arguments]
    # The checker cannot tell which of the overloads keywords in a mapping mean.
    return subprocess.run(command, capture_output="stdout" not in how, check=False, timeout=60, **how)  # type: ignore[call-overload,no-any-return]


def test_a_pipe_that_closes_early_and_a_full_disk_end_it_clearly(seen: Kehu, tmp_path: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = kehu_process("find", "", "--all", "--format", "csv", stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 1
    assert b"standard output cannot be written: No space left on device" in done.stderr
    done = kehu_process("find", "", "--all", "--output", "/dev/full")
    assert done.returncode == 3
    assert b"/dev/full cannot be written: No space left on device" in done.stderr
    command = f"{sys.executable} -m tui find '' --all --format csv | head -1; exit ${{PIPESTATUS[0]}}"
    head = subprocess.run(["bash", "-c", command], capture_output=True, check=False, timeout=60)
    assert (head.returncode in (0, 141), head.stderr) == (True, b"")


def test_a_workbook_goes_through_a_pipe_whatever_the_locale(seen: Kehu, tmp_path: Path) -> None:
    done = kehu_process("find", "", "--format", "xlsx", env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0"})
    sheet = load_workbook(io.BytesIO(done.stdout)).active
    assert sheet is not None
    assert sheet.max_row == 101
    done = kehu_process("find", "name:李四", "--format", "csv", env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0"})
    assert "李四" in done.stdout.decode()


def test_whom_to_contact_as_a_sheet_and_as_json_lines(seen: Kehu) -> None:
    assert seen("next", LISI, "--at", "2027-01-20 14:00", "--note", "=1+1").code == 0
    (row,) = rows_of(seen("due", "--days", "3650", "--format", "csv").out)
    assert (row["When"], row["Name"], row["Note"], row["Id"]) == ("2027-01-20 14:00:00", "李四", "'=1+1", LISI)
    (line,) = seen("due", "--days", "3650", "--format", "jsonl").out.splitlines()
    assert json.loads(line) == seen("due", "--days", "3650", "--json").json()[0]
    assert seen("due", "--days", "3650", "--columns", "name", "--no-header").out == "李四\n"
    assert seen("due", "--count", "--format", "csv").code == 2


def test_the_journal_and_the_outbox_as_sheets(seen: Kehu) -> None:
    assert seen("follow", LISI, "--text", "=1+1").code == 0
    row = rows_of(seen("journal", "--format", "csv").out)[0]
    assert (row["What"], row["Customer"], row["Content"]) == ("follow-up", "李四", "'=1+1")
    (told, *_) = seen("journal", "--kind", "follow", "--format", "jsonl").out.splitlines()
    assert json.loads(told)["request"]["texts"][0]["content"] == "=1+1"
    assert seen("outbox", "--format", "csv", "--columns", "id,kind").out == "Id,What\n"
    assert seen("outbox", "list", "--format", "jsonl").out == ""
    assert seen("outbox", "--format", "csv", "list").code == 2


def test_duplicates_as_a_sheet_have_the_number_of_their_pair(seen: Kehu) -> None:
    useasy = ("--profile", "demo-useasy")
    assert seen("sync", *useasy).code == 0
    rows = rows_of(seen("duplicates", *useasy, "--format", "csv", "--limit", "2").out)
    assert [row["Pair"] for row in rows] == ["1", "1", "2", "2"]
    assert all(row["Id"] and row["In common"] for row in rows)


def test_a_report_in_any_format(seen: Kehu, tmp_path: Path) -> None:
    assert seen("report", "--csv").out == seen("report", "--format", "csv").out
    path = tmp_path / "report.xlsx"
    assert seen("report", "--output", str(path)).code == 0
    rows = sheet_rows(path)
    assert rows[0] == ("figure", "title", "label", "value", "unit", "customers", "query")
    assert isinstance(rows[1][3], int)
    assert seen("report", "--format", "csv", "--html", "-").code == 2
