"""Changes made at the desk: typed, shown before they are sent, and called saved only when they are."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.pace import slow
from tests.screens.conftest import OpenApp
from tests.screens.driving import Agent
from tests.screens.forms.steps import begin_customer
from tui.app.application import KehuApp
from tui.app.opening import open_store
from tui.config import load
from tui.screens.main import status


def rows(data_dir: Path, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(data_dir / "sandbox.db")) as connection:
        return connection.execute(statement, parameters).fetchall()


async def test_an_edit_is_summed_up_saved_and_undone(open_app: OpenApp, data_dir: Path) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("▌ 李四")
        await agent.until("Custom fields")
        await agent.press("e")
        await agent.until("Edit 李四")
        await agent.press("end")
        await agent.type("四")
        await agent.until("1 field changed")
        await agent.press("ctrl+s")
        await agent.until("李四 → 李四四")
        await agent.press("enter")
        await agent.until("Saved 李四")
        await agent.until("▌ 李四四")
        names = [
            json.loads(record)["customerName"] for (record,) in rows(data_dir, "SELECT record FROM useasy_customer")
        ]
        assert names.count("李四四") == 1
        await agent.press("u")
        await agent.until("Undo this change")
        await agent.press("y")
        await agent.until("Undone")
        await agent.until("▌ 李四 ")


async def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_sent(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("Custom fields")
        await agent.press("e")
        await agent.until("Edit 李四")
        await agent.press("ctrl+s")
        await agent.until("nothing is changed yet")
        await agent.press("end", "backspace", "backspace", "ctrl+s")
        await agent.until("! required|required")
        assert "Save 1 change" not in agent.text


@slow
async def test_a_form_shows_what_cannot_be_edited_only_where_there_is_something(open_app: OpenApp) -> None:
    async with open_app("demo-useasy", size=(120, 60)) as agent:
        await agent.until("Custom fields")
        await agent.press("e")
        await agent.until(r"客户编号 +KH00000001 +\(made by the vendor\)")
        assert "更新时间" not in agent.text


async def test_a_form_left_keeps_a_draft_and_offers_it(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("Followed by")
        await agent.press("r")
        await agent.until("Remark on 李四")
        await agent.press("end")
        await agent.type("!")
        await agent.until("3/20")
        await agent.press("escape")
        await agent.until("kept as a draft")
        await agent.press("r")
        await agent.until("A draft is kept")
        await agent.press("enter")
        await agent.until("3/20")
        await agent.press("ctrl+s")
        await agent.until("Remark on 李四 saved")
        await agent.until("张总!")


@slow
async def test_a_remark_too_long_is_not_sent(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("Followed by")
        await agent.press("r")
        await agent.until("Remark on 李四")
        await agent.press("end")
        await agent.type("x" * 19)
        await agent.until("21/20")
        await agent.press("ctrl+s")
        await agent.until("21 characters, at most 20")


async def test_two_follow_ups_are_sent_and_in_the_history_at_once(open_app: OpenApp, data_dir: Path) -> None:
    async with open_app() as agent:
        await agent.until("Followed by")
        await agent.press("f")
        await agent.until("Follow up 李四")
        await agent.type("called")
        await agent.press("ctrl+n")
        await agent.type("sent the offer")
        await agent.press("ctrl+s")
        await agent.until("Follow-up on 李四 sent")
        await agent.until("called +sent")
        await agent.until("sent the offer +sent")
        found = rows(data_dir, "SELECT content FROM juzi_follow_history ORDER BY id DESC LIMIT 2")
        assert sorted(found) == [("called",), ("sent the offer",)]


@slow
async def test_a_follow_up_in_the_future_is_asked_about_before_it_goes(open_app: OpenApp, data_dir: Path) -> None:
    sent = "SELECT count(*) FROM juzi_follow_history WHERE content = '回访'"
    async with open_app("demo-juzi") as agent:
        await agent.until("李四")
        await agent.press("f")
        await agent.until("Follow up 李四")
        await agent.type("回访")
        await agent.press("tab")
        await agent.type("明天 9:00")
        await agent.press("ctrl+s")
        await agent.until("in the future")
        assert rows(data_dir, sent) == [(0,)]
        await agent.press("ctrl+s")
        await agent.until("sent.")
        assert rows(data_dir, sent) == [(1,)]


@slow
async def test_a_note_for_a_vendor_without_follow_ups_says_that_it_stays_here(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("Custom fields")
        await agent.press("f")
        await agent.until("kept here alone")
        await agent.type("a note")
        await agent.press("ctrl+s")
        await agent.until("Note kept here")
        await agent.press("enter", "right_curly_bracket", "up")
        await agent.until("a note +kept here")


@slow
async def test_the_tick_of_the_note_before_is_none_for_the_note_that_is_being_written(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status, "MESSAGE_STAYS", 0.0)
    async with open_app("demo-useasy") as agent:
        await agent.until("▌ 李四")
        await agent.press("f")
        await agent.until("Note on 李四")
        await agent.type("one")
        await agent.press("ctrl+s")
        await agent.until("✓ Note kept here")
        await agent.press("f")
        await agent.until("Note on 李四")
        assert "✓" not in agent.text


async def test_a_customer_is_created_and_deleted_after_its_name_was_typed(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("Custom fields")
        await begin_customer(agent)
        await agent.press("ctrl+s")
        await agent.until("Created Test Person")
        await agent.until("Test Person +")
        await agent.press("d")
        await agent.until("Type the name to confirm")
        await agent.type("somebody")
        await agent.press("enter")
        await agent.until("type Test Person to go on")
        await agent.press(*["backspace"] * 8)
        await agent.type("Test Person")
        await agent.press("enter")
        await agent.until("Deleted Test Person")


async def test_the_journal_lists_what_was_done(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("Custom fields")
        await agent.press("f")
        await agent.until("kept here alone")
        await agent.type("a note")
        await agent.press("ctrl+s")
        await agent.until("Note kept here")
        await agent.press("J")
        await agent.until("follow-up · 李四")
        await agent.press("u")
        await agent.until("cannot be undone")


@slow
async def test_quitting_with_a_draft_asks_first(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("Followed by")
        await agent.press("r")
        await agent.until("Remark on 李四")
        await agent.press("end")
        await agent.type("!")
        await agent.until("3/20")
        await agent.press("escape")
        await agent.until("kept as a draft")
        await agent.press("q")
        await agent.until("1 draft is kept")
        await agent.press("n")
        await agent.until_gone("1 draft is kept")
        assert agent.app.is_running


@slow
async def test_forms_and_help_name_the_keys_that_the_configuration_gives(data_dir: Path) -> None:
    config = load(None, os.environ)
    config = replace(config, keys={"dialog.send": "f2", "dialog.leave": "f10", "form.next": "f6", "outbox.send": "Z"})
    chosen = config.profiles["demo-juzi"]
    app = KehuApp(config, chosen, open_store(chosen, config), os.environ)
    async with app.run_test(size=(120, 50)) as pilot:
        agent = Agent(app, pilot)
        await agent.until("▌ 李四")
        await agent.press("r")
        await agent.until("Remark on 李四")
        assert "f2 send  f10 leave" in agent.text
        assert "ctrl+s" not in agent.text
        await agent.press("f10")
        await agent.until_gone("Remark on 李四")
        await agent.press("question_mark", "end")
        await agent.until(r"f6 Shift\+Tab +next field")
        assert re.search(r"f2 +send", agent.text)
        assert re.search(r"f10 ctrl\+q +leave", agent.text)
