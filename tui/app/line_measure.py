"""The line to the terminal, measured through the terminal: it is asked where its cursor is, and answers as keys come.

The terminal is as it was afterwards, whatever happens, and no answer that comes late is typed into a shell.
"""

from __future__ import annotations

import cmath
import math
import os
import re
import select
import termios
import time
import tty
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from statistics import median

ASK = b"\x1b[6n"
"""Asks a terminal for its cursor's place (DSR); ECMA-48 has it, and every terminal answers."""

_ANSWER = re.compile(rb"\x1b\[\d+(?:;\d+)*R")

PATIENCE = 3.0
"""Seconds to wait for one answer."""

LONGEST = 12.0
"""Seconds that all of it may take."""

ROUNDS = 24
"""Questions: enough to tell a beat in the answers from chance."""

BEAT = 0.020
"""Seconds between the packets of an SSH client that hides when keys are pressed (ObscureKeystrokeTiming's own)."""

CERTAIN = 0.75
"""How well the answers keep the beat, from 0 to 1, to be taken for kept: of 24 at random one in a million does."""

MOST_BYTES = 256 * 1024
"""Sent at most to measure how much gets through: a picture of a whole screen is a hundredth of it."""

ENOUGH = 0.4
"""Seconds of sending from which on a throughput can be told from the round trip."""

_ENTER, _LEAVE = b"\x1b[?1049h\x1b[H", b"\x1b[?1049l"
"""The other screen, on which what is sent to be measured leaves no trace."""


@dataclass(frozen=True, slots=True)
class LineMeasure:
    """What was measured. Times are in seconds."""

    trips: tuple[float, ...]
    """From each question to its answer; none where the terminal gave none."""
    on_beat: float
    """How well the answers kept the beat of an SSH client that hides when keys are pressed, from 0 to 1."""
    bytes_per_second: float | None
    """What gets through to the terminal; None where it takes more than could be measured."""

    @property
    def trip(self) -> float:
        """The median of the round trips."""
        return median(self.trips)

    @property
    def is_obscured(self) -> bool:
        """Whether the client holds keys back to hide when they were pressed."""
        return len(self.trips) >= ROUNDS // 2 and self.on_beat >= CERTAIN


def measure(descriptor: int) -> LineMeasure:
    """Measure the line to the terminal at `descriptor`, which can be read and written; at most `LONGEST` seconds.

    Raises: OSError where the terminal is gone; KeyboardInterrupt.
    """
    end = time.monotonic() + LONGEST
    with _raw(descriptor):
        asker = _Asker(descriptor, end)
        trips, arrivals = asker.ask_often()
        throughput = asker.throughput(median(trips)) if trips else None
    return LineMeasure(tuple(trips), beat_kept(arrivals), throughput)


def beat_kept(moments: Sequence[float], beat: float = BEAT) -> float:
    """Return how well `moments` (seconds) keep a `beat`: 1 for all at the same point of it, near 0 for any."""
    if not moments:
        return 0.0
    return abs(sum(cmath.exp(2j * math.pi * (moment % beat) / beat) for moment in moments)) / len(moments)


class _Asker:
    """Asks the terminal at `descriptor`, until `end` by the monotonic clock."""

    def __init__(self, descriptor: int, end: float) -> None:
        self._descriptor = descriptor
        self._end = end
        self._read = b""

    def ask_often(self) -> tuple[list[float], list[float]]:
        """Return how long each answer took, and when it came; none where the first one is not answered."""
        random = Random(1)  # noqa: S311  # questions out of step with any beat, the same ones every time
        trips, arrivals = [], []
        for _round in range(ROUNDS):
            self._rest(random.uniform(0.001, 2 * BEAT))
            begun = time.monotonic()
            self._write(ASK)
            if not self._answered():
                break
            now = time.monotonic()
            trips.append(now - begun)
            arrivals.append(now)
        return trips, arrivals

    def throughput(self, trip: float) -> float | None:
        """Return how many bytes a second get through; None where it is more than can be told from the `trip`."""
        size, found = 4096, None
        self._write(_ENTER)
        try:
            while size <= MOST_BYTES and time.monotonic() < self._end - PATIENCE:
                begun = time.monotonic()
                if not self._write(_noise(size) + ASK) or not self._answered():
                    break
                took = time.monotonic() - begun
                if took > 2 * trip:  # else it is the trip that was measured
                    found = size / max(took - trip, 1e-6)
                if took > max(ENOUGH, 3 * trip):
                    break
                size *= 4
        finally:
            self._write(_LEAVE)
        return found

    def _rest(self, seconds: float) -> None:
        """Let `seconds` pass; what is typed meanwhile is no answer."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if select.select([self._descriptor], [], [], left)[0]:
                os.read(self._descriptor, 4096)

    def _answered(self) -> bool:
        """Wait for an answer; keys that are typed meanwhile are passed over."""
        end = min(time.monotonic() + PATIENCE, self._end)
        self._read = b""
        while (left := end - time.monotonic()) > 0:
            if select.select([self._descriptor], [], [], left)[0]:
                found = os.read(self._descriptor, 4096)
                if not found:
                    return False
                self._read += found
                if _ANSWER.search(self._read):
                    return True
        return False

    def _write(self, content: bytes) -> bool:
        """Write all of `content`, unless the line takes none of it for too long."""
        while content:
            left = self._end - time.monotonic()
            if left <= 0 or not select.select([], [self._descriptor], [], min(PATIENCE, left))[1]:
                return False
            try:
                content = content[os.write(self._descriptor, content[:4096]) :]
            except BlockingIOError:
                continue
        return True


def _noise(size: int) -> bytes:
    """Return letters that no line compresses to nothing, `size` of them, on lines of a terminal's width."""
    random = Random(size)  # noqa: S311
    letters = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-"
    line = 80
    return b"".join(bytes(random.choices(letters, k=line - 2)) + b"\r\n" for _ in range(size // line + 1))[:size]


@contextmanager
def _raw(descriptor: int) -> Iterator[None]:
    """Have the terminal give every byte at once and echo none; Ctrl-C still ends, Ctrl-Z waits until it is set back."""
    before = termios.tcgetattr(descriptor)
    blocking = os.get_blocking(descriptor)
    try:
        tty.setcbreak(descriptor, termios.TCSAFLUSH)
        wanted = termios.tcgetattr(descriptor)
        wanted[6][termios.VSUSP] = b"\0"
        termios.tcsetattr(descriptor, termios.TCSANOW, wanted)
        os.set_blocking(descriptor, False)
        yield
    finally:
        os.set_blocking(descriptor, blocking)
        # What the terminal still answers is thrown away with all that was typed.
        termios.tcsetattr(descriptor, termios.TCSAFLUSH, before)
