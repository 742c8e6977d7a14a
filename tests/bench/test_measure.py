"""The table says what was measured, and a program costs the same by the bench's own probe and by the shared one."""

from __future__ import annotations

import os
import sys
import time

import pytest

from tests.bench import probe
from tests.bench.__main__ import SECTION
from tests.bench.measure import HEADINGS, Measure, Target, as_markdown, as_text, number, percentile
from tests.docs import MEASUREMENTS

pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",  # the shared tool closes no file
)

TYPIST = """
import os, sys, termios, tty
tty.setraw(0)
os.write(1, "客户 ready\\r\\n".encode())
while (key := os.read(0, 1)) != b"q":
    os.write(1, b"\\x1b[3;1H" + key * 7)
"""
"""Answers each key with thirteen bytes."""


@pytest.mark.parametrize(
    ("measure", "ratio", "met"),
    [
        (Measure("a", "s", [0.2, 9.0, 0.1], Target(1.5, relative=True), [0.2]), 1.0, True),
        (Measure("a", "s", [0.4], Target(1.5, relative=True), [0.2]), 2.0, False),
        (Measure("a", "bytes", [130.0], Target(130), [1000.0], "DataTable"), 0.13, True),
        (Measure("a", "bytes", [131.0], Target(130)), None, False),
        (Measure("a", "bytes", [0.0], Target(0)), None, True),
        (Measure("a", "s", [0.1], Target(1.5, relative=True)), None, False),
    ],
)
def test_medians_are_held_against_the_target(measure: Measure, ratio: float | None, met: bool) -> None:
    assert measure.ratio == ratio
    assert measure.met is met
    assert measure.cells()[-1] == ("yes" if met else "no")
    assert measure.as_json()["met"] is met


def test_both_tables_have_every_measure() -> None:
    measures = [
        Measure("start", "s", [0.25], Target(1.15, relative=True), [0.2], "bare"),
        Measure("idle", "bytes", [0], Target(0)),
        Measure("keys", "s", [0.3], None, [0.2], "bare"),
    ]
    assert as_markdown(measures).splitlines()[2:] == [
        "| start | 0.25 s | bare 0.2 s | 1.25 × | ≤ 1.15 × | no |",
        "| idle | 0 bytes | – | – | ≤ 0 bytes | yes |",
        "| keys | 0.3 s | bare 0.2 s | 1.50 × | – | – |",
    ]
    assert all(measure.as_json()["name"] == measure.name for measure in measures)
    assert [line.split("  ")[0] for line in as_text(measures).splitlines()] == ["what", "start", "idle", "keys"]


def test_numbers_are_short() -> None:
    assert [number(value) for value in (0, 0.01234, 1.5, 99.94, 1595.4)] == ["0", "0.0123", "1.5", "99.9", "1,595"]
    assert percentile([3, 1, 2, 5, 4], 0.95) == 5


def test_the_page_has_the_table_of_the_last_run() -> None:
    match = SECTION.search(MEASUREMENTS.read_text(encoding="utf-8"))
    assert match
    assert f"| {' | '.join(HEADINGS)} |" in match[0]
    assert "Measured on" in match[0]


@pytest.mark.parametrize("terminal", {probe.OwnTerminal, probe.Terminal}, ids=lambda kind: str(kind.__module__))
def test_bytes_are_counted_and_the_screen_is_known(
    terminal: type[probe.OwnTerminal], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "Terminal", terminal)
    with probe.running([sys.executable, "-c", TYPIST], dict(os.environ), "客户 ready") as typist:
        milliseconds, size = typist.press("x")
        assert size == 13
        assert milliseconds > 0
        assert typist.screen.display[2].startswith("xxxxxxx")
        assert typist.hold("y", 3, 100.0) == 39
        typist.wait_for("yyyyyyy")
        assert typist.watch(0.05)[0] == 0
        assert typist.resident > 1
        pid = typist.terminal.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_program_that_never_gets_there_is_told_with_what_it_wrote(monkeypatch: pytest.MonkeyPatch) -> None:
    command = [sys.executable, "-c", "print('something else')"]
    began = time.monotonic()
    with pytest.raises(RuntimeError, match="something else"), probe.running(command, dict(os.environ), "ready"):
        pass
    assert time.monotonic() - began < probe.START_TIMEOUT


def test_our_own_reading_of_memory_and_cpu_is_the_shared_one() -> None:
    assert probe.own_cpu(os.getpid()) == pytest.approx(probe.cpu(os.getpid()), abs=0.2)
    assert probe.own_memory(os.getpid())[0] == pytest.approx(probe.memory(os.getpid())[0], rel=0.2)
