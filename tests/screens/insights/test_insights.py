"""The figures on the screen: bars that list their customers."""

from __future__ import annotations

import re

import pytest

from tests.screens.conftest import OpenApp


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_bar_lists_its_customers(open_app: OpenApp, size: tuple[int, int]) -> None:
    async with open_app(size=size) as agent:
        await agent.until("1–100 of 300")
        await agent.press("n", "p")  # what is read ahead of the page is among those that are counted
        await agent.until("1–100 of 300")
        await agent.press("I")
        await agent.until(r"Insights · \d+ customers")
        await agent.until("Next contacts")
        await agent.until_gone("Counting")
        await agent.press("slash")
        await agent.type("by colleague")
        await agent.until("1 of 1")
        await agent.press("enter")
        await agent.until("▌ Customers by colleague")
        await agent.press("down")
        bar = await agent.until(r"▌ [^\d█]+ \d+ +█+")
        count = re.findall(r"\d+", bar)[-1]
        await agent.press("enter")
        await agent.until_gone("Customers by colleague")
        await agent.until(rf"\b{count} of the \d+ seen here")
        await agent.until("Owner is ")


async def test_more_bars_are_shown_on_demand(open_app: OpenApp) -> None:
    async with open_app(size=(80, 24)) as agent:
        await agent.press("I")
        await agent.until("Next contacts")
        await agent.until_gone("Counting")
        await agent.press("slash")
        await agent.type("Enter shows")
        await agent.type("x")
        await agent.until("nothing here has it")
        await agent.press("ctrl+u")
        await agent.type("… ")
        await agent.until(r"1 of \d")
        await agent.press("enter", "enter")
        await agent.until_gone(r"▌ … ")
        await agent.press("q")
        await agent.until(r"1–\d+ of 300 .*· all")
