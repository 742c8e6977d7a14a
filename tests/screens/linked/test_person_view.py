"""One person in one pane: what the linked profiles have stands below the customer's own record."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence

import pytest

from tests.pace import BOTH_SIZES, slow
from tests.screens.conftest import OpenApp
from tests.screens.driving import PATIENCE, Agent
from tests.screens.line import Line
from tui.sandbox.faults import Faults, InjectedFault
from tui.screens.linked import person_view
from tui.screens.main import customer_pane
from tui.screens.main.main_screen import MainScreen
from widgets.blocks import Block, Heading
from widgets.sheet import Sheet

USEASY = r"demo-useasy · Useasy ─"
IMA = r"demo-ima · 51ima ─"


async def go_to(agent: Agent, name: str) -> None:
    """Put the list's cursor on the customer `name` of the first page."""
    await agent.until("1–100 of")
    for _ in range(12):
        if re.search(f"▌ {name} ", agent.text):
            return
        await agent.press("j")
    await agent.until(f"▌ {name} ")


async def open_customer(agent: Agent, name: str) -> None:
    """Open the customer `name` of the first page, and wait until all that is linked has answered."""
    await go_to(agent, name)
    await agent.press("enter")
    await agent.until(f"▌ {name} +.*(WeChat|WeCom)")
    screen = agent.app.screen
    assert isinstance(screen, MainScreen)
    await screen.customer_pane.settled(PATIENCE)
    await agent.until_gone("looking …")
    await agent.until(USEASY)


@BOTH_SIZES
async def test_custom_fields_and_follow_users_are_in_one_pane(open_app: OpenApp, size: tuple[int, int]) -> None:
    async with open_app(size=(120, 60) if size[0] == 120 else size) as agent:
        await open_customer(agent, "李四")
        await agent.until("Followed by +张三 rocky · 张总")
        await agent.press("right_curly_bracket")
        await agent.until(rf"▌ {USEASY}")
        await agent.until("详细地址 +.*46号")
        await agent.press("right_curly_bracket")
        await agent.until(rf"▌ {IMA}")
        await agent.until("External id +wmfvEMCAAAPHR9XslvYqTFgCJTULiZgg")


@slow
async def test_a_contact_is_told_once_with_those_who_have_it(open_app: OpenApp) -> None:
    async with open_app(size=(120, 60)) as agent:
        await open_customer(agent, "李四")
        await agent.until(r"E-mail +li\.1@example\.com +(·|=).*= ?demo-(ima|useasy)|E-mail +li\.1@example\.com +=")
        assert len(re.findall(r"li\.1@example\.com", agent.text)) == 1


async def test_values_that_differ_stand_side_by_side(open_app: OpenApp) -> None:
    async with open_app(size=(120, 70)) as agent:
        await open_customer(agent, "周美玲")
        await agent.until(r"公司名称 +\S+ +≠ demo-ima")
        await agent.until(r"Company +(\S+)\n.* +\S+ +≠ demo-useasy")


async def test_nobody_there_is_told_with_the_key_that_creates(open_app: OpenApp) -> None:
    async with open_app(size=(120, 60)) as agent:
        await open_customer(agent, "欧阳雪莹")
        await agent.until(rf"{USEASY}+ nobody there")
        await agent.until("No record with 企微客户ID .*\n?.*Press C to create one")


@slow
async def test_of_several_the_agent_picks_one(open_app: OpenApp) -> None:
    async with open_app(size=(120, 60)) as agent:
        await open_customer(agent, "赵建国")
        await agent.until("2 records have 企微客户ID")
        assert "详细地址" not in agent.text
        await agent.press("right_curly_bracket")
        if not re.search(rf"▌ {USEASY}", agent.text):
            await agent.press("right_curly_bracket")
        await agent.until(rf"▌ {USEASY}")
        await agent.press("j", "j")
        await agent.until("▌ 2 ")
        await agent.press("enter")
        await agent.until("is the record at demo-useasy from now on")
        await agent.until(rf"{USEASY}+ picked of 2")
        await agent.until_gone("2 records have")
        await agent.press("escape")
        await go_to(agent, "Oliver Smith")
        await open_customer(agent, "Oliver Smith")
        await agent.press("escape", "k")
        await agent.until("▌ 赵建国 .*\n?")
        await agent.until(rf"{USEASY}+ picked of 2")


