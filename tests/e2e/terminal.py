"""A pseudo-terminal with a program in it, read by a terminal emulator."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType

from tests.e2e.screen import Reader, Screen

KEYS = {
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "enter": "\r",
    "tab": "\t",
    "backtab": "\x1b[Z",
    "escape": "\x1b",
    "space": " ",
    "backspace": "\x7f",
    **{f"ctrl+{letter}": chr(ord(letter) - 96) for letter in "abcdefghijklmnopqrstuvwxyz"},
}
"""What a terminal sends for the keys that are not a character."""

PATIENCE = 60.0
"""Seconds to wait for what must come: long enough for a busy machine, as a wait ends when the thing is there."""

ESCAPED = 5.0
"""Seconds to wait for what Escape draws: it may draw nothing."""


class Terminal:
    """`command` on a pseudo-terminal of `columns` × `rows`; a context manager that ends it by its process id."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], *, columns: int = 120, rows: int = 36) -> None:
        self.screen = Screen(columns, rows)
        self._reader = Reader(self.screen)
        self.raw = bytearray()
        """Every byte that the program wrote."""
        self._escaped_at: int | None = None
        """How much was written when Escape was pressed last; None once another key was."""
        self.exit_code: int | None = None
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            self._become(command, env, columns, rows)
        os.set_inheritable(self._fd, False)  # else the next program would hold the other end of this one's terminal
        self._set_size(columns, rows)

    @staticmethod
    def _become(command: Sequence[str], env: Mapping[str, str], columns: int, rows: int) -> None:
        try:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execvpe(command[0], list(command), dict(env))
        finally:
            os._exit(127)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            print("\n".join(self.lines))
        self.end()

    # What is on the screen

    @property
    def lines(self) -> list[str]:
        """The screen, line by line, without the blanks at the ends."""
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    def wait_for(self, pattern: str, *, timeout: float = PATIENCE) -> re.Match[str]:
        """Read until the screen matches `pattern`."""
        match = self._wait(lambda: re.search(pattern, self.text), timeout)
        assert match is not None, f"never saw {pattern!r} on\n{self.text}"
        return match

    def wait_until_gone(self, pattern: str, *, timeout: float = PATIENCE) -> None:
        """Read until the screen no longer matches `pattern`."""
        gone = self._wait(lambda: re.search(pattern, self.text) is None, timeout)
        assert gone, f"still {pattern!r} on\n{self.text}"

    def _wait(self, look: Callable[[], object], timeout: float) -> re.Match[str] | None:
        end = time.monotonic() + timeout
        while not (found := look()):
            left = end - time.monotonic()
            if left <= 0 or not self._read(left):
                break
        return found or look()  # type: ignore[return-value]  # the callers know what they look for

    def read_for(self, seconds: float) -> bytes:
        """Everything that the program writes within `seconds`: for proving that it writes nothing."""
        before, end = len(self.raw), time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and self._read(left):
            pass
        return bytes(self.raw[before:])

    def _read(self, timeout: float) -> bool:
        """Read one chunk; False when the program has ended, or its window is closed."""
        if self._fd < 0:
            return False
        ready, _, _ = select.select([self._fd], [], [], timeout)
        if not ready:
            return True
        try:
            chunk = os.read(self._fd, 65536)
        except OSError:  # how Linux tells that the other end of a pseudo-terminal is closed
            return False
        self.raw += chunk
        self._reader.feed(chunk)
        return bool(chunk)

    # What a person does

    def press(self, *keys: str) -> None:
        """Press `keys` one after the other: names of `KEYS`, or text to type.

        A key that follows Escape waits until the program has drawn something: a program that reads the two at once, as
        on a busy machine, takes them for alt and the key.
        """
        for key in keys:
            if self._escaped_at is not None:
                since, self._escaped_at = self._escaped_at, None
                self._wait(lambda since=since: len(self.raw) > since, ESCAPED)  # type: ignore[misc]
            os.write(self._fd, KEYS.get(key, key).encode())
            if key == "escape":
                self._escaped_at = len(self.raw)

    def resize(self, columns: int, rows: int) -> None:
        """Make the window another size, as a terminal does: the program is told by a signal."""
        self.screen.resize(rows, columns)
        self._set_size(columns, rows)

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    # Its end

    def wait_for_exit(self, *, timeout: float = PATIENCE) -> int:
        """Read until the program ends by itself; its exit code."""
        end = time.monotonic() + timeout
        while self._read(max(0.0, end - time.monotonic())):
            assert time.monotonic() < end, f"it goes on with\n{self.text}"
        return self._reap()

    def _reap(self) -> int:
        if self.exit_code is None:
            _, status = os.waitpid(self.pid, 0)
            self.exit_code = os.waitstatus_to_exitcode(status)
        return self.exit_code

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        os.kill(self.pid, number)

    def inherit(self) -> None:
        """Let the programs that are started from here on be born with the other end of this terminal."""
        os.set_inheritable(self._fd, True)

    def close_window(self) -> None:
        """Close the terminal, as a line that drops does."""
        os.close(self._fd)
        self._fd = -1

    def has_ended(self) -> bool:
        """Whether the program has ended; then its exit code is known."""
        if self.exit_code is None and os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None:
            self._reap()
        return self.exit_code is not None

    def hang_up(self, *, timeout: float = PATIENCE) -> int:
        """Close the terminal, and wait until the program ends; its exit code."""
        self.close_window()
        end = time.monotonic() + timeout
        while not self.has_ended():
            assert time.monotonic() < end, "it goes on without a terminal"
            time.sleep(0.01)
        return self._reap()

    def end(self) -> None:
        """End the program if it still runs, and close the terminal."""
        if self.exit_code is None:
            if os.waitpid(self.pid, os.WNOHANG)[0] == 0:
                os.kill(self.pid, signal.SIGKILL)
                self._reap()
            else:
                self.exit_code = 0
        if self._fd >= 0:
            os.close(self._fd)
