"""Two desks and a command at work on one profile, in windows of their own, of which some are killed or hung up."""

from __future__ import annotations

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final

from tests.e2e import working
from tests.e2e.terminal import Terminal
from tests.faults.tally import Tally
from tests.faults.vendor import Vendor
from tui.desk.changes_made import changes_made
from tui.model.change import Change, Kind, State
from tui.sandbox.demo import DEMO_ORIGIN, DEMO_PROFILES
from tui.store.store import Store

PROFILE: Final = "team"

TIMEOUT: Final = 5.0
"""Seconds that a call may take, and so the most that a window takes to end."""

PATIENCE: Final = 10.0
"""Seconds more for a busy machine."""

STARTING: Final = 60.0
"""Seconds for a start on a machine that has much else to do."""

ENDS: Final = ("killed", "closed", "terminated", "hung up", "")
"""What becomes of a desk; nothing, or one of the ways in which it ends."""

FAULTS: Final = (
    "",
    "latency:{route}:seconds=1",
    "stall:{route}:seconds=1.5",
    "drop-after:{route}:count=1",
    "drop-before:{route}:count=2",
    "status:{route}:status=503,count=2",
)
"""What the vendor does meanwhile to remarks or follow-ups."""

ROUTES: Final = ("set_remark", "add_follow")

CONFIGURATION: Final = """
[profiles.{name}]
dialect = "juzi"
base_url = "{base_url}"
token_env = "JUZI_TOKEN"
user_id = "rocky"
timeout = {timeout}
"""


