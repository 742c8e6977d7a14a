"""One person, wherever the records lie: in one pane, in one edit, and created where it is missing."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import working
from tests.e2e.conftest import Open
from tests.e2e.rows import changed, differences, record
from tests.e2e.terminal import Terminal
from tests.e2e.test_tcp import CONFIGURATION
from tests.pace import BOTH_WINDOWS, slow
from tui.sandbox.demo import WECOM_FIELD

pytestmark = slow


USEASY, IMA = "demo-useasy · Useasy ─", "demo-ima · 51ima ─"

LINKS = f"""
[profiles.team.links.crm]
theirs = "custom.{WECOM_FIELD}"
ours = "id"
[profiles.team.links.hotline]
theirs = "external_id"
ours = "id"
"""


def open_customer(terminal: Terminal, name: str, downs: int = 0) -> None:
    """Open the customer `name`, who is `downs` rows below the first one."""
    terminal.wait_for("1–100 of")
    terminal.press(*["j"] * downs)
    terminal.wait_for(f"▌ {name} ")
    terminal.press("enter")
    terminal.wait_for(rf"▌ {name} +.*WeChat")
    terminal.wait_until_gone("looking")


def go_to_part(terminal: Terminal, heading: str) -> None:
    """Go to the part `heading` of the customer that is open.

    The linked vendors' parts may still be on their way: until the first is there, `}` leads to the last row.
    """
    for _try in range(100):
        terminal.press("g")
        terminal.wait_for("▌ [^·─]+ +.*WeChat")
        terminal.press("}")
        terminal.read_for(0.1)
        if re.search("▌ [a-z-]+ · [^─]*─", terminal.text):
            break
    if heading not in terminal.wait_for("▌ [a-z-]+ · [^─]*─")[0]:
        terminal.press("}")
        terminal.wait_for(f"▌ {heading}")


@BOTH_WINDOWS
def test_custom_fields_and_follow_users_are_in_one_pane(open_desk: Open, columns: int, rows: int) -> None:
    terminal = open_desk(columns=columns, rows=rows)
    open_customer(terminal, "李四")
    terminal.wait_for("Followed by +张三 rocky · 张总")
    go_to_part(terminal, USEASY)
    terminal.wait_for("First owner +8310")
    terminal.press("pagedown")
    terminal.wait_for("详细地址 +上海市浦东新区世纪大道46号")
    go_to_part(terminal, IMA)
    terminal.wait_for("External id +wmfvEMCAAAPHR9XslvYqTFgCJTULiZgg")
    terminal.wait_for("职位 +采购经理")
    terminal.read_for(0.5)
    assert terminal.read_for(0.5) == b""
    terminal.press("q")
    working.quit_desk(terminal)


@BOTH_WINDOWS
def test_a_field_of_the_crm_is_edited_from_the_scrm(
    open_desk: Open, data_dir: Path, seeded: Path, columns: int, rows: int
) -> None:
    terminal = open_desk(columns=columns, rows=rows)
    open_customer(terminal, "李四")
    terminal.press("e")
    terminal.wait_for("demo-juzi · JuziBot: cannot be edited")
    terminal.wait_for("▌.客户名字")
    working.go_to_field(terminal, "详细地址", 16)
    working.type_into(terminal, "详细地址", "No. 1, Test Road", anew=True)
    terminal.wait_for("1 field changed · demo-useasy 1")
    terminal.press("ctrl+s")
    terminal.wait_for(r"demo-useasy · Useasy\s[\s\S]*详细地址: .* → No. 1, Test Road")
    terminal.press("y")
    terminal.wait_for("✓ demo-useasy: saved")
    go_to_part(terminal, USEASY)
    terminal.wait_for("详细地址 +No. 1, Test Road")
    terminal.press("q")
    working.quit_desk(terminal)

    found = differences(seeded, data_dir / "sandbox.db")
    (before,), (after,) = found["useasy_customer"].gone, found["useasy_customer"].new
    assert ("上海市浦东新区世纪大道46号", "No. 1, Test Road") in changed(record(before), record(after)).values()
    assert not any("juzi" in table or "ima" in table for table in found)


@BOTH_WINDOWS
def test_a_record_is_created_where_there_is_none(
    open_desk: Open, data_dir: Path, seeded: Path, columns: int, rows: int
) -> None:
    terminal = open_desk(columns=columns, rows=rows)
    open_customer(terminal, "欧阳雪莹", downs=4)
    go_to_part(terminal, USEASY)
    terminal.wait_for("nobody there")
    terminal.press("enter")
    terminal.wait_for("Create 欧阳雪莹 at demo-useasy · Useasy")
    terminal.wait_for(r"客户名字\* +欧阳雪莹")
    terminal.wait_for("ouyang.5@example.com")
    terminal.press("ctrl+s")
    terminal.wait_for("✓ demo-useasy: Created 欧阳雪莹")
    go_to_part(terminal, USEASY)
    terminal.wait_for("企微客户ID +wm")
    terminal.press("q")
    working.quit_desk(terminal)

    created = [record(row) for row in differences(seeded, data_dir / "sandbox.db")["useasy_customer"].new]
    assert [one["customerName"] for one in created] == ["欧阳雪莹"]
    assert created[0][WECOM_FIELD].startswith("wm")


def test_a_disagreement_is_settled(open_desk: Open) -> None:
    terminal = open_desk()
    open_customer(terminal, "王五", downs=1)
    terminal.wait_for("≠ demo-")
    terminal.press("s")
    terminal.wait_for("Settle: Phones")
    terminal.press("enter", "down", "enter", "ctrl+s")
    terminal.wait_for("Save 1 change")
    terminal.press("y")
    terminal.wait_for("✓ demo-(useasy|ima): saved")
    terminal.wait_until_gone("≠ demo-")


def test_holding_down_asks_for_nobody(open_desk: Open, data_dir: Path) -> None:
    terminal = open_desk()
    terminal.wait_for("1–100 of")
    terminal.wait_for(USEASY)
    terminal.press(*["j"] * 60)
    terminal.wait_for(USEASY)
    assert asked(data_dir) == 0
    terminal.press("enter")
    terminal.wait_for("nobody there|External id|企微客户ID")
    terminal.press("q")
    working.quit_desk(terminal)
    assert asked(data_dir) > 0


def asked(data_dir: Path) -> int:
    """How many answers of linked profiles are on disk."""
    with closing(sqlite3.connect(data_dir / "profiles" / "demo-juzi.db")) as connection:
        ((count,),) = connection.execute("SELECT count(*) FROM links").fetchall()
    return int(count)


@pytest.fixture
def vendors(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Path, dict[str, str], Path]]:
    """The three vendors on a port, of whom one fails as the test's parameter says: the configuration, the environment
    that it needs, and the database."""
    database = tmp_path / "vendors.db"
    command = [sys.executable, "-m", "tui", "sandbox", "--port", "0", "--customers", "300", "--fail", request.param]
    command += ["--database", str(database)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout is not None
        told: dict[str, Any] = json.loads(process.stdout.readline())
        configuration = tmp_path / "kehu.toml"
        configuration.touch(mode=0o600)
        configuration.write_text(CONFIGURATION.format(**told) + LINKS, encoding="utf-8")
        yield configuration, {"JUZI_TOKEN": told["juzi"]["token"]}, Path(told["database"])
        process.send_signal(signal.SIGINT)
        process.wait(10)


@pytest.mark.parametrize("vendors", ["code:PUT /ima:code=10031,message=no right to edit"], indirect=True)
@BOTH_WINDOWS
def test_one_vendor_takes_its_share_and_another_refuses(
    open_desk: Open, vendors: tuple[Path, dict[str, str], Path], columns: int, rows: int
) -> None:
    configuration, environment, database = vendors
    terminal = open_desk("--config", str(configuration), columns=columns, rows=rows, **environment)
    open_customer(terminal, "李四")
    go_to_part(terminal, "crm · Useasy")
    terminal.press("e")
    terminal.wait_for("▌.客户名字")
    working.go_to_field(terminal, "详细地址", 16)
    working.type_into(terminal, "详细地址", "No. 1, Test Road", anew=True)
    working.go_to_field(terminal, "职位", 21)
    working.type_into(terminal, "职位", "Boss", anew=True)
    terminal.wait_for("2 fields changed · crm 1, hotline 1")
    terminal.press("ctrl+s")
    terminal.wait_for(r"crm · Useasy[\s\S]*No. 1, Test Road[\s\S]*hotline · 51ima[\s\S]*→ Boss")
    terminal.press("y")
    terminal.wait_for("✗ hotline: refused: .*no right to edit")
    terminal.wait_for("Edit 李四 · hotline")
    terminal.press("escape")  # the refused form is there again
    terminal.wait_until_gone("Edit 李四 · hotline")
    terminal.wait_for("o outbox 1")
    go_to_part(terminal, "hotline · 51ima")
    terminal.wait_for("✗ edit: refused · ")
    terminal.press("o")
    terminal.wait_for("hotline +edit · 李四 +refused")
    with closing(sqlite3.connect(database)) as connection:
        records = [row for (row,) in connection.execute("SELECT record FROM useasy_customer")]
    assert sum("No. 1, Test Road" in row for row in records) == 1


@pytest.mark.parametrize("vendors", ["latency:/useasy/:seconds=60"], indirect=True)
def test_leaving_a_customer_waits_for_nobody(open_desk: Open, vendors: tuple[Path, dict[str, str], Path]) -> None:
    configuration, environment, _database = vendors
    terminal = open_desk("--config", str(configuration), **environment)
    terminal.wait_for("1–100 of 300")
    terminal.press("enter")
    terminal.wait_for("looking in crm")
    terminal.wait_for("External id +wm")
    terminal.press("q")
    terminal.wait_until_gone("looking")
    working.quit_desk(terminal)
