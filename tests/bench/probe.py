"""A program on a pseudo-terminal, measured from outside, the way a person at a slow line feels it.

`Terminal`, `memory` and `cpu` are those of `../shared/tools/ttyprobe.py` where that file is there, and equivalents of
our own where it is not. Linux alone: they read /proc.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.e2e.screen import Reader, Screen

SHARED: Final = Path(__file__).parents[3] / "shared" / "tools" / "ttyprobe.py"
"""The tool that measures other programs the same way."""

ROWS: Final = 36
COLUMNS: Final = 120

START_TIMEOUT: Final = 60.0
"""Seconds in which a program must be there."""

KEY_TIMEOUT: Final = 2.0
"""Seconds in which a key must be answered."""

SETTLED: Final = 5.0
"""Seconds after which a program that never keeps still, such as one with a blinking cursor, is taken as it is."""

QUIET: Final = 0.06
"""Seconds without output after which a key is taken for answered."""

KEYS: Final = {
    "down": b"\x1b[B",
    "pagedown": b"\x1b[6~",
    "enter": b"\r",
}
"""What a terminal sends for the keys that are not a character."""

ESCAPES: Final = re.compile(
    rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX^_].*?\x1b\\|\x1b[ -/]*[0-~]", re.DOTALL
)


def plain(raw: bytes) -> str:
    """The text in `raw`, its escape sequences taken out."""
    return ESCAPES.sub(b"", raw).decode("utf-8", "replace")


class OwnTerminal:
    """`command` on a pseudo-terminal, with a clock on every chunk that it writes."""

    def __init__(self, command: Sequence[str], rows: int, cols: int, env: Mapping[str, str]) -> None:
        self.started = time.perf_counter()
        self.pid, self.fd = pty.fork()
        size = struct.pack("HHHH", rows, cols, 0, 0)
        if self.pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, size)
                os.execvpe(command[0], list(command), dict(env))
            finally:
                os._exit(127)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, size)
        self.alive = True

    def read(self, timeout: float) -> tuple[float, bytes]:
        """When the next chunk came, and the chunk; an empty one on time-out and at the end."""
        ready, _, _ = select.select([self.fd], [], [], max(timeout, 0))
        if not ready:
            return time.perf_counter(), b""
        try:
            chunk = os.read(self.fd, 65536)
        except OSError:  # how Linux tells that the other end of a pseudo-terminal is closed
            chunk = b""
        if not chunk:
            self.alive = False
        return time.perf_counter(), chunk

    def close(self) -> None:
        """End the program."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            os.kill(self.pid, number)
            end = time.perf_counter() + 2
            while time.perf_counter() < end:
                self.read(0.02)
                if os.waitpid(self.pid, os.WNOHANG)[0]:
                    os.close(self.fd)
                    return


def _tree(pid: int) -> list[int]:
    """`pid` and all processes below it."""
    children: dict[int, list[int]] = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        if fields := _stat(int(name)):
            children.setdefault(int(fields[1]), []).append(int(name))
    found, queue = [], [pid]
    while queue:
        found.append(queue.pop())
        queue += children.get(found[-1], [])
    return found


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the state on; none of a process that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def own_memory(pid: int) -> tuple[float, float]:
    """Resident and peak resident memory of `pid`'s tree, MiB."""
    sums = [0, 0]
    for one in _tree(pid):
        try:
            status = Path(f"/proc/{one}/status").read_text()
        except OSError:
            continue
        for index, field in enumerate(("VmRSS", "VmHWM")):
            if found := re.search(rf"{field}:\s+(\d+)", status):
                sums[index] += int(found[1])
    return sums[0] / 1024, sums[1] / 1024


def own_cpu(pid: int) -> float:
    """CPU seconds, user and system, that `pid`'s tree has used."""
    ticks = sum(int(fields[11]) + int(fields[12]) for one in _tree(pid) if (fields := _stat(one)))
    return ticks / os.sysconf("SC_CLK_TCK")


def _shared_tool() -> Any:
    """The shared tool as a module; None where it is not there."""
    spec = importlib.util.spec_from_file_location("ttyprobe", SHARED) if SHARED.exists() else None
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


_TOOL: Final = _shared_tool()

