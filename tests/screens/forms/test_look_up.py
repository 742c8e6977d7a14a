"""Looking up who calls: what is said is told apart, found here and elsewhere, opened, followed up or created."""

from __future__ import annotations

import asyncio

import pytest

from tests.screens.conftest import OpenApp
from tests.screens.line import Line
from tui.desk.linked.caller import read_said

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 36)])


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("+86 132-3130-7283", "phone", "13231307283"),
        ("１３２３１３０７２８３", "phone", "13231307283"),
        ("(010) 6677 8899", "telephone", "01066778899"),
        ("Li <li@Example.com>", "email", "li@example.com"),
        (" wmfvEMCAAAcws6SCzozJ8wUhb_o8UTgj ", "id", "wmfvEMCAAAcws6SCzozJ8wUhb_o8UTgj"),
        ("685775343050412032", "id", "685775343050412032"),
        ("李四", "name", "李四"),
        ("Ann Lee", "name", "Ann Lee"),
    ],
)
def test_what_a_caller_says_is_told_apart_however_it_is_typed(text: str, kind: str, value: str) -> None:
    said = read_said(text)
    assert (said.kind, said.value) == (kind, value)


@SIZES
async def test_a_phone_that_only_a_linked_vendor_knows_leads_to_the_customer(
    open_app: OpenApp, size: tuple[int, int]
) -> None:
    async with open_app("demo-juzi", size=size) as agent:
        await agent.until("▌ 李四")
        await agent.press("L")
        await agent.type("199 0000 7919")
        await agent.until("phone · Enter asks the vendor")
        await agent.press("enter")
        await agent.until("✓ Found 李四")
        await agent.until("Followed by")


async def test_who_was_found_is_followed_up_by_one_key(open_app: OpenApp) -> None:
    async with open_app("demo-juzi") as agent:
        await agent.until("▌ 李四")
        await agent.press("down", "space", "L")
        await agent.type("李四")
        await agent.until("▸|李四 .*seen here")
        await agent.press("ctrl+f")
        await agent.until("Follow up 李四")


async def test_nobody_found_is_created_with_what_was_said_in_its_field(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("1–100 of 294")
        await agent.press("L")
        await agent.type("+86 139 1234 5678")
        await agent.press("enter")
        await agent.until("nobody found; ctrl.n creates a customer with it")
        await agent.press("ctrl+n")
        await agent.until("Create a customer")
        await agent.until("13912345678")


async def test_an_answer_to_an_older_question_is_not_shown_for_a_newer_one(open_app: OpenApp, line: Line) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("1–100 of 294")
        await agent.press("L")
        await agent.type("19900007919")
        line.gates["useasy"] = asyncio.Event()
        await agent.press("enter")
        await agent.until("asking demo-useasy")
        await agent.type("00")
        line.gates["useasy"].set()
        await agent.until("Enter asks the vendor")
        assert "李四" not in agent.text.split("Look up")[1].split("Enter ask")[0]
