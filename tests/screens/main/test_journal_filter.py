"""Looking through the journal on the screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.screens.conftest import OpenApp
from tests.screens.main.test_customer_pane import first_id, say


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_the_journal_is_filtered_by_what_was_written_and_by_day(
    open_app: OpenApp, data_dir: Path, size: tuple[int, int]
) -> None:
    async with open_app(size=size) as agent:
        say(data_dir, await first_id(agent), "发了报价", "没接")
        await agent.press("J")
        await agent.until("发了报价")
        await agent.press("slash")
        await agent.until("What was done")
        await agent.type("报价")
        await agent.press("down")
        await agent.type("whenever")
        await agent.press("ctrl+s")
        await agent.until("whenever is neither a day nor a time")
        await agent.press("ctrl+u")
        await agent.type("2d")
        await agent.press("ctrl+s")
        await agent.until("Journal · 报价 · 2d")
        await agent.until_gone("没接")
        await agent.until("发了报价")
        await agent.press("slash")
        await agent.until("What was done")
        await agent.press("ctrl+u", *"没有", "ctrl+s")
        await agent.until("Nothing that was done from here matches")