Terminal: type[OwnTerminal] = _TOOL.Terminal if _TOOL else OwnTerminal
memory = _TOOL.memory if _TOOL else own_memory
cpu = _TOOL.cpu if _TOOL else own_cpu


class Probe:
    """A program that has drawn what it was waited for."""

    def __init__(self, terminal: OwnTerminal, ready: str) -> None:
        self.terminal = terminal
        self._drawn = b""
        self._screen = Screen(COLUMNS, ROWS)
        self._reader = Reader(self._screen)
        self._unread = 0
        self.seconds = 0.0
        """From its start until it had written what it was waited for."""
        self.read_until(ready)

    def read_until(self, pattern: str) -> None:
        """Read until all that it has written matches `pattern`."""
        end = self.terminal.started + START_TIMEOUT
        while not re.search(pattern, plain(self._drawn)):
            self.seconds = self._read(end - time.perf_counter())[0] - self.terminal.started
            if not self.terminal.alive or time.perf_counter() > end:
                raise RuntimeError(f"{pattern!r} never came:\n{plain(self._drawn)[-800:]}")

    def _read(self, timeout: float) -> tuple[float, bytes]:
        when, chunk = self.terminal.read(timeout)
        self._drawn += chunk
        return when, chunk

    @property
    def screen(self) -> Screen:
        """What its terminal shows."""
        self._reader.feed(self._drawn[self._unread :])
        self._unread = len(self._drawn)
        return self._screen

    def type(self, key: str) -> None:
        """Press `key` and wait for nothing."""
        os.write(self.terminal.fd, KEYS.get(key, key.encode()))

    def settle(self, quiet: float = 0.7) -> int:
        """Read until nothing came for `quiet` seconds, or for `SETTLED` in all; the bytes that did."""
        end, before = time.perf_counter() + SETTLED, len(self._drawn)
        while self.terminal.alive and self._read(quiet)[1] and time.perf_counter() < end:
            pass
        return len(self._drawn) - before

    def wait_for(self, pattern: str) -> None:
        """Read until the screen matches `pattern`."""
        end = time.perf_counter() + START_TIMEOUT
        while not re.search(pattern, text := "\n".join(self.screen.display)):
            self._read(end - time.perf_counter())
            if not self.terminal.alive or time.perf_counter() > end:
                raise RuntimeError(f"{pattern!r} never came:\n{text}")

    def press(self, key: str) -> tuple[float, int]:
        """Milliseconds to the last byte that answers `key`, and how many bytes did."""
        sent, before = time.perf_counter(), len(self._drawn)
        self.type(key)
        when, chunk = self._read(KEY_TIMEOUT)
        last = when if chunk else sent
        while chunk:
            last = when
            when, chunk = self._read(QUIET)
        return (last - sent) * 1000, len(self._drawn) - before

    def hold(self, key: str, times: int, rate: float) -> int:
        """Press `key` so often, `rate` times a second, as a held key does; the bytes that answer."""
        began, before = time.perf_counter(), len(self._drawn)
        for count in range(1, times + 1):
            self.type(key)
            while (left := began + count / rate - time.perf_counter()) > 0 and self.terminal.alive:
                self._read(left)
        self.settle(QUIET)
        return len(self._drawn) - before

    def watch(self, seconds: float) -> tuple[int, float]:
        """Leave it alone for so long: the bytes that it writes, and the milliseconds of CPU time a second."""
        burned, end, before = cpu(self.terminal.pid), time.perf_counter() + seconds, len(self._drawn)
        while (left := end - time.perf_counter()) > 0 and self.terminal.alive:
            self._read(left)
        return len(self._drawn) - before, 1000 * (cpu(self.terminal.pid) - burned) / seconds

    @property
    def resident(self) -> float:
        """MiB that it holds in memory."""
        return float(memory(self.terminal.pid)[0])


@contextmanager
def running(command: Sequence[str], env: Mapping[str, str], ready: str) -> Iterator[Probe]:
    """`command` on a terminal, once it has written `ready` (a pattern); ended at the block's end."""
    terminal = Terminal(list(command), ROWS, COLUMNS, dict(env))
    try:
        yield Probe(terminal, ready)
    finally:
        terminal.close()
