"""Two windows on one profile, as two panes of a multiplexer have them."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.e2e import working
from tests.e2e.conftest import Open
from tests.e2e.terminal import Terminal
from tests.pace import slow

pytestmark = slow

USEASY = "demo-useasy"


def deleted_files(pid: int) -> list[str]:
    """What the process has open that nobody finds any more."""
    folder = Path(f"/proc/{pid}/fd")
    return [target for item in folder.iterdir() if "(deleted)" in (target := os.readlink(item))]


def kehu(data_dir: Path, *arguments: str) -> None:
    """Run a command in another window."""
    environ = os.environ | {"KEHU_DATA_DIR": str(data_dir)}
    subprocess.run([sys.executable, "-m", "tui", *arguments], env=environ, check=True, stdout=subprocess.DEVNULL)


def notes(data_dir: Path, profile: str) -> list[str]:
    """The follow-ups that a profile's file holds, which is sound."""
    with closing(sqlite3.connect(data_dir / "profiles" / f"{profile}.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        query = "SELECT json_extract(request, '$.texts[0].content') FROM changes WHERE kind = 'follow' ORDER BY id"
        return [text for (text,) in connection.execute(query)]


def write_note(terminal: Terminal, text: str) -> None:
    """Write a note on the customer under the cursor; it is answered with ✓."""
    terminal.press("f")
    working.type_into(terminal, "Follow-up", text)
    terminal.press("ctrl+s")
    terminal.wait_for("✓ Note kept here")


def test_a_note_answered_with_a_tick_is_there_after_a_kill_though_a_command_ran_in_another_window(
    open_desk: Open, data_dir: Path
) -> None:
    desks = [open_desk(), open_desk()]
    for desk in desks:
        desk.wait_for("1–100 of 5,000")
        desk.wait_for(USEASY)  # the linked pane holds its file
        working.switch_profile(desk, USEASY)
        desk.wait_for(r"1–100 of \d")
    for number, desk in enumerate(desks):
        kehu(data_dir, "list", "--profile", USEASY, "--size", "1")
        assert deleted_files(desk.pid) == []
        write_note(desk, f"note {number}")
    kehu(data_dir, "list", "--profile", USEASY, "--size", "1")
    assert [deleted_files(desk.pid) for desk in desks] == [[], []]
    for desk in desks:
        desk.send_signal(signal.SIGKILL)
        desk.wait_for_exit()
    assert notes(data_dir, USEASY) == ["note 0", "note 1"]
