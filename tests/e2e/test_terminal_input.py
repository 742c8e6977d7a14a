"""What the terminal sends on its own, late and in pieces, is never typed, in the list and in a form."""

from __future__ import annotations

import time

from tests.e2e.conftest import Open
from tests.e2e.terminal import Terminal
from tests.pace import slow
from tests.widgets.driver.test_key_reader import ANSWERS

TEXTS = {name: answer for name, answer in ANSWERS.items() if not name.startswith("raw")}

CUT_LATE = ["\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\", "\x1b[?62;1;2;22c", "\x1bP>|XTerm(354)\x1b\\", "\x1b_Gi=31;OK\x1b\\"]

GAP = 0.3
"""Seconds that a line stalls, three times what an Escape waits."""


def send_late(terminal: Terminal, answer: str, place: int) -> None:
    terminal.press(answer[:place])
    time.sleep(GAP)  # the terminal's own pause: there is nothing to wait for
    terminal.press(answer[place:])


def test_late_answers_of_the_terminal_open_no_form_and_turn_no_page(open_desk: Open) -> None:
    terminal = open_desk()
    terminal.wait_for("1–100 of 5,000")
    terminal.wait_for("▌ 李四 +张总")
    terminal.press(*TEXTS.values())
    for answer in CUT_LATE:
        send_late(terminal, answer, 2)
        send_late(terminal, answer, 1)
        send_late(terminal, answer, len(answer) - 1)
    terminal.press("j")
    terminal.wait_for("▌ 王五")
    terminal.wait_for("1–100 of 5,000 · all")
    terminal.press("k")
    terminal.wait_for("▌ 李四 +张总")


@slow
def test_late_answers_of_the_terminal_type_nothing_into_a_form(open_desk: Open) -> None:
    terminal = open_desk()
    terminal.wait_for("▌ 李四 +张总")
    terminal.press("r", *TEXTS.values())  # while the form is opening
    terminal.wait_for("Remark on 李四")
    terminal.press(*TEXTS.values())
    for answer in CUT_LATE:
        send_late(terminal, answer, 2)
        send_late(terminal, answer, len(answer) - 1)
    terminal.press("x")
    terminal.wait_for("Remark +张总x +3/20")
    terminal.press("escape")
    terminal.wait_for("What you typed is kept as a draft")


EARLY = [answer for answer in TEXTS.values() if answer.isascii()]
"""A terminal that nobody has set up yet shows what is typed; the one of these tests cannot show C1 controls."""


@slow
def test_answers_that_come_before_textual_runs_are_no_keys(open_desk: Open) -> None:
    terminal = open_desk()
    terminal.press("]11;rgb:1e1e/1e1e/1e1e\x1b\\", *EARLY)
    terminal.wait_for("1–100 of 5,000 · all")
    terminal.press("j")
    terminal.wait_for("▌ 王五")


def test_a_paste_is_one_text_and_no_command(open_desk: Open) -> None:
    terminal = open_desk()
    terminal.wait_for("▌ 李四 +张总")
    terminal.press("\x1b[200~rqd\x1b[B\r\x1b[201~")
    terminal.press("j")
    terminal.wait_for("▌ 王五")
    terminal.press("k", "r")
    terminal.wait_for("Remark on 李四")
    terminal.press("\x1b[200~a\x1b\x1b[Db\x1b]11;c\x07\r\nd\x00e\x1b[20")
    time.sleep(GAP)
    terminal.press("1~f")
    terminal.wait_for(r"Remark +张总a\[Db\]11;c def")


def test_escape_then_a_key_is_both(open_desk: Open) -> None:
    terminal = open_desk()
    terminal.wait_for("▌ 李四 +张总")
    terminal.press("r")
    terminal.wait_for("Remark on 李四")
    pressed = time.monotonic()
    terminal.press("escape")
    terminal.wait_until_gone("Remark on 李四")
    assert time.monotonic() - pressed < 5.0
    terminal.press("j")
    terminal.wait_for("▌ 王五")
    terminal.press("\x1b")
    time.sleep(0.02)
    terminal.press("[A")
    terminal.wait_for("▌ 李四 +张总")
