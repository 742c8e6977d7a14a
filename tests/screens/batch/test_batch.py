"""The same remark or follow-up on all that are marked: summed up first, sent while the desk goes on being used."""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.pace import BOTH_SIZES, first_is_fast, slow
from tests.screens.conftest import OpenApp
from tests.screens.driving import PATIENCE, Agent
from tests.screens.forms.test_changing import rows
from tests.screens.line import Line
from tui.app import application
from tui.app.opening import open_store
from tui.config import SANDBOX, load
from tui.desk.desk import Desk
from tui.desk.outbox import shares
from tui.sandbox.faults import Faults, InjectedFault
from tui.sandbox.seed import seed
from tui.screens.main import main_screen

MANY = 1200
"""Customers: more than a vendor gives, or the directory finds, at a time."""

MINE = "SELECT count(*) FROM juzi_follow_user WHERE user_id = 'rocky' AND remark = ?"


async def mark_page(agent: Agent) -> None:
    """Mark the whole page."""
    await agent.until("▌ 李四")
    await agent.press("a")
    await agent.until("100 marked")


async def remark_marked(agent: Agent, text: str) -> None:
    """Type a remark for all that are marked, up to the summary."""
    await agent.press("r")
    await agent.until("Remark on 100 marked customers")
    await agent.type(text)
    await agent.press("ctrl+s")
    await agent.until("Send this")


@BOTH_SIZES
async def test_a_batch_is_summed_up_sent_and_unmarked_but_for_those_who_cannot_get_it(
    open_app: OpenApp, data_dir: Path, size: tuple[int, int]
) -> None:
    async with open_app(size=size) as agent:
        await mark_page(agent)
        await remark_marked(agent, "vip")
        assert "to send, to" in agent.text
        assert "in the name of rocky" in agent.text
        assert re.search("3 cannot be sent: wm.*no union id", agent.text)
        assert "may be refused: rocky does not follow" in agent.text
        assert "张总 → vip" in agent.text
        assert rows(data_dir, MINE, "vip") == [(0,)]
        await agent.press("y")
        await agent.until(r"\d+ remarks saved · \d+ stay marked · \d+ refused: not external contact")
        ((saved,),) = rows(data_dir, MINE, "vip")
        assert saved > 0
        assert f"{saved} remarks saved" in agent.text
        await agent.until(f"{100 - saved} marked")


@slow
async def test_a_batch_that_is_not_wanted_after_all_is_kept_as_a_draft(open_app: OpenApp, data_dir: Path) -> None:
    async with open_app() as agent:
        await mark_page(agent)
        await remark_marked(agent, "vip")
        await agent.press("enter")
        await agent.until("Not sent; what you typed is kept")
        assert rows(data_dir, MINE, "vip") == [(0,)]
        assert "100 marked" in agent.text
        await agent.press("r")
        await agent.until("A draft is kept")


async def test_the_desk_can_be_used_while_a_batch_is_sent(open_app: OpenApp, data_dir: Path, faults: Faults) -> None:
    async with open_app() as agent:
        await mark_page(agent)
        faults.set([InjectedFault.parse("stall:set_remark:seconds=1,count=1")])
        await remark_marked(agent, "vip")
        await agent.press("y")
        await agent.until("Sending")
        await agent.press("j")
        await agent.until("▌ ")
        assert "Sending" in agent.text
        await agent.press("question_mark")
        await agent.until("all keys|All keys|next row")
        await agent.press("escape")
        await agent.until("remarks saved")


@slow
async def test_follow_ups_on_all_that_are_marked_are_written_once(open_app: OpenApp, data_dir: Path) -> None:
    async with open_app() as agent:
        await agent.until("▌ 李四")
        await agent.press("space", "space", "space")
        await agent.until("3 marked")
        await agent.press("f")
        await agent.until("Follow up 3 marked customers")
        await agent.type("called")
        await agent.press("ctrl+s")
        await agent.until("Follow-ups cannot be taken back")
        await agent.press("y")
        await agent.until("follow-ups? saved")
        found = rows(data_dir, "SELECT union_id, count(*) FROM juzi_follow_history WHERE content = 'called' GROUP BY 1")
        assert found
        assert {count for _union, count in found} == {1}


