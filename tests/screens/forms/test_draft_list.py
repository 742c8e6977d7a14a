"""The list of drafts: what was typed and not sent, of every customer and profile, gone on with or thrown away."""

from __future__ import annotations

import pytest

from tests.screens.conftest import OpenApp

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 36)])


@SIZES
async def test_drafts_of_every_customer_and_profile_are_listed_gone_on_with_and_thrown_away(
    open_app: OpenApp, size: tuple[int, int]
) -> None:
    async with open_app("demo-useasy", size=size) as agent:
        await agent.until("1–100 of 294")
        await agent.press("c")
        await agent.until("Create a customer")
        await agent.type("新来的人")
        await agent.press("escape")
        await agent.until("kept as a draft")
        await agent.press("q")
    async with open_app("demo-juzi", size=size) as agent:
        await agent.until("▌ 李四")
        await agent.press("f")
        await agent.until("Follow up 李四")
        await agent.type("half a word")
        await agent.press("escape")
        await agent.until("kept as a draft")
        await agent.press("down", "D")
        await agent.until(r"demo-juzi +follow-up +李四 +half")
        await agent.until(r"demo-us\S+ +create +– +新来的人")
        await agent.press("enter")
        await agent.until("A draft is kept")
        await agent.press("y")
        await agent.until("Follow up 李四[^`]*half a word")
        await agent.press("escape")
        await agent.until("kept as a draft")
        await agent.press("D")
        await agent.until(r"demo-us\S+ +create")
        await agent.press("down", "X")
        await agent.until("Throw this draft away")
        await agent.press("y")
        await agent.until_gone("新来的人")
        await agent.press("enter")
        await agent.until("A draft is kept")
