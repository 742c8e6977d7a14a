"""OSC 52, bare and wrapped."""

from __future__ import annotations

import base64

import pytest

from widgets.clipboard import LONGEST, copy_sequence
from widgets.driver.canvas import Canvas

COPIED = base64.b64encode("李四".encode()).decode()


def test_text_is_copied_as_utf_8() -> None:
    assert copy_sequence("李四", {}) == f"\x1b]52;c;{COPIED}\x07"


@pytest.mark.parametrize("environment", [{"TMUX": "/tmp/tmux-0/default,1,0"}, {"TERM": "tmux-256color"}])
def test_within_tmux_it_goes_to_tmux_and_past_it(environment: dict[str, str]) -> None:
    assert copy_sequence("李四", environment) == (f"\x1b]52;c;{COPIED}\x07\x1bPtmux;\x1b\x1b]52;c;{COPIED}\x07\x1b\\")


def test_within_screen_it_goes_in_pieces() -> None:
    text = "x" * 1000
    sequence = copy_sequence(text, {"STY": "1.pts-0", "TERM": "screen-256color"})
    pieces = sequence.removeprefix("\x1bP").removesuffix("\x1b\\").split("\x1b\\\x1bP")
    assert len(pieces) > 1
    assert max(map(len, pieces)) <= 240
    assert "".join(pieces) == f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\x07"


def test_a_screen_terminal_at_the_other_end_of_ssh_may_be_screen_or_tmux() -> None:
    bare = "\x1b]52;c;YQ==\x07"
    assert copy_sequence("a", {"TERM": "screen-256color"}) == f"\x1bP{bare}\x1b\\{bare}"


def test_more_than_terminals_take_is_refused() -> None:
    longest = LONGEST // 4 * 3
    assert len(copy_sequence("x" * longest, {})) > longest
    with pytest.raises(ValueError, match="clipboard"):
        copy_sequence("x" * (longest + 3), {})


@pytest.mark.parametrize("environment", [{}, {"TMUX": "1"}, {"STY": "1"}, {"TERM": "screen"}])
def test_copying_costs_no_repaint(environment: dict[str, str]) -> None:
    canvas = Canvas(4, 20, erases_in_colour=True)
    canvas.write("\x1b[1;1Hname\x1b[1;1H")
    canvas.flush()
    sequence = copy_sequence("some text " * 100, environment)
    assert canvas.write(sequence) == sequence
    canvas.write("\x1b[1;1Hname\x1b[1;1H")
    assert canvas.flush() == ""
