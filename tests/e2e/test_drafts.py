"""What is typed into a form is there again, however the desk came to its end."""

from __future__ import annotations

import json
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from tests.e2e import working
from tests.e2e.conftest import Open
from tests.e2e.terminal import PATIENCE, Terminal
from tests.pace import first_is_fast, slow
from tui.screens.forms.drafts import KEEP_AFTER

TEXT: Final = "half a sentence"
"""What is typed: no more than 20 characters, which is what a remark takes."""

READY: Final = r"1–100 of [^\n]* 李四 [\s\S]*▌ 李四"
"""The list is there, and beside it its first customer."""

AT_ONCE: Final = 1.0
"""Seconds in which what was typed is on disk, whatever happens."""


class Form(NamedTuple):
    """A form: where it is, what opens it, what it is called, and its first field, which is typed into."""

    name: str
    profile: str
    keys: tuple[str, ...]
    heading: str
    label: str
    field: str
    kept: str = ""
    """The profile whose draft it is, where that is another."""
    before_last: str = ""
    """What is on the screen before the last of the keys is pressed."""

    @property
    def keeper(self) -> str:
        """The profile whose draft it is."""
        return self.kept or self.profile


FORMS: Final = (
    Form("edit", "demo-useasy", ("e",), "Edit 李四", "客户名字", "name"),
    Form("create", "demo-useasy", ("c",), "Create a customer", "客户名字", "name"),
    Form("remark", "demo-juzi", ("r",), "Remark on 李四", "Remark", "remark"),
    Form("follow", "demo-juzi", ("f",), "Follow up 李四", "Follow-up", "text.1"),
)

OTHERS: Final = (
    Form("edit", "demo-juzi", ("e",), "Edit 李四", "客户名字", "name", kept="demo-useasy"),
    Form("remark", "demo-juzi", ("space", "r"), "Remark on 1 marked customer", "Remark", "remark"),
    Form("follow", "demo-juzi", ("space", "f"), "Follow up 1 marked customer", "Follow-up", "text.1"),
    Form(
        "create",
        "demo-juzi",
        (*"jjjj", "enter", "C"),
        "Create 欧阳雪莹 at demo-useasy",
        "客户名字",
        "name",
        kept="demo-useasy",
        before_last="demo-useasy .*nobody there",  # until the linked profiles have answered, `C` has to wait for them
    ),
)
"""Forms about a linked profile's record, about all that are marked, and about a record that is missing elsewhere."""


def _called(form: Form) -> str:
    return " ".join((*form.keys, form.keeper))


Rows = Callable[[str, str], list[tuple[Any, ...]]]


@pytest.fixture
def rows(data_dir: Path) -> Rows:
    """Reads a profile's file past the desk: `rows("demo-juzi", "SELECT …")`."""

    def read(profile: str, statement: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(data_dir / "profiles" / f"{profile}.db", timeout=10)) as connection:
            return connection.execute(statement).fetchall()

    return read


def drafted(rows: Rows, form: Form) -> object:
    """What is kept of the form's field; None where nothing is."""
    found = rows(form.keeper, 'SELECT form, "values" FROM drafts')
    assert all(name == form.name for name, _ in found)
    return json.loads(found[0][1]).get(form.field) if found else None


def opened(open_desk: Open, form: Form) -> Terminal:
    """A desk with the customer 李四 on the screen."""
    terminal = open_desk("--profile", form.profile)
    terminal.wait_for(READY)
    return terminal


def press_keys(terminal: Terminal, form: Form) -> None:
    """Press what opens the form."""
    terminal.press(*form.keys[:-1])
    terminal.wait_for(form.before_last)
    terminal.press(form.keys[-1])


def typed(open_desk: Open, form: Form) -> Terminal:
    """A desk with `form` open, and `TEXT` in its field."""
    terminal = opened(open_desk, form)
    press_keys(terminal, form)
    terminal.wait_for(form.heading)
    working.type_into(terminal, form.label, TEXT, anew=True)
    return terminal


def assert_restored(terminal: Terminal) -> None:
    """The terminal is as it was, and nothing of the program's insides is on it."""
    written = bytes(terminal.raw)
    assert written.rindex(b"\x1b[?1049l") > written.rindex(b"\x1b[?1049h")
    assert written.rindex(b"\x1b[?25h") > written.rindex(b"\x1b[?25l")
    assert b"Traceback" not in written


