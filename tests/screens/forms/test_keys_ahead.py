"""What is typed before a form is there goes into the form, or nowhere: it is never a command."""

from __future__ import annotations

import asyncio
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.pace import slow
from tests.screens.conftest import OpenApp
from tests.screens.driving import PATIENCE, Agent
from tests.screens.main.test_typeahead import type_ahead
from tui.app import application
from tui.app.opening import open_store
from tui.config import load
from tui.desk.desk import Desk
from tui.desk.outcome import Record
from tui.model.errors import ConfigError, StorageError
from tui.screens.forms.drafts import DraftKeeper
from tui.screens.main.main_screen import MainScreen

SIGN = r"… remark · Esc"
"""How the status line tells that the remark's form is on its way."""


class Gate:
    """Holds the reading of a customer up, until it is let through or fails."""

    def __init__(self, agent: Agent) -> None:
        desk = main_of(agent).desk
        read = desk.seen_customer
        self.open = asyncio.Event()
        self.error: Exception | None = None

        async def read_late(customer_id: str) -> Record | None:
            await self.open.wait()
            if self.error is not None:
                raise self.error
            return await read(customer_id)

        desk.seen_customer = read_late  # type: ignore[method-assign]
        main_of(agent).customer_pane.clear()  # else the pane's customer is at hand


def main_of(agent: Agent) -> MainScreen:
    screen = agent.app.screen
    assert isinstance(screen, MainScreen)
    return screen


async def test_keys_wait_for_the_form_and_the_screen_says_so(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("▌ 李四")
        gate = Gate(agent)
        await agent.press("r")
        await agent.until(SIGN)
        type_ahead(agent, "dqA")
        main_of(agent).tell("Something else has happened.")  # of which the form knows nothing
        await agent.until("Something else has happened")
        assert not main_of(agent).list_pane.marks
        gate.open.set()
        await agent.until(r"Remark +张总dqA")
        await agent.until_gone(SIGN)


async def test_escape_gives_a_form_up_that_does_not_come(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("▌ 李四")
        gate = Gate(agent)
        await agent.press("r")
        await agent.until(SIGN)
        type_ahead(agent, "dq", "escape")
        await agent.until("Not opened")
        await agent.until_gone(SIGN)
        await agent.press("j")
        await agent.until("▌ 王五")
        gate.open.set()
        await agent.press("k")
        await agent.until("▌ 李四")
        assert main_of(agent)


@slow
async def test_what_is_typed_for_a_form_that_cannot_open_is_dropped_and_told(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("▌ 李四")
        gate = Gate(agent)
        gate.error = StorageError("the disk is full")
        await agent.press("r")
        await agent.until(SIGN)
        type_ahead(agent, "dA ")
        gate.open.set()
        await agent.until("What was typed is dropped.*the disk is full")
        type_ahead(agent, "cA")  # the rest of what is being typed
        await agent.press("down")
        await agent.until("▌ 王五")
        assert not main_of(agent).list_pane.marks


@slow
async def test_what_is_typed_after_a_form_that_is_refused_is_no_command(open_app: OpenApp) -> None:
    async with open_app("demo-ima") as agent:
        await agent.until("This vendor has no list")
        type_ahead(agent, "e", "A", "q")
        await agent.until("What was typed is dropped. There is no customer to edit")
        assert agent.app.is_running
        await agent.until_gone("marked")


@slow
async def test_keys_between_two_forms_of_one_command_are_for_the_second(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, offer = asyncio.Event(), DraftKeeper.offer

    async def offer_late(self: DraftKeeper, *arguments: Any) -> Any:
        await gate.wait()
        return await offer(self, *arguments)

    monkeypatch.setattr(DraftKeeper, "offer", offer_late)
    async with open_app() as agent:
        await agent.until("▌ 李四")
        while not any(line.lstrip().startswith("▌") and "王伟" in line for line in agent.text.splitlines()):
            await agent.press("j")
        await agent.press("r")
        await agent.until("Whose remark on|In whose name|王伟 wangwei")
        await agent.press("enter")
        await agent.until(SIGN)
        type_ahead(agent, "dA")
        await agent.press("q")
        gate.set()
        await agent.until(r"Remark +\S*dAq")


@slow
@pytest.mark.parametrize("fails", [False, True])
async def test_what_is_typed_before_the_desk_is_there_is_for_the_form_that_was_asked_for(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    there, open_desk = threading.Event(), application._open_desk

    def open_slowly(*arguments: Any) -> Desk:
        assert there.wait(PATIENCE)
        if fails:
            raise ConfigError("nothing says where the token comes from")
        return open_desk(*arguments)

    monkeypatch.setattr(application, "_open_desk", open_slowly)
    config = load(None, os.environ)
    chosen = config.profiles["demo-juzi"]
    kehu = application.KehuApp(config, chosen, open_store(chosen, config), os.environ)
    async with kehu.run_test(size=(120, 36)) as pilot:
        agent = Agent(kehu, pilot)
        await agent.until("connecting")
        await agent.press("r")
        await agent.until(r"Still connecting; the form comes as soon as the desk is there[\s\S]+" + SIGN)
        type_ahead(agent, "dqA")
        there.set()
        if fails:
            await agent.until("What was typed is dropped.*where the token comes from")
            await agent.until("kehu .*connecting")
        else:
            await agent.until(r"Remark +张总dqA")


@slow
async def test_up_and_down_change_nothing_in_a_form(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("▌ 李四")
        await agent.press("e")
        await agent.until("Edit 李四")
        form = agent.app.screen.query_one("Form")
        before = form.values()  # type: ignore[attr-defined]
        fields = set()
        for key in ("down", "up"):
            for _ in range(60):
                await agent.press(key)
                fields.add(agent.app.focused)
        assert form.values() == before  # type: ignore[attr-defined]
        assert len(fields) > 10


@slow
async def test_another_profile_that_is_drawn_while_keys_are_kept_back_ends_nothing(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("▌ 李四")
        gate = Gate(agent)
        await agent.press("r")
        await agent.until(SIGN)
        agent.app.switch_profile("demo-useasy")
        agent.app.release_keys()  # as the flow does that has switched, before the new screen has its status line
        gate.open.set()
        await agent.until("demo-useasy")
        await agent.until("▌ ")
        assert agent.app.fault is None
