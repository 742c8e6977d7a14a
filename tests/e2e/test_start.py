"""The rows seen last are on the screen before Textual is loaded, and it goes on from there."""

from __future__ import annotations

import os
import re
import signal
import sys
import termios
from pathlib import Path

import pytest

from tests.e2e.conftest import Open
from tests.e2e.screen import Reader, Screen
from tests.e2e.terminal import Terminal
from tests.pace import first_is_fast, slow

TEXTUAL_IS_THERE = b"\x1b[?2004h"
"""Bracketed paste: the first that Textual asks of a terminal, once it is loaded."""

GUTTER = 3
"""Cells left of a row, where the cursor's bar comes to stand."""


@pytest.fixture
def seen(open_desk: Open) -> None:
    """The demo's first page, seen."""
    desk = open_desk()
    desk.wait_for(r"1–100 of 5,000 · all")
    desk.press("q")
    assert desk.wait_for_exit() == 0


@pytest.mark.usefixtures("seen")
@pytest.mark.parametrize(("columns", "rows"), first_is_fast([(80, 24), (120, 36), (101, 30), (40, 12)], several=True))
def test_the_first_rows_stand_where_the_list_has_them(open_desk: Open, columns: int, rows: int) -> None:
    desk = open_desk(columns=columns, rows=rows)
    desk.wait_for("Customers")
    desk.wait_for("▌ 李四")
    early = Screen(columns, rows)
    Reader(early).feed(bytes(desk.raw[: desk.raw.index(TEXTUAL_IS_THERE)]))
    drawn = [line for line in range(rows) if early.display[line].strip()]

    assert drawn == list(range(3, rows - 2))
    for line in drawn:
        first, now = early.buffer[line], desk.screen.buffer[line]
        cells = [column for column in range(GUTTER, columns) if first[column].data != " "]
        assert [first[column].data for column in cells] == [now[column].data for column in cells]


@slow
@pytest.mark.usefixtures("seen")
def test_the_rows_are_sent_once(open_desk: Open) -> None:
    desk = open_desk()
    desk.wait_for("▌ 李四")
    desk.wait_for("王五")

    assert bytes(desk.raw).count("王五".encode()) == 1


@pytest.mark.usefixtures("seen")
def test_keys_typed_before_textual_is_loaded_are_kept_and_not_shown(open_desk: Open) -> None:
    desk = open_desk()
    desk.wait_for("王五")
    desk.press("j", "ctrl+s", "j", "enter")  # ctrl+s stops a terminal that is not told otherwise
    desk.wait_for("▌ Ann Lee .*female")

    assert not any(re.search(r"^j|jj", line) for line in desk.lines)


@pytest.mark.usefixtures("seen")
@pytest.mark.parametrize("driver", first_is_fast(["cells", "plain"]))
def test_the_terminal_is_as_it_was_whenever_it_is_told_to_end(open_desk: Open, driver: str) -> None:
    desk = open_desk(KEHU_DRIVER=driver)
    before = termios.tcgetattr(desk._fd)
    desk.wait_for("王五")
    desk.send_signal(signal.SIGTERM)

    assert desk.wait_for_exit() == 128 + signal.SIGTERM
    written = bytes(desk.raw)
    assert written.rindex(b"\x1b[?1049l") > written.rindex(b"\x1b[?1049h")
    assert termios.tcgetattr(desk._fd) == before


@pytest.mark.usefixtures("seen")
@pytest.mark.parametrize("elsewhere", first_is_fast(["2", "1"]))
def test_a_desk_one_of_whose_outputs_leads_to_a_file_is_drawn_on_the_other(
    data_dir: Path, tmp_path: Path, elsewhere: str
) -> None:
    environ = os.environ | {"KEHU_DATA_DIR": str(data_dir)}
    file = tmp_path / "elsewhere"
    command = ["sh", "-c", f'exec "$@" {elsewhere}> "{file}"', "sh", sys.executable, "-m", "tui"]
    with Terminal(command, environ) as desk:
        desk.wait_for("▌ 李四")
        desk.resize(100, 30)
        desk.press("j")
        desk.wait_for("▌ 王五")
        desk.press("q")
        assert desk.wait_for_exit() == 0
        assert bytes(desk.raw).rindex(b"\x1b[?1049l") > bytes(desk.raw).rindex(b"\x1b[?1049h")
    assert file.read_bytes() == b""
