"""One edit for one person: each field goes to the vendor that owns it, and each vendor's answer is told."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.pace import BOTH_SIZES, slow
from tests.screens.conftest import OpenApp
from tests.screens.forms.test_changing import rows
from tests.screens.line import Line
from tests.screens.linked.test_person_view import IMA, USEASY, go_to, open_customer
from tui.sandbox.faults import Faults, InjectedFault
from tui.screens.linked import editable_sections
from tui.screens.main.main_screen import MainScreen


def records(data_dir: Path, name: str) -> list[dict[str, Any]]:
    """What useasy has of the customers called `name`."""
    found = [json.loads(row) for (row,) in rows(data_dir, "SELECT record FROM useasy_customer")]
    return [record for record in found if record["customerName"] == name]


async def test_a_form_that_linked_profiles_keep_waiting_says_so_and_not_that_nothing_can_be_edited(
    open_app: OpenApp, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editable_sections, "PATIENCE", 0.01)
    line.gates = {"useasy": asyncio.Event(), "ima": asyncio.Event()}
    async with open_app(size=(80, 24)) as agent:
        await go_to(agent, "李四")
        await agent.press("e")
        await agent.until("No answer yet from demo-useasy, demo-ima")
        assert "Nothing can be edited" not in agent.text
        for gate in line.gates.values():
            gate.set()
        await agent.until_gone("looking in")
        monkeypatch.setattr(editable_sections, "PATIENCE", 60.0)
        await agent.press("e")
        await agent.until("Edit 李四")


@slow
async def test_a_form_is_not_told_that_there_is_no_customer_while_the_pane_still_reads_it(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editable_sections, "PATIENCE", 0.0)
    async with open_app(size=(80, 24)) as agent:
        await go_to(agent, "李四")
        await agent.press("e")
        await agent.until("No answer yet from demo-useasy, demo-ima|Edit 李四")
        assert "There is no customer" not in agent.text


@slow
async def test_creating_before_the_linked_profiles_have_answered_says_that_they_have_not(
    open_app: OpenApp, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editable_sections, "PATIENCE", 0.01)
    line.gates = {"useasy": asyncio.Event(), "ima": asyncio.Event()}
    async with open_app() as agent:
        await go_to(agent, "欧阳雪莹")
        await agent.press("C")
        await agent.until("No answer yet from demo-useasy, demo-ima; press C again in a moment")
        for gate in line.gates.values():
            gate.set()
        await agent.until_gone("looking in")
        await agent.press("C")
        await agent.until("Create 欧阳雪莹 at demo-useasy|At which profile")


@BOTH_SIZES
async def test_a_field_of_the_crm_is_edited_from_the_scrm(
    open_app: OpenApp, data_dir: Path, size: tuple[int, int]
) -> None:
    async with open_app(size=size) as agent:
        await open_customer(agent, "李四")
        await agent.press("e")
        await agent.until("Edit 李四")
        await agent.until("demo-juzi · JuziBot: cannot be edited: juzi has no such call")
        await agent.type_over("详细地址", "Chengdu 1")
        await agent.until("1 field changed · demo-useasy 1")
        await agent.press("ctrl+s")
        await agent.until("Save 1 change")
        assert "demo-useasy · Useasy" in agent.text
        await agent.until("详细地址: .*46号 → Chengdu 1")
        await agent.press("y")
        await agent.until("✓ demo-useasy: saved")
        (record,) = records(data_dir, "李四")
        assert "Chengdu 1" in record.values()
        await agent.press("g", "right_curly_bracket")
        if "Chengdu 1" not in agent.text:
            await agent.press("right_curly_bracket")
        await agent.until("详细地址 +Chengdu 1")


@slow
async def test_one_vendor_takes_its_share_and_another_refuses(
    open_app: OpenApp, data_dir: Path, faults: Faults
) -> None:
    async with open_app(size=(120, 60)) as agent:
        await open_customer(agent, "李四")
        await agent.press("e")
        await agent.until("Edit 李四")
        await agent.type_over("详细地址", "Chengdu 1")
        await agent.type_over("职位", "Boss")
        await agent.until("2 fields changed · demo-useasy 1, demo-ima 1")
        faults.set([InjectedFault.parse("code:PUT /ima:code=10031,message=no right to edit")])
        await agent.press("ctrl+s")
        await agent.until("Save 2 changes")
        await agent.press("y")
        await agent.until("✗ demo-ima: refused: .* · demo-useasy: saved")
        await agent.until("Edit 李四 · demo-ima[\\s\\S]*▌•职位 +Boss")
        await agent.press("escape")
        await agent.until("o outbox 1")
        await agent.until("详细地址 +Chengdu 1")
        await agent.until("✗ edit: refused · .*no right to edit")
        await agent.press("o")
        await agent.until(r"demo-ima +edit · 李四 +refused")
        faults.set([])
        await agent.press("s")
        await agent.until("Nothing waits")
        await agent.press("escape")
        await agent.until("职位 +Boss")


@slow
async def test_a_mistake_in_one_share_sends_none(open_app: OpenApp, data_dir: Path) -> None:
    async with open_app(size=(120, 60)) as agent:
        await open_customer(agent, "李四")
        await agent.press("e")
        await agent.until("Edit 李四")
        await agent.press("ctrl+a", "ctrl+k", "ctrl+s")
        await agent.until("required")
        assert "Save" not in agent.text


@slow
async def test_a_draft_of_a_linked_field_is_kept_with_its_own_profile(open_app: OpenApp) -> None:
    async with open_app(size=(120, 60)) as agent:
        await open_customer(agent, "李四")
        await agent.press("e")
        await agent.until("Edit 李四")
        await agent.type_over("详细地址", "Chengdu 1")
        await agent.press("escape")
        await agent.until("kept as a draft")
        await agent.press("e")
        await agent.until("A draft is kept")
        await agent.until("demo-useasy: 详细地址: .* → Chengdu 1")
        await agent.press("escape")
    async with open_app("demo-useasy") as agent:
        await go_to(agent, "李四")
        await agent.press("e")
        await agent.until("A draft is kept")
        await agent.until("详细地址: .* → Chengdu 1")


@slow
async def test_somebody_elses_change_at_a_linked_vendor_is_decided(open_app: OpenApp, data_dir: Path) -> None:
    async with open_app(size=(120, 60)) as agent:
        await open_customer(agent, "李四")
        await agent.press("e")
        await agent.until("Edit 李四")
        await agent.type_over("详细地址", "mine")
        await agent.press("ctrl+s")
        await agent.until("Save 1 change")
        (record,) = records(data_dir, "李四")
        theirs = json.dumps(record, ensure_ascii=False).replace("上海市浦东新区世纪大道46号", "theirs")
        _write(data_dir, record["_id"], theirs)
        await agent.press("y")
        await agent.until("demo-useasy: 李四 was changed by somebody else")
        await agent.press("enter", "down", "enter", "ctrl+s")
        await agent.until("✓ demo-useasy: saved")
        assert "mine" in records(data_dir, "李四")[0].values()


def _write(data_dir: Path, id: str, record: str) -> None:
    """Have useasy keep `record`, as if somebody else had saved it."""
    with closing(sqlite3.connect(data_dir / "sandbox.db")) as connection, connection:
        connection.execute(
            "UPDATE useasy_customer SET record = ? WHERE json_extract(record, '$._id') = ?", (record, id)
        )


@slow
async def test_a_disagreement_is_settled(open_app: OpenApp, data_dir: Path) -> None:
    async with open_app(size=(120, 60)) as agent:
        await open_customer(agent, "王五")
        await agent.until("≠ demo-")
        screen = agent.app.screen
        assert isinstance(screen, MainScreen)
        for _ in range(40):
            if screen.customer_pane.sheet.current_ref == "settle phones":
                break
            await agent.press("j")
        await agent.press("enter")
        await agent.until("Settle: Phones")
        await agent.press("escape", "s")
        await agent.until("Settle: Phones")
        await agent.until("demo-juzi · JuziBot: cannot be edited")
        await agent.press("enter", "down", "enter", "ctrl+s")
        await agent.until("Save 1 change")
        await agent.press("y")
        await agent.until("demo-(useasy|ima): saved")
        await agent.until_gone("≠ demo-")
        await agent.press("s")
        await agent.until("The profiles agree")


async def test_a_record_is_created_where_there_is_none(open_app: OpenApp, data_dir: Path) -> None:
    async with open_app(size=(120, 60)) as agent:
        await open_customer(agent, "欧阳雪莹")
        await agent.until("Press C to create one")
        await agent.press("C")
        await agent.until("Create 欧阳雪莹 at demo-useasy · Useasy")
        await agent.until("客户名字.* 欧阳雪莹")
        await agent.until("ouyang.5@example.com")
        await agent.press("ctrl+s")
        await agent.until("✓ demo-useasy: Created 欧阳雪莹")
        await agent.until_gone("nobody there")
        await agent.until(rf"{USEASY}[\s\S]*企微客户ID +wm")
        (record,) = records(data_dir, "欧阳雪莹")
        assert any(str(value).startswith("wm") for value in record.values())


@slow
async def test_a_record_that_is_created_late_is_not_shown_as_the_next_customers(open_app: OpenApp, line: Line) -> None:
    async with open_app(size=(120, 60)) as agent:
        await open_customer(agent, "欧阳雪莹")
        await agent.press("C")
        await agent.until("ouyang.5@example.com")
        line.gates["useasy"] = asyncio.Event()
        await agent.press("ctrl+s")
        await agent.until("Creating …")
        await agent.press("q", "j")
        await agent.until("赵建国 +WeChat")
        line.gates["useasy"].set()
        await agent.until("✓ demo-useasy: Created 欧阳雪莹")
        assert "ouyang.5" not in agent.text
        await agent.press("k")
        await agent.until("ouyang.5")


@slow
async def test_a_form_left_at_once_creates_nothing_and_leaves_no_draft(open_app: OpenApp, data_dir: Path) -> None:
    async with open_app(size=(120, 60)) as agent:
        await open_customer(agent, "Oliver Smith")
        await agent.until(rf"{IMA}+ nobody there")
        await agent.press("C")
        await agent.until("Create Oliver Smith at demo-ima · 51ima")
        await agent.press("escape")
        await agent.until_gone("Create Oliver")
        assert "draft" not in agent.text
        found = "SELECT count(*) FROM ima_customer WHERE json_extract(detail, '$.customer.name') = 'Oliver Smith'"
        assert rows(data_dir, found) == [(0,)]


@slow
async def test_the_last_change_is_undone_wherever_it_was_made(open_app: OpenApp, data_dir: Path) -> None:
    async with open_app(size=(120, 60)) as agent:
        await open_customer(agent, "李四")
        await agent.press("e")
        await agent.until("Edit 李四")
        await agent.type_over("详细地址", "Chengdu 1")
        await agent.press("ctrl+s")
        await agent.until("Save 1 change")
        await agent.press("y")
        await agent.until("详细地址 +Chengdu 1")
        await agent.press("u")
        await agent.until("edit · 李四 · demo-useasy")
        await agent.press("y")
        await agent.until("Undone")
        await agent.until("详细地址 +.*46号")
