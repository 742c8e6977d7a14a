"""The line to the terminal, measured through a pseudo-terminal whose other end answers late, seldom or never."""

from __future__ import annotations

import os
import pty
import select
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tui.app import line_measure
from tui.app.line_measure import ASK, BEAT, LineMeasure, beat_kept, measure


@contextmanager
def terminal(answer: Callable[[int], None]) -> Iterator[tuple[int, bytearray]]:
    """A pseudo-terminal whose `answer` to each question gets the master. Yields the slave, and what it was sent."""
    master, slave = pty.openpty()
    seen, stop = bytearray(), threading.Event()

    def run() -> None:
        while not stop.is_set():
            if select.select([master], [], [], 0.02)[0]:
                try:
                    found = os.read(master, 65536)
                except OSError:
                    return
                seen.extend(found)
                for _question in range(found.count(ASK)):
                    answer(master)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield slave, seen
    finally:
        stop.set()
        thread.join(5)
        while select.select([master], [], [], 0)[0]:
            seen.extend(os.read(master, 65536))
        os.close(master)
        os.close(slave)


def after(seconds: float) -> Callable[[int], None]:
    def answer(master: int) -> None:
        time.sleep(seconds)  # the line that is emulated
        os.write(master, b"\x1b[12;40R")

    return answer


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask less often than for a verdict on the beat."""
    monkeypatch.setattr(line_measure, "ROUNDS", 6)
    monkeypatch.setattr(line_measure, "MOST_BYTES", 16 * 1024)


@pytest.mark.usefixtures("few")
def test_a_line_that_is_slow_to_answer_is_measured_and_the_terminal_is_as_it_was() -> None:
    with terminal(after(0.03)) as (slave, seen):
        before = termios.tcgetattr(slave)
        found = measure(slave)
        assert termios.tcgetattr(slave) == before
        assert os.get_blocking(slave)
    assert len(found.trips) == 6
    assert 0.03 <= found.trip < 1
    sent = bytes(seen)
    assert sent.count(b"\x1b[?1049h") == sent.count(b"\x1b[?1049l") == 1
    assert sent.endswith(b"\x1b[?1049l")


@pytest.mark.usefixtures("few")
def test_a_terminal_that_does_not_answer_costs_a_moment_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_measure, "PATIENCE", 0.1)
    with terminal(lambda _master: None) as (slave, _seen):
        assert measure(slave) == LineMeasure((), 0.0, None)


@pytest.mark.usefixtures("few")
def test_an_answer_that_comes_too_late_is_not_typed_into_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_measure, "PATIENCE", 0.05)

    def half(master: int) -> None:
        os.write(master, b"\x1b[1;1")

    with terminal(half) as (slave, _seen):
        measure(slave)
        os.set_blocking(slave, False)
        with pytest.raises(BlockingIOError):
            os.read(slave, 100)


@pytest.mark.usefixtures("few")
def test_ctrl_c_while_it_measures_leaves_the_terminal_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: object, trip: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tui.app.line_measure._Asker.throughput", interrupted)
    with terminal(after(0)) as (slave, _seen):
        before = termios.tcgetattr(slave)
        with pytest.raises(KeyboardInterrupt):
            measure(slave)
        assert termios.tcgetattr(slave) == before


@pytest.mark.usefixtures("few")
def test_a_narrow_line_is_told_by_what_gets_through() -> None:
    master, slave = pty.openpty()
    stop = threading.Event()

    def read_slowly() -> None:
        while not stop.is_set():
            if select.select([master], [], [], 0.02)[0]:
                found = os.read(master, 1024)
                time.sleep(len(found) / 40_000)
                for _question in range(found.count(ASK)):
                    os.write(master, b"\x1b[1;1R")

    thread = threading.Thread(target=read_slowly, daemon=True)
    thread.start()
    try:
        found = measure(slave)
    finally:
        stop.set()
        thread.join(5)
        os.close(master)
        os.close(slave)
    assert found.bytes_per_second is not None
    assert 4_000 < found.bytes_per_second < 80_000


def test_answers_on_a_beat_are_told_from_answers_at_any_time() -> None:
    on_beat = [12.345 + BEAT * step + 0.001 * (step % 3) for step in (0, 3, 4, 9, 10, 14, 17, 18, 23, 30, 31, 40)]
    off_beat = [12.345 + 0.0137 * step for step in range(24)]
    assert beat_kept(on_beat) > 0.9
    assert beat_kept(off_beat) < 0.5
    assert beat_kept([]) == 0
    assert LineMeasure((0.03,) * 24, beat_kept(on_beat), None).is_obscured
    assert not LineMeasure((0.03,) * 24, beat_kept(off_beat), None).is_obscured
    assert not LineMeasure((0.03,) * 3, 1.0, None).is_obscured
