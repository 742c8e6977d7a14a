"""The row under the cursor, the customer in the pane, whom a key is about and as whom: one and the same, or told."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from tests.pace import BOTH_SIZES, first_is_fast, slow
from tests.screens.conftest import OpenApp
from tests.screens.driving import Agent
from tests.screens.forms.test_changing import rows
from tui.screens.main.main_screen import MainScreen

FAR = "SELECT record ->> '_id', record ->> 'customerName' FROM useasy_customer ORDER BY position LIMIT 1 OFFSET 250"
"""A customer on the third page."""

NOT_MINE = """SELECT name, external_user_id FROM juzi_customer AS c WHERE union_id IS NOT NULL AND EXISTS
(SELECT 1 FROM juzi_follow_user f WHERE f.customer = c.ordinal) AND NOT EXISTS
(SELECT 1 FROM juzi_follow_user f WHERE f.customer = c.ordinal AND f.user_id = 'rocky') LIMIT 1"""


def desk_of(agent: Agent) -> MainScreen:
    screen = agent.app.screen
    assert isinstance(screen, MainScreen)
    return screen


def under_cursor(agent: Agent) -> str:
    """The name in the list's row under the cursor."""
    row = desk_of(agent).list_pane.row
    assert row is not None
    return row.name


async def look_up(agent: Agent, text: str) -> None:
    await agent.press("L")
    await agent.until("Look up")
    await agent.type(text)
    await agent.press("enter")
    await agent.until("✓ Found")


@BOTH_SIZES
@pytest.mark.parametrize("key", first_is_fast(["n", "right_square_bracket", "colon"]))
async def test_no_customer_stays_open_when_the_page_is_turned_and_edit_is_about_the_one_under_the_cursor(
    open_app: OpenApp, size: tuple[int, int], key: str
) -> None:
    async with open_app("demo-useasy", size=size) as agent:
        await agent.until("▌ 李四")
        await agent.press("enter")
        await agent.until("li.1@example.com")
        if key == "colon":
            await agent.press("colon")
            await agent.until("Go to")
            await agent.press("2", "enter")
        else:
            await agent.press(key)
        await agent.until("101–200")
        assert not desk_of(agent).reading
        name = under_cursor(agent)
        assert name != "李四"
        await agent.press("e")
        await agent.until(f"Edit {name}")


@slow
async def test_a_filter_closes_the_customer_that_it_may_not_find(open_app: OpenApp) -> None:
    async with open_app("demo-juzi", size=(80, 24)) as agent:
        await agent.until("▌ 李四")
        await agent.press("enter")
        await agent.until_gone("1–100 of 300")
        await agent.press("ctrl+r")
        await agent.until("Which customers")
        await agent.type("rocky")
        await agent.press("enter", "ctrl+s")
        await agent.until("· rocky")
        assert not desk_of(agent).reading


@slow
async def test_a_customer_who_is_not_on_the_page_says_that_keys_are_about_them(
    open_app: OpenApp, data_dir: Path
) -> None:
    ((id, name),) = rows(data_dir, FAR)
    async with open_app("demo-useasy") as agent:
        await agent.until("▌ 李四 .*[\\s\\S]*li.1@example.com")
        await look_up(agent, id)
        await agent.until("! Not on the list's page: keys are about this customer")
        await agent.press("e")
        await agent.until(f"Edit {name}")
        await agent.press("escape")
        await agent.until_gone(f"Edit {name}")
        await agent.press("escape")
        await agent.until_gone("Not on the list's page")
        await agent.until("▌ 李四 .*[\\s\\S]*li.1@example.com")


