"""A fault of the program itself: the terminal is given back, what was typed is kept, and no secret is shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e import working
from tests.e2e.terminal import Terminal
from tests.e2e.test_drafts import FORMS, READY, TEXT, Rows, assert_restored, drafted, rows
from tests.pace import first_is_fast

__all__ = ["rows"]

FAULTY = """
import sys
from tui.cli import main
from tui.screens.forms import drafts, remark
from tui.screens.main.list_pane import ListPane

def fail(self):
    token = "sandbox-juzi-token"
    raise ValueError("a token such as " + token)

async def fail_later(self):
    fail(self)

{place} = {how}
sys.exit(main([]))
"""
"""The program with a fault put into it that holds a token, in a variable and in its words."""

Open = Callable[[str, str], Terminal]


@pytest.fixture
def open_faulty(data_dir: Path) -> Iterator[Open]:
    """Opens terminals with a desk that has a fault at a place: `open_faulty("remark.RemarkDialog.typed", "fail")`."""
    with ExitStack() as stack:

        def open_faulty(place: str, how: str) -> Terminal:
            command = [sys.executable, "-c", FAULTY.format(place=place, how=how)]
            environ = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
            return stack.enter_context(Terminal(command, environ | {"KEHU_DATA_DIR": str(data_dir)}))

        yield open_faulty


@pytest.mark.parametrize(
    ("place", "how"),
    first_is_fast(
        [
            ("remark.RemarkDialog.action_send", "fail"),  # in a key
            ("drafts.DraftedDialog._keep", "fail_later"),  # in a timer
            ("remark.save_remark", "lambda *_, **__: fail(None)"),  # in a flow, once the form is closed
        ],
        several=True,
    ),
    ids=["key", "timer", "flow"],
)
def test_a_crash_keeps_what_was_typed_and_names_its_log(
    open_faulty: Open, rows: Rows, data_dir: Path, place: str, how: str
) -> None:
    form = FORMS[2]
    terminal = open_faulty(place, how)
    terminal.wait_for(READY)
    terminal.press("r")
    terminal.wait_for(form.heading)
    working.type_into(terminal, form.label, TEXT, anew=True)
    terminal.press("ctrl+s")
    assert terminal.wait_for_exit() == 70
    assert_restored(terminal)
    log = data_dir / "crash.log"
    told = "".join(terminal.text.split())
    assert "kehu:afaultinkehuitselfendedit(ValueError)" in told
    assert str(log) in told
    assert drafted(rows, form) == TEXT
    written = log.read_text()
    assert "builtins.ValueError\n" in written
    assert " in fail\n" in written
    assert "sandbox-juzi-token" not in written
    assert b"sandbox-juzi-token" not in terminal.raw
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_crash_before_the_first_customer_is_told_as_well(open_faulty: Open, data_dir: Path) -> None:
    terminal = open_faulty("ListPane.on_mount", "fail")
    assert terminal.wait_for_exit() == 70
    assert_restored(terminal)
    assert (data_dir / "crash.log").exists()
