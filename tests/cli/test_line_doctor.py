"""`kehu doctor --line`: what is said of a line that was measured, and where there is none."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Kehu
from tui.app.line_measure import LineMeasure
from tui.cli import line_doctor
from tui.cli.line_doctor import examine_line

NEAR = LineMeasure((0.004,) * 24, 0.2, None)
FAR = LineMeasure((0.21,) * 24, 0.95, 9_000.0)


def said(found: LineMeasure, monkeypatch: pytest.MonkeyPatch, **environ: str) -> dict[str, tuple[bool | None, str]]:
    """What is told of `found`, by topic."""
    master, slave = pty.openpty()
    monkeypatch.setattr(line_doctor, "TERMINAL", os.ttyname(slave))
    monkeypatch.setattr(line_doctor, "measure", lambda _descriptor: found)
    monkeypatch.setattr(line_doctor, "_told_by", lambda *_arguments: "")
    try:
        findings, _measured = examine_line({"TERM": "xterm-256color", **environ})
    finally:
        os.close(master)
        os.close(slave)
    return {item.topic: (item.ok, f"{item.found} {item.todo}") for item in findings}


SSH = {"SSH_CONNECTION": "10.0.0.1 50000 10.0.0.2 22"}


def test_a_near_line_is_well_and_nothing_is_advised(monkeypatch: pytest.MonkeyPatch) -> None:
    told = said(NEAR, monkeypatch, **SSH)
    assert told["round trip"][0] is True
    assert told["keystroke hiding"] == (True, "the SSH client sends each key at once ")
    assert "mosh" not in told


def test_a_far_line_says_what_hiding_keys_costs_how_to_stop_it_and_what_that_gives_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = said(FAR, monkeypatch, **SSH)
    assert told["round trip"][0] is False
    assert "210 ms" in told["round trip"][1]
    hiding = told["keystroke hiding"][1]
    assert "ObscureKeystrokeTiming no" in hiding
    assert "10 ms on average" in hiding
    assert "guessed" in hiding
    assert "mosh-server" in told["mosh"][1]
    assert "ssh -C" in told["throughput"][1]


def test_inside_tmux_it_says_that_tmux_answers_for_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    told = said(FAR, monkeypatch, TMUX="/tmp/tmux", **SSH)
    assert "Detach from tmux" in told["round trip"][1]
    assert told["keystroke hiding"][0] is None
    assert told["tmux"][1].startswith("tmux does not answer")


def test_tmux_s_settings_are_read_and_better_ones_named(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {
        "escape-time": "500",
        "default-terminal": "xterm",
        "set-clipboard": "off",
        "#{client_termfeatures}": "256",
    }
    monkeypatch.setattr(line_doctor, "_tmux", lambda *arguments: settings[arguments[-1]])
    found = line_doctor._of_tmux()
    assert found.ok is False
    for line in ("escape-time 10", "tmux-256color", "RGB", "set-clipboard on"):
        assert line in found.todo


def test_without_a_terminal_it_says_so_and_how_to_have_one(kehu: Kehu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_doctor, "TERMINAL", os.devnull)
    run = kehu("doctor", "--line")
    assert run.code == 0
    assert "no terminal" in run.out
    assert "ssh -t" in run.out
    told = json.loads(kehu("doctor", "--line", "--json").out)
    assert told["measured"] == {}


def test_the_whole_command_measures_through_its_terminal_wherever_its_output_goes(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    pid, master = pty.fork()
    if pid == 0:
        os.environ |= {"HOME": str(tmp_path), "KEHU_DATA_DIR": str(tmp_path), "TERM": "xterm"}
        os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT, 0o600), 1)
        os.execv(sys.executable, [sys.executable, "-m", "tui", "doctor", "--line", "--json"])
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if select.select([master], [], [], 0.5)[0]:
            try:
                found = os.read(master, 65536)
            except OSError:  # it ended
                break
            for _question in range(found.count(b"\x1b[6n")):
                os.write(master, b"\x1b[1;1R")
    else:
        os.kill(pid, signal.SIGTERM)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    os.close(master)
    told = json.loads(out.read_text())
    assert told["measured"]["round_trip_ms"]["median"] >= 0
    assert told["findings"][0]["topic"] == "round trip"
