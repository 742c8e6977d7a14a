"""Keys that a slow line delivers in one packet are for what the key before them opens."""

from __future__ import annotations

import asyncio

from textual import events

from tests.pace import slow
from tests.screens.conftest import OpenApp
from tests.screens.driving import Agent
from tests.widgets.hosts import NAMED_KEYS
from tui.desk.outcome import Record
from tui.screens.main.main_screen import MainScreen


def type_ahead(agent: Agent, *keys: str) -> None:
    """Press `keys`, named or a text, all at once and before anything has come of the first."""
    for key in keys:
        if "+" in key or key in ("enter", "escape"):
            agent.app.post_message(events.Key(key, "\r" if key == "enter" else None))
            continue
        for char in key:
            name, character = NAMED_KEYS.get(char, (char, char))
            agent.app.post_message(events.Key(name, character))


def slow_disk(agent: Agent) -> None:
    """Have the directory take its time, as it does on a busy machine."""
    screen = agent.app.screen
    assert isinstance(screen, MainScreen)
    desk = screen.desk
    read = desk.seen_customer

    async def read_slowly(customer_id: str) -> Record | None:
        await asyncio.sleep(0.4)
        return await read(customer_id)

    desk.seen_customer = read_slowly  # type: ignore[method-assign]


async def test_what_is_typed_after_a_forms_key_goes_into_the_form(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("▌ 李四")
        slow_disk(agent)
        type_ahead(agent, "enter", "r", "qd")
        await agent.until("Remark +张总qd")
        assert agent.app.is_running


async def test_a_change_is_made_by_keys_that_come_all_at_once(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("▌ 李四")
        type_ahead(agent, "e", " two", "ctrl+s", "y")
        await agent.until("✓ Saved 李四")
        await agent.until("▌ 李四 two")


async def test_a_form_is_left_and_the_cursor_moved_by_keys_that_come_all_at_once(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("▌ 李四")
        type_ahead(agent, "r", "x", "escape", "j")
        await agent.until("▌ 王五")
        await agent.until("What you typed is kept as a draft")


@slow
async def test_a_customer_that_is_opened_is_the_one_that_the_next_key_is_about(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("李四 +[\\s\\S]*Phone +19900007919")
        slow_disk(agent)
        type_ahead(agent, "j", "enter", "e")
        await agent.until("Edit 王五")


@slow
async def test_a_customer_that_was_looked_up_can_be_edited_at_once(open_app: OpenApp) -> None:
    async with open_app("demo-ima") as agent:
        await agent.until("This vendor has no list")
        slow_disk(agent)
        type_ahead(agent, "L", "li.1@example.com", "enter")
        await agent.until("Found 李四")
        type_ahead(agent, "e")
        await agent.until("Edit 李四")