async def test_a_vendor_that_is_down_is_told_in_its_own_part_and_tried_again(open_app: OpenApp, faults: Faults) -> None:
    faults.set([InjectedFault.parse("status:/useasy/:status=500")])
    async with open_app(size=(120, 60)) as agent:
        await go_to(agent, "李四")
        await agent.press("enter")
        await agent.until(rf"{USEASY}+ failed")  # it did answer
        await agent.until(IMA)
        await agent.until("External id +wmfvEMCAAAPHR9XslvYqTFgCJTULiZgg")
        assert "Followed by" in agent.text
        faults.set([])
        await agent.press("R")
        await agent.until("详细地址 +.*46号")
        await agent.until_gone("failed")


@slow
async def test_a_slow_vendor_delays_nobody_and_moves_nothing(
    open_app: OpenApp, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(person_view, "TOGETHER", 0.0)  # the agent reads at once
    line.gates["useasy"] = asyncio.Event()
    async with open_app(size=(120, 60)) as agent:
        await go_to(agent, "李四")
        await agent.press("enter")
        await agent.until("External id")
        before = agent.text.splitlines()
        at = next(place for place, text in enumerate(before) if re.search(USEASY, text))
        assert "looking …" in before[at]
        assert "looking in demo-useasy" in agent.text
        line.gates["useasy"].set()
        await agent.until("详细地址")
        places = [text[:71] for text in before[1:at]]  # the list, and the labels: who else has a value may be added
        assert [text[:71] for text in agent.text.splitlines()[1:at]] == places


@slow
async def test_answers_that_come_together_are_drawn_together(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customer_pane, "GATHERED", 3600.0)
    drawn: list[str] = []
    show = Sheet.show

    def noting(sheet: Sheet, blocks: Sequence[Block], *, keep_scroll: bool = False) -> None:
        drawn.extend(block.aside for block in blocks if isinstance(block, Heading))
        show(sheet, blocks, keep_scroll=keep_scroll)

    monkeypatch.setattr(Sheet, "show", noting)
    async with open_app(size=(120, 60)) as agent:
        await open_customer(agent, "李四")
        await agent.until("详细地址")
        await agent.until("External id")
        assert "looking …" not in drawn


@slow
async def test_moving_down_asks_for_nobody(open_app: OpenApp, line: Line) -> None:
    async with open_app() as agent:
        await agent.until("▌ 李四")
        await agent.until(USEASY)
        for _ in range(3):
            await agent.press(*["j"] * 10)
            await agent.until(USEASY)
        assert line.elsewhere == []
        await agent.press("enter")
        await agent.until_gone("looking …")
        assert line.elsewhere


@slow
async def test_what_was_found_is_kept_and_shown_without_a_request(open_app: OpenApp, line: Line) -> None:
    async with open_app(size=(120, 60)) as agent:
        await open_customer(agent, "李四")
        await agent.press("escape", "j")
        await agent.until(r"王五 +WeChat")
        await agent.until_gone("详细地址")
        line.calls.clear()
        await agent.press("k")
        await agent.until("详细地址 +.*46号")
        assert line.elsewhere == []


@slow
async def test_leaving_a_customer_cancels_what_is_looked_for(open_app: OpenApp, line: Line) -> None:
    line.gates["useasy"] = asyncio.Event()
    async with open_app(size=(120, 60)) as agent:
        await go_to(agent, "李四")
        await agent.press("enter")
        await agent.until("looking …")
        while not any("/useasy/" in call for call in line.calls):
            await agent.until("looking …")
        await agent.press("q")
        await agent.until_gone("looking …")
        assert line.cancelled
        await agent.press("j")
        await agent.until(r"王五 +WeChat")
        line.gates["useasy"].set()
        await agent.press("enter")
        await agent.until("19900005838")


@slow
async def test_linked_contacts_are_hidden_too(open_app: OpenApp) -> None:
    async with open_app(size=(120, 60)) as agent:
        await open_customer(agent, "李四")
        await agent.until("19900007919")
        await agent.press("m")
        await agent.until_gone("19900007919|li.1@example.com|46号")
        await agent.press("m")
        await agent.until("19900007919")


@slow
async def test_each_vendors_own_record_is_shown(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await open_customer(agent, "李四")
        await agent.press("v")
        await agent.until('"externalUserId"')
        await agent.press("v")
        await agent.until(r"record of 李四 \(2/3\)")
        await agent.press("v")
        await agent.until(r"record of 李四 \(3/3\)")
        await agent.press("v")
        await agent.until('"externalUserId"')


@slow
async def test_from_the_crm_the_follow_users_are_seen(open_app: OpenApp) -> None:
    async with open_app("demo-useasy", size=(120, 90)) as agent:
        await go_to(agent, "李四")
        await agent.press("enter")
        await agent.until(r"demo-juzi · JuziBot ─")
        await agent.until("Followed by +张三 rocky · 张总")