@slow
async def test_the_cursor_goes_to_the_customer_that_was_opened_from_elsewhere(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("▌ 李四 .*[\\s\\S]*li.1@example.com")
        await look_up(agent, "685775343033634816")
        await agent.until("ann.lee.3@example.com")
        await agent.until("\n ▌ Ann Lee ")
        assert "Not on the list's page" not in agent.text
        await agent.press("escape")
        await agent.until("\n ▌ Ann Lee ")


@slow
async def test_nobody_stands_beside_a_list_without_a_row_and_no_key_is_about_them(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("▌ 李四 .*[\\s\\S]*li.1@example.com")
        await agent.press("slash")
        await agent.type("zzzz")
        await agent.until("Nobody seen here matches")
        await agent.until_gone("li.1@example.com")
        await agent.press("enter", "e")
        await agent.until("There is no customer to edit")


@slow
async def test_a_click_into_the_list_closes_the_customer_that_is_open(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("▌ 李四 .*[\\s\\S]*li.1@example.com")
        await agent.press("enter")
        desk_of(agent).list_pane.list.focus()
        await agent.press("j")
        await agent.until("▌ 王五")
        await agent.press("e")
        await agent.until("Edit 王五")


@BOTH_SIZES
async def test_marks_out_of_sight_are_counted_and_taken_off_by_one_key(
    open_app: OpenApp, size: tuple[int, int]
) -> None:
    async with open_app(size=size) as agent:
        await agent.until("▌ 李四")
        await agent.press("space", "space", "n")
        await agent.until("2 marked, 2 not shown")
        await agent.press("space")
        await agent.until("3 marked, 2 not shown")
        await agent.press("r")
        await agent.until("Remark on 3 marked customers, 2 not shown")
        await agent.type("vip")
        await agent.press("ctrl+s")
        await agent.until("2 of them are not on the screen: 李四, 王五")
        await agent.press("n")
        await agent.until("Not sent")
        await agent.press("U")
        await agent.until("3 marks taken off")
        await agent.until_gone(" marked")
        await agent.press("U")
        await agent.until("Nobody is marked")


@slow
async def test_an_open_customer_says_that_remarks_are_about_the_marked_ones(open_app: OpenApp) -> None:
    async with open_app(size=(80, 24)) as agent:
        await agent.until("▌ 李四")
        await agent.press("space", "enter")
        await agent.until("! 1 customer is marked: remarks and follow-ups are about that one")
        await agent.press("U")
        await agent.until_gone("is marked: remarks")


@slow
async def test_a_deleted_customer_is_not_marked_any_more(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("▌ 李四 .*[\\s\\S]*li.1@example.com")
        await agent.press("space", "k")
        await agent.until("1 marked")
        await agent.press("d")
        await agent.until("Type the name")
        await agent.type("李四")
        await agent.press("enter")
        await agent.until("Deleted 李四")
        await agent.until_gone("1 marked")
        await agent.until("▌ 王五")


@slow
@pytest.mark.parametrize(
    ("key", "question", "form"),
    [("r", "Whose remark on", "Remark on"), ("f", "In whose name do you follow up", "Follow up")],
)
async def test_writing_in_another_colleagues_name_asks(
    open_app: OpenApp, data_dir: Path, key: str, question: str, form: str
) -> None:
    ((name, id),) = rows(data_dir, NOT_MINE)
    async with open_app() as agent:
        await agent.until("▌ 李四")
        await look_up(agent, id)
        await agent.press(key)
        await agent.until(question)
        await agent.until("● rocky  *you: does not follow")
        await agent.press("down", "enter")
        await agent.until(f"{form} {name} · ")
        await agent.type("vip")
        await agent.press("ctrl+s")
        await agent.until("Send this in the name of .*\\? You act as rocky")
        await agent.press("n")
        await agent.until("Not sent; what you typed is kept as a draft")
        assert rows(data_dir, "SELECT 1 FROM juzi_follow_user WHERE remark = 'vip'") == []
        assert rows(data_dir, "SELECT 1 FROM juzi_follow_history WHERE content = 'vip'") == []


@slow
async def test_keys_that_arrive_with_the_turn_of_the_page_are_about_nobody_of_the_page_before(
    open_app: OpenApp,
) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("▌ 李四 .*[\\s\\S]*li.1@example.com")
        await agent.press("enter")
        await agent.until("Custom fields")
        for key in ("n", "e"):
            agent.app.post_message(events.Key(key, key))
        await agent.until(r"Edit |is not here yet")
        assert "Edit 李四" not in agent.text
