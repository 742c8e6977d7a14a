"""`kehu add --file` and `kehu edit --file`: many customers from a sheet, by the field configuration."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tests.cli.conftest import Kehu, Run, Server, profile_text
from tests.cli.test_profile_commands import WriteConfig
from tui.sandbox.useasy_fields import LEVEL_FIELD

USEASY = ("--profile", "demo-useasy")

TEXT = "text_company_1687316347241"
"""A field of one line."""

Write = Callable[..., str]

pytestmark = pytest.mark.usefixtures("data_dir")


@pytest.fixture
def useasy(kehu: Kehu) -> Kehu:
    """The command at useasy, which creates and edits."""

    def run(*arguments: str) -> Run:
        return kehu(*arguments, *USEASY)

    return run


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes rows as CSV; the file's name."""

    def file(*rows: Sequence[str], name: str = "people.csv") -> str:
        path = tmp_path / name
        with path.open("w", newline="", encoding="utf-8") as out:
            csv.writer(out).writerows(rows)
        return str(path)

    return file


def people(useasy: Kehu, count: int) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = useasy("list", "--size", str(count), "--json").json()["items"]
    return items


def named(useasy: Kehu, name: str) -> list[dict[str, Any]]:
    return [one for one in map(json.loads, useasy("list", "--all").out.splitlines()) if one["name"] == name]


def test_customers_are_created_by_labels_and_codes_each_once_however_often_the_file_is_sent(
    useasy: Kehu, write: Write
) -> None:
    file = write(
        ["客户名字", "phones", "客户等级", "Remark"],
        ["甲有限公司", "13800138001|办公; 13800138002", "重要客户", "x"],
        ["乙有限公司", "13800138003", "", ""],
    )
    dry = useasy("add", "--file", file, "--dry-run", "--json").json()
    assert [row["line"] for row in dry["send"]] == [2, 3]
    assert dry["columns"]["Remark"] == ""
    assert named(useasy, "甲有限公司") == []
    run = useasy("add", "--file", file)
    assert run.code == 0, run.err
    assert "not read: Remark" in run.err
    assert "2 customers created" in run.err
    (one,) = named(useasy, "甲有限公司")
    assert [(row["value"], row["memo"]) for row in one["phones"]][:2] == [("13800138001", "办公"), ("13800138002", "")]
    assert useasy("add", "--file", file, "--json").json() == {"applied": 0, "failed": []}
    longer = write(
        ["客户名字", "phones"], ["乙有限公司", "13800138003"], ["丙有限公司", "13800138005"], name="longer.csv"
    )
    assert useasy("add", "--file", longer, "--json").json()["applied"] == 1
    assert len(named(useasy, "乙有限公司")) == 1


def test_an_edit_changes_what_differs_and_nothing_else_and_can_be_undone(useasy: Kehu, write: Write) -> None:
    one, other, third = people(useasy, 3)
    file = write(
        ["id", "name", LEVEL_FIELD],
        [one["id"], one["name"], "重要客户"],
        [other["id"], "新名字", ""],
        [third["id"], third["name"], ""],
    )
    dry = useasy("edit", "--file", file, "--dry-run")
    assert dry.code == 0, dry.err
    assert "新名字" in dry.out
    run = useasy("edit", "--file", file)
    assert run.code == 0, run.err
    assert useasy("show", other["id"], "--json").json()["name"] == "新名字"
    assert useasy("show", third["id"], "--json").json()["updated_at"] == third["updated_at"]
    assert useasy("edit", "--file", file, "--json").json() == {"applied": 0, "failed": []}
    change = next(
        entry
        for entry in useasy("journal", "--json").json()
        if entry["kind"] == "update" and entry["customer"] == other["id"]
    )
    assert useasy("journal", "--undo", str(change["id"])).code == 0
    assert useasy("show", other["id"], "--json").json()["name"] == other["name"]


def test_a_list_that_was_written_is_read_again_and_nothing_is_to_be_done(useasy: Kehu, tmp_path: Path) -> None:
    for format in ("csv", "xlsx", "jsonl"):
        path = tmp_path / f"list.{format}"
        assert useasy("list", "--size", "20", "--output", str(path)).code == 0
        run = useasy("edit", "--file", str(path), "--dry-run", "--json")
        assert run.code == 0, run.err
        told = run.json()
        assert (told["send"], told["refused"], told["unchanged"]) == ([], [], 20), format


def test_one_cell_of_a_written_list_is_one_edit(useasy: Kehu, tmp_path: Path) -> None:
    path = tmp_path / "list.jsonl"
    useasy("list", "--size", "5", "--output", str(path))
    records = [json.loads(line) for line in path.read_text().splitlines()]
    records[1]["name"] = "改过"
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in records))
    assert useasy("edit", "--file", str(path), "--json").json()["applied"] == 1
    assert useasy("show", records[1]["id"], "--json").json()["name"] == "改过"


def test_what_a_heading_means_is_said_once_and_kept(useasy: Kehu, write: Write) -> None:
    (one,) = people(useasy, 1)
    file = write(["编号X", "称呼X", "杂项"], [one["id"], "新名字", "?"])
    run = useasy("edit", "--file", file, "--dry-run")
    assert run.code == 2
    assert "编号X" in run.err
    assert "--map" in run.err
    mapping = ("--map", "编号X=id", "--map", "称呼X=name", "--map", "杂项=")
    assert useasy("edit", "--file", file, "--dry-run", *mapping).code == 0
    again = write(["杂项", "编号X", "称呼X"], ["?", one["id"], "新名字"], name="again.csv")
    run = useasy("edit", "--file", again)
    assert run.code == 0, run.err
    assert "not read: 杂项" in run.err
    assert useasy("show", one["id"], "--json").json()["name"] == "新名字"


