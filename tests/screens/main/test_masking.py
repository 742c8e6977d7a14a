"""What the list and the pane hide from whoever looks over the agent's shoulder."""

from __future__ import annotations

import os
import re
from pathlib import Path

from tests.pace import BOTH_SIZES, slow
from tests.screens.conftest import OpenApp
from tui.app.opening import cached_first_page, open_store
from tui.config import load

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
        await agent.press("m", "m")
        await agent.until("nothing hidden")
        await agent.until(rf"▌ 李四 .* {OPEN} ")
    config = load(None, os.environ)
    store = open_store(config.profiles["demo-ima"], config)
    first = cached_first_page(store, 100)
    store.close()
    assert first is not None
    assert [row.phone[:7] for row in first.rows] == ["199****"]


@BOTH_SIZES
async def test_a_hidden_value_is_copied_whole_and_stays_hidden_on_the_screen(
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
        await agent.press("m", "m", "y")
        await agent.until(rf"Copied: {OPEN}")


@slow
async def test_a_field_that_is_empty_takes_no_row_and_the_vendors_own_have_names(open_app: OpenApp) -> None:
    async with open_app("demo-useasy", size=(120, 60)) as agent:
        await agent.until(r"First owner +8310")
        await agent.until(r"First assigned +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
        await agent.until_gone("firstOwner|firstAssign")