@slow
@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM], ids=["SIGHUP", "SIGTERM"])
@pytest.mark.parametrize("form", [*FORMS, *OTHERS], ids=_called)
def test_a_signal_in_the_middle_of_a_form_keeps_what_was_typed(
    open_desk: Open, rows: Rows, form: Form, number: signal.Signals
) -> None:
    terminal = typed(open_desk, form)
    terminal.send_signal(number)
    assert terminal.wait_for_exit() == 128 + number
    assert_restored(terminal)
    assert drafted(rows, form) == TEXT
    assert rows(form.profile, "SELECT * FROM changes") == []


@slow
@pytest.mark.parametrize("form", [*FORMS, *OTHERS], ids=_called)
def test_a_line_that_drops_in_the_middle_of_a_form_keeps_what_was_typed(
    open_desk: Open, rows: Rows, form: Form
) -> None:
    assert typed(open_desk, form).hang_up() == 128 + signal.SIGHUP
    assert drafted(rows, form) == TEXT


@pytest.mark.parametrize("form", first_is_fast([*FORMS, *OTHERS]), ids=_called)
def test_what_was_typed_a_second_ago_outlives_a_kill_and_is_offered_again(
    open_desk: Open, rows: Rows, form: Form
) -> None:
    terminal = typed(open_desk, form)
    assert KEEP_AFTER < AT_ONCE
    since = time.monotonic()
    while drafted(rows, form) != TEXT:
        assert time.monotonic() - since < PATIENCE
        terminal.read_for(0.02)
    terminal.send_signal(signal.SIGKILL)
    assert terminal.wait_for_exit() == -signal.SIGKILL

    again = opened(open_desk, form)
    press_keys(again, form)
    again.wait_for(rf"You typed into this form [\s\S]*{form.label}: .*{TEXT}")
    again.press("y")
    again.wait_for(form.heading)
    again.wait_for(TEXT)
    again.press("ctrl+q")
    again.wait_for("What you typed is kept as a draft")
    assert drafted(rows, form) == TEXT


@slow
def test_a_draft_is_shown_next_to_what_is_there_now_and_what_was_there_then(
    open_desk: Open, rows: Rows, data_dir: Path
) -> None:
    form = FORMS[2]
    terminal = typed(open_desk, form)
    terminal.press("ctrl+q")
    terminal.wait_for("What you typed is kept as a draft")
    with closing(sqlite3.connect(data_dir / "sandbox.db")) as connection, connection:
        connection.execute("UPDATE juzi_follow_user SET remark = '张总 2' WHERE customer = 1 AND user_id = 'rocky'")
    terminal.press("R")
    terminal.wait_for("▌ 李四 +张总 2")
    terminal.press("enter")
    terminal.wait_for(r"张三 rocky · 张总 2")
    terminal.press("r")
    terminal.wait_for(rf"Remark: 张总 2 → {TEXT}[\s\S]*it was 张总 when you typed")


@slow
def test_a_draft_goes_when_it_is_thrown_away_on_purpose_and_not_when_the_offer_is_left(
    open_desk: Open, rows: Rows
) -> None:
    form = FORMS[2]
    terminal = typed(open_desk, form)
    terminal.press("escape")
    terminal.wait_for("What you typed is kept as a draft")
    terminal.press("r")
    terminal.wait_for("A draft is kept")
    terminal.press("escape")
    terminal.wait_until_gone("A draft is kept")
    assert drafted(rows, form) == TEXT
    terminal.press("r")
    terminal.wait_for("A draft is kept")
    terminal.press("n")
    terminal.wait_for("Remark on 李四")
    terminal.wait_until_gone(TEXT)
    assert drafted(rows, form) is None


@slow
def test_leaving_the_desk_with_something_typed_asks_first(open_desk: Open, rows: Rows) -> None:
    form = FORMS[3]
    terminal = typed(open_desk, form)
    terminal.press("ctrl+q")
    terminal.wait_for("What you typed is kept as a draft")
    terminal.press("q")
    terminal.wait_for("1 draft is kept")
    terminal.press("n")
    terminal.wait_until_gone("1 draft is kept")
    working.quit_desk(terminal, with_drafts=True)
    assert drafted(rows, form) == TEXT


@slow
def test_what_is_sent_is_no_draft_any_more(open_desk: Open, rows: Rows) -> None:
    form = FORMS[3]
    terminal = typed(open_desk, form)
    terminal.press("ctrl+s")
    terminal.wait_for("✓ Follow-up on 李四 sent")
    assert drafted(rows, form) is None
    assert rows(form.profile, "SELECT state FROM changes") == [("sent",)]
