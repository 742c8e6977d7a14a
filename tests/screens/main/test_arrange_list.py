"""The list arranged on the screen: sorted by a column, with the columns that were chosen, and found so again."""

from __future__ import annotations

import pytest

from tests.screens.conftest import OpenApp

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])


@SIZES
async def test_columns_are_found_by_typing_ticked_by_space_and_moved_by_an_arrow(
    open_app: OpenApp, size: tuple[int, int]
) -> None:
    async with open_app("demo-useasy", size=size) as agent:
        await agent.until("1–100 of 294")
        await agent.press("|")
        await agent.until("Columns of the list")
        await agent.until(r"▸ \[x\] Name")
        await agent.type("客户等")
        await agent.press("space")
        await agent.until(r"▸ \[x\] 客户等级")
        await agent.press(*["left"] * 5, "right")
        await agent.until(r"\[x\] Name\b.*\n.*▸ \[x\] 客户等级")
        await agent.type("phone")
        await agent.press("space")
        await agent.until(r"▸ \[ \] Phone")
        await agent.press("enter")
        await agent.until(r"Name +客户等级 +Owner")
        assert "Phone" not in agent.text.splitlines()[3]
        await agent.press("F")
        await agent.type("name:*")
        await agent.press("enter")
        await agent.until("Name is there")
        await agent.until(r"Name +客户等级")


async def test_chosen_columns_are_there_at_the_next_start(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.press("｜")  # before the first page is there
        await agent.until("Columns of the list")
        await agent.until(r"▸ \[x\] Name")
        await agent.type("姓名")
        await agent.press("right", "enter")
        await agent.until(r"Remark +Name")
        await agent.press("q", "q")
    async with open_app() as agent:
        await agent.until(r"Remark +Name")
        await agent.press("|", "ctrl+r", "enter")
        await agent.until(r"Name +Remark")


async def test_columns_and_order_of_a_view_are_its_own_and_stay(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("1–100 of 300")
        await agent.press("2")
        await agent.until("mine +[0-9]")
        await agent.press("|")
        await agent.until("Columns of the view mine")
        await agent.type("gender")
        await agent.press("space", "enter")
        await agent.until(r"Name.*Gender")
        await agent.press(",")
        await agent.until("Sort by")
        await agent.type("gender")
        await agent.press("enter")
        await agent.until("by Gender")
        await agent.press("0")
        await agent.until_gone("Gender")
        await agent.press("2")
        await agent.until("by Gender")
        await agent.until(r"Name.*Gender")
        assert "mine" in agent.text


async def test_the_same_column_again_turns_the_order_and_none_gives_the_vendors_list_back(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("1–100 of 294")
        await agent.press("，")
        await agent.until("Sort by")
        await agent.type("name")
        await agent.press("enter")
        await agent.until(r"by Name *\n|by Name  ")
        await agent.press(",")
        await agent.until("ascending; again: descending")
        await agent.press("enter")
        await agent.until("by Name, descending")
        await agent.press(",")
        await agent.type("no order")
        await agent.press("enter")
        await agent.until("1–100 of 294")
        assert "by Name" not in agent.text


async def test_what_is_searched_for_is_sorted_too(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("1–100 of 300")
        await agent.press("/")
        await agent.type("138")
        await agent.press("enter")
        await agent.until("found")
        await agent.press(",")
        await agent.until("Sort by")
        await agent.type("company")
        await agent.press("enter")
        await agent.until("138.*by Company")


async def test_a_list_without_a_column_is_refused(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("1–100 of 300")
        await agent.press("|")
        await agent.until("Columns of the list")
        for _ in range(6):
            await agent.press("home", "space")
        await agent.press("enter")
        await agent.until("tick one column at least")
