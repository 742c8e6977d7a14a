"""A vendor that answers late: what is typed before a form is there goes into it, and the screen says so at once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import Open
from tests.pace import slow

pytestmark = slow

LATENCY = 1.0
"""Seconds before the vendor's every answer."""


@pytest.fixture
def late_vendor(tmp_path: Path) -> Iterator[Path]:
    """The configuration for a sandbox, over TCP, that answers late."""
    arguments = ["--port", "0", "--customers", "30", "--database", str(tmp_path / "s.db"), "--latency", str(LATENCY)]
    command = [sys.executable, "-m", "tui", "sandbox", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        facts = json.loads(process.stdout.readline())["useasy"]
        config = tmp_path / "kehu.toml"
        lines = [f"{key} = {json.dumps(value)}" for key, value in {"dialect": "useasy", **facts}.items()]
        config.write_text("\n".join(["[profiles.late]", *lines, ""]))
        config.chmod(0o600)
        yield config
        process.send_signal(signal.SIGINT)
        process.wait(20)


def test_what_is_typed_while_the_desk_and_the_form_wait_for_the_vendor_is_in_the_form(
    open_desk: Open, late_vendor: Path
) -> None:
    terminal = open_desk(KEHU_CONFIG=str(late_vendor))
    terminal.wait_for("kehu  late")
    terminal.press("c")
    pressed = time.monotonic()
    terminal.wait_for(r"… create · Esc")
    told = time.monotonic() - pressed
    terminal.press("Ann dqA")
    terminal.wait_for(r"Create a customer")
    opened = time.monotonic() - pressed
    terminal.wait_for(r"Ann dqA")
    terminal.press("escape")
    terminal.wait_for("What you typed is kept as a draft")
    assert told < opened, (told, opened)
    assert "marked" not in terminal.text
