"""`kehu` with a configuration of three profiles, against `kehu sandbox --port 0` over TCP."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.e2e import working
from tests.e2e.conftest import Open
from tests.e2e.rows import changed, differences, record
from tests.e2e.terminal import PATIENCE
from tests.pace import slow
from tui.sandbox.seed import seed

pytestmark = slow

CUSTOMERS = 300
"""Three pages of customers."""

CONFIGURATION = """
default_profile = "team"

[profiles.team]
dialect = "juzi"
base_url = "{juzi[base_url]}"
token_env = "JUZI_TOKEN"
user_id = "rocky"

[profiles.crm]
dialect = "useasy"
base_url = "{useasy[base_url]}"
app_id = "{useasy[app_id]}"
secret_command = "echo {useasy[secret]}"

[profiles.hotline]
dialect = "ima"
base_url = "{ima[base_url]}"
app_id = "{ima[app_id]}"
secret = "{ima[secret]}"
"""


@dataclass(frozen=True)
class Vendors:
    """The three vendors on a port of this machine."""

    configuration: Path
    token: str
    database: Path
    before: Path
    """The database as it was."""


@pytest.fixture
def vendors(tmp_path: Path) -> Iterator[Vendors]:
    """A sandbox of this test's own, served by the command, and a configuration of it."""
    database = tmp_path / "vendors" / f"people-{CUSTOMERS}.db"
    database.parent.mkdir()
    seed(database, CUSTOMERS)
    before = tmp_path / "before.db"
    shutil.copy(database, before)
    with served(database.with_name("people.db")) as told:
        configuration = tmp_path / "kehu.toml"
        configuration.touch(mode=0o600)
        configuration.write_text(CONFIGURATION.format(**told), encoding="utf-8")
        yield Vendors(configuration, told["juzi"]["token"], Path(told["database"]), before)


