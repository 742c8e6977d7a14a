"""Leaving a screen while something is still being read for it."""

from __future__ import annotations

import asyncio

import pytest

from tests.screens.conftest import OpenApp
from tests.screens.line import Line
from tui.app.application import KehuApp
from tui.screens.main.main_screen import MainScreen


async def test_what_comes_when_its_screen_has_just_gone_is_no_fault(open_app: OpenApp) -> None:
    shown = []
    async with open_app() as agent:
        screen = agent.app.screen
        assert isinstance(screen, MainScreen)

        async def show_late() -> None:
            while screen.children:
                await asyncio.sleep(0)
            shown.append(True)
            screen.keys.hints = ()

        screen.run_worker(show_late())
        await agent.press("ctrl+t")
        await agent.until("客户 +第? ?1–100")
    assert (shown, agent.app.fault) == ([True], None)


async def test_a_desk_that_opens_when_its_screen_has_just_gone_is_no_fault(open_app: OpenApp) -> None:
    async with open_app() as agent:
        left = agent.app.screen
        assert isinstance(left, MainScreen)
        await agent.press("ctrl+t")
        await agent.until("客户 +第? ?1–100")
        await agent.app._open(left).wait()
        await agent.press("n")
        await agent.until("客户 +第? ?101–200")
    assert agent.app.fault is None


async def test_a_desk_that_still_opens_when_kehu_is_left_is_no_fault(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave = KehuApp.on_unmount
    screens: list[MainScreen] = []
    opened = []

    async def open_and_leave(app: KehuApp) -> None:
        opened.append(app._open(screens.pop()))
        await asyncio.sleep(0)  # until it waits for the disk
        await leave(app)

    monkeypatch.setattr(KehuApp, "on_unmount", open_and_leave)
    async with open_app() as agent:
        assert isinstance(agent.app.screen, MainScreen)
        screens.append(agent.app.screen)
    (opening,) = opened
    assert (opening.is_finished, agent.app.fault) == (True, None)


async def test_the_shell_is_not_gone_back_to_while_a_change_is_on_its_way(open_app: OpenApp, line: Line) -> None:
    async with open_app() as agent:
        await agent.press("r")
        await agent.until("Remark on 李四")
        line.gates["customer/set_remark"] = asyncio.Event()
        await agent.type("!")
        await agent.press("ctrl+s")
        while not any("set_remark" in call for call in line.calls):
            await agent.until("李四")
        await agent.press("ctrl+z")
        await agent.until("A change is on its way: press it again")
        line.gates["customer/set_remark"].set()
        await agent.until("✓ Remark on 李四 saved")
        await agent.press("ctrl+z")
        await agent.until("kehu was not started from a shell")
