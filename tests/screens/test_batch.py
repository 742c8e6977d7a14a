"""The same remark or follow-up on all that are marked: summed up first, sent while the desk goes on being used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.screens.conftest import OpenApp
from tests.screens.driving import Agent
from tests.screens.test_changing import rows
from tui.sandbox.faults import Fault, Faults

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


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
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
        await agent.until(r"\d+ remarks saved · \d+ refused: not external contact")
        ((saved,),) = rows(data_dir, MINE, "vip")
        assert saved > 0
        assert f"{saved} remarks saved" in agent.text
        await agent.until(f"{100 - saved} marked")


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
        faults.set([Fault.parse("stall:set_remark:seconds=1,count=1")])
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
        faults.set([Fault.parse("refuse:set_remark:code=48002,message=no permission")])
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


async def test_one_of_a_group_is_thrown_away_by_itself(open_app: OpenApp, faults: Faults) -> None:
    async with open_app() as agent:
        await mark_page(agent)
        faults.set([Fault.parse("refuse:set_remark:code=48002,message=no permission")])
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


async def test_what_an_earlier_run_left_is_told_and_sent(open_app: OpenApp, data_dir: Path, faults: Faults) -> None:
    async with open_app() as agent:
        await mark_page(agent)
        faults.set([Fault.parse("drop-before:set_remark")])
        await remark_marked(agent, "vip")
        await agent.press("y")
        await agent.until(r"\d+ waiting")
    faults.set([Fault.parse("stall:set_remark:seconds=1")])
    async with open_app() as agent:
        await agent.until(r"Sending \d+ changes left from before")
        await agent.until("Nothing waits to be sent any more")
        assert rows(data_dir, MINE, "vip") != [(0,)]