@contextmanager
def served(database: Path, port: int = 0, *, fail: str = "") -> Iterator[dict[str, Any]]:
    """Serves `database` by the command, with the fault `fail` where given; what it says of itself."""
    command = [sys.executable, "-m", "tui", "sandbox", "--port", str(port), "--customers", str(CUSTOMERS)]
    command += ["--database", str(database), *(["--fail", fail] if fail else [])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        except BaseException:
            process.kill()  # a test that fails is not held up by its server
            raise
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0


def test_an_agents_day_is_what_the_three_vendors_have_afterwards(
    open_desk: Open, vendors: Vendors, tmp_path: Path
) -> None:
    data = tmp_path / "work"
    environment = {"KEHU_DATA_DIR": str(data), "JUZI_TOKEN": vendors.token}
    terminal = open_desk("--config", str(vendors.configuration), **environment)

    terminal.wait_for("kehu  team · JuziBot .*127.0.0.1:.* ms")
    terminal.wait_for("1–100 of 300")
    terminal.press("n")
    terminal.wait_for("101–200 of 300")
    terminal.press("p")
    terminal.wait_for("1–100 of 300")
    terminal.press("enter")
    terminal.wait_for("▌ 李四 +WeChat · male")
    working.set_remark(terminal, "李四", "李总 A/B")
    working.follow_up(terminal, "李四", "第一次", "第二次")
    terminal.wait_for("rocky +第二次 +sent")
    terminal.press("q")

    working.switch_profile(terminal, "crm")
    terminal.wait_for(r"1–100 of \d+")
    terminal.wait_for("详细地址 +上海市浦东新区世纪大道46号")
    working.edit_field(terminal, "李四", "详细地址", 16, "No. 1, Test Road")

    working.switch_profile(terminal, "hotline")
    terminal.wait_for("0 known here|This vendor has no list")
    terminal.press("L")
    terminal.wait_for("Look up")
    terminal.press("li.1@example.com", "enter")
    terminal.wait_for("✓ Found 李四")
    working.edit_field(terminal, "李四", "职位", 9, "采购总监")
    terminal.wait_for("1 known here")

    terminal.press("ctrl+t")
    terminal.wait_for("退出")
    terminal.resize(80, 24)
    terminal.wait_for("▌ 李四 .*\n[\\s\\S]*退出")
    working.quit_desk(terminal)

    found = differences(vendors.before, vendors.database)
    assert set(found) - {"useasy_term"} == {
        "juzi_follow_user",
        "juzi_follow_history",
        "useasy_customer",
        "ima_customer",
    }
    (follower,) = found["juzi_follow_user"].new
    assert "李总 A/B" in follower
    assert [entry[3] for entry in sorted(found["juzi_follow_history"].new)] == ["第一次", "第二次"]
    (was,), (became,) = found["useasy_customer"].gone, found["useasy_customer"].new
    assert ("上海市浦东新区世纪大道46号", "No. 1, Test Road") in changed(record(was), record(became)).values()
    (was,), (became,) = found["ima_customer"].gone, found["ima_customer"].new
    assert was[1].count("采购总监") + 1 == became[1].count("采购总监")


def test_no_secret_is_on_the_screen_or_on_disk(open_desk: Open, vendors: Vendors, tmp_path: Path) -> None:
    data = tmp_path / "work"
    environment = {"KEHU_DATA_DIR": str(data), "JUZI_TOKEN": vendors.token}
    terminal = open_desk("--config", str(vendors.configuration), **environment)
    terminal.wait_for("1–100 of 300")
    working.quit_desk(terminal)

    assert vendors.token.encode() not in bytes(terminal.raw)
    assert [path for path in data.rglob("*") if path.is_file() and vendors.token.encode() in path.read_bytes()] == []


def test_what_could_not_be_sent_goes_by_itself_and_the_screens_say_so(open_desk: Open, tmp_path: Path) -> None:
    database = tmp_path / "people.db"
    configuration = tmp_path / "kehu.toml"
    with served(database) as told:
        configuration.touch(mode=0o600)
        configuration.write_text(CONFIGURATION.format(**told), encoding="utf-8")
        environment = {"KEHU_DATA_DIR": str(tmp_path / "work"), "JUZI_TOKEN": told["juzi"]["token"]}
        terminal = open_desk("--config", str(configuration), **environment)
        terminal.wait_for("1–100 of 300")
    terminal.press("R")
    terminal.wait_for("✗ 127.0.0.1:[0-9]+ · offline")
    terminal.wait_for("refused the connection. Check base_url of profile team")
    terminal.press("r")
    working.type_into(terminal, "Remark", "later", anew=True)
    terminal.press("ctrl+s")
    terminal.wait_for("Recorded")
    terminal.press("o")
    terminal.wait_for("remark · 李四 +waiting")
    with served(database, urlsplit(told["address"]).port or 0):
        terminal.wait_for("Nothing waits: every change made here is settled", timeout=60)
        terminal.press("ctrl+q")
        terminal.wait_for("Nothing waits to be sent any more")
        terminal.wait_for("张三 rocky · later")


def test_a_line_that_drops_while_a_follow_up_is_on_its_way_leaves_it_unknown_and_sent_once(
    open_desk: Open, tmp_path: Path
) -> None:
    configuration = tmp_path / "kehu.toml"
    with served(tmp_path / "people.db", fail="stall:add_follow:seconds=8") as told:
        configuration.touch(mode=0o600)
        configuration.write_text(CONFIGURATION.format(**told), encoding="utf-8")
        environment = {"KEHU_DATA_DIR": str(tmp_path / "work"), "JUZI_TOKEN": told["juzi"]["token"]}
        database = Path(told["database"])
        terminal = open_desk("--config", str(configuration), **environment)
        terminal.wait_for("1–100 of 300")
        terminal.press("f")
        working.type_into(terminal, "Follow-up", "called")
        terminal.press("ctrl+s")
        deadline = time.monotonic() + PATIENCE
        while not _written(database, "called"):
            assert time.monotonic() < deadline, "it never went out"
            time.sleep(0.02)
        assert terminal.hang_up() == 128 + signal.SIGHUP

        again = open_desk("--config", str(configuration), **environment)
        again.wait_for("o outbox 1")
        again.press("o")
        again.wait_for("follow-up · 李四 +unknown")
        again.press("enter")
        again.wait_for("why: kehu was closed before the answer came")
        again.wait_for('"content": "called"')
        assert _written(database, "called") == 1


def _written(database: Path, content: str) -> int:
    """How often the vendor has the follow-up `content`."""
    with closing(sqlite3.connect(database, timeout=10)) as connection:
        query = "SELECT count(*) FROM juzi_follow_history WHERE content = ?"
        return int(connection.execute(query, (content,)).fetchone()[0])


def test_what_was_refused_is_mended_in_its_form_after_a_kill(open_desk: Open, tmp_path: Path) -> None:
    configuration = tmp_path / "kehu.toml"
    refusal = "code:POST /useasy/openapi/crm/add:count=1,code=400,message=客户名字 已存在"
    with served(tmp_path / "people.db", fail=refusal) as told:
        configuration.touch(mode=0o600)
        configuration.write_text(CONFIGURATION.format(**told), encoding="utf-8")
        environment = {"KEHU_DATA_DIR": str(tmp_path / "work"), "JUZI_TOKEN": told["juzi"]["token"]}
        arguments = ("--config", str(configuration), "--profile", "crm")
        terminal = open_desk(*arguments, columns=80, rows=24, LANG="zh_CN.UTF-8", **environment)
        terminal.wait_for("▌ 李四", timeout=60)
        terminal.press("c")
        terminal.wait_for("▌ 客户名字")
        terminal.press(*"TestPerson")
        terminal.press("ctrl+s")
        terminal.wait_for("▌•客户名字\\* +TestPerson\\s+! .*客户名字 已存在")
        terminal.send_signal(signal.SIGKILL)
        terminal = open_desk(*arguments, columns=80, rows=24, LANG="zh_CN.UTF-8", **environment)
        terminal.wait_for("▌ 李四", timeout=60)
        terminal.press("o")
        terminal.wait_for("TestPerson")
        terminal.press("e")
        terminal.wait_for("▌•客户名字\\* +TestPerson\\s+! .*客户名字 已存在")
        terminal.press("end", "2", "ctrl+s")
        terminal.wait_for("没有等待")
        with closing(sqlite3.connect(told["database"])) as connection:
            records = [json.loads(text) for (text,) in connection.execute("SELECT record FROM useasy_customer")]
    assert [one["customerName"] for one in records if "TestPerson" in one["customerName"]] == ["TestPerson2"]