def test_rows_that_cannot_be_sent_are_told_with_their_lines_and_the_others_go_with_partial(
    useasy: Kehu, write: Write
) -> None:
    one, other = people(useasy, 2)
    file = write(
        ["id", "name", "客户等级", "phones"],
        [one["id"], "好名字", "", ""],
        [one["id"], "两次", "", ""],
        ["nobody", "x", "", ""],
        [other["id"], "", "没有这个等级", ""],
        ["", "x", "", ""],
        [other["id"], "", "", "138****0000"],
    )
    run = useasy("edit", "--file", file)
    assert run.code == 2
    for line in (3, 4, 5, 6, 7):
        assert f"line {line}" in run.err, run.err
    assert useasy("show", one["id"], "--json").json()["name"] == one["name"]
    assert useasy("edit", "--file", file, "--partial").code == 1
    assert useasy("show", one["id"], "--json").json()["name"] == "好名字"


def test_an_empty_cell_says_nothing_and_clears_where_that_is_asked_for(useasy: Kehu, write: Write) -> None:
    (one,) = people(useasy, 1)
    assert useasy("edit", one["id"], "--set", f"{TEXT}=旧").code == 0
    file = write(["id", TEXT], [one["id"], ""])
    assert useasy("edit", "--file", file).code == 2  # no field is given in any row
    assert [
        field["value"] for field in useasy("show", one["id"], "--json").json()["custom"] if field["code"] == TEXT
    ] == ["旧"]
    assert useasy("edit", "--file", file, "--clear-empty").code == 0
    assert [
        field["value"] for field in useasy("show", one["id"], "--json").json()["custom"] if field["code"] == TEXT
    ] in ([""], [])


def test_creates_come_from_a_workbook_and_its_phones_are_texts(useasy: Kehu, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["客户名字", "phones"])
    sheet.append(["丁有限公司", 13800138009])
    path = tmp_path / "new.xlsx"
    book.save(path)
    assert useasy("add", "--file", str(path)).code == 0
    (one,) = named(useasy, "丁有限公司")
    assert one["phones"][0]["value"] == "13800138009"


def test_a_create_that_may_have_arrived_is_never_sent_again_by_the_file(
    kehu: Kehu, config: WriteConfig, server: Server, write: Write
) -> None:
    config(profile_text(server, "useasy"))
    file = write(["客户名字"], ["戊有限公司"])
    server.fail("drop-after:crm/add")
    assert kehu("add", "--file", file).code == 8
    server.fail()
    assert kehu("add", "--file", file).code == 8
    longer = write(["客户名字"], ["戊有限公司"], ["己有限公司"], name="longer.csv")
    assert kehu("add", "--file", longer).code == 8
    found = [json.loads(line)["name"] for line in kehu("list", "--all").out.splitlines()]
    assert (found.count("戊有限公司"), found.count("己有限公司")) == (1, 1)


def test_somebody_else_has_changed_it_since_it_was_seen_here(
    kehu: Kehu, useasy: Kehu, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (one,) = people(useasy, 1)
    monkeypatch.setattr("tui.desk.batch.recipients.FRESH", -1)
    other = tmp_path / "other"
    with monkeypatch.context() as elsewhere:  # another desk on the same vendor
        other.mkdir(mode=0o700)
        (other / "sandbox.db").symlink_to(tmp_path / "data" / "sandbox.db")
        elsewhere.setenv("KEHU_DATA_DIR", str(other))
        assert useasy("edit", one["id"], "--set", "name=别人改的").code == 0
    run = useasy("edit", "--file", write(["id", "name"], [one["id"], "我的"]))
    assert run.code == 6
    assert "别人改的" in run.err


def test_options_of_a_file_and_of_one_customer_do_not_mix(useasy: Kehu, write: Write) -> None:
    file = write(["id", "name"], ["1", "x"])
    assert useasy("edit", "1", "--file", file).code == 2
    assert useasy("add", "--set", "name=x", "--file", file).code == 2
    assert useasy("add", "--set", "name=x", "--map", "a=b").code == 2
    assert useasy("edit", "1").code == 2
    assert useasy("add").code == 2


def test_the_same_file_again_sends_what_was_refused_and_nothing_else(
    kehu: Kehu, config: WriteConfig, server: Server, write: Write
) -> None:
    config(profile_text(server, "useasy"))
    file = write(["客户名字"], ["庚有限公司"], ["辛有限公司"])
    server.fail("code:POST /useasy/openapi/crm/add:code=400,message=quota,count=1")
    assert kehu("add", "--file", file, "--json").json()["applied"] == 1
    assert len(kehu("outbox", "--json").json()) == 1
    server.fail()
    run = kehu("add", "--file", file)
    assert run.code == 0, run.err
    assert "1 customer created" in run.err
    assert "1 were sent before" in run.err
    found = [json.loads(line)["name"] for line in kehu("list", "--all").out.splitlines()]
    assert (found.count("庚有限公司"), found.count("辛有限公司")) == (1, 1)


def test_what_was_created_may_be_somebody_who_is_there_already(useasy: Kehu, write: Write) -> None:
    (one,) = people(useasy, 1)
    phone = one["phones"][0]["value"]
    run = useasy("add", "--file", write(["客户名字", "phones"], ["又一个", phone]), "--dry-run")
    assert f"{one['name']} has {phone} already" in run.err + run.out
