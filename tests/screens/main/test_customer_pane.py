"""Reading a customer: the last words first, the history a line each, fields found by typing, values copied."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from tests.screens.conftest import OpenApp
from tests.screens.driving import Agent
from tests.store.samples import new_change
from tui.model.change import Kind, State
from tui.screens.main.main_screen import MainScreen
from tui.store.outbox import Settlement
from tui.store.store import Store

LONG = "客户说价格可以再谈，下周二之前要看到正式报价，付款方式按季度结算。" * 4


async def first_id(agent: Agent) -> str:
    """The id of the customer under the cursor."""
    screen = agent.app.screen
    assert isinstance(screen, MainScreen)
    assert screen.list_pane.row is not None
    return screen.list_pane.row.id


def say(data_dir: Path, customer_id: str, *texts: str) -> None:
    """Have `texts` been said to the customer, a day apart, the last one now."""
    store = Store.open(data_dir / "profiles" / "demo-juzi.db")
    now = time.time()
    for place, text in enumerate(texts):
        at = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(now - 86400 * (len(texts) - 1 - place)))
        request = {"user_id": "rocky", "texts": [{"content": text, "at": at}]}
        ids = store.changes.add([new_change(Kind.FOLLOW, customer_id, request=request, user_id="rocky")])
        store.changes.claim(ids)
        store.changes.settle([Settlement(id=ids[0], state=State.SENT)])
    store.close()


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_the_last_words_stand_first_and_the_history_a_line_each(
    open_app: OpenApp, data_dir: Path, size: tuple[int, int]
) -> None:
    async with open_app(size=size) as agent:
        say(data_dir, await first_id(agent), *(f"电话{number}" for number in range(30)), LONG)
        await agent.press("enter")
        await agent.until(r"Last words +客户说价格可以再谈")
        await agent.press("h")
        await agent.until(r"rocky +客户说价格可以再谈.*… +sent")
        await agent.until(r"电话22 +sent")
        numbers = [int(number) for number in re.findall(r"电话(\d+) +sent", agent.text)]
        assert numbers == sorted(numbers, reverse=True)
        await agent.press("enter")
        whole = await agent.until(r"(?s)rocky +sent\n.*?按季度结算。(?=[^\n]*\n[^\n]*电话29)")
        assert len(re.findall("按季度结算", whole.replace("\n", "").replace(" ", ""))) >= 2
        await agent.press("enter")
        await agent.until(r"rocky +客户说价格可以再谈.*… +sent")


async def test_older_entries_come_on_demand(open_app: OpenApp, data_dir: Path) -> None:
    async with open_app(size=(120, 36)) as agent:
        say(data_dir, await first_id(agent), *(f"电话{number}" for number in range(30)))
        await agent.press("enter")
        await agent.until("Last words +电话29")
        await agent.press("h")
        await agent.until("20 older ones: Enter shows more")
        await agent.press(*["j"] * 10, "enter")
        await agent.until("电话19")
        await agent.press(*["j"] * 19)
        await agent.until(r"▌ .*电话0 +sent")


async def test_the_name_stays_visible_while_scrolling(open_app: OpenApp, data_dir: Path) -> None:
    async with open_app(size=(80, 24)) as agent:
        say(data_dir, await first_id(agent), *(f"电话{number}" for number in range(40)))
        await agent.press("enter")
        await agent.until("Last words")
        await agent.press("h")
        await agent.until(r"李四 +WeChat(.|\n)*Follow history")
        await agent.press("G")
        assert "李四" in agent.text.splitlines()[1]
        await agent.press("g")
        await agent.until("▌ 李四")


async def test_a_field_is_found_by_typing(open_app: OpenApp) -> None:
    async with open_app(size=(80, 24)) as agent:
        await agent.press("enter")
        await agent.until("Ids")
        await agent.press("slash")
        await agent.type("ids")
        await agent.until(r"1 of \d · ↓ ↑ the others")
        await agent.until(r"▌ *Ids")
        await agent.press("down")
        await agent.until("2 of")
        await agent.press(*"zz")
        await agent.until("nothing here has it")
        await agent.press("escape")
        await agent.until_gone("nothing here has it")
        screen = agent.app.screen
        assert isinstance(screen, MainScreen)
        assert screen.reading
        assert screen.focused is screen.customer_pane.sheet


async def test_a_row_offers_its_phone_id_and_name_to_copy(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.press("y")
        await agent.until("Copy what of")
        await agent.until(r"Phone(.|\n)*Id(.|\n)*Name")
        await agent.press("down", "down", "enter")  # it has two phones
        await agent.until("Copied: ")
        assert agent.app.clipboard == await first_id(agent)
