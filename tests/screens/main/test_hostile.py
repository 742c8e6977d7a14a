"""What a vendor sends is drawn as text, whatever is in it."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.pace import BOTH_SIZES, first_is_fast, slow
from tests.screens.conftest import OpenApp
from tests.widgets.drawing import HOSTILE
from tui.sandbox.demo import WECOM_FIELD


def poison(data_dir: Path, text: str) -> None:
    """Put `text` into every field of the first customers of all three vendors."""
    storable = text.encode(errors="replace").decode()  # SQLite takes no half characters
    with closing(sqlite3.connect(data_dir / "sandbox.db")) as connection, connection:
        connection.execute("UPDATE juzi_customer SET name = ? WHERE ordinal <= 10", (storable,))
        connection.execute(
            "UPDATE juzi_follow_user SET remark = ?, description = ? WHERE customer <= 10", (storable, storable)
        )
        connection.execute("UPDATE juzi_tag SET name = ?, group_name = ?", (storable, storable))
        for position, record in connection.execute(
            "SELECT position, record FROM useasy_customer ORDER BY position LIMIT 10"
        ).fetchall():
            fields = json.loads(record)
            for key, value in fields.items():
                if key in ("_id", WECOM_FIELD):  # by which it is found from juzi
                    continue
                if isinstance(value, str):
                    fields[key] = storable
                elif isinstance(value, list) and value and isinstance(value[0], dict):
                    fields[key] = [{"value": storable, "memo": storable}]
                elif isinstance(value, list):
                    fields[key] = [storable]
            connection.execute(
                "UPDATE useasy_customer SET record = ? WHERE position = ?", (json.dumps(fields), position)
            )


STEERING = HOSTILE[1]
"""A text that would colour, clear and rename the terminal: the one that every run tries."""


@pytest.mark.parametrize("profile", first_is_fast(["demo-juzi", "demo-useasy"]))
@pytest.mark.parametrize("text", first_is_fast([STEERING, *(text for text in HOSTILE if text != STEERING)]))
async def test_no_field_can_style_move_or_crash_any_screen(
    open_app: OpenApp, data_dir: Path, profile: str, text: str
) -> None:
    poison(data_dir, text)
    async with open_app(profile) as agent:
        await agent.until("1–100 of")
        if profile == "demo-juzi":
            await agent.press("enter", "right_curly_bracket")
            await agent.until(r"demo-useasy · Useasy ─+\n[^\n]*(Name|Company|Phone|企微客户ID)")
            await agent.press("escape")
        screens = ["enter", "v", "escape", "f", "escape", "J", "escape"]
        screens += ["r", "escape", "escape"] if profile == "demo-juzi" else ["e", "escape", "d", "escape"]
        for key in screens:
            await agent.press(key)
            assert all(char.isprintable() or char == "\n" for char in agent.text)
        assert agent.app.is_running
        assert agent.app.return_code in (0, None)


BROKEN = "李\n四"
"""A name in two lines, as it comes out of a spreadsheet's cell."""


@BOTH_SIZES
async def test_a_name_in_two_lines_is_one_line_wherever_it_stands(
    open_app: OpenApp, data_dir: Path, size: tuple[int, int]
) -> None:
    with closing(sqlite3.connect(data_dir / "sandbox.db")) as connection, connection:
        connection.execute("UPDATE juzi_customer SET name = ? WHERE ordinal = 1", (BROKEN,))
    async with open_app(size=size) as agent:
        await agent.until(r"▌ 李↵四 +张总")
        await agent.press("enter")
        await agent.until(r"▌ 李↵四 +.*WeChat")
        await agent.until_gone("looking")
        await agent.press("y")
        await agent.until("Copied: 李↵四")
        assert agent.app.clipboard == BROKEN
        await agent.press("r")
        await agent.until("Remark on 李↵四")
        await agent.type("x")
        await agent.press("escape")
        await agent.until("kept as a draft")
        await agent.press("r")
        await agent.until("A draft is kept[\\s\\S]*李↵四 · 张三")
        await agent.press("n", "escape", "escape")
        assert "\n四" not in agent.text


@slow
@BOTH_SIZES
async def test_a_name_in_two_lines_is_typed_with_a_blank_to_delete_it(
    open_app: OpenApp, data_dir: Path, size: tuple[int, int]
) -> None:
    with closing(sqlite3.connect(data_dir / "sandbox.db")) as connection, connection:
        connection.execute(
            "UPDATE useasy_customer SET record = json_set(record, '$.customerName', ?) "
            "WHERE json_extract(record, '$.customerName') = '李四'",
            (BROKEN,),
        )
    async with open_app("demo-useasy", size=size) as agent:
        await agent.until("▌ 李↵四")
        await agent.press("d")
        await agent.until("Delete 李↵四 at the vendor")
        await agent.type("x")
        await agent.press("enter")
        await agent.until("李 四")
        await agent.press("backspace")
        await agent.type("李 四")
        await agent.press("enter")
        await agent.until("Deleted 李↵四")


@pytest.mark.parametrize("zone", first_is_fast(["Asia/Shanghai", "America/New_York"]))
async def test_a_moment_at_the_end_of_the_calendar_leaves_the_desk_open(
    open_app: OpenApp, data_dir: Path, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    with closing(sqlite3.connect(data_dir / "sandbox.db")) as connection, connection:
        for place, moment in enumerate((253402300799000, -62135596800000, 1604048292, 10**18), 1):
            connection.execute("UPDATE juzi_follow_user SET created_ms = ? WHERE customer = ?", (moment, place))
    async with open_app() as agent:
        await agent.until("1–100 of")
        for key in ("enter", "v", "escape", "J", "escape", "escape", "down", "enter", "escape", "down", "enter"):
            await agent.press(key)
        await agent.until("2020-10-30")
        assert "1970" not in agent.text