class Windows:
    """One vendor and one data folder, and as many runs as are asked for; `close` it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._dice = random.Random(seed)
        self._seed = seed
        self._vendor = Vendor(folder, 300)
        self._data = folder / "work"
        self._configuration = folder / "kehu.toml"
        self._configuration.touch(mode=0o600)
        demo = DEMO_PROFILES["demo-juzi"]
        address = demo["base_url"].replace(DEMO_ORIGIN, self._vendor.address)
        self._configuration.write_text(CONFIGURATION.format(name=PROFILE, base_url=address, timeout=TIMEOUT))
        self._environ = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")} | {
            "KEHU_DATA_DIR": str(self._data), "JUZI_TOKEN": demo["token"], "TERM": "xterm-256color", "LANG": "C.UTF-8",
        }  # fmt: skip
        self._people = iter(self._vendor.followed())
        self._number = 0
        self._judged = 0
        self.tally = Tally()

    def close(self) -> None:
        """End the vendor."""
        self._vendor.close()

    def run(self) -> None:
        """Have two desks write, and a command, and end one or both of the desks meanwhile."""
        self._number += 1
        name = f"seed {self._seed}, windows {self._number}"
        ends = [self._dice.choice(ENDS) for _ in range(2)]
        route, fault = self._dice.choice(ROUTES), self._dice.choice(FAULTS)
        moment = self._dice.uniform(0, 1.5)
        texts = [f"text {self._number} {who}" for who in ("one", "two", "command")]
        told = f"{name}: {ends}, {fault.format(route=route)} after {moment:.2f} s"
        with ExitStack() as stack:
            desks = [stack.enter_context(Terminal(self._command(), self._environ)) for _ in ends]
            for desk in desks:
                desk.wait_for("1–100 of 300", timeout=STARTING)
                desk.wait_for(r" \(\w \w", timeout=STARTING)  # what cannot be done here is known, and the desk is there
            self._vendor.strike(*filter(None, [fault.format(route=route)]))
            for desk, text in zip(desks, texts, strict=False):
                _write(desk, self._dice.choice(("remark", "follow")), text)
            command = self._follow(texts[2])
            _read(desks, moment)
            for desk, end in zip(desks, ends, strict=True):
                _end(desk, end)
            for desk, end in zip(desks, ends, strict=True):
                if end and not _has_ended(desk, desks):
                    self.tally.broken.append(f"{told}: {end}, and it goes on")
            command.wait()
            for desk in desks:
                self._look_at_files(desk, told)
            _read(desks, TIMEOUT if not all(ends) else 0.0, until=lambda: all(map(_is_answered, desks)))
            acknowledged = [text for desk, text in zip(desks, texts, strict=False) if "✓" in _status(desk)]
            self.tally.killed += sum(map(bool, ends))
        self._vendor.strike()
        self._vendor.come_to_rest()
        self.tally.runs += 1
        self._judge(told, texts, acknowledged)

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "tui", "--config", str(self._configuration), "--profile", PROFILE, *arguments]

    def _follow(self, text: str) -> subprocess.Popen[bytes]:
        person = next(self._people)[0]
        return subprocess.Popen(
            self._command("follow", person, "--text", text), env=self._environ, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def _look_at_files(self, desk: Terminal, told: str) -> None:
        """Whether a desk that goes on has what others find under the names of its files."""
        if desk.has_ended():
            return
        for item in Path(f"/proc/{desk.pid}/fd").iterdir():
            if str(self._data) in (target := os.readlink(item)) and "(deleted)" in target:
                self.tally.broken.append(f"{told}: a desk holds {target}")

    def _judge(self, told: str, texts: Sequence[str], acknowledged: Sequence[str]) -> None:
        """Compare what stands on disk with what came to pass at the vendor."""
        path = self._data / "profiles" / f"{PROFILE}.db"
        with closing(sqlite3.connect(path)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchall()
        if found != [("ok",)]:
            self.tally.broken.append(f"{told}: {found}")
        with closing(Store.open(path)) as store:
            store.changes.recover()
            changes = [change for change in changes_made(store, limit=1000) if change.id > self._judged]
            self._judged = max((change.id for change in changes), default=self._judged)
            store.changes.hold([change.id for change in changes])  # it would go out in the next run
        by_text = {text: [change for change in changes if text in str(change.request)] for text in texts}
        for text, found_changes in by_text.items():
            count = self._count(text)
            for change in found_changes:
                self._judge_one(f"{told}: {text}", change, count)
            if not found_changes and (count or text in acknowledged):
                self.tally.lost.append(f"{told}: {text}, {count} at the vendor and not on disk")

    def _judge_one(self, told: str, change: Change, count: int) -> None:
        self.tally.recorded += 1
        self.tally.by_state[change.state] += 1
        if change.kind is Kind.FOLLOW and count > 1:
            self.tally.doubled.append(f"{told}: {count} times")
        possible = {State.SENT: count == 1 or change.kind is Kind.REMARK, State.FAILED: count == 0}
        if not possible.get(change.state, True):
            self.tally.untrue.append(f"{told}: {change.state}, and {count} at the vendor")
        if change.state is State.SENDING or (change.state is State.UNKNOWN and change.repeatable):
            self.tally.untrue.append(f"{told}: {change.state}")

    def _count(self, text: str) -> int:
        ((remarks,),) = self._vendor.rows("SELECT count(*) FROM juzi_follow_user WHERE remark = ?", text)
        return int(remarks) + self._vendor.count("follow", "", text)


def _write(desk: Terminal, kind: str, text: str) -> None:
    desk.press("r" if kind == "remark" else "f")
    desk.wait_for(r"Remark on|Follow up|draft is kept")
    desk.read_for(0.1)
    if re.search("A draft is kept", desk.text):
        desk.press("n")
    working.type_into(desk, "Remark" if kind == "remark" else "Follow-up", text, anew=kind == "remark")
    desk.press("ctrl+s")


def _end(desk: Terminal, end: str) -> None:
    match end:
        case "killed":
            desk.send_signal(signal.SIGKILL)
        case "closed":
            desk.close_window()
        case "terminated":
            desk.send_signal(signal.SIGTERM)
        case "hung up":
            desk.send_signal(signal.SIGHUP)


def _status(desk: Terminal) -> str:
    """What the status line says, which takes up to four lines above the keys: each begins in the second column."""
    told: list[str] = []
    for line in reversed(desk.lines[-5:-1]):
        if not re.match(r" [^ ▌]", line):
            break
        told.insert(0, line)
    return "\n".join(told)


def _is_answered(desk: Terminal) -> bool:
    return desk.has_ended() or bool(re.search("✓|✗|!|waits|unknown", _status(desk)))


def _read(desks: Sequence[Terminal], seconds: float, until: object = None) -> None:
    """Read what the desks draw, as terminals do, for so long, or `until` it says so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not (callable(until) and until()):
        for desk in desks:
            desk.read_for(0.02)
        time.sleep(0.01)


def _has_ended(desk: Terminal, desks: Sequence[Terminal]) -> bool:
    _read(desks, TIMEOUT + PATIENCE, until=desk.has_ended)
    return desk.has_ended()
