"""What is typed outlives a disk that refuses it, another desk, and a colleague who was quicker."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.pace import BOTH_SIZES, slow
from tests.screens.conftest import OpenApp
from tests.screens.driving import Agent
from tests.screens.forms.test_changing import rows
from tui.desk.outbox.delivery import CUT_OFF
from tui.model.change import Kind, NewChange, Settlement, State
from tui.screens.main.main_screen import MainScreen
from tui.store.outbox import LOST


@contextmanager
def disk_refusing(agent: Agent) -> Iterator[None]:
    """The profile's file takes no writes."""
    connection = agent.app._store._database.connection
    connection.execute("PRAGMA query_only = ON")
    try:
        yield
    finally:
        connection.execute("PRAGMA query_only = OFF")


def changed_behind(data_dir: Path, **values: object) -> None:
    """What somebody does to 李四 at the vendor's own screens: `values` by the vendor's names."""
    for name, value in values.items():
        with closing(sqlite3.connect(data_dir / "sandbox.db")) as connection, connection:
            connection.execute(
                "UPDATE useasy_customer SET record = json_set(record, ?, json(?)) WHERE record LIKE '%li.1@%'",
                (f"$.{name}", json.dumps(value)),
            )


async def type_a_name(agent: Agent) -> None:
    await agent.until("▌ 李四")
    await agent.until("1–100 of 294")
    await agent.press("e")
    await agent.until("Edit 李四")
    await agent.press("end")
    await agent.type("四")
    await agent.until("1 field changed")


# A disk that refuses


@BOTH_SIZES
async def test_what_cannot_be_kept_is_not_left_without_a_word(open_app: OpenApp, size: tuple[int, int]) -> None:
    async with open_app("demo-useasy", size=size) as agent:
        with disk_refusing(agent):
            await type_a_name(agent)
            await agent.press("escape")
            await agent.until("cannot be kept, and is lost if you leave")
            await agent.press("n")
            await agent.until("Edit 李四[\\s\\S]*李四四")
            await agent.until("! .*cannot open or write")
        await agent.press("escape")
        await agent.until("What you typed is kept as a draft")


@slow
async def test_what_cannot_be_kept_is_not_sent_either_and_stays_in_the_form(open_app: OpenApp, data_dir: Path) -> None:
    async with open_app("demo-useasy") as agent:
        with disk_refusing(agent):
            await type_a_name(agent)
            await agent.press("ctrl+s")
            await agent.until("! .*cannot open or write")
            assert "Edit 李四" in agent.text
            assert "Save 1 change" not in agent.text
        await agent.press("ctrl+s")
        await agent.until("Save 1 change")
        await agent.press("y")
        await agent.until("Saved 李四")
    assert rows(data_dir, "SELECT count(*) FROM useasy_customer WHERE record LIKE '%李四四%'") == [(1,)]