async def test_the_outbox_shows_a_batch_by_its_causes_and_retries_a_group(
    open_app: OpenApp, data_dir: Path, faults: Faults
) -> None:
    async with open_app(size=(80, 24)) as agent:
        await mark_page(agent)
        faults.set([InjectedFault.parse("refuse:set_remark:code=48002,message=no permission")])
        await remark_marked(agent, "vip")
        await agent.press("y")
        await agent.until("0 remarks saved")
        await agent.press("o")
        await agent.until(r"remark × \d+ +refused")
        assert "no permission (48002)" in agent.text
        await agent.press("enter")
        await agent.until("refused: no permission")
        await agent.until("remark · 李四")
        await agent.press("escape")
        await agent.until(r"remark × \d+")
        faults.set([])
        await agent.press("s")
        await agent.until(r"\d+ remarks saved")
        assert rows(data_dir, MINE, "vip") != [(0,)]


@slow
async def test_one_of_a_group_is_thrown_away_by_itself(open_app: OpenApp, faults: Faults) -> None:
    async with open_app() as agent:
        await mark_page(agent)
        faults.set([InjectedFault.parse("refuse:set_remark:code=48002,message=no permission")])
        await remark_marked(agent, "vip")
        await agent.press("y")
        await agent.until("0 remarks saved")
        await agent.press("o")
        count = int((await agent.until(r"remark × \d+")).split()[-1])
        await agent.press("enter")
        await agent.until("remark · 李四")
        await agent.press("X")
        await agent.until("Throw this away without sending it")
        await agent.press("y")
        await agent.until(f"remark × {count - 1}")
        await agent.press("X")
        await agent.until(f"Throw these {count - 1} away")
        await agent.press("y")
        await agent.until("Nothing waits")


@slow
async def test_what_an_earlier_run_left_is_told_and_sent(open_app: OpenApp, data_dir: Path, faults: Faults) -> None:
    async with open_app() as agent:
        await mark_page(agent)
        faults.set([InjectedFault.parse("drop-before:set_remark")])
        await remark_marked(agent, "vip")
        await agent.press("y")
        await agent.until(r"\d+ waiting")
    faults.set([InjectedFault.parse("stall:set_remark:seconds=1")])
    async with open_app() as agent:
        await agent.until(r"Sending \d+ changes left from before")
        await agent.until("Nothing waits to be sent any more")
        assert rows(data_dir, MINE, "vip") != [(0,)]


# Nobody is overwritten unseen


