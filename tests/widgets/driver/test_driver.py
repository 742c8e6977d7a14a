"""A real Textual program on a real pseudo-terminal, with the driver and with Textual's own."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from textual import events
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from tests.pace import slow
from tests.widgets.driver.terminal import Terminal
from widgets.driver.cell_driver import CellDriver, driver_class
from widgets.driver.terminfo import erases_in_colour

HEIGHT, WIDTH = 36, 120
ROOT: Final = Path(__file__).parents[3]
PATIENCE: Final = 30.0
"""Seconds after which a program that does not answer has failed; far more than any machine takes."""

F5, F6, F7 = "\x1b[15~", "\x1b[17~", "\x1b[18~"
DOWN, UP, PAGE_DOWN, LAST, SHIFT_TAB = "\x1b[B", "\x1b[A", "\x1b[6~", "\x1b[1;5F", "\x1b[Z"
UNFINISHED: Final = re.compile(r"\x1b(\[[0-?]*[ -/]*|\][^\x07]*|)$")
"""The beginning of a sequence whose rest was not read yet."""

MARK: Final = re.compile(r"\x1b\]2;mark (\d+)\x07")


class Session:
    """The test program in a terminal."""

    def __init__(self, driver: str) -> None:
        self.terminal = Terminal(HEIGHT, WIDTH)
        self.marks = 0
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TEXTUAL")},
            "TERM": "xterm-256color",
            "COLORTERM": "",
            "LC_ALL": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            "TEXTUAL_ANIMATIONS": "none",
        }
        for name in ("COLUMNS", "LINES", "NO_COLOR", "COV_CORE_SOURCE"):
            environment.pop(name, None)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
            os.execve(sys.executable, [sys.executable, "-m", "tests.widgets.driver.program", driver], environment)

    def read(self) -> str:
        """The next piece of output, which the terminal reads too."""
        ready, _, _ = select.select([self.fd], [], [], PATIENCE)
        assert ready, "the program does not answer"
        data = os.read(self.fd, 1 << 16)
        while True:
            try:
                text = data.decode()
                break
            except UnicodeDecodeError:
                data += os.read(self.fd, 1)
        while UNFINISHED.search(text):  # a pseudo-terminal hands out 4,096 bytes, wherever a sequence stands
            text += os.read(self.fd, 1).decode("ascii")
        self.terminal.read(text)
        return text

    def until(self, pattern: str) -> str:
        """All output up to what matches `pattern`."""
        text = ""
        while not re.search(pattern, text, re.DOTALL):
            text += self.read()
        return text

    def press(self, *keys: str) -> str:
        """What the program answers `keys` with, once all of it is drawn: nothing more comes before the mark after."""
        answer = self._marked(*keys)
        while keys and (more := self._marked()):
            answer += more
        return answer

    def _marked(self, *keys: str) -> str:
        self.marks += 1
        os.write(self.fd, "".join([*keys, F5]).encode())
        return MARK.sub("", self.until(rf"\x1b\]2;mark {self.marks}\x07"))

    def settle(self, pattern: str) -> None:
        """Read until `pattern` was drawn and nothing follows that was not asked for."""
        self.until(pattern)
        while self.press():
            pass

    def resize(self, height: int, width: int) -> None:
        """Give the terminal a new size, and read until the program has drawn itself anew."""
        self.terminal.resize(height, width)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self.settle("客户")

    def stop(self) -> None:
        """Suspend the program, as a shell's ctrl+z does, until it has stopped."""
        os.kill(self.pid, signal.SIGTSTP)
        _, status = os.waitpid(self.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)

    def woken(self) -> int:
        """How often the program's threads gave the processor back, so far: each had woken before. 0 without /proc."""
        threads = Path(f"/proc/{self.pid}/task").glob("*/status")
        return sum(
            int(n) for thread in threads for n in re.findall(r"\nvoluntary_ctxt_switches:\s*(\d+)", thread.read_text())
        )

    def close(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


@pytest.fixture
def cells() -> Iterator[Session]:
    session = Session("cells")
    session.settle("客户9")
    yield session
    session.close()


@pytest.fixture
def plain() -> Iterator[Session]:
    session = Session("plain")
    session.settle("客户9")
    yield session
    session.close()


def test_every_step_shows_the_same_for_fewer_bytes(cells: Session, plain: Session) -> None:
    # Bytes at most for each step: real, with a little room.
    steps = {
        "a row down": ([DOWN], 200),
        "a page down": ([PAGE_DOWN], 2000),
        "a dialogue over wide characters": ([F6], 6000),
        "the dialogue closed": ([F6], 6000),
        "the last row": ([LAST], 2500),
        "a row up": ([UP], 300),
        "rows up, past the first on the screen": ([UP] * 40, 12000),
        "the input": ([SHIFT_TAB], 3500),
        "a letter": (["a"], 40),
        "a wide letter": (["客"], 40),
        "all again": ([F7], 12000),
        "nothing": ([], 0),
    }
    assert not cells.terminal.differences(plain.terminal)
    for step, (keys, limit) in steps.items():
        sent, plainly = cells.press(*keys), plain.press(*keys)
        assert not cells.terminal.differences(plain.terminal), step
        assert len(sent.encode()) <= limit, step
        assert len(sent) <= len(plainly), step


@slow
def test_a_new_size_is_drawn_in_full(cells: Session, plain: Session) -> None:
    for height, width in ((24, 80), (40, 130)):
        cells.resize(height, width)
        plain.resize(height, width)
        assert not cells.terminal.differences(plain.terminal)


def test_a_program_that_comes_back_draws_all_that_it_showed(cells: Session) -> None:
    cells.press(PAGE_DOWN)
    shown = cells.terminal.seen()
    cells.stop()
    cells.until(r"\x1b\[\?1049l")
    assert "客户" not in "".join(cells.terminal.text())
    os.kill(cells.pid, signal.SIGCONT)
    cells.settle("客户")
    assert cells.terminal.seen() == shown
    cells.press(DOWN)
    assert cells.terminal.seen() != shown


def test_an_idle_program_sends_nothing_and_sleeps(cells: Session) -> None:
    for settled in (False, True):  # it may be on its way to sleep yet
        woken = cells.woken()
        ready, _, _ = select.select([cells.fd], [], [], 0.5)
        assert not ready
        assert cells.woken() == woken or not settled


def test_drivers_have_names(monkeypatch: pytest.MonkeyPatch) -> None:
    assert driver_class(None) is driver_class("") is driver_class("cells") is CellDriver
    assert driver_class("plain") is None
    assert issubclass(CellDriver, LinuxDriver)
    with pytest.raises(ValueError, match="'plain'"):
        driver_class("plane")


@pytest.mark.parametrize(
    ("term", "erases"),
    [
        ("xterm-256color", True),
        ("xterm-kitty", True),
        ("linux", True),
        ("screen-256color", False),
        ("tmux", False),
        ("", False),
    ],
)
def test_colour_is_erased_only_where_the_terminal_can(term: str, erases: bool) -> None:
    assert erases_in_colour(term) is erases


async def test_a_key_is_in_the_apps_queue_at_once_and_from_any_thread() -> None:
    heard: list[str] = []

    class Listening(App[None]):
        def on_key(self, event: events.Key) -> None:
            heard.append(event.key)

    app = Listening()
    async with app.run_test() as pilot:
        driver = CellDriver(app)
        waiting = app.message_queue_size
        driver.send_message(events.Key("x", "x"))
        assert app.message_queue_size == waiting + 1
        await asyncio.to_thread(driver.send_message, events.Key("y", "y"))
        await pilot.pause()
        assert heard == ["x", "y"]
