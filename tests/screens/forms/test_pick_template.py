"""Texts that are often written, chosen in a form; in a batch each customer gets its own."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from tests.screens.conftest import OpenApp
from tui.cli import main


@pytest.fixture
def templates(data_dir: Path) -> Path:
    assert main(["template", "save", "未接", "{remark}电话未接，{today} 再联系"]) == 0
    assert main(["template", "save", "报价", "报价已发给{name}"]) == 0
    assert main(["template", "save", "VIP", "{remark}-VIP", "--kind", "remark"]) == 0
    return data_dir


def at_vendors(data_dir: Path) -> str:
    """All that the vendors have, as text."""
    with closing(sqlite3.connect(data_dir / "sandbox.db")) as connection:
        return "\n".join(connection.iterdump())


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_template_is_found_by_typing_and_is_filled_in(
    templates: Path, open_app: OpenApp, size: tuple[int, int]
) -> None:
    today = datetime.now().astimezone().date().isoformat()
    async with open_app(size=size) as agent:
        await agent.until("▌ 李四")
        await agent.press("f")
        await agent.until("Follow up 李四")
        await agent.press("ctrl+t")
        await agent.until("报价已发给")
        await agent.type("未")
        await agent.until_gone("报价已发给")
        await agent.press("enter")
        await agent.until(f"张总电话未接，{today} 再联系")
        await agent.type("吗")
        await agent.press("ctrl+s")
        await agent.until("Follow-up on 李四 sent")
    assert f"张总电话未接，{today} 再联系吗" in at_vendors(templates)


async def test_in_a_batch_each_customer_gets_its_own_text(templates: Path, open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("▌ 李四")
        await agent.press("space", "space", "r")
        await agent.until("Remark on 2 marked customers")
        await agent.press("ctrl+t")
        await agent.until("Templates")
        await agent.press("enter")
        await agent.until("{remark}-VIP")
        await agent.press("ctrl+s")
        await agent.until("张总 → 张总-VIP")
        await agent.press("y")
        await agent.until("1 remark saved")
    there = at_vendors(templates)
    assert there.count("张总-VIP") == 1
    assert "王经理-VIP" not in there, "the vendor refuses it: another colleague follows the customer"


async def test_a_place_that_there_is_none_of_is_told_in_the_form(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("▌ 李四")
        await agent.press("space", "r")
        await agent.until("Remark on 1 marked customer")
        await agent.type("{nmae}-VIP")
        await agent.press("ctrl+s")
        await agent.until("there is no place {nmae}. Did you mean {name}")


async def test_what_is_typed_for_one_customer_is_sent_as_it_stands(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("▌ 李四")
        await agent.press("r")
        await agent.until("Remark on 李四")
        await agent.press("ctrl+a", "ctrl+k")
        await agent.type("{x}")
        await agent.press("ctrl+t")
        await agent.until("there is no template yet")
        await agent.press("ctrl+s")
        await agent.until("Remark on 李四 saved")
        await agent.until(r"▌ 李四 +\{x\}")