@slow
async def test_a_disk_in_trouble_keeps_nobody_in_the_desk(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("Custom fields")
        agent.app._store._database.connection.execute("DROP TABLE drafts")
        await agent.press("q")
        await agent.until("Leave\\? What waits on disk cannot be counted")
        await agent.press("y")
    assert agent.app.return_code == 0


# Two desks, one form


@slow
async def test_two_desks_in_one_form_keep_a_draft_each(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await type_a_name(agent)
        other = agent.app._desk
        assert other is not None
        main = agent.app.screen_stack[1]
        assert isinstance(main, MainScreen)
        (customer_id,) = [row.id for row in main.list_pane.list.rows if row.cells[0] == "李四"]
        await other.drafts.save(7, "edit", customer_id, {"name": "李四的另一稿"}, {"name": "李四"})
        await agent.type("五")
        await agent.press("escape")
        await agent.until("What you typed is kept as a draft")
        await agent.press("e")
        await agent.until("李四 → 李四四五")
        await agent.press("n")
        await agent.until("李四 → 李四的另一稿")
        await agent.press("y")
        await agent.until("Edit 李四[\\s\\S]*李四的另一稿")


# A colleague who was quicker


@BOTH_SIZES
async def test_a_conflict_shows_before_theirs_and_mine_and_what_mine_takes_away(
    open_app: OpenApp, data_dir: Path, size: tuple[int, int]
) -> None:
    theirs = [{"value": "19900000001", "memo": "新"}, {"value": "13800138000", "memo": ""}]
    async with open_app("demo-useasy", size=size) as agent:
        await type_a_name(agent)
        changed_behind(data_dir, customerName="李斯", phone=theirs)
        await agent.press("ctrl+s")
        await agent.until("Save 1 change")
        await agent.press("y")
        await agent.until("李斯 was changed by somebody else since you read it")
        assert all(text in agent.text for text in ("before  李四", "theirs  李斯", "mine    李四四", "keep theirs"))
        await agent.press("enter", "down", "enter")
        await agent.until("take mine")
        changed_behind(data_dir, customerName="李思")
        await agent.press("ctrl+s")
        await agent.until("before  李斯[\\s\\S]*theirs  李思[\\s\\S]*mine    李四四")
        await agent.press("enter", "down", "enter", "ctrl+s")
        await agent.until("Saved 李四")
    assert rows(data_dir, "SELECT count(*) FROM useasy_customer WHERE record LIKE '%李四四%'") == [(1,)]


@slow
async def test_an_undo_that_clashes_shows_the_three_values(open_app: OpenApp, data_dir: Path) -> None:
    async with open_app("demo-useasy") as agent:
        await type_a_name(agent)
        await agent.press("ctrl+s")
        await agent.until("Save 1 change")
        await agent.press("y")
        await agent.until("Saved 李四")
        changed_behind(data_dir, customerName="李斯")
        await agent.press("u")
        await agent.until("客户名字: 李四四 → 李四")
        await agent.press("y")
        await agent.until("before  李四四[\\s\\S]*theirs  李斯[\\s\\S]*mine    李四")
        await agent.press("enter", "down", "enter", "ctrl+s")
        await agent.until("Undone")
    assert rows(
        data_dir,
        "SELECT json_extract(record, '$.customerName') FROM useasy_customer WHERE record LIKE '%li.1@example.com%'",
    ) == [("李四",)]


# Said before, not after


@slow
async def test_a_follow_up_says_in_its_form_that_it_cannot_be_taken_back(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("Followed by")
        await agent.press("f")
        await agent.until("Once sent, a follow-up cannot be taken back")
        await agent.type("called")
        await agent.until("called[\\s\\S]*Once sent, a follow-up cannot be taken back")


@slow
async def test_a_first_remark_says_in_its_form_that_it_cannot_be_taken_back(open_app: OpenApp) -> None:
    async with open_app() as agent:
        page = await agent.desk.page(agent.app.first_query())
        mine = [next((user for user in one.follow_users if user.user_id == "rocky"), None) for one in page.items]
        place = next(
            place
            for place, user in enumerate(mine)
            if user is not None and page.items[place].union_id and not user.remark and not user.description
        )
        await agent.until("▌ 李四")
        await agent.press("r")
        await agent.until("Remark on 李四")
        await agent.type("x")
        await agent.until(r"\d+/20")
        assert "not taken back" not in agent.text
        await agent.press("escape")
        await agent.until("kept as a draft")
        await agent.press(*["j"] * place, "r")
        await agent.until(f"Remark on {page.items[place].name}")
        await agent.type("x")
        await agent.until("once sent it can be changed, but not taken back")


# Marks


@slow
async def test_marks_of_one_search_stay_when_all_of_the_next_are_marked(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("▌ 李四")
        await agent.press("space", "A")
        await agent.until("300 customers marked")
        await agent.press("A")
        await agent.until("No marks any more")
        await agent.press("space")
        await agent.until("1 marked")
        await agent.press("slash")
        await agent.type("lisi")
        await agent.until("found[\\s\\S]*▌ 李四")
        await agent.press("enter", "A")
        await agent.until("[2-9] customers marked")


# What stands in the outbox


@BOTH_SIZES
async def test_what_stands_in_the_outbox_is_in_sight_and_says_why(open_app: OpenApp, size: tuple[int, int]) -> None:
    async with open_app(size=size) as agent:
        await agent.until("▌ 李四")
        store, desk = agent.app._store, agent.app._desk
        assert desk is not None
        new = NewChange(
            kind=Kind.FOLLOW,
            customer_id="wm1",
            customer_name="李四",
            request={"user_id": "rocky", "texts": [{"content": "called", "at": None}]},
            repeatable=False,
        )
        (change,) = store.changes.claim(store.changes.add([new]))
        store.changes.settle([Settlement(change.id, State.UNKNOWN, LOST, CUT_OFF)])
        await agent.desk.outbox.discard([])
        await agent.until("o outbox 1")
        await agent.press("o")
        await agent.until("follow-up · 李四")
        await agent.press("enter")
        await agent.until(f"why: {CUT_OFF}")
        assert "the vendor's answer" not in agent.text
