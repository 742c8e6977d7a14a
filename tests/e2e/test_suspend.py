"""Ctrl+z at the desk: back to the shell that it was started from, and here again."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import Open
from tests.e2e.terminal import Terminal
from tests.pace import slow

WAITING = "import subprocess, sys; subprocess.call(sys.argv[1:])"
"""A program that starts another and waits for it, as `uv run` does."""


@pytest.fixture
def shell(data_dir: Path) -> Iterator[Terminal]:
    """A shell that has jobs, and is asked for the next command with `$ `."""
    environ = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "ENV")}
    with Terminal(["sh", "-i"], environ | {"KEHU_DATA_DIR": str(data_dir), "PS1": "$ "}) as terminal:
        terminal.wait_for(r"\$")
        yield terminal


def test_the_shell_has_the_terminal_until_it_is_left_again(shell: Terminal) -> None:
    shell.press(f"{sys.executable} -c '{WAITING}' {sys.executable} -m tui", "enter")
    shell.wait_for("1–100 of 5,000")
    shell.press("j")
    shell.wait_for("▌ 王五")
    for _ in range(2):
        shell.press("ctrl+z")
        shell.wait_for("Stopped|Suspended")
        shell.press(r"printf '\033[2J\033[H'; echo $((6 * 7)) answered", "enter")
        shell.wait_for("42 answered")
        assert "王五" not in shell.text
        shell.press("fg; echo ended with $?", "enter")
        shell.wait_for("▌ 王五")
    shell.press("j")
    shell.wait_for("▌ Ann Lee")
    shell.press("q")
    shell.wait_for("ended with 0")


@slow
def test_without_a_shell_nothing_is_stopped(open_desk: Open) -> None:
    terminal = open_desk()
    terminal.wait_for("1–100 of 5,000 · all")
    terminal.wait_for("sandbox")
    terminal.press("ctrl+z")
    terminal.wait_for("kehu was not started from a shell")
    terminal.press("j")
    terminal.wait_for("▌ 王五")
