"""What the list and the pane hide from whoever looks over the agent's shoulder."""

from __future__ import annotations

import os
import re
from pathlib import Path

from tests.pace import BOTH_SIZES, slow
from tests.screens.conftest import OpenApp
from tests.screens.driving import Agent
from tui.app.opening import cached_first_page, open_store
from tui.config import load
from tui.model.masking import values_in

OPEN = r"199\d{8}"
HIDDEN = r"199\*{4}\d{4}"


async def test_the_list_hides_phones_when_the_pane_does(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until(rf"▌ 李四 +{OPEN} ")
        await agent.press("m")
        await agent.until("contacts and sensitive values hidden")
        await agent.until(rf"▌ 李四 +{HIDDEN} ")
        await agent.until_gone(OPEN)
        await agent.press("slash")
        await agent.type("王五")
        await agent.until(rf"王五 +{HIDDEN} ")
        await agent.press("escape", "m")
        await agent.until("sensitive values hidden")
        await agent.until(rf"王五 +{OPEN} ")


@slow
async def test_a_phone_that_the_vendor_calls_sensitive_is_hidden_from_the_first_frame_on(
    open_app: OpenApp, data_dir: Path
) -> None:
    async with open_app("demo-ima") as agent:
        await agent.press("L")
        await agent.type("10000001")
        await agent.press("enter")
        await agent.until("Found 李四")
        await agent.press("q")
        await agent.until(rf"▌ 李四 .* {HIDDEN} ")
    config = load(None, os.environ)
    store = open_store(config.profiles["demo-ima"], config)
    first = cached_first_page(store, 100)
    store.close()
    assert first is not None
    assert [row.phone[:7] for row in first.rows] == ["199****"]


@BOTH_SIZES
async def test_a_value_hidden_from_onlookers_is_copied_whole_and_stays_hidden_on_the_screen(
    open_app: OpenApp, size: tuple[int, int]
) -> None:
    async with open_app("demo-useasy", size=size) as agent:
        await agent.until(rf"▌ 李四 +{OPEN} ")
        await agent.press("m", "enter")
        await agent.until(rf"Phone +{HIDDEN}")
        await agent.press("j")
        await agent.until(rf"▌ Phone +{HIDDEN}")
        await agent.press("y")
        await agent.until(rf"Copied whole, though hidden here: {HIDDEN}")
        assert re.fullmatch(OPEN, agent.app.clipboard)
        assert agent.app.clipboard not in agent.text
        await agent.press("m", "y")
        await agent.until(rf"Copied: {OPEN}")


@slow
async def test_a_field_that_is_empty_takes_no_row_and_the_vendors_own_have_names(open_app: OpenApp) -> None:
    async with open_app("demo-useasy", size=(120, 60)) as agent:
        await agent.until(r"First owner +8310")
        await agent.until(r"First assigned +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
        await agent.until_gone("firstOwner|firstAssign")


async def open_lisi_of_ima(agent: Agent) -> None:
    """Look 李四 up at the vendor that calls phones sensitive, and stand on one that no other vendor shows."""
    await agent.press("L")
    await agent.type("10000001")
    await agent.press("enter")
    await agent.until("Found 李四")
    await agent.press("slash")
    await agent.type("紧急")
    await agent.press("enter")
    await agent.until(rf"▌ +紧急联系手机 +{HIDDEN}")


async def test_a_hidden_value_is_revealed_by_its_key_until_another_customer_is_shown_and_the_journal_says_so(
    open_app: OpenApp,
) -> None:
    async with open_app("demo-ima", size=(120, 60)) as agent:
        await open_lisi_of_ima(agent)
        await agent.press("y")
        await agent.until("It is hidden, and so not copied: m shows it first")
        assert agent.app.clipboard == ""
        await agent.press("v")
        await agent.until(rf'"phone": "{HIDDEN}"')
        await agent.press("escape", "m")
        await agent.until("Shown until you leave 李四; the journal has it")
        await agent.until(rf"▌ +紧急联系手机 +{OPEN}")
        await agent.press("y")
        await agent.until(rf"Copied: {OPEN}")
        await agent.press("J")
        await agent.until(r"reveal · 李四")
        await agent.press("escape", "escape")
        await agent.press("L")
        await agent.type("10000002")
        await agent.press("enter")
        await agent.until("Found")
        await agent.press("L")
        await agent.type("10000001")
        await agent.press("enter")
        await agent.until("Found 李四")
        await agent.until(rf"紧急联系手机 +{HIDDEN}")


async def test_a_form_shows_hidden_values_hidden_and_sends_none_of_them_that_was_left_alone(
    open_app: OpenApp,
) -> None:
    async with open_app("demo-ima", size=(120, 60)) as agent:
        await open_lisi_of_ima(agent)
        await agent.press("e")
        await agent.until("Edit 李四")
        before = (await agent.desk.customer("10000001")).customer
        await agent.until(HIDDEN)
        await agent.type("x")
        await agent.until("1 field changed")
        await agent.press("ctrl+s")
        await agent.until(r"Save 1 change\?")
        await agent.press("y")
        await agent.until("Saved 李四")
        after = (await agent.desk.customer("10000001")).customer
        assert after != before
        assert after.phones == before.phones
        assert not any("*" in text for _code, text in values_in(after))
