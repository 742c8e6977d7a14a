"""When to contact a customer next: said at the desk, understood as it is typed, and due until it is done."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.screens.conftest import OpenApp

SIZES = [(80, 24), (120, 36)]


def day(days: int) -> str:
    return (datetime.now().astimezone().date() + timedelta(days=days)).isoformat()


@pytest.mark.parametrize("size", SIZES)
async def test_a_date_is_understood_as_it_is_typed_and_stands_on_top_of_the_customer(
    open_app: OpenApp, size: tuple[int, int]
) -> None:
    async with open_app(size=size) as agent:
        await agent.until("▌ 李四")
        await agent.press("t")
        await agent.until("Next contact with 李四")
        await agent.type("明天 9:30")
        await agent.until(rf"→ tomorrow 09:30 · {day(1)} 09:30")
        await agent.press("tab")
        await agent.type("报价后回访")
        await agent.press("enter")
        await agent.until("Next contact with 李四: tomorrow 09:30")
        await agent.press("enter")
        await agent.until(r"李四[^\n]*\n[\s\S]*Next contact +tomorrow 09:30[\s\S]*报价后回访")
        # It is there again to be moved, or taken away.
        await agent.press("t")
        await agent.until(f"{day(1)} 09:30")
        await agent.press("ctrl+a", "ctrl+k", "enter")
        await agent.until("No contact with 李四 any more")
        await agent.until_gone("Next contact +tomorrow")


async def test_what_is_past_or_no_time_is_told_in_the_form(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("▌ 李四")
        await agent.press("t", "enter")
        await agent.until("say when")
        await agent.type("昨天")
        await agent.press("enter")
        await agent.until(f"{day(-1)} is past")
        await agent.press("ctrl+a", "ctrl+k")
        await agent.type("someday")
        await agent.press("enter")
        await agent.until("not a date and time")
        await agent.press("escape", "full_stop")
        await agent.until("No contact with 李四 was to be made")


async def test_the_title_counts_who_is_due_until_it_is_done(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("▌ 李四")
        await agent.press("t")
        await agent.until("Next contact with")
        await agent.type("today")
        await agent.press("enter")
        await agent.until("due 1 · sandbox")
        await agent.press("full_stop")
        await agent.until("Contact with 李四 done")
        await agent.until_gone("due 1")


async def test_a_follow_up_says_when_to_call_again(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("▌ 李四")
        await agent.press("f")
        await agent.until("Follow up 李四")
        await agent.type("报价已发")
        await agent.press("tab", "tab")
        await agent.type("+3d")
        await agent.until(day(3))
        await agent.press("ctrl+s")
        await agent.until("Follow-up on 李四 sent. Next contact: ")


async def test_a_follow_up_with_a_date_that_is_past_is_not_sent(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("▌ 李四")
        await agent.press("f")
        await agent.until("Follow up 李四")
        await agent.type("报价已发")
        await agent.press("tab", "tab")
        await agent.type("昨天")
        await agent.press("ctrl+s")
        await agent.until(f"{day(-1)} is past")
        await agent.press("escape")
        await agent.until("kept as a draft")


async def test_everybody_who_is_marked_is_to_be_called_again(open_app: OpenApp, data_dir: Path) -> None:
    async with open_app() as agent:
        await agent.until("▌ 李四")
        await agent.press("space", "space", "t")
        await agent.until("Next contact with 2 marked customers")
        await agent.type("+3d")
        await agent.press("enter")
        await agent.until("Next contact of 2 customers")
        await agent.press("f")
        await agent.until("Follow up 2 marked customers")
        await agent.type("群发")
        await agent.press("tab", "tab")
        await agent.type("today")
        await agent.press("ctrl+s")
        await agent.until("Send this")
        await agent.press("y")
        await agent.until("Next contact of 1 customer")
        await agent.until("due 1 · sandbox")


async def test_the_next_customer_is_one_key_away(open_app: OpenApp) -> None:
    async with open_app(size=(80, 24)) as agent:
        await agent.until("▌ 李四")
        await agent.press("greater_than_sign")
        await agent.until("▌ 王五")
        await agent.press("enter")
        await agent.until("▌ 王五 +WeChat")
        await agent.press("greater_than_sign")
        await agent.until("▌ Ann Lee +WeChat")
        await agent.press("less_than_sign", "less_than_sign")
        await agent.until("▌ 李四 +WeChat")
        await agent.press("less_than_sign")
        await agent.until("This is the first customer")


async def test_the_next_customer_after_a_page_is_on_the_next_page(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("1–100 of 300")
        await agent.press("n")
        await agent.until("101–200 of 300")
        await agent.press("p")
        await agent.until("1–100 of 300")
        await agent.press("G", "enter")
        await agent.until("Followed by|Ids")
        await agent.press("greater_than_sign")
        await agent.until("101–200 of 300")