async def test_what_a_colleague_changed_is_shown_before_it_is_sent_over(
    open_app: OpenApp, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app(size=(80, 24)) as agent:
        await mark_page(agent)
        with closing(sqlite3.connect(data_dir / SANDBOX)) as database, database:
            database.execute(
                "UPDATE juzi_follow_user SET remark = '王总' WHERE user_id = 'rocky' AND remark LIKE '欧阳女士%'"
            )
        now = time.time
        monkeypatch.setattr(time, "time", lambda: now() + 3600)
        await agent.press("r")
        await agent.until("Remark on 100 marked customers")
        await agent.type("vip")
        await agent.press("ctrl+s")
        await agent.until("Send this, over what somebody else has changed")
        await agent.press("down")
        await agent.until("it was “欧阳女士-转介绍”, somebody made it “王总”")
        await agent.press("n")
        await agent.until("Not sent; what you typed is kept")
        assert rows(data_dir, MINE, "vip") == [(0,)]


@slow
async def test_a_summary_that_stood_there_for_long_is_made_anew_before_it_is_sent(
    open_app: OpenApp, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app() as agent:
        await mark_page(agent)
        await remark_marked(agent, "vip")
        with closing(sqlite3.connect(data_dir / SANDBOX)) as database, database:
            database.execute("UPDATE juzi_follow_user SET remark = '王总' WHERE user_id = 'rocky' AND remark = '张总'")
        now = time.time
        monkeypatch.setattr(time, "time", lambda: now() + 3600)
        await agent.press("y")
        await agent.until("Send this, over what somebody else has changed")
        assert rows(data_dir, MINE, "vip") == [(0,)]
        await agent.press("y")
        await agent.until(r"\d+ remarks saved")


# Stopping


async def test_a_batch_is_stopped_by_one_key_and_says_how_to_go_on(
    open_app: OpenApp, data_dir: Path, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "CALLS_AT_ONCE", 1)
    monkeypatch.setattr(shares, "NOTED_MEANWHILE", 0)
    async with open_app(size=(80, 24)) as agent:
        await mark_page(agent)
        await remark_marked(agent, "vip")
        line.gates["juzi"] = asyncio.Event()
        await agent.press("y")
        await agent.until("Sending.* · x stops")
        await agent.press("x")
        await agent.until("Stopping")
        line.gates["juzi"].set()
        told = await agent.until(r"Stopped: .*left · o, then s, sends what is left")
        assert "remarks saved" in told
        await agent.press("o", "s")
        await agent.until(r"[1-9]\d* remarks? saved · ")
        ((saved,),) = rows(data_dir, MINE, "vip")
        assert saved > 0


@pytest.mark.parametrize("key", first_is_fast(["x", "ctrl+c"]))
async def test_where_nothing_is_under_way_the_key_says_so(open_app: OpenApp, key: str) -> None:
    async with open_app() as agent:
        await agent.until("▌ 李四")
        await agent.press(key)
        await agent.until("Nothing is left that could be stopped; q leaves kehu")


@slow
async def test_what_an_earlier_run_left_can_be_stopped_too(
    open_app: OpenApp, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "CALLS_AT_ONCE", 1)
    monkeypatch.setattr(shares, "NOTED_MEANWHILE", 0)  # else both calls are on their way, and nothing waits
    async with open_app() as agent:
        await mark_page(agent)
        faults.set([InjectedFault.parse("drop-before:set_remark")])
        await remark_marked(agent, "vip")
        await agent.press("y")
        await agent.until(r"\d+ waiting")
    faults.set([InjectedFault.parse("stall:set_remark:seconds=10")])
    async with open_app() as agent:
        await agent.until(r"Sending \d+ changes left from before · x stops")
        await agent.press("x")
        await agent.until(r"Stopped: \d+ left · o, then s")


# Marking all


@slow
async def test_what_is_typed_right_after_marking_all_is_about_all(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("▌ 李四")
        await agent.press("A", "r")
        await agent.until("Remark on 300 marked customers")


@slow
async def test_nothing_is_changed_while_all_are_being_marked(
    open_app: OpenApp, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main_screen, "MARKING_WAIT", 0.05)
    async with open_app() as agent:
        await agent.until("▌ 李四")
        line.gates["juzi"] = asyncio.Event()
        await agent.press("A")
        await agent.until("Marking · x stops")
        await agent.press("r")
        await agent.until("Still marking")
        line.gates["juzi"].set()
        await agent.until("300 customers marked")
        await agent.press("r")
        await agent.until("Remark on 300 marked customers")


@slow
async def test_marking_that_is_stopped_marks_nobody(open_app: OpenApp, line: Line) -> None:
    async with open_app() as agent:
        await agent.until("▌ 李四")
        line.gates["juzi"] = asyncio.Event()
        await agent.press("A")
        await agent.until("Marking · x stops")
        await agent.press("x")
        await agent.until("Stopping")
        line.gates["juzi"].set()
        await agent.until("Stopped: nobody was marked")
        assert " marked" not in agent.text.replace("was marked", "")


async def test_all_are_marked_as_soon_as_the_desk_is_there(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there, open_desk = threading.Event(), application._open_desk

    def open_slowly(*arguments: Any) -> Desk:
        assert there.wait(PATIENCE)
        return open_desk(*arguments)

    monkeypatch.setattr(application, "_open_desk", open_slowly)
    config = load(None, os.environ)
    chosen = config.profiles["demo-juzi"]
    kehu = application.KehuApp(config, chosen, open_store(chosen, config), os.environ)
    async with kehu.run_test(size=(120, 36)) as pilot:
        agent = Agent(kehu, pilot)
        await agent.until("connecting")
        await agent.press("A")
        await agent.until("all are marked in a moment")
        await agent.press("r")
        await agent.until("Still connecting")
        there.set()
        await agent.until("300 marked")
        await agent.press("r")
        await agent.until("Remark on 300 marked customers")


@slow
async def test_a_search_line_without_a_text_has_all_of_the_list_marked(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("▌ 李四")
        await agent.press("slash", "enter", "A")
        await agent.until("300 customers marked")


@slow
async def test_more_than_a_page_that_a_search_found_are_marked_and_remarked(open_app: OpenApp, data_dir: Path) -> None:
    (data_dir / SANDBOX).unlink()
    seed(data_dir / SANDBOX, MANY)
    async with open_app(size=(80, 24)) as agent:
        await agent.press("S")
        await agent.until(f"All {MANY:,} customers are in the directory")
        await agent.press("slash")
        await agent.type("wmfv")
        await agent.until("found")
        await agent.press("enter", "A")
        await agent.until(f"{MANY:,} customers marked")
        await agent.press("r")
        await agent.until(f"Remark on {MANY:,} marked customers")
        await agent.type("vip")
        await agent.press("ctrl+s")
        await agent.until("to send, to 1,1..? customers")
        await agent.press("y")
        saved = int((await agent.until(r"\d+ remarks? saved")).split()[0])
        ((there,),) = rows(data_dir, MINE, "vip")
        ((followed,),) = rows(
            data_dir,
            "SELECT count(*) FROM juzi_follow_user JOIN juzi_customer ON customer = ordinal"
            " WHERE user_id = 'rocky' AND union_id IS NOT NULL",
        )
        assert (saved, there) == (followed, followed)
        await agent.until(f"{MANY - saved:,} marked")


# In 简体中文


@slow
@BOTH_SIZES
async def test_a_batch_speaks_chinese(
    open_app: OpenApp, line: Line, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setattr(shares, "CALLS_AT_ONCE", 1)
    monkeypatch.setattr(shares, "NOTED_MEANWHILE", 0)
    async with open_app(size=size) as agent:
        await agent.until("▌ 李四")
        await agent.press("ctrl+t", "x")
        await agent.until("没有可以停止的操作了")
        await agent.press("A")
        await agent.until("已标记 300 位客户")
        await agent.press("r")
        await agent.until("300 位已标记的客户")
        await agent.type("vip")
        await agent.press("ctrl+s")
        await agent.until("将发送 2.. 项，涉及 2.. 位客户，以 rocky 的名义")
        assert "项无法发送：" in agent.text
        assert not re.search("send|customers?|cannot|remark", agent.text)
        line.gates["juzi"] = asyncio.Event()
        await agent.press("y")
        await agent.until("正在发送.* · 按 x 停止")
        await agent.press("x")
        await agent.until("正在停止")
        line.gates["juzi"].set()
        await agent.until(r"已停止：已保存 \d+ 条备注，还剩 \d+ 项 · 按 o 再按 s 继续发送")
        await agent.press("o", "s")
        await agent.until(r"已保存 [1-9]\d* 条备注 · \d+ 项被拒绝：")


@slow
async def test_marks_stay_when_the_language_is_switched(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("▌ 李四")
        await agent.press("space", "j", "space")
        await agent.until("2 marked")
        await agent.press("ctrl+t")
        await agent.until("已标记 2 位")
        await agent.press("ctrl+t")
        await agent.until("2 marked")
